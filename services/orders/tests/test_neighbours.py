"""An order shown and placed while the services beside are down, slow or odd, over real connections."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product

import pytest
from anyio import fail_after
from chassis.peers import Peers
from chassis.testing import running
from contracts.catalog.v2 import ProductCards
from contracts.client import AsgiTransport
from contracts.examples import example_json
from contracts.orders.v2 import Orders, OrderStatus, Part
from contracts.users.v2 import People
from orders.app import build
from orders.settings import Settings

from .neighbours import MOODS, Mood, Neighbour, beside
from .shop import Shop, order_of

pytestmark = pytest.mark.anyio

LONG = 60  # seconds: what a call may take where nothing shorter is said


@asynccontextmanager
async def between(shop: Shop, users: Neighbour, catalog: Neighbour) -> AsyncGenerator[Orders]:
    """Run another process of the service, with these beside it; gives the customer's client."""

    async def token(audience: str) -> str:
        return audience

    async with AsyncExitStack() as stack:
        own = {
            "users_url": await stack.enter_async_context(beside(users)),
            "catalog_url": await stack.enter_async_context(beside(catalog)),
            "peer_seconds": LONG,
            "peer_failing_calls": 1000,
            "recovery_seconds": 3600,
            "lease_seconds": 3600,
        }
        settings = Settings.model_validate(shop.settings.model_dump() | own)
        app = build(settings, Peers.over_http(settings, token), shop.issuer.keys)
        await stack.enter_async_context(running(app))
        yield Orders(AsgiTransport(app, token=shop.token(), timeout=LONG))


async def test_exactly_the_parts_whose_services_do_not_answer_are_marked(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    people = example_json(People)
    people["items"] = [people["items"][0] | {"id": str(shop.account)}]
    users, catalog = Neighbour(people), Neighbour(example_json(ProductCards))
    seen: dict[tuple[Mood, Mood], Sequence[object]] = {}

    async with between(shop, users, catalog) as orders:
        for users.mood, catalog.mood in product(MOODS, MOODS):
            with fail_after(LONG / 2):  # a service that keeps silent would be waited for much longer
                view = await orders.get_order(order.id, include=[Part.CUSTOMER, Part.PRODUCTS])
            assert (view.total, view.customer is None) == (order.total, Part.CUSTOMER in view.missing)
            assert (view.products is None) == (Part.PRODUCTS in view.missing)
            seen[users.mood, catalog.mood] = view.missing

    assert seen == {
        (mood, other): [Part.CUSTOMER] * (mood != "well") + [Part.PRODUCTS] * (other != "well")
        for mood, other in product(MOODS, MOODS)
    }


@pytest.mark.parametrize("mood", ["down", "odd"])
async def test_an_order_for_which_nobody_can_be_asked_waits(shop: Shop, mood: Mood) -> None:
    users, catalog = Neighbour({}), Neighbour({})
    users.mood = mood

    async with between(shop, users, catalog) as orders:
        answer = await orders.place_order.answer(order_of(shop.product()), "k")

    assert (answer.status, answer.value.status) == (202, OrderStatus.PENDING)
