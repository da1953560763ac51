"""A good request to any operation, made from its declaration: what bad ones are made of."""

from functools import cache
from typing import Any, get_type_hints

from contracts.answers import Upload
from contracts.codec import WireRequest, encode
from contracts.examples import example
from contracts.operation import Operation
from contracts.places import BODIES, Parameter, Place
from contracts.tools.strategies import json_values
from hypothesis import find
from pydantic import BaseModel, TypeAdapter

__all__ = ["good_request", "query_of"]


@cache
def good_request(op: Operation[..., Any]) -> WireRequest:
    """Make a request that has all that it must have, and is refused for what it asks at most."""
    wanted = [parameter for parameter in op.parameters if parameter.required]
    return encode(op, {parameter.name: _value(parameter) for parameter in wanted})


def query_of(op: Operation[..., Any]) -> list[Parameter]:
    """List the query's parameters; a query model has one for each of its fields."""
    found = [parameter for parameter in op.parameters if parameter.place is Place.QUERY]
    models = [parameter.type for parameter in op.parameters if parameter.place is Place.QUERY_MODEL]
    return found + [_field(model, name) for model in models for name in model.model_fields]


def _field(model: type[BaseModel], name: str) -> Parameter:
    annotation = get_type_hints(model, include_extras=True)[name]
    return Parameter(name, annotation, model.model_fields[name].default, Place.QUERY, name)


def _value(parameter: Parameter) -> Any:
    if parameter.place is Place.FILE:
        return Upload(b"\x89PNG\r\n\x1a\n")
    if parameter.place in BODIES or parameter.place is Place.QUERY_MODEL:
        return example(parameter.annotation)
    adapter: TypeAdapter[Any] = TypeAdapter(parameter.annotation)
    return adapter.validate_python(find(json_values(adapter.json_schema()), bool))
