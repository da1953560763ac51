"""Mutants of what guards the calls from one service to another."""

from .mutant import Mutant

__all__ = ["CALLS"]

_CLIENT = "contracts/src/contracts/client.py"
_CALLS = "contracts/tests/test_client.py"
_LINES = "chassis/tests/test_lines.py"
_BREAKER = "chassis/tests/test_breaker.py"

CALLS = (
    Mutant(
        name="an answer is bounded",
        file=_CLIENT,
        old="                if len(content) > self._max_bytes:\n",
        new="                if False:\n",
        why="a broken peer fills our memory",
        tests=(f"{_CALLS}::test_an_answer_that_is_too_large_is_not_read_to_its_end",),
    ),
    Mutant(
        name="no call outlives who waits for it",
        file=_CLIENT,
        old="        return self._timeout if left is None else min(left, self._timeout)\n",
        new="        return self._timeout\n",
        why="work is done for callers who have gone",
        tests=(f"{_CALLS}::test_no_call_waits_longer_than_its_caller",),
    ),
    Mutant(
        name="no header begins another",
        file="chassis/src/chassis/wire.py",
        old='    if head.count(b"\\r") != breaks or head.count(b"\\n") != breaks or b"\\0" in head:\n',
        new="    if False:\n",
        why="whoever chooses a value chooses what our request says",
        tests=("chassis/tests/test_wire.py::test_no_header_can_begin_another",),
    ),
    Mutant(
        name="a connection answers one request at a time",
        file="chassis/src/chassis/connection.py",
        old="return self._answer.is_complete and self._may_stay and not (self._is_paused or self._wire.is_closing())",
        new="return not self._wire.is_closing()",
        why="one caller is given what another was answered",
        tests=("chassis/tests/test_wire.py::test_an_answer_that_nobody_reads_to_its_end_takes_its_connection_along",),
    ),
    Mutant(
        name="the deadline is passed on",
        file="chassis/src/chassis/context.py",
        old='    return headers if left is None else headers | {"X-Deadline-Ms": str(int(left * 1000))}\n',
        new="    return headers\n",
        why="the next service goes on when nobody waits any more",
        tests=(
            "chassis/tests/test_peers.py::test_a_call_carries_our_token_our_trace_and_what_is_left_of_the_deadline",
        ),
    ),
    Mutant(
        name="what a peer says of us is no answer to our caller",
        file="chassis/src/chassis/peers.py",
        old="            if isinstance(error, op.declared):\n                raise\n",
        new="            if isinstance(error, ApiError):\n                raise\n",
        why="our caller is told to sign in because our own token was refused",
        tests=("chassis/tests/test_peers.py::test_what_a_peer_says_of_our_own_request_is_no_answer_for_our_caller",),
    ),
    Mutant(
        name="only what can be done twice is sent again",
        file="chassis/src/chassis/lines.py",
        old="        waits = pauses() if is_repeatable(op, arguments) else iter(())\n",
        new="        waits = pauses()\n",
        why="a call whose answer was lost is done twice",
        tests=(f"{_LINES}::test_what_may_not_be_done_twice_is_sent_once",),
    ),
    Mutant(
        name="there is a budget for sending again",
        file="chassis/src/chassis/retries.py",
        old="        if self._saved < 1:\n",
        new="        if False:\n",
        why="who is down is asked three times as much",
        tests=("chassis/tests/test_retries.py::test_a_tenth_of_the_calls_may_be_repeated",),
    ),
    Mutant(
        name="a service that fails is left alone",
        file="chassis/src/chassis/breaker.py",
        old="            if self._window.is_too_bad(self._tolerance):\n",
        new="            if False:\n",
        why="every caller waits for who will not answer",
        tests=("chassis/tests/test_breaker.py::test_a_service_that_fails_too_often_is_called_no_more",),
    ),
    Mutant(
        name="one probe goes at a time",
        file="chassis/src/chassis/breaker.py",
        old="        if is_probe:\n            self.state = State.HALF_OPEN\n",
        new="",
        why="who has just come back is run over",
        tests=(f"{_BREAKER}::test_after_its_rest_one_call_tries_the_service_while_all_others_are_refused",),
    ),
    Mutant(
        name="a refusal is an answer",
        file="chassis/src/chassis/breaker.py",
        old="    if not isinstance(error, NoAnswer):\n        return True\n",
        new="    if not isinstance(error, NoAnswer):\n        return False\n",
        why="customers who ask for what is not there cut the service off for all",
        tests=(f"{_BREAKER}::test_what_a_service_refuses_is_never_held_against_it",),
    ),
    Mutant(
        name="so many calls at a time",
        file="chassis/src/chassis/bulkhead.py",
        old="        self._turns = asyncio.Semaphore(most)\n",
        new="        self._turns = asyncio.Semaphore(1000 * most)\n",
        why="one slow service holds up all that we do",
        tests=(f"{_LINES}::test_a_service_that_sleeps_holds_up_no_other",),
    ),
)
