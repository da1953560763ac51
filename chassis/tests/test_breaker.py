"""The circuit breaker as a state machine, under a clock that the tests move."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from chassis.breaker import Breaker, State, Tolerance
from contracts.errors import ApiError, ContractViolated, Forbidden, Internal, NotFound, RateLimited, Unavailable
from structlog.testing import capture_logs

from chassis import context

TOLERANCE = Tolerance(share=0.5, calls=4, seconds=10, rest=2)


class Clock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("users", TOLERANCE, clock)


def call(breaker: Breaker, *errors: BaseException | None) -> None:
    """Make a call that ends as it is told, one after the other."""
    for error in errors:
        with suppress(ApiError, asyncio.CancelledError, ZeroDivisionError), breaker.attempt():
            if error:
                raise error


def refuses(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except Unavailable:
        return True
    return False


def down(times: int) -> Iterator[ApiError]:
    return (Unavailable("down") for _ in range(times))


def violated(status: int | None) -> ContractViolated:
    error = ContractViolated("odd")
    error.answered = status
    return error


def test_a_service_that_answers_is_called(breaker: Breaker) -> None:
    call(breaker, *[None] * 100)

    assert (breaker.state, refuses(breaker), breaker.opened) == (State.CLOSED, False, 0)


def test_a_service_that_fails_too_often_is_called_no_more(breaker: Breaker) -> None:
    call(breaker, None, None, *down(1))
    before = refuses(breaker)
    call(breaker, *down(1))

    assert not before
    assert (breaker.state, refuses(breaker), breaker.opened) == (State.OPEN, True, 1)


def test_a_few_calls_prove_nothing(breaker: Breaker) -> None:
    call(breaker, *down(3))

    assert breaker.state is State.CLOSED


def test_a_small_share_of_failures_is_borne(breaker: Breaker) -> None:
    call(breaker, *[None] * 60, *down(40))

    assert breaker.state is State.CLOSED


@pytest.mark.parametrize("error", [NotFound(), Forbidden(), RateLimited(), violated(404), violated(499)])
def test_what_a_service_refuses_is_never_held_against_it(breaker: Breaker, error: ApiError) -> None:
    call(breaker, *[error] * 100)

    assert breaker.state is State.CLOSED


@pytest.mark.parametrize("error", [Unavailable(), Internal(), violated(None), violated(200), violated(500)])
def test_no_answer_a_failure_and_nonsense_are_held_against_it(breaker: Breaker, error: ApiError) -> None:
    call(breaker, *[error] * 4)

    assert breaker.state is State.OPEN


def test_what_is_long_past_is_forgotten(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(3))
    clock.now += 10
    call(breaker, *down(3))

    assert breaker.state is State.CLOSED


def test_what_is_not_long_past_is_remembered(breaker: Breaker, clock: Clock) -> None:
    for _ in range(4):
        call(breaker, *down(1))
        clock.now += 3

    assert breaker.state is State.OPEN


def test_after_its_rest_one_call_tries_the_service_while_all_others_are_refused(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(4))
    clock.now += 1.9
    early = refuses(breaker)
    clock.now += 0.1

    with breaker.attempt():
        during = (breaker.state, refuses(breaker))

    assert early
    assert during == (State.HALF_OPEN, True)


def test_a_probe_that_is_answered_lets_all_through_again_with_a_clean_sheet(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(4))
    clock.now += 2
    call(breaker, NotFound())
    call(breaker, *down(3))

    assert (breaker.state, breaker.opened) == (State.CLOSED, 1)


def test_a_probe_that_fails_begins_another_rest(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(4))
    clock.now += 2
    call(breaker, *down(1))
    again = refuses(breaker)
    clock.now += 2

    assert again
    assert breaker.opened == 2
    assert not refuses(breaker)


def test_a_probe_that_nobody_waits_for_leaves_its_place_to_the_next(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(4))
    clock.now += 2
    call(breaker, asyncio.CancelledError())

    assert (breaker.state, refuses(breaker)) == (State.OPEN, False)


def test_a_call_that_nobody_waits_for_tells_nothing(breaker: Breaker) -> None:
    call(breaker, *(asyncio.CancelledError() for _ in range(100)))
    call(breaker, *(ZeroDivisionError() for _ in range(100)))

    assert breaker.state is State.CLOSED


def test_a_call_given_up_at_its_deadline_is_held_against_the_service(breaker: Breaker) -> None:
    with context.hurry(0):
        call(breaker, *(asyncio.CancelledError() for _ in range(4)))

    assert breaker.state is State.OPEN


def test_what_began_before_the_rest_decides_nothing_after_it_began(breaker: Breaker, clock: Clock) -> None:
    with breaker.attempt():
        call(breaker, *down(4))
        clock.now += 1

    assert breaker.state is State.OPEN


def test_refused_calls_are_counted_and_say_when_to_come_back(breaker: Breaker, clock: Clock) -> None:
    call(breaker, *down(4))
    clock.now += 0.5

    with pytest.raises(Unavailable, match="users has failed too often of late and is left alone") as refused:
        breaker.check()

    assert refused.value.retry_after == 1.5
    assert breaker.refused == 1


def test_a_change_is_told_once(breaker: Breaker, clock: Clock) -> None:
    with capture_logs() as told:
        call(breaker, *down(4))
        for _ in range(5):
            clock.now += 2
            call(breaker, *down(1))
        clock.now += 2
        call(breaker, None, None)

    assert [(line["event"], line["peer"], line["log_level"]) for line in told] == [
        ("peer_left_alone", "users", "warning"),
        ("peer_is_back", "users", "info"),
    ]
