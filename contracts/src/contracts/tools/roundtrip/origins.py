"""The types behind the components of a document: which model or choice each was made from."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel

from contracts.operation import Api
from contracts.tools.documents import Json, at
from contracts.tools.models import models

__all__ = ["origins"]

_SPLIT = ("-Input", "-Output")


def origins(api: type[Api], document: Json) -> dict[str, Any]:
    """Find the type of each component by its name; a multipart body has none, for nothing of it is JSON."""
    known = {kind.__name__: kind for kind in _types(api)}
    found = {name: known.get(_plain(name)) for name in at(document, "components", "schemas")}
    return {name: kind for name, kind in found.items() if kind is not None}


def _plain(name: str) -> str:
    for suffix in _SPLIT:
        name = name.removesuffix(suffix)
    return name


def _types(api: type[Api]) -> Iterator[type[BaseModel] | type[Enum]]:
    for op in api.operations():
        for parameter in op.parameters:
            yield from _choices(parameter.annotation)
    for model in models(api):
        yield model
        for field in model.model_fields.values():
            yield from _choices(field.annotation)


def _choices(kind: Any) -> Iterator[type[Enum]]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        yield kind
    for part in get_args(kind):
        yield from _choices(part)
