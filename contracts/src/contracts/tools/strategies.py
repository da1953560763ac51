"""Values of any model in the portable subset, made from what its JSON Schema says, with a taste for edges."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel, JsonValue, ValidationError

from contracts.tools.documents import REF, Json, at
from contracts.tools.faults import ToolError
from contracts.tools.words import ALPHABET, words

__all__ = ["json_values", "values"]

M = TypeVar("M", bound=BaseModel)

_FEW = 4


def values(model: type[M]) -> SearchStrategy[M]:
    """Make valid instances of a model; members that may be absent sometimes are."""

    def instance(data: JsonValue) -> M:
        try:
            return model.model_validate_json(json.dumps(data))
        except ValidationError as exc:
            raise ToolError(
                f"{model.__name__}: its schema takes {data!r}, and it does not; hold it to what a schema can say: {exc}"
            ) from exc

    return json_values(model.model_json_schema(ref_template=REF + "{model}")).map(instance)


def json_values(schema: Json) -> SearchStrategy[Any]:
    """Make JSON data that a schema takes; its `$defs` are known to it."""
    return _Grammar(at(schema, "$defs")).read(schema)


class _Grammar:
    """Reads schemas that may refer to each other."""

    def __init__(self, components: Json) -> None:
        self._components = components
        self._known: dict[str, SearchStrategy[Any]] = {}

    def read(self, schema: JsonValue) -> SearchStrategy[Any]:
        said = at(schema)
        if "$ref" in said:
            return self._named(str(said["$ref"]).removeprefix(REF))
        if "enum" in said or "const" in said:
            return st.sampled_from(_list(said.get("enum", [said.get("const")])))
        if "anyOf" in said:
            return st.one_of([self.read(one) for one in _list(said["anyOf"])])
        reader = self._readers.get(str(said.get("type")))
        if reader is None:
            raise ToolError(f"wanted a schema of the portable subset, found {said}; declare it with the wire types")
        return reader(said)

    @cached_property
    def _readers(self) -> dict[str, Callable[[Json], SearchStrategy[Any]]]:
        return {
            "null": lambda _: st.none(),
            "boolean": lambda _: st.booleans(),
            "integer": lambda said: st.integers(_bound(said, "minimum"), _bound(said, "maximum")),
            "string": _strings,
            "array": self._lists,
            "object": self._objects,
        }

    def _named(self, name: str) -> SearchStrategy[Any]:
        if name not in self._known:
            self._known[name] = st.deferred(lambda: self.read(self._components[name]))
        return self._known[name]

    def _lists(self, said: Json) -> SearchStrategy[Any]:
        """Make a few different items, or as many of one as there may be."""
        item = self.read(said.get("items"))
        least, most = _bound(said, "minItems") or 0, _bound(said, "maxItems")
        few = max(least, _FEW) if most is None else min(most, max(least, _FEW))

        def repeated(one: JsonValue) -> list[JsonValue]:
            return [one] * (most or few)

        return st.lists(item, min_size=least, max_size=few) | item.map(repeated)

    def _objects(self, said: Json) -> SearchStrategy[Any]:
        examples = [at(example) for example in _list(said.get("examples", []))]
        members = {
            name: self._member(schema, [example[name] for example in examples if isinstance(example.get(name), str)])
            for name, schema in at(said, "properties").items()
        }
        required = _list(said.get("required", []))
        optional = {name: member for name, member in members.items() if name not in required}
        return st.fixed_dictionaries(
            {name: member for name, member in members.items() if name in required}, optional=optional
        )

    def _member(self, schema: JsonValue, examples: list[JsonValue]) -> SearchStrategy[Any]:
        """Make any value, or a text that the model's examples have: no chance would find the shop's currency."""
        return self.read(schema) | st.sampled_from(examples) if examples else self.read(schema)


def _strings(said: Json) -> SearchStrategy[str]:
    least, most, pattern = _bound(said, "minLength") or 0, _bound(said, "maxLength"), said.get("pattern")
    return words(str(pattern), least, most) if pattern else st.text(ALPHABET, min_size=least, max_size=most)


def _bound(said: Json, name: str) -> int | None:
    value = said.get(name)
    return value if isinstance(value, int) else None


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
