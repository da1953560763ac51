"""Whether all that one model sends can be read as another: by names and types, without bounds and patterns."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import Any, TypeGuard, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from contracts.places import bare

__all__ = ["misfits", "name_of"]

_TEXTS = (str, UUID, datetime)
"""What travels as text, and can therefore be read as text."""


def misfits(sent: type[BaseModel], read: type[BaseModel], place: str = "") -> Iterator[str]:
    """Say what a reading model wants and a sent one lacks, or may send otherwise; nothing where it fits."""
    for name, field in read.model_fields.items():
        where = f"{place}.{name}" if place else name
        known = sent.model_fields.get(name)
        if known is None:
            offered = ", ".join(sent.model_fields) or "nothing"
            yield f"reads `{where}`, which {sent.__name__} does not have; it has {offered}"
        else:
            yield from _differences(known.annotation, field.annotation, where)


def name_of(annotation: Any) -> str:
    """Name a type for people: `User | None`."""
    kind = bare(annotation)
    if _is_union(kind):
        return " | ".join(name_of(arm) for arm in get_args(kind))
    if get_origin(kind) is list:
        return f"list[{name_of(get_args(kind)[0])}]"
    return "None" if kind is type(None) else getattr(kind, "__name__", repr(kind))


def _differences(sent: Any, read: Any, place: str) -> Iterator[str]:
    sent, read = bare(sent), bare(read)
    if sent == read:
        return
    if _is_union(sent):
        for arm in get_args(sent):
            yield from _differences(arm, read, place)
    elif _is_union(read):
        refused = [list(_differences(sent, arm, place)) for arm in get_args(read)]
        yield from refused[0] if all(refused) else ()
    else:
        yield from _plain_differences(sent, read, place)


def _plain_differences(sent: Any, read: Any, place: str) -> Iterator[str]:
    if get_origin(sent) is list and get_origin(read) is list:
        yield from _differences(get_args(sent)[0], get_args(read)[0], f"{place}[]")
    elif _is_model(sent) and _is_model(read):
        yield from misfits(sent, read, place)
    elif not _fits(sent, read):
        yield _refusal(sent, read, place)


def _fits(sent: Any, read: Any) -> bool:
    """Tell whether one plain type is sent as another is read."""
    if _is_choice(sent) and _is_choice(read):
        return set(sent) <= set(read)
    return read is str and (sent in _TEXTS or _is_choice(sent))


def _refusal(sent: Any, read: Any, place: str) -> str:
    wanted = name_of(read)
    if sent is type(None):
        return f"reads `{place}` as {wanted}, and null may come: write `{wanted} | None`"
    if sent is str and _is_choice(read):
        return f"reads `{place}` as {wanted}, and other words may come: write `Open[{wanted}]`"
    return f"reads `{place}` as {wanted}, and {name_of(sent)} comes: write what the provider's model says"


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in {Union, UnionType}


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_choice(kind: Any) -> TypeGuard[type[StrEnum]]:
    return isinstance(kind, type) and issubclass(kind, StrEnum)
