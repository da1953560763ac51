"""Mutants of what guards the calls from one service to another."""

from .mutant import Mutant

__all__ = ["CALLS"]

_CLIENT = "contracts/src/contracts/client.py"
_CALLS = "contracts/tests/test_client.py"

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
        tests=("chassis/tests/test_peers.py",),
    ),
)
