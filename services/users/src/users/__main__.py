"""`python -m users`: serve, or do a chore of the users service."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from functools import partial
from getpass import getpass
from secrets import token_urlsafe

from chassis.commands import Command, Program, run
from chassis.providing import Provided
from chassis.publishing import publish
from chassis.schema import bring_up_to_date
from contracts.errors import ApiError
from pydantic import ValidationError

from users.app import ROUTERS, build
from users.seeding import Seeding
from users.settings import Settings
from users.signing import Signing

__all__ = ["PROGRAM"]

Chore = Callable[[Provided], Awaitable[str]]


def rotate_keys(settings: Settings, chosen: Namespace) -> None:
    """Make a new signing key."""

    async def rotate(parts: Provided) -> str:
        kid = await parts.get(Signing).rotate()
        return f"{kid} is published and signs in {settings.key_ahead_seconds} s; older keys last until their tokens end"

    _do(settings, rotate)


def add_staff(settings: Settings, chosen: Namespace) -> None:
    """Make a staff account, or promote the account that has this address."""
    given = _ask_password()
    password = given or token_urlsafe()

    async def add(parts: Provided) -> str:
        account, is_new = await parts.get(Seeding).add_staff(chosen.email, password)
        if not is_new:
            return f"{account.email} had an account, which is staff now; its password is what it was"
        return f"{account.email} is staff now" + ("" if given else f", with the password {password}")

    _do(settings, add)


def _do(settings: Settings, chore: Chore) -> None:
    """Do a chore and print what came of it, or refuse it in one line."""
    try:
        print(asyncio.run(_with_parts(settings, chore)))
    except ApiError as refused:
        sys.exit(refused.detail)
    except ValidationError as refused:
        faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in refused.errors(include_input=False))
        sys.exit(f"This is no account that can be made: {faults}")


async def _with_parts(settings: Settings, chore: Chore) -> str:
    """Do a chore with what the application is made of, on the schema that it would serve with."""
    app = build(settings)
    async with app.router.lifespan_context(app):
        return await chore(app.state.provided)


def _ask_password() -> str:
    if sys.stdin.isatty():
        return getpass("Password (empty: make one up): ")
    return sys.stdin.readline().rstrip("\n")


PROGRAM = Program(
    name="users",
    settings=Settings,
    app=build,
    migrate=lambda settings: bring_up_to_date(settings.database_url.get_secret_value(), "users/migrations"),
    documents={router.api.version: partial(publish, router) for router in ROUTERS},
    commands=(
        Command("keys rotate", "publish a new signing key, which takes over a little later", rotate_keys),
        Command("staff add", "make a staff account, or make an account staff", add_staff, ("email",)),
    ),
)

if __name__ == "__main__":
    run(PROGRAM)
