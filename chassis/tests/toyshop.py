"""A service of toys that misbehaves on demand: what the chassis must make of handlers and of callers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar

from chassis.app import create_app
from chassis.auth import Caller
from chassis.binding import ApiRouter, implements
from chassis.conditional import etag, require_match
from chassis.database import Database
from chassis.loops import Loop
from chassis.peers import Peers
from chassis.providing import provided
from chassis.settings import ServiceSettings
from chassis.testing import Issuer
from contracts.answers import ETAG, LOCATION, RETRY_AFTER, Answer, Download, EventStream, Success, Upload
from contracts.dialect import ENVELOPE, OAUTH
from contracts.errors import Conflict, NotFound, PreconditionFailed, PreconditionRequired, Problem
from contracts.operation import Api, operation
from contracts.places import File, Form, IdempotencyKey, IfMatch
from contracts.retirement import Retirement
from contracts.scopes import Scope
from contracts.wire import Line, Quantity, Query, Request, Response
from fastapi import FastAPI
from pydantic import ConfigDict

SOON = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)


class Toy(Response):
    """Something to play with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bear", "left": 3}]})

    name: Line
    left: Quantity


class NewToy(Request):
    """A toy to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bear", "left": 3}]})

    name: Line
    left: Quantity


class Wish(Request):
    """A wish, as a form."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [{"name": "Bear"}]})

    name: Line


class ToyQuery(Query):
    """Which toys to list."""

    name: Line | None = None
    left: Annotated[int, "at least"] = 1


class ToyNotFound(NotFound):
    """There is no such toy."""

    code = "toy_not_found"


class BrokenProblem(Problem):
    """What is broken."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"part": "ear"}]})

    part: Line


class ToyBroken(Conflict):
    """The toy is broken."""

    code = "toy_broken"
    problem: ClassVar[type[Problem]] = BrokenProblem


class ToyTaken(Conflict):
    """Another child has the toy."""

    code = "toy_taken"


class Toys(Api, service="catalog", version="v2"):
    """Toys."""

    @operation("GET", "/v2/toys/latest")
    async def get_latest(self) -> Toy:
        """Fetch the latest toy."""
        ...

    @operation("GET", "/v2/toys/{name}", status=Success(200, (ETAG,)), errors=(ToyNotFound,))
    async def get_toy(self, name: Line) -> Toy:
        """Fetch a toy.

        By its name.
        """
        ...

    @operation("GET", "/v2/toys")
    async def list_toys(self, query: ToyQuery) -> list[Toy]:
        """List toys."""
        ...

    @operation(
        "POST",
        "/v2/toys",
        status=(Success(201, (LOCATION,)), Success(202, (RETRY_AFTER,))),
        errors=(ToyBroken, ToyTaken),
        scope=Scope.CATALOG_ADMIN,
        limited=True,
        max_bytes=1024,
    )
    async def make_toy(self, toy: NewToy, idempotency_key: IdempotencyKey = None) -> Toy:
        """Make a toy."""
        ...

    @operation("PUT", "/v2/toys/{name}", errors=(PreconditionFailed, PreconditionRequired), limited=True)
    async def change_toy(self, name: Line, toy: NewToy, if_match: IfMatch = None) -> Toy:
        """Change a toy."""
        ...

    @operation("DELETE", "/v2/toys/{name}", status=204)
    async def break_toy(self, name: Line) -> None:
        """Break a toy."""
        ...

    @operation("PUT", "/v2/toys/{name}/picture", status=204)
    async def put_picture(self, name: Line, picture: Annotated[Upload, File()]) -> None:
        """Paint a picture."""
        ...

    @operation("GET", "/v2/toys/{name}/picture", media=("image/png",), cache="public, max-age=60")
    async def get_picture(self, name: Line) -> Download:
        """See a picture."""
        ...

    @operation("GET", "/v2/toys/{name}/events")
    async def watch_toy(self, name: Line) -> EventStream[Toy]:
        """Watch a toy."""
        ...


class OldToys(Api, service="catalog", version="v1", dialect=ENVELOPE, retirement=Retirement(SOON, LATER, "v2")):
    """Toys, enveloped."""

    @operation("GET", "/v1/toys/{name}", errors=(NotFound,))
    async def get_toy(self, name: Line) -> Toy:
        """Fetch a toy."""
        ...


class Wishes(Api, service="catalog", version="wishes", dialect=OAUTH):
    """Wishes."""

    @operation("POST", "/wishes")
    async def wish(self, form: Annotated[Wish, Form()]) -> Toy:
        """Wish for a toy."""
        ...


class Shelf:
    """What the handlers work on."""

    def __init__(self) -> None:
        self.pictures: dict[str, Upload] = {}
        self.events: list[str] = []


ShelfDep = Annotated[Shelf, provided(Shelf)]
new, old, wishes = ApiRouter(Toys), ApiRouter(OldToys), ApiRouter(Wishes)


@implements(new, Toys.get_latest)
async def get_latest() -> Toy:
    return Toy(name="Latest", left=1)


@implements(new, Toys.get_toy)
async def get_toy(name: Line) -> Toy | Answer[Toy]:
    match name:
        case "nobody":
            raise ToyNotFound(name)
        case "undeclared":
            raise ToyBroken(name)
        case "bug":
            raise ZeroDivisionError(name)
        case "headless":
            return Toy(name=name, left=1)
        case "chatty":
            return Answer(Toy(name=name, left=1), headers={ETAG: etag(1), LOCATION: "/"})
        case "teapot":
            return Answer(Toy(name=name, left=1), 418)
        case "wrong":
            return Answer(Toy.model_construct(name=3, left="x"), headers={ETAG: etag(1)})
        case _:
            return Answer(Toy(name=name, left=1), headers={ETAG: etag(1, 7)})


@implements(new, Toys.list_toys)
async def list_toys(query: ToyQuery) -> list[Toy]:
    return [Toy(name=query.name or "Bear", left=query.left)]


@implements(new, Toys.make_toy)
async def make_toy(toy: NewToy, caller: Caller, idempotency_key: IdempotencyKey = None) -> Answer[Toy]:
    made = Toy(name=f"{toy.name} {idempotency_key}", left=toy.left)
    if toy.name == "later":
        return Answer(made, 202, {RETRY_AFTER: "1"})
    return Answer(made, 201, {LOCATION: f"/v2/toys/{caller.id}"})


@implements(new, Toys.change_toy)
async def change_toy(name: Line, toy: NewToy, if_match: IfMatch = None) -> Toy:
    require_match(if_match, etag(1, 7))
    return Toy(name=name, left=toy.left)


@implements(new, Toys.break_toy)
async def break_toy(name: Line) -> None:
    return None


@implements(new, Toys.put_picture)
async def put_picture(name: Line, picture: Annotated[Upload, File()], shelf: ShelfDep) -> None:
    shelf.pictures[name] = picture


@implements(new, Toys.get_picture)
async def get_picture(name: Line, shelf: ShelfDep) -> Download:
    picture = shelf.pictures[name]
    return Download(picture.content, picture.media_type)


@implements(new, Toys.watch_toy)
async def watch_toy(name: Line, shelf: ShelfDep) -> EventStream[Toy]:
    async def happen() -> AsyncIterator[Toy]:
        try:
            for left in (2, 1):
                yield Toy(name=name, left=left)
            if name == "broken":
                raise ZeroDivisionError(name)
        finally:
            shelf.events.append("closed")

    return EventStream(happen())


@implements(old, OldToys.get_toy)
async def get_old_toy(name: Line) -> Toy:
    if name == "nobody":
        raise ToyNotFound(name)
    return Toy(name=name, left=1)


@implements(wishes, Wishes.wish)
async def wish(form: Annotated[Wish, Form()]) -> Toy:
    return Toy(name=form.name, left=1)


def settings(folder: Path, **changes: object) -> ServiceSettings:
    """Settings of a toy shop whose database lies in a folder."""
    return ServiceSettings.model_validate({"database_url": f"sqlite:///{folder}/toys.db", "env": "test"} | changes)


def build(
    settings: ServiceSettings, issuer: Issuer, shelf: Shelf, migrations: str, loops: tuple[Loop, ...] = ()
) -> FastAPI:
    """Make the toy shop."""

    async def start() -> None:
        shelf.events.append("started")

    return create_app(
        settings,
        title="Toys",
        routers=(old, new, wishes),
        database=Database.open(settings.database_url.get_secret_value()),
        migrations=migrations,
        keys=issuer.keys,
        peers=Peers({}),
        provides=(shelf,),
        starting=(start,),
        loops=loops,
        rates={"change_toy": "2/minute"},
    )
