"""What an order wants and what it costs, in the catalog's words."""

import re
from collections.abc import Iterator, Sequence

from contracts.catalog.v2 import NewReservation, ReservationLine
from contracts.errors import ContractViolated, Issue
from contracts.orders.errors import PriceChanged, WrongCurrency
from contracts.wire import Money

from orders.readers import Reserved
from orders.refusals import refuse
from orders.store.drafts import Draft, DraftLine, Price, Prices

__all__ = ["check_expectation", "in_the_order", "prices_of", "reservation_of"]

_MOST = 1000  # pieces that one line of a reservation takes
_POINTER = re.compile(r"/lines/([0-9]{1,4})(?:/.*)?")


def reservation_of(draft: Draft) -> NewReservation:
    """Say what an order wants put aside."""
    return NewReservation(lines=[line for _, line in _portions(draft)])


def in_the_order(draft: Draft, issues: Sequence[Issue]) -> list[Issue]:
    """Let the catalog's findings about its reservation point to the lines that the customer sent."""
    sent = [line for line, _ in _portions(draft)]
    found = dict[str, Issue]()
    for issue in issues:
        match = _POINTER.fullmatch(issue.pointer)
        is_known = match is not None and int(match[1]) < len(sent)
        pointer = f"/lines/{sent[int(match[1])].position}" if match and is_known else "/lines"
        found.setdefault(pointer, issue.model_copy(update={"place": "body", "pointer": pointer}))
    return list(found.values())


def prices_of(draft: Draft, reservation: Reserved) -> Prices:
    """Read what the order costs; raises ContractViolated where the reservation is not what the order wants."""
    wanted = {line.product_id: line.quantity for line in draft.lines}
    reserved = {line.product_id: line.quantity for line in reservation.lines}
    currencies = {line.unit_price.currency for line in reservation.lines}
    if reserved != wanted or len(reservation.lines) != len(wanted) or len(currencies) != 1:
        raise ContractViolated(
            f"catalog should reserve {len(wanted)} products of order {draft.id} in one currency, as they were wanted; "
            f"it reserved {len(reservation.lines)} in {sorted(currencies)}: look at the reservation"
        )
    products = {line.product_id: Price(line.name, line.unit_price.cents) for line in reservation.lines}
    return Prices(currencies.pop(), products)


def check_expectation(draft: Draft, prices: Prices) -> None:
    """Refuse the order if it does not cost what the customer expects; raises PriceChanged or WrongCurrency."""
    expected = draft.expected
    if expected is None:
        return
    total = Money.of(prices.total(draft.lines), prices.currency)
    if expected.currency != total.currency:
        detail = f"You expect to pay in {expected.currency}, and the shop sells in {total.currency}."
        raise refuse(WrongCurrency, draft.id, detail)
    if expected != total:
        detail = f"You expect {expected.amount} {expected.currency}, and the total is {total.amount} {total.currency}."
        raise refuse(PriceChanged, draft.id, detail)


def _portions(draft: Draft) -> Iterator[tuple[DraftLine, ReservationLine]]:
    """Cut large quantities up: what came in several lines is one line here, and may be too much for one there."""
    for line in draft.lines:
        for taken in range(0, line.quantity, _MOST):
            portion = min(_MOST, line.quantity - taken)
            yield line, ReservationLine(product_id=line.product_id, quantity=portion)
