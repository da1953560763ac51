"""How the plain shop is started, with the customer and the products of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from catalog.item import Item
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from benchmarks.contenders.plain.tables import AccountRow, Base, LineRow, OrderRow, ProductRow
from benchmarks.goods import LINES
from benchmarks.processes import Process, Spec, python
from benchmarks.shop import EMAIL, NAMES, Shop
from benchmarks.stage import Stage

__all__ = ["PlainShop", "open_plain_shop"]

_QUIET = ("--no-access-log", "--log-level", "warning")


@dataclass(frozen=True, slots=True)
class PlainShop:
    """Its processes by name, and an order that can be read there."""

    processes: Mapping[str, Process]
    order: UUID

    @property
    def orders(self) -> str:
        return self.processes["orders"].spec.url


def open_plain_shop(stage: Stage, shop: Shop, *, cores: Sequence[int] = ()) -> PlainShop:
    """Make databases, fill them and start the three services."""
    databases = {name: stage.database(f"plain-{name}") for name in NAMES}
    order = _order(shop)
    _fill(databases["users"], [_account(shop)])
    _fill(databases["catalog"], [_product(item) for item in shop.products])
    _fill(databases["orders"], [order])
    specs = _specs(stage, shop, databases)
    return PlainShop(dict(zip(NAMES, stage.start(*specs, cores=cores), strict=True)), order.id)


def _specs(stage: Stage, shop: Shop, databases: Mapping[str, str]) -> list[Spec]:
    ports = {name: stage.port() for name in NAMES}
    keys = Path(stage.folder, "plain-keys.json")
    keys.write_text(shop.keys)
    common = {"BENCH_KEYS": str(keys)} | {
        f"BENCH_{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()
    }
    return [
        Spec(
            f"plain-{name}",
            [*python("-m", "uvicorn", f"benchmarks.contenders.plain.{name}:app", "--port", str(port)), *_QUIET],
            port,
            {**common, "BENCH_DATABASE_URL": databases[name]},
        )
        for name, port in ports.items()
    ]


def _fill(url: str, rows: Iterable[Base]) -> None:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg", query={"sslmode": "disable"})
    engine = create_engine(parsed)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        session.add_all(rows)
        session.commit()
    engine.dispose()


def _account(shop: Shop) -> AccountRow:
    return AccountRow(id=shop.customer, email=EMAIL, given="Carla", family="Customer", password_hash="")


def _product(item: Item) -> ProductRow:
    return ProductRow(
        id=item.id, name=item.name, price_cents=item.price_cents, currency=item.currency, available=item.available
    )


def _order(shop: Shop) -> OrderRow:
    chosen = shop.products[:LINES]
    lines = [
        LineRow(position=n, product_id=item.id, quantity=2, name=item.name, unit_cents=item.price_cents)
        for n, item in enumerate(chosen)
    ]
    total = sum(item.price_cents * 2 for item in chosen)
    return OrderRow(
        id=uuid4(), customer_id=shop.customer, status="confirmed", currency="EUR", total_cents=total, lines=lines
    )
