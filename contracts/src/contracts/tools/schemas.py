"""The JSON Schemas of all that one Api sends and receives, as Pydantic alone writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, JsonValue, TypeAdapter, WithJsonSchema, create_model

from contracts.operation import Api, Operation
from contracts.places import Parameter, Place
from contracts.tools.documents import REF, Json, at

__all__ = ["Schemas"]

Mode = Literal["validation", "serialization"]
Key = tuple[str, str]

_IN = {Place.PATH: "path", Place.QUERY: "query", Place.QUERY_MODEL: "query", Place.HEADER: "header"}
_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type that travels, and which of its two schemas is wanted."""

    key: Key
    mode: Mode
    type: Any


class Schemas:
    """All schemas of an Api, asked for in one go: only so is a model split where its two directions differ."""

    def __init__(self, api: type[Api]) -> None:
        inputs: list[tuple[Key, Mode, TypeAdapter[Any]]] = [
            (kind.key, kind.mode, TypeAdapter(kind.type)) for kind in _kinds(api)
        ]
        written, defined = TypeAdapter.json_schemas(inputs, ref_template=REF + "{model}")
        self._written: dict[Key, Json] = {key: schema for (key, _), schema in written.items()}
        components: Json = defined.get("$defs", {})
        self._parameters = {op.name: self._take(components, op) for op in api.operations() if _parameters(op)}
        self.components: Json = {name: components[name] for name in sorted(components)}

    def parameters(self, op: Operation[..., Any]) -> Json:
        """One object schema, with a property `<in> <name>` for each parameter."""
        return self._parameters.get(op.name, {})

    def body(self, op: Operation[..., Any]) -> Json:
        """The schema of the request's body."""
        return self._written[op.name, "body"]

    def reply(self, op: Operation[..., Any]) -> Json:
        """The schema of the whole successful body, or of one event."""
        return self._written[op.name, "reply"]

    def failure(self, model: type[BaseModel]) -> Json:
        """The schema of a body that carries an error."""
        return self._written[_failure(model)]

    def _take(self, components: Json, op: Operation[..., Any]) -> Json:
        """Take the parameters out of the components: their object is ours alone, and travels in pieces."""
        name = str(self._written[op.name, "parameters"]["$ref"]).removeprefix(REF)
        taken = at(components, name)
        del components[name]
        return taken


def _kinds(api: type[Api]) -> Iterator[_Kind]:
    for op in api.operations():
        if fields := _parameters(op):
            yield _Kind((op.name, "parameters"), "validation", create_model(f"{op.name} parameters", **fields))
        if op.body:
            yield _Kind((op.name, "body"), "validation", _body(op, op.body))
        if op.reply is not None:
            yield _Kind((op.name, "reply"), "serialization", op.reply)
    for model in {api.dialect.failure(error): None for op in api.operations() for error in op.errors}:
        yield _Kind(_failure(model), "serialization", model)


def _failure(model: type[BaseModel]) -> Key:
    return "failure", f"{model.__module__}.{model.__qualname__}"


def _parameters(op: Operation[..., Any]) -> dict[str, Any]:
    """List type and default of each parameter as `create_model` takes them."""
    fields: dict[str, Any] = {}
    for parameter in op.parameters:
        if parameter.place is Place.QUERY_MODEL:
            fields |= {
                f"query {name}": (field.annotation, field) for name, field in parameter.type.model_fields.items()
            }
        elif place := _IN.get(parameter.place):
            default: Any = ... if parameter.required else parameter.default
            fields[f"{place} {parameter.wire_name}"] = (parameter.annotation, default)
    return fields


def _body(op: Operation[..., Any], body: Parameter) -> Any:
    if body.place is not Place.FILE:
        return body.annotation
    fields: dict[str, Any] = {body.wire_name: (Annotated[bytes, WithJsonSchema(dict[str, JsonValue](_BYTES))], ...)}
    return create_model(f"Body_{op.name}", **fields)
