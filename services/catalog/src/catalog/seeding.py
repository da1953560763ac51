"""Products to try things with, from `seed.json`: the same ones everywhere, so that examples can name them."""

from dataclasses import replace
from importlib.resources import files

from chassis.clock import now
from chassis.database import Database
from contracts.catalog.v2 import NewProduct, ProductStatus
from contracts.wire import Id
from pydantic import TypeAdapter
from sqlalchemy import Connection

from catalog.item import Item
from catalog.store import products as store

__all__ = ["Seeding"]


class Seed(NewProduct):
    """A product to start with."""

    id: Id
    status: ProductStatus


class Seeding:
    """Puts products into an empty shop; their prices count in the shop's currency."""

    def __init__(self, database: Database, currency: str) -> None:
        self._database = database
        self._currency = currency

    async def seed(self, wanted: bool) -> None:
        """Add the products that are not there yet; those that are stay as they have become."""
        if wanted:
            await self._database.write(self._add_all)

    def _add_all(self, tx: Connection) -> None:
        for seed in TypeAdapter(list[Seed]).validate_json(files("catalog").joinpath("seed.json").read_bytes()):
            item = Item.new(seed.id, seed, now(tx))
            store.add(tx, replace(item, currency=self._currency, status=seed.status))
