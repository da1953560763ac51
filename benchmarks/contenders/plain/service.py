"""What the three plain services begin with: tables, a token check, metrics, a log line, one httpx client."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Request

from benchmarks.contenders.plain.tables import Base
from benchmarks.contenders.sessions import engine
from benchmarks.contenders.tutorial import add_middlewares

__all__ = ["HttpDep", "make_app"]


def make_app() -> FastAPI:
    """Make an application."""
    app = FastAPI(lifespan=_life)
    add_middlewares(app)

    @app.get("/ready")
    async def ready() -> str:
        return "ready"

    _ = ready
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncGenerator[None]:
    async with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        await connection.run_sync(Base.metadata.create_all)
    async with httpx.AsyncClient() as http:
        app.state.http = http
        yield


def get_http(request: Request) -> httpx.AsyncClient:
    """Find the client."""
    return request.app.state.http


HttpDep = Annotated[httpx.AsyncClient, Depends(get_http)]
