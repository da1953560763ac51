"""A small API that uses every place and every kind of answer, and a server that says whatever a test wants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from contracts.answers import ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Download, EventStream, Success, Upload
from contracts.dialect import ENVELOPE, OAUTH
from contracts.errors import Conflict, NotFound, Problem
from contracts.operation import Api, operation
from contracts.places import File, Form, Header, IdempotencyKey, IfMatch
from contracts.scopes import Scope
from contracts.wire import Choice, Count, Id, Line, Open, Page, PageSize, Query, Request, Response
from pydantic import MISSING, ConfigDict


class Colour(Choice):
    """What a toy may be painted in."""

    RED = "red"
    BLUE = "blue"


class Toy(Response):
    """Something to play with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87", "name": "Bear", "colour": "red", "left": 3}]
        }
    )

    id: Id
    name: Line
    colour: Open[Colour]
    left: Count


class NewToy(Request):
    """A toy to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bear", "colour": "red"}]})

    name: Line
    colour: Colour = Colour.RED


class ToyChanges(Request):
    """What to change of a toy."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bear"}]})

    name: Line | MISSING = MISSING
    left: Count | MISSING = MISSING


class Broken(Response):
    """A toy that broke."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"part": "ear"}]})

    part: Line


class ToyQuery(Query):
    """Which toys to list."""

    colour: Colour | None = None
    names: list[Line] | None = None
    limit: PageSize = 20


class Wish(Request):
    """A wish, as a form."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grant_type": "wish", "name": None}]})

    grant_type: Line
    name: Line | None = None


class ToyNotFound(NotFound):
    """There is no such toy."""

    code = "toy_not_found"


class BrokenProblem(Problem):
    """A problem with a part."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"part": "ear"}]})

    part: Line


class ToyBroken(Conflict):
    """The toy is broken."""

    code = "toy_broken"
    problem: ClassVar[type[Problem]] = BrokenProblem


class Toys(Api, service="toys", version="v2"):
    """Toys."""

    @operation("GET", "/v2/toys/{toy_id}", errors=(ToyNotFound, ToyBroken), status=Success(200, (ETAG,)))
    async def get_toy(self, toy_id: Id) -> Toy:
        """Fetch a toy."""
        ...

    @operation("GET", "/v2/toys", scope=Scope.CATALOG_PEERS)
    async def list_toys(self, query: ToyQuery) -> Page[Toy]:
        """List toys."""
        ...

    @operation("GET", "/v2/shelf/{name}")
    async def find_toys(
        self, name: Line, painted: bool | None = None, sizes: Annotated[list[int] | None, "any"] = None
    ) -> list[Toy]:
        """Find toys on a shelf."""
        ...

    @operation(
        "POST",
        "/v2/toys",
        status=(
            Success(201, (LOCATION, IDEMPOTENCY_REPLAYED)),
            Success(202, (LOCATION, RETRY_AFTER)),
        ),
        errors=(ToyBroken,),
        idempotent=True,
    )
    async def make_toy(self, toy: NewToy, idempotency_key: IdempotencyKey = None) -> Toy:
        """Make a toy."""
        ...

    @operation("PATCH", "/v2/toys/{toy_id}", errors=(ToyNotFound,))
    async def change_toy(self, toy_id: Id, changes: ToyChanges, if_match: IfMatch = None) -> Toy:
        """Change a toy."""
        ...

    @operation("DELETE", "/v2/toys/{toy_id}", status=204, errors=(ToyNotFound,))
    async def break_toy(self, toy_id: Id, reason: Annotated[str, Header("X-Reason")]) -> None:
        """Break a toy."""
        ...

    @operation("PUT", "/v2/toys/{toy_id}/picture", status=204)
    async def put_picture(self, toy_id: Id, picture: Annotated[Upload, File()]) -> None:
        """Paint a picture."""
        ...

    @operation("GET", "/v2/toys/{toy_id}/picture", media=("image/png", "image/jpeg"))
    async def get_picture(self, toy_id: Id) -> Download:
        """See a picture."""
        ...

    @operation("GET", "/v2/toys/{toy_id}/events")
    async def watch_toy(self, toy_id: Id) -> EventStream[Broken]:
        """Watch a toy break."""
        ...


class OldToys(Api, service="toys", version="v1", dialect=ENVELOPE):
    """Toys, enveloped."""

    @operation("GET", "/v1/toys/{toy_id}", errors=(ToyNotFound, Conflict))
    async def get_toy(self, toy_id: Id) -> Toy:
        """Fetch a toy."""
        ...


class Wishes(Api, service="toys", version="wishes", dialect=OAUTH):
    """Wishes."""

    @operation("POST", "/wishes")
    async def wish(self, form: Annotated[Wish, Form()]) -> Toy:
        """Wish for a toy."""
        ...


@dataclass
class Server:
    """An ASGI application that answers what it is told, and remembers what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    body: bytes = b"{}"
    asked: dict[str, Any] = field(default_factory=dict[str, Any])
    sent: bytes = b""
    fail: Callable[[], Awaitable[None]] | None = None

    def says(self, status: int, body: bytes, **headers: str) -> "Server":
        """Answer like this from now on."""
        self.status, self.body = status, body
        self.headers = {"content-type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked, self.sent = scope, b""
        while (message := await receive())["type"] == "http.request":
            self.sent += message.get("body", b"")
            if not message.get("more_body"):
                break
        if self.fail:
            await self.fail()
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})

    def header(self, name: str) -> str | None:
        """Read a header of the last request."""
        return next((value.decode() for key, value in self.asked["headers"] if key == name.encode()), None)

    @property
    def target(self) -> str:
        """The last request's path and query, as sent."""
        query = self.asked["query_string"].decode()
        return self.asked["raw_path"].decode() + (f"?{query}" if query else "")
