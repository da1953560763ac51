"""The short way past the compression answers as Starlette's own does."""

from collections.abc import AsyncIterator

import httpx
import pytest
from chassis.zipping import ZipMiddleware
from fastapi import Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

pytestmark = pytest.mark.anyio


async def _parts() -> AsyncIterator[bytes]:
    yield b"x"
    yield b"y"


_ANSWERS = {
    "small": lambda: Response(b"x" * 99, media_type="application/json"),
    "large": lambda: Response(b"x" * 100, media_type="application/json"),
    "image": lambda: Response(b"x" * 100, media_type="image/png"),
    "encoded": lambda: Response(b"x" * 100, headers={"content-encoding": "br"}),
    "part": lambda: Response(b"x" * 100, 206, media_type="text/plain"),
    "nothing": lambda: Response(status_code=204),
    "stream": lambda: StreamingResponse(_parts(), media_type="text/plain"),
    "events": lambda: StreamingResponse(_parts(), media_type="text/event-stream"),
}


@pytest.mark.parametrize("taken", ["gzip, deflate", "identity"])
@pytest.mark.parametrize("name", _ANSWERS)
async def test_an_answer_is_the_one_of_starlette(name: str, taken: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await _ANSWERS[name]()(scope, receive, send)

    ours, theirs = await _get(ZipMiddleware(app, smallest=100), taken), await _get(GZipMiddleware(app, 100), taken)

    assert ours == theirs


async def test_what_is_no_request_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await ZipMiddleware(app, smallest=100)({"type": "lifespan"}, _hear, _say)

    assert seen == ["lifespan"]


async def _hear() -> Message:
    return {}


async def _say(message: Message) -> None: ...


async def _get(app: ASGIApp, taken: str) -> tuple[int, dict[str, str], bytes]:
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http,
        http.stream("GET", "/", headers={"accept-encoding": taken}) as answer,
    ):
        content = b"".join([part async for part in answer.aiter_raw()])
    return answer.status_code, dict(answer.headers), content
