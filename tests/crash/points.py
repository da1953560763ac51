"""The points of the sweep: every place at which placing, refusing, cancelling, expiring or recovering can break."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chassis.faults import POSSIBLE, Fault, Place
from contracts.catalog.v2 import Catalog
from contracts.operation import Operation
from contracts.orders.v2 import Orders
from contracts.users.identity import Identity
from contracts.users.v2 import Users

__all__ = ["POINTS", "Case", "Point", "cases"]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of one service, and what a customer does to pass it."""

    service: str
    place: Place
    name: str
    story: str


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one point."""

    point: Point
    fault: Fault

    def __str__(self) -> str:
        return f"{self.point.service} {self.point.place} {self.point.name}: {self.fault.moment} {self.fault.kind}"


def _unit(service: str, name: str, story: str) -> Point:
    return Point(service, "unit", name, story)


def _call(service: str, op: Operation[..., Any], story: str) -> Point:
    return Point(service, "call", f"{op.method} {op.path}", story)


def _answer(op: Operation[..., Any], story: str) -> Point:
    return Point(op.api.service, "answer", f"{op.method} {op.path}", story)


POINTS = (
    # An order is written down, checked, reserved, sold, confirmed and answered.
    _unit("orders", "Placing.place", "buy"),
    _call("orders", Users.get_standing, "buy"),
    _answer(Users.get_standing, "buy"),
    _call("orders", Catalog.reserve, "buy"),
    _unit("catalog", "Reservations.reserve", "buy"),
    _answer(Catalog.reserve, "buy"),
    _call("orders", Catalog.commit_reservation, "buy"),
    _unit("catalog", "Reservations.commit", "buy"),
    _answer(Catalog.commit_reservation, "buy"),
    _unit("orders", "Fulfilment._buy", "buy"),
    _answer(Orders.place_order, "buy"),
    # An order is refused after its pieces were put aside, and they are given back.
    _unit("orders", "Fulfilment._reject", "be_refused"),
    _call("orders", Catalog.release_reservation, "be_refused"),
    _unit("catalog", "Reservations.release", "be_refused"),
    _answer(Catalog.release_reservation, "be_refused"),
    _unit("orders", "Returns.give_back", "be_refused"),
    # A confirmed order is cancelled, and its pieces are given back.
    _unit("orders", "Cancelling.cancel", "cancel"),
    _answer(Orders.cancel_order, "cancel"),
    # An order that cannot go on is put off, and taken up again.
    _unit("orders", "Backlog.postpone", "wait"),
    _unit("orders", "Backlog.claim", "wait"),
    # What was put aside is given up before the order can go on.
    _unit("catalog", "Reservations.expire", "wait"),
    # A service that has just been started gets its token and the keys.
    _call("orders", Identity.issue_token, "start_anew"),
    _answer(Identity.issue_token, "start_anew"),
    _call("orders", Identity.get_keys, "start_anew"),
    # An account is opened, and closed.
    _unit("users", "Accounts.register", "join"),
    _answer(Users.register, "join"),
    _unit("users", "Closings.close", "leave"),
    _call("users", Orders.get_open_orders, "leave"),
    _answer(Orders.get_open_orders, "leave"),
    _unit("users", "Closings._decide", "leave"),
    _answer(Users.close_user, "leave"),
)


def cases() -> Iterator[Case]:
    """Go through every fault that can be at every point."""
    for point in POINTS:
        for moment, kind in POSSIBLE[point.place]:
            yield Case(point, Fault(place=point.place, name=point.name, moment=moment, kind=kind))
