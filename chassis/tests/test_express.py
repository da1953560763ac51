"""The express way answers as the framework does, and leaves to the framework what only that can do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from chassis.auth import Principal, Verifier, authenticate
from chassis.binding import ApiRouter, implements
from chassis.express import ExpressMiddleware
from chassis.keys import LocalKeys
from chassis.principals import Role
from chassis.providing import Provided, provided
from chassis.testing import Issuer, running
from contracts.operation import Api, operation
from contracts.scopes import Scope
from contracts.wire import Line, PageSize, Response
from fastapi import Depends, FastAPI, Request
from pydantic import ConfigDict, Field
from starlette.middleware import Middleware

from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio

_SOMEBODY = Principal(id="somebody", role=Role.STAFF, scopes=frozenset(), client_id="web")
_JSON = {"content-type": "application/json"}
_SENT: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/v2/toys/Bear", {}),
    ("HEAD", "/v2/toys/Bear", {}),
    ("GET", "/v2/toys/Bear", {"headers": {"if-none-match": '"1.7"'}}),
    ("GET", "/v2/toys/ Bear", {}),
    ("GET", "/v2/toys/B%2Far", {}),
    ("GET", "/v2/toys/", {}),
    ("GET", "/v2/toys/nobody", {}),
    ("GET", "/v2/toys/bug", {}),
    ("GET", "/v2/toys/latest", {}),
    ("PUT", "/v2/toys/latest", {"json": {"name": "Bear", "left": 1}}),
    ("GET", "/v2/toys", {"params": {"name": "Bear", "left": "2", "more": "x"}}),
    ("GET", "/v2/toys", {"params": [("left", "2"), ("left", "3")]}),
    ("GET", "/v2/toys", {"params": {"left": "many"}}),
    ("GET", "/v1/toys/Bear", {}),
    ("DELETE", "/v2/toys/Bear", {}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": 1}}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": 1}, "headers": {"idempotency-key": "k"}}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": 1}, "headers": {"authorization": "Basic x"}}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": 1}, "headers": {"authorization": "Bearer "}}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": 1}, "headers": {"authorization": "Bearer x"}}),
    ("POST", "/v2/toys", {"json": {"name": "Bear", "left": "1"}}),
    ("POST", "/v2/toys", {"content": b'{"name": "Bear", "name": "Bear", "left": 1}', "headers": _JSON}),
    ("POST", "/v2/toys", {"content": b"", "headers": _JSON}),
    ("POST", "/v2/toys", {"content": b"x" * 2000, "headers": _JSON}),
    ("POST", "/v2/toys", {"content": b"{}", "headers": {"content-type": "text/plain"}}),
    ("GET", "/v2/toys/Bear/picture", {}),
    ("GET", "/v2/toys/Bear/events", {}),
    ("POST", "/wishes", {"data": {"name": "Bear"}}),
]


@pytest.fixture
async def app(tmp_path: Path, toy_schema: str) -> AsyncIterator[FastAPI]:
    async with running(build(settings(tmp_path), Issuer(settings(tmp_path)), Shelf(), toy_schema)) as app:
        yield app


@pytest.mark.parametrize(("method", "path", "sent"), _SENT)
async def test_both_ways_answer_the_same(
    app: FastAPI, tmp_path: Path, method: str, path: str, sent: dict[str, Any]
) -> None:
    token = Issuer(settings(tmp_path)).person(Scope.CATALOG_ADMIN)
    headers = {"authorization": f"Bearer {token}", "x-request-id": "one", **sent.pop("headers", {})}
    inside = httpx.ASGITransport(app, raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
        express = await http.request(method, path, headers=headers, **sent)
        app.dependency_overrides[_never] = _never
        ordinary = await http.request(method, path, headers=headers, **sent)

    assert _seen(express) == _seen(ordinary)


async def test_an_override_is_heard(app: FastAPI) -> None:
    app.dependency_overrides[authenticate] = lambda: _SOMEBODY.model_copy(update={"scopes": {Scope.CATALOG_ADMIN}})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toys") as http:
        made = await http.post("/v2/toys", json={"name": "Bear", "left": 1})

    assert (made.status_code, made.headers["location"]) == (201, "/v2/toys/somebody")


def _never() -> None: ...


def _seen(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    changing = {"x-process-time", "traceparent", "ratelimit"}
    headers = {name: value for name, value in answer.headers.items() if name not in changing}
    trace = answer.headers["traceparent"].split("-")[1]
    return answer.status_code, headers, answer.text.replace(trace, "<trace>")


class Journey(Response):
    """How a request came to its handler."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"way": "express", "said": ["a"]}]})

    way: Line
    said: list[Line] = Field(max_length=10)


Tags = Annotated[list[Line], Field(max_length=5)] | None


class Journeys(Api, service="catalog", version="v2"):
    """Ways to handlers."""

    @operation("GET", "/v2/plain")
    async def plain(self, pages: PageSize = 20, tags: Tags = None) -> Journey:
        """Want nothing that is special."""
        ...

    @operation("GET", "/v2/wanted")
    async def wanted(self, word: Line) -> Journey:
        """Want a parameter."""
        ...

    @operation("GET", "/v2/nested")
    async def nested(self) -> Journey:
        """Want one thing twice."""
        ...

    @operation("GET", "/v2/closing")
    async def closing(self) -> Journey:
        """Want what must be closed."""
        ...

    @operation("GET", "/v2/options")
    async def options(self) -> Journey:
        """Want a dependency with an option."""
        ...

    @operation("GET", "/v2/unknown")
    async def unknown(self) -> Journey:
        """Want something that is no dependency."""
        ...

    @operation("GET", "/v2/absent")
    async def absent(self) -> Journey:
        """Want an object that nobody provides."""
        ...


async def _way(request: Request) -> str:
    return "framework" if "route" in request.scope else "express"


async def _count(request: Request, shelf: Annotated[Shelf, provided(Shelf)]) -> Shelf:
    shelf.events.append("counted")
    return shelf


async def _close() -> AsyncIterator[str]:
    yield "open"


Way = Annotated[str, Depends(_way)]
Counted = Annotated[Shelf, Depends(_count)]


async def _more(counted: Counted, way: Way) -> str:
    return f"{way} {len(counted.events)}"


router = ApiRouter(Journeys)


@implements(router, Journeys.plain)
async def plain(way: Way, pages: PageSize = 20, tags: Tags = None) -> Journey:
    return Journey(way=way, said=[str(pages), *(tags or ())])


@implements(router, Journeys.wanted)
async def wanted(word: Line, way: Way) -> Journey:
    return Journey(way=way, said=[word])


@implements(router, Journeys.nested)
async def nested(counted: Counted, way: Way, more: Annotated[str, Depends(_more)]) -> Journey:
    return Journey(way=way, said=[more, *counted.events])


@implements(router, Journeys.closing)
async def closing(way: Way, opened: Annotated[str, Depends(_close)]) -> Journey:
    return Journey(way=way, said=[opened])


@implements(router, Journeys.options)
async def options(way: Annotated[str, Depends(_way, use_cache=False)]) -> Journey:
    return Journey(way=way, said=[])


@implements(router, Journeys.unknown)
async def unknown(way: Way, page: int = 1) -> Journey:
    return Journey(way=way, said=[str(page)])


@implements(router, Journeys.absent)
async def absent(nobody: Annotated[Verifier, provided(Verifier)]) -> Journey: ...


@pytest.fixture
async def journeys() -> AsyncIterator[httpx.AsyncClient]:
    given, verifier = Provided([Shelf()]), Verifier(LocalKeys(list), issuer="i", audience="a")
    express = Middleware(ExpressMiddleware, routers=[router], provided=given, verifier=verifier)
    app = FastAPI(middleware=[express], openapi_url=None)
    app.state.provided = given
    app.include_router(router)
    inside = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=inside, base_url="http://journeys") as http:
        yield http


@pytest.mark.parametrize(
    ("path", "way", "said"),
    [
        ("/v2/plain", "express", ["20"]),
        ("/v2/plain?pages=7&tags=a&tags=b", "express", ["7", "a", "b"]),
        ("/v2/wanted?word=now", "express", ["now"]),
        ("/v2/nested", "express", ["express 1", "counted"]),
        ("/v2/closing", "framework", ["open"]),
        ("/v2/options", "framework", []),
        ("/v2/unknown?page=2", "framework", ["2"]),
    ],
)
async def test_what_only_the_framework_can_serve_is_left_to_it(
    journeys: httpx.AsyncClient, path: str, way: str, said: list[str]
) -> None:
    answer = await journeys.get(path)

    assert answer.json() == {"way": way, "said": said}


async def test_what_is_missing_is_told_by_the_framework(journeys: httpx.AsyncClient) -> None:
    missing, absent = await journeys.get("/v2/wanted"), await journeys.get("/v2/absent")

    assert (missing.status_code, missing.json()["errors"][0]["place"]) == (422, "query")
    assert absent.status_code == 500
