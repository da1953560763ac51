"""A service that greets, stalls and waits, for the tests that start a real one."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from chassis.commands import Command, Program, run
from chassis.health import PROBES, Health
from chassis.operations import operations
from chassis.recording import ContextMiddleware
from chassis.settings import InvalidSettings, Port, ServiceSettings
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.serving import RequestFigures
from fastapi import FastAPI
from fastapi.middleware import Middleware
from structlog import get_logger

_log = get_logger()


class Settings(ServiceSettings):
    """What the greeter can be told."""

    port: Port = 0
    operations_port: Port = 0
    is_stuck: bool = False
    is_broken: bool = False
    is_refused: bool = False


NEVER = asyncio.Event()  # held here: a task that waits for what nobody else knows may be collected as garbage


async def ping() -> None:
    """Find the database well: the greeter has none."""


async def chat() -> None:
    for _ in range(3000):  # more than a pipe and its reader hold
        _log.info("chatting")


def greeter(settings: Settings) -> FastAPI:
    health = Health(ping)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        if settings.is_broken:
            raise RuntimeError("this greeter does not start")
        health.start()
        yield
        if settings.is_stuck:
            await NEVER.wait()

    metrics = Metrics()
    watching = Middleware(ContextMiddleware, quiet=PROBES, figures=RequestFigures(metrics))
    app = FastAPI(lifespan=lifespan, middleware=[watching])
    app.state.health = health
    app.state.metrics = metrics
    app.state.operations = operations(metrics, health)
    app.include_router(health.router())

    @app.get("/greeting")
    async def greet() -> str:
        return "hello"

    @app.get("/pid")
    async def tell_pid() -> int:
        return os.getpid()

    app.get("/chat")(chat)

    @app.get("/last-words")
    async def speak_last() -> str:
        _log.info("waiting")
        await health.stopping()
        return "goodbye"

    @app.get("/forever")
    async def stall() -> None:
        _log.info("stalling")
        await asyncio.Event().wait()

    _ = (greet, tell_pid, speak_last, stall)
    return app


def make(settings: Settings) -> FastAPI:
    if settings.is_refused:
        raise InvalidSettings("this greeter wants other settings")
    return greeter(settings)


def shout(settings: Settings, chosen: Namespace) -> None:
    sys.stdout.write(f"{chosen.word}!\n")


PROGRAM = Program(
    name="greeter",
    settings=Settings,
    app=make,
    migrate=lambda settings: ["0001_greetings"],
    documents={"v1": lambda: greeter(Settings()).openapi()},
    commands=[
        Command("words shout", "say a word loudly", shout, arguments=["word"]),
        Command("words again", "say a word loudly", shout, arguments=["word"]),
    ],
)

if __name__ == "__main__":
    run(PROGRAM)
