"""The statuses that no schema can foresee: which, of which operations, and why; nothing else is excused."""

from dataclasses import dataclass

from contracts.operation import Api, Operation
from contracts.tools.apis import apis

__all__ = ["ALLOWANCES", "Allowance", "allowed"]


@dataclass(frozen=True)
class Allowance:
    """A refusal of requests that are all that their schema asks for."""

    status: int
    reason: str
    operations: tuple[str, ...]
    """As `catalog v2 get_product`."""


ALLOWANCES = (
    Allowance(
        400,
        "a schema cannot know who has an account, with which password, and what it may ask for",
        ("users identity issue_token",),
    ),
    Allowance(
        401,
        "a schema cannot know which clients there are, and their secrets",
        ("users identity issue_token",),
    ),
    Allowance(
        401,
        "a session may have ended a moment ago: its account was closed, or has another password or role",
        (
            "users v1 get_user",
            "users v1 list_users",
            "users v1 put_user",
            "users v2 get_me",
            "users v2 export_me",
            "users v2 change_password",
            "users v2 get_user",
            "users v2 list_users",
            "users v2 update_user",
            "users v2 close_user",
            "users v2 set_role",
        ),
    ),
    Allowance(
        400,
        "a cursor is signed: the schema says how it is written, not which ones were handed out",
        (
            "users v2 list_users",
            "catalog v2 list_products",
            "catalog v2 list_reviews",
            "catalog v2 list_reservations",
            "orders v2 list_orders",
            "orders v2 list_all_orders",
        ),
    ),
    Allowance(
        400,
        "the key is asked for with 400, as the IETF draft has it; a header that a schema requires would be with 422",
        ("orders v2 place_order",),
    ),
    Allowance(
        404,
        "an id may be well written and name nothing, or nothing of the caller's",
        (
            "users v1 get_user",
            "users v1 put_user",
            "users v2 get_user",
            "users v2 update_user",
            "users v2 close_user",
            "users v2 set_role",
            "users v2 get_standing",
            "catalog v1 get_product",
            "catalog v1 put_product",
            "catalog v2 get_product",
            "catalog v2 update_product",
            "catalog v2 discontinue_product",
            "catalog v2 adjust_stock",
            "catalog v2 put_image",
            "catalog v2 get_image",
            "catalog v2 add_review",
            "catalog v2 list_reviews",
            "catalog v2 get_reservation",
            "catalog v2 commit_reservation",
            "orders v1 get_order",
            "orders v1 cancel_order",
            "orders v2 get_order",
            "orders v2 cancel_order",
            "orders v2 follow_order",
        ),
    ),
    Allowance(
        409,
        "whether an address or a SKU is taken depends on the others",
        (
            "users v1 register",
            "users v1 put_user",
            "users v2 register",
            "users v2 update_user",
            "catalog v2 create_product",
        ),
    ),
    Allowance(
        409,
        "what can be done to an account depends on its state, its orders and its password",
        ("users v1 put_user", "users v2 update_user", "users v2 close_user", "users v2 set_role"),
    ),
    Allowance(409, "a schema cannot know the password so far", ("users v2 change_password",)),
    Allowance(
        409,
        "version 1 has no words for some of what version 2 keeps, and does not lie",
        (
            "users v1 get_user",
            "users v1 list_users",
        ),
    ),
    Allowance(
        409,
        "there is one currency in the shop, which is a setting",
        ("catalog v2 create_product", "catalog v2 update_product"),
    ),
    Allowance(
        409,
        "how much can be put on a shelf or taken off depends on what is there; returned pieces may go over the most",
        (
            "catalog v1 create_product",
            "catalog v1 put_product",
            "catalog v2 create_product",
            "catalog v2 adjust_stock",
        ),
    ),
    Allowance(
        409,
        "what can be reserved, sold or ordered depends on stock, prices and what was done before",
        (
            "catalog v2 reserve",
            "catalog v2 commit_reservation",
            "orders v1 place_order",
            "orders v1 cancel_order",
            "orders v2 place_order",
            "orders v2 cancel_order",
        ),
    ),
    Allowance(409, "only who has bought a product may review it, once", ("catalog v2 add_review",)),
    Allowance(
        412,
        "only the service knows which version of a thing is the present one",
        ("users v2 update_user", "catalog v2 update_product"),
    ),
    Allowance(
        415,
        "no schema says what an image file holds",
        ("catalog v2 put_image",),
    ),
    Allowance(
        422,
        "a key names one request, and the schema of the next one does not know it",
        ("orders v1 place_order", "orders v2 place_order"),
    ),
    Allowance(
        428,
        "the ETag is asked for with 428 (RFC 6585); a header that a schema requires would be with 422",
        ("users v2 update_user", "catalog v2 update_product"),
    ),
)


def allowed(op: Operation[..., object]) -> list[Allowance]:
    """Find what is allowed to an operation."""
    return [allowance for allowance in ALLOWANCES if op.label in allowance.operations]


def undeclared() -> list[str]:
    """Name the allowances that no operation has any use for; those of a version that was deleted do no harm."""
    return [
        f"{allowance.status} {label}"
        for allowance in ALLOWANCES
        for label in allowance.operations
        if (label, allowance.status) not in _DECLARED and not _deleted(label)
    ]


def _deleted(label: str) -> bool:
    service, version, _ = label.split()
    return version.startswith("v") and (service, version) not in apis()


def _declared(api: type[Api]) -> list[tuple[str, int]]:
    return [(op.label, error.status) for op in api.operations() for error in op.errors]


_DECLARED = frozenset(pair for api in apis().values() for pair in _declared(api))
