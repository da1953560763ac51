"""The models that an Api speaks with."""

from typing import Any, get_args

from pydantic import BaseModel

from contracts.operation import Api
from contracts.places import Place

__all__ = ["forms", "models"]


def models(api: type[Api]) -> list[type[BaseModel]]:
    """List every model that travels, also inside others; query models are parameters, and no model of their own."""
    found: dict[type[BaseModel], None] = {}
    for op in api.operations():
        for kind in [op.reply, *(parameter.annotation for parameter in op.parameters if _travels(parameter.place))]:
            _collect(kind, found)
        for error in op.errors:
            _collect(api.dialect.failure(error), found)
    return list(found)


def forms(api: type[Api]) -> set[Any]:
    """List the models that travel as forms, where every value is text."""
    return {op.body.type for op in api.operations() if op.body and op.body.place is Place.FORM}


def _travels(place: Place) -> bool:
    return place in {Place.BODY, Place.FORM}


def _collect(kind: Any, found: dict[type[BaseModel], None]) -> None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in found:
            found[kind] = None
            for field in kind.model_fields.values():
                _collect(field.annotation, found)
    else:
        for part in get_args(kind):
            _collect(part, found)
