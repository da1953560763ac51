"""What version 1 says of accounts, in version 2's words."""

import operator
from datetime import datetime

from contracts.translation import Rule, Translation, Unrepresentable, added, widen
from contracts.users import v1, v2

__all__ = ["SUCCESSORS", "NewUserV1V2", "UserV1V2", "join_name", "split_name"]

SUCCESSORS = {v1.Users.put_user: v2.Users.update_user}
"""What follows an operation that version 2 does not have under its name."""

_LONGEST = 100  # of version 1's `full_name`


def split_name(full_name: str | None) -> v2.Name | None:
    """Take the last word for the family name.

    A single word is a given name. So is a whole name whose last word stands behind several blanks: one blank is what
    joins the two again.
    """
    if full_name is None:
        return None
    given, family = _split(full_name)
    return v2.Name(given=given, family=family)


def join_name(name: v2.Name | None) -> str | None:
    """Write the given name, a blank and the family name; raises Unrepresentable when that is too long."""
    if name is None:
        return None
    full_name = _join(name)
    if len(full_name) > _LONGEST:
        raise Unrepresentable(
            f"version 1 holds names of up to {_LONGEST} characters, and this one has {len(full_name)}: use version 2"
        )
    return full_name


def _split(full_name: str) -> tuple[str, str | None]:
    given, _, family = full_name.rpartition(" ")
    return (given, family) if given and not given.endswith(" ") else (full_name, None)


def _join(name: v2.Name) -> str:
    return name.given if name.family is None else f"{name.given} {name.family}"


def _is_ambiguous(name: v2.Name | None) -> bool:
    """Tell whether the words would be divided in another way: `Ada` `King Lovelace`, a given name of two words."""
    return name is not None and _split(_join(name)) != (name.given, name.family)


_NAME = Rule(("full_name",), ("name",), up=split_name, down=join_name, loses=_is_ambiguous)


def _unchanged_since(created_at: datetime) -> tuple[datetime, datetime]:
    return created_at, created_at


def _first(created_at: datetime, updated_at: datetime) -> datetime:
    return created_at


def _made_then(created_at: datetime, stored: datetime, updated_at: datetime) -> tuple[datetime, datetime]:
    return created_at, updated_at


class UserV1V2(Translation[v1.User, v2.User], old=v1.User, new=v2.User):
    """An account.

    Version 1 has one name where version 2 has two, knows nothing of roles nor of when an account was changed, and
    calls an account that is being closed active: it may still be kept.
    """

    name = _NAME
    status = widen("status", v1.Status, v2.AccountStatus, {v2.AccountStatus.CLOSING: v1.Status.ACTIVE})
    role = added("role", default=v2.AccountRole.CUSTOMER)
    times = Rule(
        ("created_at",),
        ("created_at", "updated_at"),
        up=_unchanged_since,
        down=_first,
        keep=_made_then,
        loses=operator.ne,
    )


class NewUserV1V2(Translation[v1.NewUser, v2.NewUser], old=v1.NewUser, new=v2.NewUser):
    """A person who registers."""

    name = _NAME
