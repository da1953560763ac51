"""A catalog in memory for these tests: it keeps the reservation's promises, and can be out of reach."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contracts.answers import Answer
from contracts.catalog.errors import (
    OutOfStock,
    ProductDiscontinued,
    ReservationReleased,
    UnknownProduct,
)
from contracts.catalog.v2 import (
    Catalog,
    NewReservation,
    Price,
    ProductCard,
    ProductCards,
    ProductStatus,
    Reservation,
    ReservationStatus,
    ReservedLine,
)
from contracts.codec import as_read
from contracts.errors import ApiError, Issue, Unavailable
from contracts.operation import Operation

__all__ = ["Product", "Shelf"]

_NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@dataclass
class Product:
    """Something on the shelf."""

    id: UUID
    name: str
    cents: int
    stock: int
    currency: str = "EUR"
    is_sold: bool = True


@dataclass
class Shelf:
    """Answers as the catalog service does, as far as orders asks it."""

    products: dict[UUID, Product] = field(default_factory=dict[UUID, Product])
    reservations: dict[UUID, Reservation] = field(default_factory=dict[UUID, Reservation])
    calls: list[str] = field(default_factory=list[str])
    away: set[str] = field(default_factory=set[str])
    """Operations that get no answer."""
    lost: set[str] = field(default_factory=set[str])
    """Operations that are done, but whose answer is lost, once each."""
    broken: dict[str, Exception] = field(default_factory=dict[str, Exception])
    """Operations that fail in another way."""
    gates: dict[str, "Gate"] = field(default_factory=dict[str, "Gate"])
    """Operations that wait before they are done."""
    after: dict[str, "Gate"] = field(default_factory=dict[str, "Gate"])
    """Operations that are done, and wait before they answer."""
    poison: set[UUID] = field(default_factory=set[UUID])
    """Products at which whoever asks for them trips."""
    is_greedy: bool = False
    """Whether it reserves more than was wanted."""

    def stock(self, *ids: UUID) -> list[int]:
        return [self.products[product_id].stock for product_id in ids]

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        self.calls.append(op.name)
        if op.name in self.gates:
            await self.gates[op.name].wait()
        if op.name in self.away:
            raise Unavailable(f"{op.label}: nobody answers")
        if op.name in self.broken:
            raise self.broken[op.name]
        answers = {
            Catalog.reserve: self._reserve,
            Catalog.commit_reservation: self._commit_reservation,
            Catalog.release_reservation: self._release_reservation,
            Catalog.get_products: self._get_products,
        }
        result = answers[op](*arguments.values())
        if op.name in self.after:
            await self.after[op.name].wait()
        if op.name in self.lost:
            self.lost.remove(op.name)
            raise Unavailable(f"{op.label}: the answer was lost")
        return Answer(as_read(op, result), op.successes[0].status)

    def _reserve(self, order_id: UUID, reservation: NewReservation) -> Reservation:
        known = self.reservations.get(order_id)
        if known is not None and known.status == ReservationStatus.RELEASED:
            raise ReservationReleased(f"{order_id} was released")
        if known is not None:
            return known
        self._check(reservation)
        wanted = Counter[UUID]()
        for line in reservation.lines:
            wanted[line.product_id] += line.quantity + self.is_greedy
        for product_id, quantity in wanted.items():
            self.products[product_id].stock -= quantity
        return self._note(order_id, ReservationStatus.HELD, [self._line(*item) for item in sorted(wanted.items())])

    def _check(self, reservation: NewReservation) -> None:
        if self.poison.intersection(line.product_id for line in reservation.lines):
            raise RuntimeError("tripped over a product")
        found = [self._fault(line.product_id, line.quantity) for line in reservation.lines]
        for error in (UnknownProduct, ProductDiscontinued, OutOfStock):
            issues = [
                Issue(code=error.code, detail=fault.detail, place="body", pointer=f"/lines/{index}")
                for index, fault in enumerate(found)
                if isinstance(fault, error)
            ]
            if issues:
                raise error(f"{len(issues)} lines: {issues[0].detail}", issues=issues)

    def _fault(self, product_id: UUID, quantity: int) -> ApiError | None:
        product = self.products.get(product_id)
        if product is None:
            return UnknownProduct(f"there is no {product_id}")
        if not product.is_sold:
            return ProductDiscontinued(f"{product.name} is not sold any more")
        if product.stock < quantity:
            return OutOfStock(f"wanted {quantity}, available {product.stock}")
        return None

    def _commit_reservation(self, order_id: UUID) -> Reservation:
        known = self.reservations[order_id]
        if known.status == ReservationStatus.RELEASED:
            raise ReservationReleased(f"{order_id} was released")
        return self._note(order_id, ReservationStatus.COMMITTED, known.lines)

    def _release_reservation(self, order_id: UUID) -> Reservation:
        known = self.reservations.get(order_id)
        if known is not None and known.status != ReservationStatus.RELEASED:
            for line in known.lines:
                self.products[line.product_id].stock += line.quantity
        return self._note(order_id, ReservationStatus.RELEASED, [] if known is None else known.lines)

    def _get_products(self, ids: list[UUID]) -> ProductCards:
        found = [self.products[product_id] for product_id in ids if product_id in self.products]
        return ProductCards(items=[self._card(product) for product in found])

    def _card(self, product: Product) -> ProductCard:
        status = ProductStatus.ACTIVE if product.is_sold else ProductStatus.DISCONTINUED
        return ProductCard(id=product.id, name=product.name, price=self._price(product), status=status)

    def _line(self, product_id: UUID, quantity: int) -> ReservedLine:
        product = self.products[product_id]
        return ReservedLine(
            product_id=product_id, name=product.name, quantity=quantity, unit_price=self._price(product)
        )

    def _price(self, product: Product) -> Price:
        return Price.of(product.cents, product.currency)

    def _note(self, order_id: UUID, status: ReservationStatus, lines: list[ReservedLine]) -> Reservation:
        expires_at = _NOW if status == ReservationStatus.HELD else None
        self.reservations[order_id] = Reservation(
            order_id=order_id, status=status, lines=lines, expires_at=expires_at, created_at=_NOW, updated_at=_NOW
        )
        return self.reservations[order_id]


class Gate:
    """Holds calls until it is opened, and tells when the first has come."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    def open(self) -> None:
        self._open.set()

    async def wait(self) -> None:
        self.reached.set()
        await self._open.wait()
