"""How a call becomes a request, and how a response becomes a result or a typed error: bytes only, no network."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, TypeAdapter, ValidationError

from contracts.answers import Answer, Download, Success, Upload
from contracts.errors import ApiError, ContractViolated, RateLimited, Unavailable
from contracts.operation import Operation
from contracts.places import Parameter, Place

__all__ = ["WireRequest", "as_read", "decode", "encode", "events", "refusal"]

_GATEWAY = frozenset({502, 503, 504})  # a proxy on the way may answer these for a service that cannot


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request, ready to be sent; its path is relative to where the service lives."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    content: bytes | None


def encode(op: Operation[..., Any], arguments: Mapping[str, Any]) -> WireRequest:
    """Put each argument of a call in its place."""
    path, query, headers, content = op.path, list[tuple[str, str]](), {"accept": _accept(op)}, None
    for parameter in op.parameters:
        value = arguments.get(parameter.name, parameter.default)
        match parameter.place:
            case Place.PATH:
                path = path.replace("{" + parameter.name + "}", quote(_text(parameter, value), safe=""))
            case Place.QUERY:
                query += [(parameter.wire_name, text) for text in _texts(parameter, value)]
            case Place.QUERY_MODEL:
                query += _pairs(value)
            case Place.HEADER:
                headers |= {parameter.wire_name: value} if value is not None else {}
            case _:
                headers["content-type"], content = _body(parameter, value)
    return WireRequest(op.method, path, query, headers, content)


def decode(op: Operation[..., Any], status: int, headers: Mapping[str, str], content: bytes) -> Answer[Any]:
    """Read a response: the result, or the error it carries, raised.

    `headers` must find names in any case. Raises the declared errors, Unavailable and ContractViolated.
    """
    success = op.success(status)
    if success is None:
        raise refusal(op, status, headers, content)
    return Answer(_value(op, headers, content), status, _promised(op, success, headers))


def refusal(op: Operation[..., Any], status: int, headers: Mapping[str, str], content: bytes) -> ApiError:
    """Find the error that a response carries; Unavailable or ContractViolated for what is not declared."""
    error = op.api.dialect.read(status, content, op.errors)
    if error is None:
        said = f"{op.label}: answered {status}, and the contract does not say so: {content[:200]!r}"
        error = (
            Unavailable(said) if status in _GATEWAY else RateLimited(said) if status == 429 else ContractViolated(said)
        )
    wait = headers.get("retry-after", "")
    error.retry_after = float(wait) if wait.isascii() and wait.isdigit() else None
    return error


def as_read(op: Operation[..., Any], value: Any) -> Any:
    """Give of a whole answer what the caller reads of it; for transports that have no bytes to parse."""
    if op.reader is None:
        return value
    return _adapter(op.returns).validate_json(_adapter(op.answers).dump_json(value), extra="ignore")


async def events(op: Operation[..., Any], lines: AsyncIterator[str]) -> AsyncIterator[Any]:
    """Read server-sent events (WHATWG HTML 9.2.6) from lines of text; raises ContractViolated."""
    data: list[str] = []
    async for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield _parse(op, "\n".join(data).encode())
            data.clear()


def _accept(op: Operation[..., Any]) -> str:
    good = {"download": ", ".join(op.media), "events": "text/event-stream"}.get(op.kind, "application/json")
    return f"{good}, {op.api.dialect.media_type};q=0.9"


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _text(parameter: Parameter, value: Any) -> str:
    (text,) = _texts(parameter, value)
    return text


def _texts(parameter: Parameter, value: Any) -> list[str]:
    return _words(_adapter(parameter.annotation).dump_python(value, mode="json"))


def _words(value: Any) -> list[str]:
    """Write a value as query text: nothing for None, one word for each of several."""
    if isinstance(value, list):
        return [word for item in value for word in _words(item)]  # pyright: ignore[reportUnknownVariableType]  # JSON
    return [] if value is None else [str(value).lower() if isinstance(value, bool) else str(value)]


def _pairs(model: BaseModel) -> list[tuple[str, str]]:
    return [(name, word) for name, value in model.model_dump(mode="json").items() for word in _words(value)]


def _body(parameter: Parameter, value: Any) -> tuple[str, bytes]:
    if parameter.place is Place.FILE:
        return _multipart(parameter.name, value)
    if parameter.place is Place.FORM:
        return "application/x-www-form-urlencoded", urlencode(_pairs(value)).encode()
    return "application/json", _adapter(parameter.annotation).dump_json(value)


def _multipart(name: str, file: Upload) -> tuple[str, bytes]:
    """Write one file as `multipart/form-data` (RFC 7578)."""
    boundary = secrets.token_hex(16)
    filename = quote(file.filename, safe=" ")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {file.media_type}\r\n\r\n"
    )
    return (
        f"multipart/form-data; boundary={boundary}",
        head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode(),
    )


def _value(op: Operation[..., Any], headers: Mapping[str, str], content: bytes) -> Any:
    if op.kind == "empty":
        return None
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = op.media if op.kind == "download" else ("application/json",)
    if found not in wanted:
        raise ContractViolated(f"{op.label}: answered `{found}`, the contract says {' or '.join(wanted)}")
    return Download(content, found) if op.kind == "download" else op.api.dialect.unwrap(_parse(op, content))


def _parse(op: Operation[..., Any], content: bytes) -> Any:
    try:
        return _adapter(op.reply).validate_json(content, extra="ignore")
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise ContractViolated(f"{op.label}: the answer is not the contract's at `/{where}`: {first['msg']}") from exc


def _promised(op: Operation[..., Any], success: Success, headers: Mapping[str, str]) -> dict[Any, str]:
    missing = [header.name for header in success.headers if header.always and header.name not in headers]
    if missing and op.reader is None:  # a reader reads the body
        raise ContractViolated(f"{op.label}: answered {success.status} without {', '.join(missing)}")
    return {header: headers[header.name] for header in success.headers if header.name in headers}
