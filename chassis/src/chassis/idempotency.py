"""Idempotency keys: a request that is sent again is answered again, and done once.

`claim` belongs in the transaction that makes the resource, so that both come to be, or neither.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from contracts.errors import IdempotencyKeyMissing, IdempotencyKeyReused, InvalidIdempotencyKey
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    and_,
    delete,
    select,
    update,
)

from chassis.columns import UtcDateTime
from chassis.inserting import insert_into

__all__ = [
    "LIFETIME",
    "Fresh",
    "KeyedRequest",
    "Replay",
    "Running",
    "claim",
    "fingerprint",
    "finish",
    "idempotency_table",
    "parse_key",
    "prune",
    "required_key",
]

LIFETIME = timedelta(hours=24)
_FINAL = (201, 409)
_BARE = re.compile(r"[!#-\[\]-~]{1,200}")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\]){1,200})"')


@dataclass(frozen=True)
class KeyedRequest:
    """What was asked, by whom, under which key."""

    principal: str
    operation: str
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Fresh:
    """Nobody asked this before: do it."""


@dataclass(frozen=True)
class Running:
    """It was asked before and is not done yet."""

    resource: UUID


@dataclass(frozen=True)
class Replay:
    """It was answered before, with this."""

    resource: UUID
    status: int
    body: bytes
    headers: Mapping[str, str]


def idempotency_table(metadata: MetaData) -> Table:
    """Declare the table of keys in a service's own schema."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("principal", String(200), primary_key=True),
        Column("operation", String(100), primary_key=True),
        Column("key", String(200), primary_key=True),
        Column("fingerprint", String(64), nullable=False),
        Column("resource", Uuid, nullable=False, index=True),
        Column("status", Integer),
        Column("body", LargeBinary),
        Column("headers", JSON(none_as_null=True)),
        Column("created_at", UtcDateTime, nullable=False),
        Column("expires_at", UtcDateTime, nullable=False, index=True),
    )


def claim(
    connection: Connection, table: Table, request: KeyedRequest, *, resource: UUID, now: datetime
) -> Fresh | Running | Replay:
    """Take the key for a resource about to be made, or say what became of the request that has it.

    Of two that come at once the second waits here for the first to commit; the key of one that rolls back is free.
    """
    if connection.execute(_taking(connection, table, request, resource, now)).first() is not None:
        return Fresh()
    row = connection.execute(select(table).where(_has_key(table, request))).one()
    if row.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused(
            f"The Idempotency-Key {request.key!r} should come with the request it first came with; "
            "this one differs. Use a new key for a new request."
        )
    if row.status is None:
        return Running(row.resource)
    return Replay(row.resource, row.status, row.body, row.headers)


def finish(
    connection: Connection, table: Table, resource: UUID, status: int, body: bytes, headers: Mapping[str, str]
) -> None:
    """Keep the final answer about a resource for those who ask again; the first one stands."""
    if status not in _FINAL:
        raise ValueError(f"only a final answer (201, 409) is kept under a key, found {status}: leave it unfinished")
    unfinished = and_(table.c.resource == resource, table.c.status.is_(None))
    connection.execute(update(table).where(unfinished).values(status=status, body=body, headers=dict(headers)))


def prune(connection: Connection, table: Table, now: datetime) -> int:
    """Forget the keys whose time is over, and count them."""
    return connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Digest a request so that the same JSON gives the same text, however it was spaced and ordered."""
    canonical = json.dumps([method, path, json.loads(body) if body else None], sort_keys=True)
    return sha256(canonical.encode()).hexdigest()


def required_key(raw: str | None) -> str:
    """Read the key of an operation that does not do without."""
    if raw is None:
        raise IdempotencyKeyMissing(
            "This operation wants an Idempotency-Key header; the request has none. "
            "Send one that is new for each order and the same for each retry, such as a UUID."
        )
    return parse_key(raw)


def parse_key(raw: str) -> str:
    """Read a key written as the IETF draft has it, in quotes, or bare: `"abc"` and `abc` are the same key."""
    text = raw.strip(" \t")
    if quoted := _QUOTED.fullmatch(text):
        return re.sub(r'\\(["\\])', r"\1", quoted[1])
    if _BARE.fullmatch(text):
        return text
    raise InvalidIdempotencyKey(
        "The Idempotency-Key should be 1 to 200 visible ASCII characters, bare or in double quotes; "
        "what came is not. A UUID will do."
    )


def _has_key(table: Table, request: KeyedRequest) -> ColumnElement[bool]:
    return and_(
        table.c.principal == request.principal, table.c.operation == request.operation, table.c.key == request.key
    )


def _taking(connection: Connection, table: Table, request: KeyedRequest, resource: UUID, now: datetime) -> Insert:
    """Insert the key or take over an expired one, in one statement that returns a row only to the winner."""
    taken = {
        "fingerprint": request.fingerprint,
        "resource": resource,
        "status": None,
        "body": None,
        "headers": None,
        "created_at": now,
        "expires_at": now + LIFETIME,
    }
    scope = {"principal": request.principal, "operation": request.operation, "key": request.key}
    return (
        insert_into(connection, table)
        .values(**scope, **taken)
        .on_conflict_do_update(index_elements=list(scope), set_=taken, where=table.c.expires_at <= now)
        .returning(table.c.key)
    )
