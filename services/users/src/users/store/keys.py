"""The SQL of signing keys: shared by all replicas, each with the time from which it signs and until when it counts."""

from collections.abc import Sequence
from datetime import timedelta

from chassis.clock import now
from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from users.tables import signing_keys

__all__ = ["add_first", "add_next", "find_signing", "list_published", "prune", "retire"]


def add_first(tx: Connection, kid: str, pem: str) -> None:
    """Publish a key that signs at once; of replicas that all believe theirs to be the first, one succeeds."""
    _insert(tx, kid, pem, ordinal=1, ahead=timedelta())


def add_next(tx: Connection, kid: str, pem: str, ahead: timedelta) -> None:
    """Publish a key now that signs after `ahead`."""
    latest = tx.execute(select(func.max(signing_keys.c.ordinal))).scalar_one_or_none() or 0
    _insert(tx, kid, pem, latest + 1, ahead)


def retire(tx: Connection, after: timedelta) -> None:
    """Let all keys so far count for no longer than that."""
    last = signing_keys.c.retires_at.is_(None)
    tx.execute(update(signing_keys).where(last).values(retires_at=now(tx) + after))


def prune(tx: Connection) -> None:
    """Forget the keys that count no longer."""
    tx.execute(delete(signing_keys).where(signing_keys.c.retires_at <= now(tx)))


def list_published(tx: Connection) -> Sequence[str]:
    """List the PEMs of the keys that count, the newest first; one that will sign soon is among them."""
    return (
        tx.execute(select(signing_keys.c.pem).where(_counts(tx)).order_by(signing_keys.c.ordinal.desc()))
        .scalars()
        .all()
    )


def find_signing(tx: Connection) -> str | None:
    """Find the PEM of the newest key whose time has come."""
    has_begun = signing_keys.c.signs_from <= now(tx)
    query = select(signing_keys.c.pem).where(has_begun, _counts(tx)).order_by(signing_keys.c.ordinal.desc()).limit(1)
    return tx.execute(query).scalar_one_or_none()


def _counts(tx: Connection) -> ColumnElement[bool]:
    return or_(signing_keys.c.retires_at.is_(None), signing_keys.c.retires_at > now(tx))


def _insert(tx: Connection, kid: str, pem: str, ordinal: int, ahead: timedelta) -> None:
    values = {"kid": kid, "ordinal": ordinal, "pem": pem, "signs_from": now(tx) + ahead}
    tx.execute(insert(signing_keys).values(values))
