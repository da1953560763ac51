"""What no document could publish is refused at import, each fault in a sentence that says what to do."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from contracts.answers import Download, EventStream, Success, Upload
from contracts.dialect import ENVELOPE, PROBLEM
from contracts.errors import ApiError, Conflict, NotFound
from contracts.operation import Api, operation
from contracts.places import DeclarationError, File, Form, Header
from contracts.wire import Page, Request, Response


class Thing(Response):
    """A thing."""


class NewThing(Request):
    """A thing to be made."""


class OtherConflict(Conflict):
    """Another conflict."""

    code = "other"


class Teapot(ApiError):
    """Says that it went well."""

    status = 200


Stub = Callable[..., Any]


def declare(
    stub: Stub, method: Any = "GET", path: str = "/v1/things", dialect: Any = PROBLEM, **said: Any
) -> type[Api]:
    """Declare an API of one operation."""

    class Things(Api, service="things", version="v1", dialect=dialect):
        """Things."""

        op = operation(method, path, **said)(stub)

    return Things


async def get(self: Any) -> Thing:
    """Get it."""
    raise NotImplementedError


async def get_by_id(self: Any, thing_id: int) -> Thing:
    """Get it."""
    raise NotImplementedError


async def nothing(self: Any) -> None:
    """Do it."""


async def make(self: Any, thing: NewThing) -> Thing:
    """Make it."""
    raise NotImplementedError


async def download(self: Any) -> Download:
    """Fetch it."""
    raise NotImplementedError


async def stream(self: Any) -> EventStream[Thing]:
    """Follow it."""
    raise NotImplementedError


def taking(annotation: Any, *default: Any) -> Stub:
    """Make an operation that takes one argument."""

    async def stub(self: Any, value: Any) -> None:
        """Take it."""

    stub.__annotations__ = {"value": annotation, "return": None}
    stub.__defaults__ = default or None
    return stub


def giving(annotation: Any) -> Stub:
    """Make an operation that answers this."""

    async def stub(self: Any) -> Any:
        """Give it."""

    stub.__annotations__ = {"return": annotation}
    return stub


def plain(self: Any) -> Thing:
    """Forget to be asynchronous."""
    raise NotImplementedError


async def undocumented(self: Any) -> Thing:
    raise NotImplementedError


async def untyped(self: Any):
    """Say nothing of the result."""


def untyped_argument() -> Stub:
    """Make an operation that says nothing of its argument."""
    stub = taking(int)
    del stub.__annotations__["value"]
    return stub


async def keyword(self: Any, *, value: int) -> None:
    """Take a name only."""


async def two_bodies(self: Any, one: NewThing, other: NewThing) -> Thing:
    """Make two."""
    raise NotImplementedError


async def two_headers(self: Any, one: Annotated[str, Header("X-It")], other: Annotated[str, Header("x-it")]) -> Thing:
    """Send two."""
    raise NotImplementedError


FAULTS: dict[str, tuple[Callable[[], Any], str]] = {
    "not asynchronous": (
        lambda: declare(plain),
        "things v1 plain: is not `async def`: a call over the network is awaited",
    ),
    "no docstring": (
        lambda: declare(undocumented),
        "things v1 undocumented: has no docstring, and the published docs need a sentence about it",
    ),
    "no return type": (
        lambda: declare(untyped),
        "things v1 untyped: has no return type: write `-> None` where nothing comes back",
    ),
    "no argument type": (
        lambda: declare(untyped_argument(), status=204),
        "things v1 stub: `value` has no type: what travels must be typed",
    ),
    "a keyword": (
        lambda: declare(keyword, status=204),
        "things v1 keyword: `value: int` is not a plain parameter: name each argument, without `*` or `/`",
    ),
    "a path of another version": (
        lambda: declare(get, path="/v2/things"),
        "things v1 get: its path is `/v2/things`, and a path of this version begins with `/v1/`",
    ),
    "a path that names what is not there": (
        lambda: declare(get, path="/v1/things/{thing_id}"),
        "things v1 get: its path names `thing_id`, and no parameter does",
    ),
    "a path that names something twice": (
        lambda: declare(get_by_id, path="/v1/things/{thing_id}/{thing_id}"),
        "things v1 get_by_id: its path `/v1/things/{thing_id}/{thing_id}` names a parameter twice",
    ),
    "a path parameter with a default": (
        lambda: declare(taking(int, 1), path="/v1/things/{value}", status=204),
        "things v1 stub: `value` is part of the path, so it cannot have a default",
    ),
    "a dict as query": (
        lambda: declare(taking(dict[str, str]), status=204),
        "things v1 stub: `value` is a query parameter of type dict[str, str]; those are text",
    ),
    "anything as query": (
        lambda: declare(taking(Any), status=204),
        "things v1 stub: `value` is a query parameter of type typing.Any; those are text",
    ),
    "a set as query": (
        lambda: declare(taking(set), status=204),
        "things v1 stub: `value` is a query parameter of type <class 'set'>; those are text",
    ),
    "a default that is no text": (
        lambda: declare(taking(str, b"x"), status=204),
        "things v1 stub: `value` has the default b'x'; only text, numbers and None can be published",
    ),
    "a number as header": (
        lambda: declare(taking(Annotated[int, Header("X-It")]), status=204),
        "things v1 stub: `value` is a header of type <class 'int'>; headers are `str`",
    ),
    "a header that may be null": (
        lambda: declare(taking(Annotated[str | None, Header("X-It")]), status=204),
        "things v1 stub: `value` must be `str` without a default, or `str | None = None`",
    ),
    "two headers of one name": (
        lambda: declare(two_headers),
        "things v1 two_headers: sends two parameters under one name",
    ),
    "a body with a default": (
        lambda: declare(taking(NewThing, NewThing()), "POST", status=204),
        "things v1 stub: `value` is the body, so it cannot have a default",
    ),
    "a form that is no model": (
        lambda: declare(taking(Annotated[int, Form()]), "POST", status=204),
        "things v1 stub: `value` is a body of type <class 'int'>; a body is a model",
    ),
    "a file that is no upload": (
        lambda: declare(taking(Annotated[bytes, File()]), "POST", status=204),
        "things v1 stub: `value` is a file of type <class 'bytes'>; files are `Upload`",
    ),
    "an upload without a place": (
        lambda: declare(taking(Upload), "POST", status=204),
        "things v1 stub: `value` is an Upload without a place: write `Annotated[Upload, File()]`",
    ),
    "two bodies": (
        lambda: declare(two_bodies, "POST"),
        "things v1 two_bodies: has 2 bodies (`one`, `other`); make them one model",
    ),
    "a body with GET": (
        lambda: declare(make),
        "things v1 make: sends the body `thing` with GET, which RFC 9110 gives no meaning",
    ),
    "a result that is no model": (
        lambda: declare(giving(int)),
        "things v1 stub: returns <class 'int'>; a result is a model, a list of one, None, a Download or an EventStream",
    ),
    "an event that is no model": (
        lambda: declare(giving(EventStream[int])),
        "things v1 stub: streams <class 'int'>; an event is a model",
    ),
    "a download without media types": (
        lambda: declare(download),
        "things v1 download: needs `media=` exactly when it returns a Download",
    ),
    "media types without a download": (
        lambda: declare(get, media=("image/png",)),
        "things v1 get: needs `media=` exactly when it returns a Download",
    ),
    "a stream with two successes": (
        lambda: declare(stream, status=(Success(200), Success(202))),
        "things v1 stream: has several successes, and a file or a stream has one",
    ),
    "no success": (
        lambda: declare(get, status=()),
        "things v1 get: has the successes []; there must be one at least, and each once",
    ),
    "a success twice": (
        lambda: declare(get, status=(Success(200), Success(200))),
        "things v1 get: has the successes [200, 200]; there must be one at least, and each once",
    ),
    "a failure as success": (
        lambda: declare(get, status=404),
        "things v1 get: calls the status 404 a success; those are 200 to 299",
    ),
    "nothing with 200": (
        lambda: declare(nothing),
        "things v1 nothing: answers 200 and returns <class 'NoneType'>; 204 and None go together",
    ),
    "something with 204": (
        lambda: declare(get, status=204),
        "things v1 get: answers 204 and returns",
    ),
    "an error that is none": (
        lambda: declare(get, errors=(ValueError,)),
        "things v1 get: declares <class 'ValueError'>, which is no ApiError with a status of 400 to 599",
    ),
    "an error that is an instance": (
        lambda: declare(get, errors=(NotFound(),)),
        "which is no ApiError with a status of 400 to 599",
    ),
    "an error that is a success": (
        lambda: declare(get, errors=(Teapot,)),
        "Teapot'>, which is no ApiError with a status of 400 to 599",
    ),
    "two errors of one code": (
        lambda: declare(get, errors=(Conflict, type("Same", (Conflict,), {}))),
        "things v1 get: declares two errors that are both 409 `conflict`; a caller cannot tell them apart",
    ),
    "two errors of one status in an envelope": (
        lambda: declare(get, dialect=ENVELOPE, errors=(Conflict, OtherConflict)),
        "things v1 get: declares several errors of status 409, and an enveloped body cannot tell them apart",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str) -> None:
    declaring, sentence = FAULTS[fault]

    with pytest.raises(DeclarationError) as caught:
        declaring()

    assert sentence in str(caught.value)


def test_an_api_without_a_docstring_is_refused() -> None:
    with pytest.raises(DeclarationError, match="Things: has no docstring"):

        class Things(Api, service="things", version="v1"):  # pyright: ignore[reportUnusedClass]
            pass


def test_two_operations_of_one_method_and_path_are_refused() -> None:
    with pytest.raises(DeclarationError, match="get_by_id: is declared as GET /v1/things, which `get` is already"):

        class Things(Api, service="things", version="v1"):  # pyright: ignore[reportUnusedClass]
            """Things."""

            one = operation("GET", "/v1/things")(get)
            other = operation("GET", "/v1/things")(get_by_id)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(get, path="/things", media=("image/png",), status=404)

    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    "declaring",
    [
        lambda: declare(get),
        lambda: declare(get_by_id, path="/v1/things/{thing_id}"),
        lambda: declare(nothing, status=204),
        lambda: declare(make, "POST", status=(Success(201), Success(202))),
        lambda: declare(download, media=("image/png",)),
        lambda: declare(stream),
        lambda: declare(giving(list[Thing])),
        lambda: declare(giving(Annotated[list[Thing], "bounded"])),
        lambda: declare(giving(Page[Thing])),
        lambda: declare(taking(int, 1), status=204),
        lambda: declare(taking(Annotated[str | None, Header("X-It")], None), status=204),
        lambda: declare(taking(Annotated[Upload, File()]), "POST", status=204),
        lambda: declare(taking(Annotated[NewThing, Form()]), "POST", status=204),
        lambda: declare(get, errors=(Conflict, OtherConflict)),
        lambda: declare(get, dialect=ENVELOPE, errors=(Conflict, NotFound)),
    ],
)
def test_what_a_document_can_say_is_taken(declaring: Callable[[], type[Api]]) -> None:
    assert len(declaring().operations()) == 1


def test_an_api_beside_the_versions_chooses_its_own_paths() -> None:
    class Door(Api, service="things", version="door"):
        """A door."""

        op = operation("GET", "/.well-known/door")(get)

    assert Door.op.path == "/.well-known/door"
