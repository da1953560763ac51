"""`python -m orders`: serve, or do a chore of the orders service."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from functools import partial

from chassis.commands import Command, Program, run
from chassis.database import Database
from chassis.publishing import publish
from chassis.schema import bring_up_to_date

from orders.app import ROUTERS, build
from orders.backlog import Backlog
from orders.settings import Settings
from orders.store.work import Parked

__all__ = ["PROGRAM"]


def migrate_database(settings: Settings) -> list[str]:
    """Bring the database up to date."""
    return bring_up_to_date(settings.database_url.get_secret_value(), "orders/migrations")


def list_parked(settings: Settings, chosen: Namespace) -> None:
    """Print the orders that were given up for now."""

    async def tell(backlog: Backlog) -> str:
        rows = [_row(order) for order in await backlog.parked()]
        return "\n".join(rows) or "No order is parked."

    print(asyncio.run(_ask(settings, tell)))


def replay_parked(settings: Settings, chosen: Namespace) -> None:
    """Let the service try them again."""

    async def replay(backlog: Backlog) -> str:
        return f"{await backlog.replay()} orders are due again; the service tries them within moments."

    print(asyncio.run(_ask(settings, replay)))


def _row(parked: Parked) -> str:
    return f"{parked.id}  {parked.status:<9}  {parked.parked_at:%Y-%m-%d %H:%M:%S}Z  {parked.failure}"


async def _ask(settings: Settings, ask: Callable[[Backlog], Awaitable[str]]) -> str:
    await asyncio.to_thread(migrate_database, settings)  # a database that no service has used yet has no parked orders
    database = Database.open(settings.database_url.get_secret_value())
    try:
        return await ask(Backlog(database, settings.terms))
    finally:
        await database.close()


PROGRAM = Program(
    name="orders",
    settings=Settings,
    app=build,
    migrate=migrate_database,
    documents={router.api.version: partial(publish, router) for router in ROUTERS},
    commands=(
        Command("parked list", "print the orders that always failed, and why", list_parked),
        Command("parked replay", "try the parked orders again", replay_parked),
    ),
)

if __name__ == "__main__":
    run(PROGRAM)
