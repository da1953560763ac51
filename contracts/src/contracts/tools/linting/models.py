"""Rules about models that their schemas do not show: examples, aliases, validators, laxness."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from contracts.compat.document import Document
from contracts.examples import example_json
from contracts.tools.documents import REF, Json, at
from contracts.tools.linting.breach import Breach
from contracts.tools.roundtrip.payloads import Payloads
from contracts.tools.roundtrip.verdicts import Judge
from contracts.wire import Response

__all__ = ["model_breaches"]

_TRIED = 300
_PYTHON, _SCHEMA = "this model", "every reader of its schema"


def model_breaches(model: type[BaseModel], *, textual: bool = False) -> list[Breach]:
    """Find what is outside the portable subset in one model; where all is `textual`, numbers may come as text."""
    found = [*_decorated(model), *_fields(model), *_examples(model)]
    return found if textual or found else [*_lax(model)]


def _decorated(model: type[BaseModel]) -> Iterator[Breach]:
    said = model.__pydantic_decorators__
    if said.field_validators or said.model_validators or said.validators or said.root_validators:
        advice = "has a validator, which no schema can say: make it a rule of the service"
        yield Breach(model.__name__, "model.validator", advice, _unsaid(model), _SCHEMA, _PYTHON)
    if said.computed_fields:
        advice = "has a computed field, which no request could hold: make it a field"
        shown = {**at(_example(model)), next(iter(said.computed_fields)): None}
        yield Breach(model.__name__, "model.computed", advice, shown, "readers of what it writes", _PYTHON)


def _fields(model: type[BaseModel]) -> Iterator[Breach]:
    for name, field in model.model_fields.items():
        place, shown = f"{model.__name__}.{name}", at(_example(model))
        left: JsonValue = {known: value for known, value in shown.items() if known != name}
        if any(alias not in {None, name} for alias in (field.alias, field.serialization_alias)):
            advice, named = "has an alias: name it as it is on the wire", {**at(left), name: shown.get(name)}
            yield Breach(place, "model.alias", advice, named, "code that uses the field's name", "readers of the alias")
        if issubclass(model, Response) and not field.is_required():
            advice = "has a default, which makes it optional for every client: take it away"
            yield Breach(place, "answer.default", advice, left, "readers that know the default", "readers that wait")
        if field.default_factory is not None:
            advice = "has a default that is made: write it down"
            yield Breach(place, "model.default", advice, left, _PYTHON, "readers whose schema holds no such default")


def _examples(model: type[BaseModel]) -> Iterator[Breach]:
    try:
        model.model_validate_json(json.dumps(example_json(model)), extra="forbid")
    except LookupError:
        advice = "has no example: add one to `json_schema_extra`"
        yield Breach(model.__name__, "model.example", advice, None, "nobody", "nobody: there is nothing to try")
    except ValidationError as exc:
        for error in exc.errors(include_url=False):
            advice = f"its example is not one: /{'/'.join(map(str, error['loc']))}: {error['msg']}"
            yield Breach(model.__name__, "model.example", advice, _example(model), "people who read it", _PYTHON)


def _lax(model: type[BaseModel]) -> Iterator[Breach]:
    """Send numbers and truths as text: no schema says that they may come so."""
    shown: Json = example_json(model)
    for name, value in shown.items():
        payload: Json = {**shown, name: json.dumps(value)}
        if isinstance(value, int) and Judge(model).verdict(json.dumps(payload).encode()) is not None:
            advice = f"takes the text `{payload[name]}` for {payload[name]}: say `strict=True`"
            yield Breach(f"{model.__name__}.{name}", "model.lax", advice, payload, _PYTHON, _SCHEMA)


def _unsaid(model: type[BaseModel]) -> JsonValue:
    """Find a payload that the schema takes and the model refuses; its example where a search finds none."""
    schema = model.model_json_schema(ref_template=REF + "{model}")
    whole: Any = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {**at(schema, "$defs"), "A": schema}}}
    document = Document.checked(whole, model.__name__)
    payloads, judge = Payloads(document), Judge(model)
    taken = payloads.valid(document.at("components", "schemas", "A"), _TRIED)
    refused = (payload for payload in taken if judge.verdict(json.dumps(payload).encode()) is None)
    return min(refused, key=lambda payload: len(json.dumps(payload)), default=_example(model))


def _example(model: type[BaseModel]) -> JsonValue:
    try:
        return example_json(model)
    except LookupError:
        return {}
