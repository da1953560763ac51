"""The models that an Api speaks with, and what their schemas do not show: examples, aliases, validators, laxness."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, JsonValue, ValidationError

from contracts.examples import example_json
from contracts.operation import Api
from contracts.places import Place
from contracts.wire import Response

__all__ = ["forms", "model_faults", "models"]


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


def model_faults(model: type[BaseModel], textual: bool = False) -> list[str]:
    """Say what is outside the portable subset in one model; where all is `textual`, numbers may come as text."""
    faults = [*_shape(model), *_fields(model), *_example_faults(model)]
    faults += [] if textual or faults else _laxness(model)
    return [f"{model.__name__}{fault}" for fault in faults]


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


def _shape(model: type[BaseModel]) -> Iterator[str]:
    said = model.__pydantic_decorators__
    if said.field_validators or said.model_validators or said.validators or said.root_validators:
        yield ": has a validator, which no schema can say: make it a rule of the service"
    if said.computed_fields:
        yield ": has a computed field, which no request could hold: make it a field"


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if any(alias not in {None, name} for alias in (field.alias, field.serialization_alias)):
            yield f".{name}: has an alias: name it as it is on the wire"
        if issubclass(model, Response) and not field.is_required():
            yield f".{name}: has a default, which makes it optional for every client: take it away"
        if field.default_factory is not None:
            yield f".{name}: has a default that is made: write it down"


def _example_faults(model: type[BaseModel]) -> Iterator[str]:
    try:
        model.model_validate_json(json.dumps(example_json(model)), extra="forbid")
    except LookupError:
        yield ": has no example: add one to `json_schema_extra`"
    except ValidationError as exc:
        for error in exc.errors(include_url=False):
            yield f": its example is not one: /{'/'.join(map(str, error['loc']))}: {error['msg']}"


def _laxness(model: type[BaseModel]) -> Iterator[str]:
    """Send numbers and truths as text: no schema says that they may come so."""
    shown: dict[str, JsonValue] = example_json(model)
    for name, value in shown.items():
        if isinstance(value, int):
            text = json.dumps(value)
            try:
                model.model_validate_json(json.dumps({**shown, name: text}))
            except ValidationError:
                continue
            yield f".{name}: takes the text `{text}` for {text}: say `strict=True`"
