"""What those who operate a service ask where several processes serve it: each is asked, and the answers become one."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from chassis.loops import Loop
from chassis.operations import INDEX, NO_STORE, PROCESS
from chassis.telemetry.instruments import Instrument
from chassis.telemetry.merging import Memory

__all__ = ["fleet"]

_PATIENCE = 2.0  # seconds for the answer of a worker
_GLANCE = 1.0  # seconds between two looks at the figures: so much is lost at most when a worker is killed


def fleet(urls: Sequence[str], instruments: Iterable[Instrument]) -> Starlette:
    """Make the application that answers on the operations port for workers whose own ones are at `urls`."""
    desk = _Desk(urls, Memory(instruments))
    return Starlette(
        lifespan=desk.life,
        routes=[
            Route("/", desk.show_index),
            Route("/metrics", desk.show_metrics),
            Route("/livez", desk.show_all),
            Route("/startupz", desk.show_all),
            Route("/readyz", desk.show_any),
            Route("/info", desk.show_all),
            Route("/loggers", desk.show_all),
            Route("/loggers", desk.show_all, methods=["PUT"]),
            Route("/stacks", desk.show_stacks),
        ],
    )


class _Desk:
    def __init__(self, urls: Sequence[str], memory: Memory) -> None:
        self._urls = urls
        self._memory = memory
        self._http = httpx.AsyncClient(timeout=_PATIENCE, trust_env=False)

    @asynccontextmanager
    async def life(self, app: Starlette) -> AsyncGenerator[None]:
        """Look at the figures all the time, so that those of a worker that is killed are known."""
        async with self._http, Loop("fleet_figures", _GLANCE, self._glance):
            yield

    async def show_index(self, request: Request) -> Response:
        return PlainTextResponse(INDEX, headers=NO_STORE)

    async def show_metrics(self, request: Request) -> Response:
        answering = await self._look()
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(_Told(self._memory.total(answering))), headers=NO_STORE, media_type=media_type)

    async def show_all(self, request: Request) -> Response:
        """Show what each says; all is well where it is with each."""
        answers = await self._ask(request.method, request.url.path, await request.body())
        return _each(answers, max(_status(answer) for answer in answers))

    async def show_any(self, request: Request) -> Response:
        """Show what each says; all is well where it is with one, for that one is given the work."""
        answers = await self._ask("GET", request.url.path)
        return _each(answers, min(_status(answer) for answer in answers))

    async def show_stacks(self, request: Request) -> Response:
        answers = await self._ask("GET", "/stacks")
        return PlainTextResponse("\n".join(answer.text for answer in answers if answer), headers=NO_STORE)

    async def _glance(self) -> None:
        await self._look()

    async def _look(self) -> list[str]:
        """Note the figures of all workers; return which of them answered."""
        answers = dict(zip(self._urls, await self._ask("GET", "/metrics"), strict=True))
        for url, answer in answers.items():
            if answer and answer.is_success:
                self._memory.note(url, answer.headers[PROCESS], list(text_string_to_metric_families(answer.text)))
        return [url for url, answer in answers.items() if answer and answer.is_success]

    async def _ask(self, method: str, path: str, content: bytes = b"") -> list[httpx.Response | None]:
        return await asyncio.gather(*(self._ask_one(method, url + path, content) for url in self._urls))

    async def _ask_one(self, method: str, url: str, content: bytes) -> httpx.Response | None:
        try:
            return await self._http.request(method, url, content=content)
        except httpx.TransportError:
            return None  # it has ended and is being replaced, or is too busy to answer


class _Told(Collector):
    """Hands what was added up to the library that writes it."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _status(answer: httpx.Response | None) -> int:
    return answer.status_code if answer is not None else 503


def _each(answers: Iterable[httpx.Response | None], status: int) -> Response:
    return JSONResponse({"workers": [_said(answer) for answer in answers]}, status, NO_STORE)


def _said(answer: httpx.Response | None) -> Any:
    """Read what a worker said; None of one that said nothing, or whose answer failed."""
    try:
        return answer and answer.json()
    except ValueError:
        return None
