"""The arguments of an operation, taken from a request by validators that are made once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from contracts.operation import Operation
from contracts.places import Parameter, Place, bare, placeholders
from pydantic import BaseModel, TypeAdapter
from starlette.datastructures import QueryParams
from starlette.types import Scope

from chassis.strict_json import parse

__all__ = ["READABLE", "Arguments"]

READABLE = frozenset({Place.PATH, Place.QUERY, Place.QUERY_MODEL, Place.HEADER, Place.BODY})
"""Where arguments can be read from here; forms and files are left to the framework."""

_NO_QUERY = QueryParams()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one argument from where it travels."""

    parameter: Parameter
    validate: Callable[[Any], Any]
    members: tuple[tuple[str, bool], ...]
    """Of a query model: which parameters it holds, and whether they may come more than once."""
    is_list: bool

    @classmethod
    def of(cls, parameter: Parameter) -> "_Reader":
        validate = TypeAdapter[Any](parameter.annotation).validate_python
        return cls(parameter, validate, tuple(_members(parameter)), _is_list(parameter.annotation))

    def in_query(self, query: QueryParams) -> Any:
        if self.parameter.place is Place.QUERY:
            return self.taken(_sent(query, self.parameter.wire_name, is_list=self.is_list))
        sent = {name: _sent(query, name, is_list=is_list) for name, is_list in self.members}
        return self.validate({name: value for name, value in sent.items() if value is not None})

    def in_headers(self, scope: Scope) -> Any:
        name = self.parameter.wire_name.lower().encode()
        sent = (value.decode("latin-1") for key, value in scope["headers"] if key == name)
        return self.taken(next(sent, None))

    def taken(self, sent: Any) -> Any:
        if sent is not None:
            return self.validate(sent)
        if self.parameter.required:
            raise ValueError(f"`{self.parameter.name}` is wanted, and was not sent")
        return self.parameter.default


class Arguments:
    """Reads the arguments of one operation: the values that the framework would find, and errors where it would."""

    def __init__(self, op: Operation[..., Any]) -> None:
        readers = {parameter.name: _Reader.of(parameter) for parameter in op.parameters}
        self._path = [(name, readers[name].validate) for name in placeholders(op.path)]
        self._query, self._headers, self._bodies = (
            [(name, reader) for name, reader in readers.items() if reader.parameter.place in places]
            for places in ((Place.QUERY, Place.QUERY_MODEL), (Place.HEADER,), (Place.BODY,))
        )

    def read(self, scope: Scope, parts: Sequence[str], content: bytes) -> dict[str, Any]:
        """Read them all; raises ValueError, such as Pydantic's, where one is missing or wrong."""
        found = {name: validate(part) for (name, validate), part in zip(self._path, parts, strict=True)}
        if self._query:
            query = QueryParams(scope["query_string"]) if scope["query_string"] else _NO_QUERY
            found |= {name: reader.in_query(query) for name, reader in self._query}
        for name, reader in self._headers:
            found[name] = reader.in_headers(scope)
        for name, reader in self._bodies:
            found[name] = reader.validate(parse(content))
        return found


def _members(parameter: Parameter) -> Iterator[tuple[str, bool]]:
    if parameter.place is Place.QUERY_MODEL:
        model: type[BaseModel] = parameter.type
        for name, field in model.model_fields.items():
            yield name, _is_list(field.annotation)


def _sent(query: QueryParams, name: str, *, is_list: bool) -> Any:
    """Find what was sent, or None: the last where one value is wanted, and all where several are."""
    return (query.getlist(name) or None) if is_list else query.get(name)


def _is_list(annotation: Any) -> bool:
    kind = bare(annotation)
    if get_origin(kind) in (Union, UnionType):
        return any(_is_list(choice) for choice in get_args(kind))
    return get_origin(kind) is list
