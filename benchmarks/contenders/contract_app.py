"""`python -m benchmarks.contenders.contract_app`: what our services do for a request, without a database."""

from functools import partial

from chassis.app import create_app
from chassis.auth import Caller
from chassis.binding import ApiRouter, implements
from chassis.commands import Program, run
from chassis.database import Database
from chassis.peers import Peers, published_keys
from chassis.publishing import publish
from chassis.settings import ServiceSettings
from contracts.operation import Api, operation
from contracts.orders.v2 import OrderView
from contracts.scopes import Scope
from contracts.wire import Id
from fastapi import FastAPI

from benchmarks.contenders.settings import expected_order

__all__ = ["PROGRAM"]

_ORDER = OrderView.model_validate_json(expected_order())


class Kept(Api, service="orders", version="v2"):
    """An order that is kept in memory."""

    @operation("GET", "/v2/orders/{order_id}", scope=Scope.ORDERS_READ)
    async def get_order(self, order_id: Id) -> OrderView:
        """Fetch the order."""
        ...


router = ApiRouter(Kept)


@implements(router, Kept.get_order)
async def get_order(order_id: Id, caller: Caller) -> OrderView:
    """Answer from memory."""
    return _ORDER


def build(settings: ServiceSettings) -> FastAPI:
    """Make the application."""
    peers = Peers.over_http(settings)
    return create_app(
        settings,
        title="Kept",
        routers=(router,),
        database=Database.open(settings.database_url.get_secret_value()),
        migrations="orders/migrations",
        keys=published_keys(peers),
        peers=peers,
    )


PROGRAM = Program(
    name="kept",
    settings=ServiceSettings,
    app=build,
    migrate=lambda settings: (),
    documents={"v2": partial(publish, router)},
)

if __name__ == "__main__":
    run(PROGRAM)
