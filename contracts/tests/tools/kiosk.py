"""A small API with every kind of request and answer, in two versions and an OAuth corner."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

from contracts.answers import ETAG, LOCATION, RETRY_AFTER, Download, EventStream, Success, Upload
from contracts.dialect import ENVELOPE, OAUTH
from contracts.errors import Conflict, NotFound, Problem
from contracts.operation import Api, operation
from contracts.places import File, Form, IdempotencyKey
from contracts.retirement import Retirement
from contracts.scopes import Scope
from contracts.wire import Choice, Count, Cursor, Id, Line, Money, PageSize, Query, Request, Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

PAPER: JsonDict = {
    "id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
    "title": "Daily",
    "price": {"amount": "1.50", "currency": "EUR"},
}


class Kind(Choice):
    """What is printed."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Paper(Response):
    """A paper on sale."""

    model_config = ConfigDict(json_schema_extra={"examples": [PAPER]})

    id: Id
    title: Line
    price: Money


class NewPaper(Request):
    """A paper to be sold."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Daily"}]})

    title: Line
    kind: Kind = Kind.DAILY
    note: Line | None = None


class Login(Request):
    """Who reads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Ada"}]})

    name: Line


class Search(Query):
    """Which papers to show."""

    words: Annotated[Line | None, Field(description="Words of the title", deprecated=True)] = None
    limit: PageSize = 20


class SoldOutProblem(Problem):
    """What is sold out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "sold_out", "left": 0}]})

    left: Count


class PaperNotFound(NotFound):
    """There is no such paper."""

    code = "paper_not_found"


class SoldOut(Conflict):
    """The paper is sold out."""

    code = "sold_out"
    problem: ClassVar[type[Problem]] = SoldOutProblem


class Kiosk(Api, service="kiosk", version="v2"):
    """Papers for sale."""

    @operation(
        "GET",
        "/v2/papers/{paper_id}",
        status=Success(200, (ETAG,)),
        errors=(PaperNotFound,),
        scope=Scope.CATALOG_PEERS,
        limited=True,
    )
    async def get_paper(self, paper_id: Id) -> Paper:
        """Fetch a paper.

        Costs nothing.
        """
        ...

    @operation("GET", "/v2/papers")
    async def find_papers(
        self, search: Search, kind: Kind = Kind.DAILY, cursor: Cursor | None = None
    ) -> Annotated[list[Paper], Field(max_length=100)]:
        """Find papers."""
        ...

    @operation(
        "POST",
        "/v2/papers",
        status=(Success(201, (LOCATION,)), Success(202, (RETRY_AFTER,))),
        errors=(SoldOut, Conflict),
        idempotent=True,
        max_bytes=1000,
    )
    async def add_paper(self, paper: NewPaper, idempotency_key: IdempotencyKey = None) -> Paper:
        """Add a paper."""
        ...

    @operation("PUT", "/v2/papers/{paper_id}/scan", status=204)
    async def put_scan(self, paper_id: Id, front_page: Annotated[Upload, File()]) -> None:
        """Scan a paper."""
        ...

    @operation("GET", "/v2/papers/{paper_id}/scan", media=("image/png",), cache="public, max-age=60")
    async def get_scan(self, paper_id: Id) -> Download:
        """See a scan."""
        ...

    @operation("GET", "/v2/news")
    async def follow(self) -> EventStream[Paper]:
        """Follow what comes in."""
        ...


class OldKiosk(
    Api,
    service="kiosk",
    version="v1",
    dialect=ENVELOPE,
    retirement=Retirement(datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC), "v2"),
):
    """Papers for sale, as it was."""

    @operation("GET", "/v1/papers/{paper_id}", errors=(NotFound,))
    async def get_paper(self, paper_id: Id) -> Paper:
        """Fetch a paper."""
        ...


class Door(Api, service="kiosk", version="door", dialect=OAUTH):
    """Who may come in."""

    @operation("POST", "/login")
    async def log_in(self, form: Annotated[Login, Form()]) -> Paper:
        """Come in."""
        ...
