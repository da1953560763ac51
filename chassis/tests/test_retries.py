"""Which calls are made again, and how many."""

import pytest
from chassis.retries import RetryBudget, is_repeatable, pauses
from contracts.catalog.v2 import Catalog
from contracts.operation import Operation
from contracts.orders.v2 import Orders
from contracts.users.v2 import Users

from .toyshop import Toys


@pytest.mark.parametrize("op", [Users.get_standing, Catalog.reserve, Catalog.release_reservation])
def test_what_does_no_more_when_it_is_done_twice_is_repeatable(op: Operation[..., object]) -> None:
    assert is_repeatable(op, {})


def test_an_order_is_repeatable_under_a_key_only() -> None:
    assert is_repeatable(Orders.place_order, {})  # which has one always
    assert is_repeatable(Toys.make_toy, {"idempotency_key": "k"})
    assert not is_repeatable(Toys.make_toy, {"idempotency_key": None})
    assert not is_repeatable(Toys.make_toy, {})
    assert not is_repeatable(Users.register, {})


def test_pauses_are_anything_up_to_a_bound_that_grows() -> None:
    drawn = [tuple(pauses()) for _ in range(1000)]

    first, second = ([draw[place] for draw in drawn] for place in (0, 1))
    assert 0 <= min(first) < 0.01 < 0.04 < max(first) <= 0.05
    assert 0 <= min(second) < 0.02 < 0.18 < max(second) <= 0.2


def test_a_tenth_of_the_calls_may_be_repeated() -> None:
    budget = RetryBudget(0.1)

    for _ in range(200):
        budget.save()
        budget.spend()

    assert (budget.calls, budget.repeated) == (200, 20)


def test_quiet_times_save_no_more_than_so_much() -> None:
    budget = RetryBudget(0.1, most=10)
    for _ in range(100_000):
        budget.save()

    spent = [budget.spend() for _ in range(100)]

    assert sum(spent) == 10


def test_nothing_is_repeated_where_nothing_may_be() -> None:
    budget = RetryBudget(0)
    for _ in range(1000):
        budget.save()

    assert not budget.spend()
