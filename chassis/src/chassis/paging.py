"""Cursors: where the next page of a list begins, sealed so that only this service makes and moves them."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from contracts.errors import InvalidCursor

__all__ = ["Cursors", "Position", "Scalar", "split"]

T = TypeVar("T")
Scalar = str | int | float | bool | None
Position = tuple[Scalar, ...]

_LONGEST = 500  # characters, as the contract's `Cursor` says
_VERSION = b"\x01"
_SEAL = 16  # bytes: 128 bits


class Cursors:
    """Seals and opens the cursors of one list; those of another list, or of other filters, are refused."""

    def __init__(self, secret: bytes, operation: str) -> None:
        if len(secret) < 16:
            raise ValueError(f"a cursor secret has at least 16 bytes, found {len(secret)}: set a longer one")
        self._secret = secret
        self._operation = operation

    def seal(self, position: Position, filters: Mapping[str, object]) -> str:
        """Write a position down, bound to the filters it was reached under; their values go by `str`."""
        payload = json.dumps(position, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
        sealed = _encoded(_VERSION + self._seal_of(payload, filters) + payload)
        if len(sealed) > _LONGEST:
            raise ValueError(
                f"{self._operation}: a cursor has at most {_LONGEST} characters, found {len(sealed)}: "
                "order by shorter columns, or cut the text that is sealed"
            )
        return sealed

    def open(self, cursor: str, filters: Mapping[str, object]) -> Position:
        """Read a position back, or refuse a cursor that was not sealed here under these filters."""
        sealed = _decoded(cursor)
        head, payload = sealed[: 1 + _SEAL], sealed[1 + _SEAL :]
        if not hmac.compare_digest(head, _VERSION + self._seal_of(payload, filters)):
            raise _refusal()
        return tuple(json.loads(payload))

    def _seal_of(self, payload: bytes, filters: Mapping[str, object]) -> bytes:
        bound = json.dumps(["cursor", self._operation, dict(filters)], sort_keys=True, default=str).encode()
        return hmac.digest(self._secret, bound + b"\n" + payload, "sha256")[:_SEAL]


def split(rows: Sequence[T], limit: int, position: Callable[[T], Position]) -> tuple[Sequence[T], Position | None]:
    """Part `limit + 1` rows into a page and the position of its last row, or None when nothing follows."""
    page = rows[:limit]
    return page, position(page[-1]) if len(rows) > limit else None


def _encoded(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _decoded(cursor: str) -> bytes:
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise _refusal() from error
    if len(cursor) > _LONGEST or _encoded(sealed) != cursor:  # or there would be several spellings of one cursor
        raise _refusal()
    return sealed


def _refusal() -> InvalidCursor:
    return InvalidCursor(
        "The cursor should be the next_cursor of a page of this list under the same filters; it is not. "
        "Begin again without a cursor."
    )
