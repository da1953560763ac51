"""How each thing that an alert watches is broken for real, and mended again."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from .compose import execute
from .shop import Shop

__all__ = ["dead", "silent", "sql"]


@asynccontextmanager
async def dead(shop: Shop, *services: str) -> AsyncGenerator[None]:
    """Have the containers of some services killed, all at once."""
    for service in services:
        await shop.compose.slay(service)
    try:
        yield
    finally:
        for service in services:
            await shop.compose.revive(service)


@asynccontextmanager
async def silent(shop: Shop, service: str) -> AsyncGenerator[None]:
    """Have the containers of a service stand still, so that it answers nobody and refuses nobody."""
    await shop.compose.each(service, "pause")
    try:
        yield
    finally:
        await shop.compose.revive(service)


async def sql(shop: Shop, name: str, statement: str) -> str:
    """Say something to the database of a service, past the service."""
    (database,) = await shop.compose.containers("database")
    psql = ("psql", "--username=postgres", f"--dbname={name}", "--quiet", "--set=ON_ERROR_STOP=1", "--tuples-only")
    return await execute("docker", "exec", database, *psql, "--command", statement)
