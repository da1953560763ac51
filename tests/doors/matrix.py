"""Who may do what: for each operation and each caller the answer that there must be, derived from the scope."""

from typing import Any

from contracts.catalog.errors import NotPurchased
from contracts.errors import ApiError, Conflict, Forbidden, NotFound, Unauthenticated
from contracts.operation import Operation
from contracts.orders.errors import AccountClosed, SessionEnded
from contracts.places import Place
from contracts.users.errors import InvalidGrant

from .callers import Caller

__all__ = ["INVALID", "PASSES", "Expected", "callers", "expected", "owned"]

Expected = tuple[type[ApiError], ...]
"""The refusals of which one must come; none where the caller passes."""

PASSES: Expected = ()

INVALID = frozenset(
    {
        Caller.ANONYMOUS,
        Caller.EXPIRED,
        Caller.STRANGER,
        Caller.STRAY,
        Caller.FOREIGN,
        Caller.TAMPERED,
        Caller.UNSIGNED,
    }
)
"""Callers of whom nobody knows who they are."""

_OWNED = frozenset({"user_id", "customer_id", "order_id"})
"""Names of things that belong to somebody; others, such as products, are everybody's."""

_PERSONAL = frozenset({"read", "write", "review"})
"""Deeds in a scope's name that people do to their own things."""

_ONLY = {"peers": Caller.SERVICE, "admin": Caller.STAFF}
"""Deeds in a scope's name that one kind of caller does."""

_BY_RULE: dict[tuple[str, Caller], Expected] = {
    ("users identity issue_token", Caller.CLOSED): (InvalidGrant,),
    ("catalog v2 add_review", Caller.OTHER): (NotPurchased,),
    ("catalog v2 add_review", Caller.STAFF): (NotPurchased,),
    ("orders v1 place_order", Caller.CLOSED): (Conflict, Unauthenticated),
    ("orders v2 place_order", Caller.CLOSED): (AccountClosed, SessionEnded),
}
"""What no scope says: only who has bought something reviews it, and a closed account signs in and orders no more."""


def callers(op: Operation[..., Any]) -> list[Caller]:
    """List whose coming matters: who is not known never passes a guarded door, and services are not made staff."""
    if op.scope is None:
        return list(Caller)
    strange = INVALID if _deed(op) in _PERSONAL else INVALID | {Caller.POSER}
    return [caller for caller in Caller if caller not in strange]


def expected(op: Operation[..., Any], caller: Caller) -> Expected:
    """Say how a caller must be answered; raises AssertionError for an operation of which nothing says so."""
    if (op.label, caller) in _BY_RULE:
        return _BY_RULE[op.label, caller]
    if op.scope is None:
        return PASSES
    deed = _deed(op)
    if deed in _ONLY:
        return PASSES if caller is _ONLY[deed] else (Forbidden,)
    if deed in _PERSONAL:
        return _of_person(op, caller)
    raise AssertionError(f"{op.label} wants {op.scope}: say in tests/doors/matrix.py who may do what ends in `{deed}`")


def owned(op: Operation[..., Any]) -> list[str]:
    """List the parameters that name somebody's own things."""
    return [it.name for it in op.parameters if it.place is Place.PATH and it.name in _OWNED]


def _deed(op: Operation[..., Any]) -> str:
    return (op.scope or "").partition(":")[2]


def _of_person(op: Operation[..., Any], caller: Caller) -> Expected:
    match caller:
        case Caller.SERVICE | Caller.POSER:
            return (Forbidden,)
        case Caller.CLOSED if op.api.service == "users":  # which knows that the session has ended
            return (Unauthenticated,)
        case Caller.OTHER if owned(op):
            return tuple(error for error in op.errors if issubclass(error, NotFound))
        case _:
            return PASSES
