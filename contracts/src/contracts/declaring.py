"""What a declaration must be so that a document can publish it; checked when the class is made."""

import inspect
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, get_origin, get_type_hints

from pydantic import BaseModel

from contracts.answers import Upload
from contracts.errors import ApiError
from contracts.places import BODIES, DeclarationError, Parameter, Place, bare, placeholders

if TYPE_CHECKING:
    from contracts.operation import Api, Operation

__all__ = ["check_api"]


def check_api(api: "type[Api]") -> None:
    """Refuse an API that cannot be published; raises DeclarationError with every fault, each in a sentence."""
    faults = [f"{op.label}: {fault}" for op in api.operations() for fault in _faults(op)]
    faults += _api_faults(api)
    if faults:
        raise DeclarationError("\n".join(faults))


def _api_faults(api: "type[Api]") -> Iterator[str]:
    if not inspect.getdoc(api) or not api.__dict__.get("__doc__"):
        yield f"{api.__name__}: has no docstring, and the published docs need a sentence about it"
    seen: dict[tuple[str, str], str] = {}
    for op in api.operations():
        first = seen.setdefault((op.method, op.path), op.name)
        if first != op.name:
            yield f"{op.label}: is declared as {op.method} {op.path}, which `{first}` is already"


def _faults(op: "Operation[..., Any]") -> Iterator[str]:
    for check in (_stub, _path, _arguments, _body, _result, _successes, _errors):
        try:
            yield from check(op)
        except DeclarationError as fault:  # a parameter that cannot even be read; the rest would only repeat it
            yield str(fault)
            return


def _stub(op: "Operation[..., Any]") -> Iterator[str]:
    if not inspect.iscoroutinefunction(op.stub):
        yield "is not `async def`: a call over the network is awaited"
    if not inspect.getdoc(op.stub):
        yield "has no docstring, and the published docs need a sentence about it"
    if "return" not in get_type_hints(op.stub):
        raise DeclarationError("has no return type: write `-> None` where nothing comes back")


def _path(op: "Operation[..., Any]") -> Iterator[str]:
    prefix = f"/{op.api.version}/"
    if op.api.version.startswith("v") and not op.path.startswith(prefix):
        yield f"its path is `{op.path}`, and a path of this version begins with `{prefix}`"
    named = placeholders(op.path)
    missing = set(named) - {parameter.name for parameter in op.parameters}
    if missing:
        yield f"its path names {_words(missing)}, and no parameter does"
    if len(named) != len(set(named)):
        yield f"its path `{op.path}` names a parameter twice"


def _arguments(op: "Operation[..., Any]") -> Iterator[str]:
    for parameter in op.parameters:
        fault = _ARGUMENT_FAULTS.get(parameter.place, _nothing)(parameter)
        if fault:
            yield f"`{parameter.name}` {fault}"
    names = [(p.place, p.wire_name.lower()) for p in op.parameters]
    if len(names) != len(set(names)):
        yield "sends two parameters under one name"


def _body(op: "Operation[..., Any]") -> Iterator[str]:
    bodies = [parameter.name for parameter in op.parameters if parameter.place in BODIES]
    if len(bodies) > 1:
        yield f"has {len(bodies)} bodies ({_words(bodies)}); make them one model"
    if bodies and op.method in {"GET", "DELETE"}:
        yield f"sends the body `{bodies[0]}` with {op.method}, which RFC 9110 gives no meaning"


def _result(op: "Operation[..., Any]") -> Iterator[str]:
    kind, result = op.kind, op.returns
    if kind == "json" and not _is_model(result):
        yield f"returns {result!r}; a result is a model, a list of one, None, a Download or an EventStream"
    if kind == "events" and not _is_model(result.__args__[0]):
        yield f"streams {result.__args__[0]!r}; an event is a model"
    if (kind == "download") != bool(op.media):
        yield "needs `media=` exactly when it returns a Download"
    if kind in {"download", "events"} and len(op.successes) > 1:
        yield "has several successes, and a file or a stream has one"


def _successes(op: "Operation[..., Any]") -> Iterator[str]:
    statuses = [success.status for success in op.successes]
    if not statuses or len(set(statuses)) != len(statuses):
        yield f"has the successes {statuses}; there must be one at least, and each once"
    for status in statuses:
        if not 200 <= status <= 299:
            yield f"calls the status {status} a success; those are 200 to 299"
        elif (status == 204) != (op.kind == "empty"):
            yield f"answers {status} and returns {op.returns!r}; 204 and None go together"


def _errors(op: "Operation[..., Any]") -> Iterator[str]:
    for error in op.declared:
        if not (isinstance(error, type) and issubclass(error, ApiError) and 400 <= error.status <= 599):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise DeclarationError(f"declares {error!r}, which is no ApiError with a status of 400 to 599")
    codes = [(error.status, error.code) for error in op.errors]
    for status, code in sorted({pair for pair in codes if codes.count(pair) > 1}):
        yield f"declares two errors that are both {status} `{code}`; a caller cannot tell them apart"
    if not op.api.dialect.tells_codes:
        statuses = [status for status, _ in codes]
        for status in sorted({status for status in statuses if statuses.count(status) > 1}):
            yield f"declares several errors of status {status}, and an enveloped body cannot tell them apart"


def _nothing(parameter: Parameter) -> str | None:
    return None


def _path_fault(parameter: Parameter) -> str | None:
    return None if parameter.required else "is part of the path, so it cannot have a default"


def _query_fault(parameter: Parameter) -> str | None:
    kind = parameter.type
    scalar = isinstance(kind, type) or get_origin(kind) is not dict
    if not scalar or kind in {dict, set, tuple, object} or kind is Any:
        return f"is a query parameter of type {kind!r}; those are text: a scalar, an enum or a list of them"
    if not parameter.required and not isinstance(parameter.default, str | int | None):
        return f"has the default {parameter.default!r}; only text, numbers and None can be published"
    return None


def _header_fault(parameter: Parameter) -> str | None:
    if parameter.type not in (str, str | None):
        return f"is a header of type {parameter.type!r}; headers are `str`, or `str | None` when they may be absent"
    if (parameter.type == str | None) != (not parameter.required and parameter.default is None):
        return "must be `str` without a default, or `str | None = None`"
    return None


def _body_fault(parameter: Parameter) -> str | None:
    if not parameter.required:
        return "is the body, so it cannot have a default"
    kind = parameter.type
    if parameter.place is Place.FILE:
        return None if kind is Upload else f"is a file of type {kind!r}; files are `Upload`"
    if not _is_model(kind):
        return f"is a body of type {kind!r}; a body is a model"
    return None


_ARGUMENT_FAULTS: dict[Place, Callable[[Parameter], str | None]] = {
    Place.PATH: _path_fault,
    Place.QUERY: _query_fault,
    Place.HEADER: _header_fault,
    Place.BODY: _body_fault,
    Place.FORM: _body_fault,
    Place.FILE: _body_fault,
}


def _is_model(kind: Any) -> bool:
    kind = bare(kind)
    if get_origin(kind) is list:
        (kind,) = kind.__args__
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _words(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
