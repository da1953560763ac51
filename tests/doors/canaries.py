"""Canaries: words that are nowhere else, planted in all that a request can hold; whoever finds one has found a leak."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from contracts.codec import WireRequest
from contracts.operation import Operation
from contracts.places import Place
from pydantic import JsonValue

from .requests import good_request, query_of

__all__ = ["Canaries", "Planted"]

_HEADERS = (
    "authorization",
    "cookie",
    "if-match",
    "if-none-match",
    "idempotency-key",
    "user-agent",
    "referer",
    "x-forwarded-for",
    "x-api-key",
    "x-anything",
    "accept-language",
    "content-type",
    "traceparent",
    "tracestate",
    "x-deadline-ms",
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A request with a canary in it, and where it is."""

    request: WireRequest
    where: str


class Canaries:
    """Makes canaries, and knows each one that was planted."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.planted: dict[str, str] = {}
        """Where each canary was planted."""

    def new(self, where: str) -> str:
        """Make a canary that sits here."""
        canary = f"canary{next(self._numbers):08}singing"
        self.planted[canary] = where
        return canary

    def found_in(self, text: str) -> list[str]:
        """Say which canaries a text shows, by where they were planted."""
        return sorted({where for canary, where in self.planted.items() if canary in text})

    def requests(self, op: Operation[..., Any]) -> Iterator[Planted]:
        """Plant a canary in each place of a good request to an operation, one at a time."""
        good = good_request(op)
        for name in _HEADERS:
            where = f"{op.label} header {name}"
            value = f"Bearer {self.new(where)}" if name == "authorization" else self.new(where)
            yield Planted(replace(good, headers=good.headers | {name: value}), where)
        for name in [*(parameter.wire_name for parameter in query_of(op)), "token", "anything"]:
            where = f"{op.label} query {name}"
            yield Planted(replace(good, query=[*good.query, (name, self.new(where))]), where)
        for parameter in op.parameters:
            if parameter.place is Place.PATH:
                where = f"{op.label} path {parameter.name}"
                path = op.path.replace("{" + parameter.name + "}", quote(self.new(where)))
                yield Planted(replace(good, path=path), where)
        yield from self._bodies(op, good)

    def _bodies(self, op: Operation[..., Any], good: WireRequest) -> Iterator[Planted]:
        content = good.content or b""
        match op.body.place if op.body else None:
            case Place.BODY:
                for path, body in self._values(op.label, json.loads(content)):
                    yield Planted(replace(good, content=json.dumps(body).encode()), path)
                where = f"{op.label} body that is no JSON"
                yield Planted(replace(good, content=b'{"' + self.new(where).encode()), where)
            case Place.FORM:
                form = dict(parse_qsl(content.decode()))
                for name in [*form, "client_id", "client_secret", "scope", "resource", "anything"]:
                    where = f"{op.label} form {name}"
                    yield Planted(replace(good, content=urlencode(form | {name: self.new(where)}).encode()), where)
            case Place.FILE:
                where = f"{op.label} file name"
                named = content.replace(b'filename="file"', f'filename="{self.new(where)}.png"'.encode())
                yield Planted(replace(good, content=named), where)
                where = f"{op.label} file"
                yield Planted(replace(good, content=content.replace(b"\x89PNG", self.new(where).encode())), where)
            case _:
                return

    def _values(self, label: str, value: JsonValue, at: str = "") -> Iterator[tuple[str, JsonValue]]:
        """Put a canary in each member of some data, and beside its members."""
        where = f"{label} body {at or '/'}"
        if isinstance(value, dict):
            yield f"{where} beside", {**value, self.new(f"{where} name beside"): self.new(f"{where} beside")}
            for name, item in value.items():
                for path, changed in self._values(label, item, f"{at}/{name}"):
                    yield path, {**value, name: changed}
        elif isinstance(value, list):
            for position, item in enumerate(value):
                for path, changed in self._values(label, item, f"{at}/{position}"):
                    yield path, [*value[:position], changed, *value[position + 1 :]]
        else:
            yield where, self.new(where)
            if isinstance(value, str) and "@" in value:
                yield where, f"{self.new(where)}@example.com"
