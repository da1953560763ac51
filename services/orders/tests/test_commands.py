"""The command line of the service."""

import json
import os
import subprocess
import sys
from argparse import Namespace

import anyio
import pytest
from chassis.testing import running
from orders.__main__ import PROGRAM
from orders.settings import Settings

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


async def chore(words: str, settings: Settings) -> None:
    """Do a chore as the command line does, in a thread without an event loop."""
    command = next(command for command in PROGRAM.commands if command.words == words)
    await anyio.to_thread.run_sync(command.run, settings, Namespace())


async def test_parked_orders_are_listed_and_tried_again(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop(settings.model_copy(update={"retry_attempts": 1}))
    shop.shelf.away.add("reserve")
    async with running(shop.app):
        order = await shop.customer().place_order(order_of(shop.product()), "k")
    capsys.readouterr()

    await chore("parked list", settings)
    await chore("parked replay", settings)
    await chore("parked list", settings)

    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{order.id}  pending    2")
    assert first.endswith("Unavailable: catalog v2 reserve: nobody answers")
    assert second == "1 orders are due again; the service tries them within moments."
    assert third == "No order is parked."


@pytest.mark.usefixtures("migrations")
@pytest.mark.parametrize("migrations", [None])
def test_migrate_brings_an_empty_database_up_to_date(settings: Settings) -> None:
    first = list(PROGRAM.migrate(settings))
    second = list(PROGRAM.migrate(settings))

    assert (first, second) == (["0001"], [])


def test_the_service_prints_what_a_version_publishes() -> None:
    line = [sys.executable, "-m", "orders", "openapi", "v2"]

    printed = subprocess.run(line, env=os.environ, capture_output=True, check=True).stdout

    document = json.loads(printed)
    assert document["info"]["version"] == "v2"
    assert "/v2/orders" in document["paths"]
