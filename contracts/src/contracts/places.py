"""Where the arguments of an operation travel: path, query, header, JSON body, form or file."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, StringConstraints

from contracts.answers import Upload
from contracts.wire import Query

__all__ = [
    "DeclarationError",
    "File",
    "Form",
    "Header",
    "IdempotencyKey",
    "IfMatch",
    "Parameter",
    "Place",
    "read_parameters",
]


class DeclarationError(TypeError):
    """An operation is declared in a way that no document could publish."""


class Place(StrEnum):
    """Where on the wire an argument travels."""

    PATH = "path"
    QUERY = "query"
    QUERY_MODEL = "query model"
    HEADER = "header"
    BODY = "body"
    FORM = "form"
    FILE = "file"


BODIES = frozenset({Place.BODY, Place.FORM, Place.FILE})


@dataclass(frozen=True, slots=True)
class Header:
    """Marks a parameter that travels as the header of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Form:
    """Marks a model that travels as `application/x-www-form-urlencoded`."""


@dataclass(frozen=True, slots=True)
class File:
    """Marks an `Upload` that travels as one part of `multipart/form-data`."""


_KEY = r'^(?:[!#-\[\]-~]{1,200}|"(?:[ !#-\[\]-~]|\\["\\]){1,200}")$'

IdempotencyKey = Annotated[
    str | None,
    Header("Idempotency-Key"),
    StringConstraints(min_length=1, max_length=202),
    Field(json_schema_extra={"pattern": _KEY}),  # only published: the service's own refusal is 400, not 422
]
"""Names this request, so that sending it again does it once (IETF draft-ietf-httpapi-idempotency-key-header)."""

IfMatch = Annotated[str | None, Header("If-Match"), StringConstraints(min_length=1, max_length=202)]
"""The ETag that was read (RFC 9110 13.1.1): the change is refused when the resource has moved on."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an operation: its Python side and its side on the wire."""

    name: str
    annotation: Any
    default: Any
    place: Place
    wire_name: str

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty

    @property
    def type(self) -> Any:
        """The annotation without its metadata."""
        return bare(self.annotation)

    def __str__(self) -> str:
        default = "" if self.required else f" = {self.default!r}"
        return f"{self.name}: {inspect.formatannotation(self.annotation)}{default}"


def bare(annotation: Any) -> Any:
    """Take the metadata off an annotation."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def read_parameters(stub: Callable[..., Any], path: str) -> tuple[Parameter, ...]:
    """Read where each argument of `stub` travels from its annotation and from the path."""
    hints = get_type_hints(stub, include_extras=True)
    _, *arguments = inspect.signature(stub).parameters.values()  # without self
    return tuple(_parameter(argument, hints, path) for argument in arguments)


def bind(
    parameters: tuple[Parameter, ...], label: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Sort the arguments of a call by name; raises TypeError as any Python call does."""
    names = [parameter.name for parameter in parameters]
    bound = dict(zip(names, args, strict=False)) | kwargs
    required = {parameter.name for parameter in parameters if parameter.required}
    wrong = len(args) > len(names) or set(names[: len(args)]) & set(kwargs) or set(bound) - set(names)
    if wrong or required - set(bound):
        given = ", ".join([*(repr(value) for value in args), *kwargs])
        raise TypeError(f"{label} takes ({', '.join(names)}), and was given ({given})")
    return bound


def _parameter(argument: inspect.Parameter, hints: dict[str, Any], path: str) -> Parameter:
    if argument.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise DeclarationError(f"`{argument}` is not a plain parameter: name each argument, without `*` or `/`")
    if argument.name not in hints:
        raise DeclarationError(f"`{argument.name}` has no type: what travels must be typed")
    annotation = hints[argument.name]
    header = next((mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, Header)), None)
    return Parameter(
        name=argument.name,
        annotation=annotation,
        default=argument.default,
        place=_place(argument.name, annotation, path),
        wire_name=header.name if header else argument.name,
    )


def _place(name: str, annotation: Any, path: str) -> Place:
    if "{" + name + "}" in path:
        return Place.PATH
    for mark in getattr(annotation, "__metadata__", ()):
        for kind, place in ((Header, Place.HEADER), (Form, Place.FORM), (File, Place.FILE)):
            if isinstance(mark, kind):
                return place
    kind = bare(annotation)
    if kind is Upload:
        raise DeclarationError(f"`{name}` is an Upload without a place: write `Annotated[Upload, File()]`")
    if isinstance(kind, type) and issubclass(kind, Query):
        return Place.QUERY_MODEL
    return Place.BODY if isinstance(kind, type) and issubclass(kind, BaseModel) else Place.QUERY


def placeholders(path: str) -> list[str]:
    """List the names in braces."""
    return re.findall(r"{([^{}]*)}", path)
