"""One connection over which HTTP/1.1 is spoken to another service, one exchange at a time; httptools reads the answers.

Whatever ends an exchange early also ends the connection, so that no answer can be taken for another's.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

__all__ = ["Answer", "Connection"]

_KILOBYTE = 1024
_LONGEST_HEAD = 64 * _KILOBYTE  # also of what else comes without a byte of a body
_AHEAD = 256 * _KILOBYTE  # how much of a body may wait for its reader


@dataclass(slots=True)
class Answer:
    """What has come so far."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    chunks: deque[bytes] = field(default_factory=deque[bytes])
    waiting: int = 0
    """Bytes of the body that nobody has read yet."""
    is_begun: bool = False
    is_complete: bool = False
    failure: httpx.TransportError | None = None


class Connection(asyncio.Protocol):
    """Sends requests, and hands out their answers as they come."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        self._answer = Answer(is_complete=True)
        self._news: asyncio.Future[None] | None = None
        self._unheard = 0
        self._may_stay = False
        self._is_paused = False

    @property
    def is_reusable(self) -> bool:
        """Whether the last answer is complete, and another request may follow."""
        return self._answer.is_complete and self._may_stay and not (self._is_paused or self._wire.is_closing())

    async def ask(self, request: bytes, patience: float | None) -> Answer:
        """Send a request, and wait for the head of its answer; raises what httpx does."""
        self._answer = answer = Answer()
        self._unheard, self._may_stay = 0, False
        self._wire.write(request)
        while not answer.is_begun:
            await self._wait(answer, patience)
        return answer

    async def read(self, answer: Answer, patience: float | None) -> bytes:
        """Take what has come of the body, waiting for more where there is none; nothing at its end."""
        while not answer.chunks and not answer.is_complete:
            await self._wait(answer, patience)
        content = b"".join(answer.chunks)
        answer.chunks.clear()
        answer.waiting = 0
        if self._is_paused:
            self._is_paused = False
            self._wire.resume_reading()
        return content

    def close(self) -> None:
        """Hang up."""
        self._may_stay = False
        self._wire.abort()  # not `close`, which waits for a peer to take what it may never take

    async def _wait(self, answer: Answer, patience: float | None) -> None:
        if answer.failure:
            raise answer.failure
        self._news = self._loop.create_future()
        timer = None if patience is None else self._loop.call_later(patience, self._lose_patience, answer, patience)
        try:
            await self._news
        finally:
            self._news = None
            if timer:
                timer.cancel()
        if answer.failure:
            raise answer.failure

    def _lose_patience(self, answer: Answer, patience: float) -> None:
        answer.failure = httpx.ReadTimeout(f"nothing came for {patience} s")
        self._tell()

    def _tell(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)

    def _fail(self, failure: httpx.TransportError) -> None:
        if not self._answer.is_complete:
            self._answer.failure = failure
        self.close()

    # What the event loop says.

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] (TCP's are)
        self._wire = transport

    def data_received(self, data: bytes) -> None:
        self._unheard += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as odd:
            self._fail(httpx.RemoteProtocolError(f"what came is not HTTP/1.1: {odd}"))
        if self._unheard > _LONGEST_HEAD:
            self._fail(httpx.RemoteProtocolError(f"more than {_LONGEST_HEAD} bytes came that are no body"))
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        answer = self._answer
        if answer.is_begun and exc is None and not _is_framed(answer):
            answer.is_complete = True  # such a body ends with its connection
        if not answer.is_complete and not answer.failure:
            answer.failure = httpx.RemoteProtocolError("the connection was closed before the answer was complete")
        self._tell()

    # What the parser says.

    def on_message_begin(self) -> None:
        if self._answer.is_complete:
            raise ValueError("an answer came that nobody asked for")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._answer.is_begun:  # what comes later are trailers
            self._answer.headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # 103 and the like, before the answer
            self._answer.headers.clear()
        else:
            self._answer.status, self._answer.is_begun = status, True

    def on_body(self, body: bytes) -> None:
        if not self._answer.is_begun:  # or it would be taken for part of the answer that is to come
            raise ValueError("a body came before the answer")
        self._unheard = 0
        self._answer.chunks.append(body)
        self._answer.waiting += len(body)
        if self._answer.waiting > _AHEAD and not self._is_paused:
            self._is_paused = True
            self._wire.pause_reading()

    def on_message_complete(self) -> None:
        self._answer.is_complete = self._answer.is_begun
        self._may_stay = self._parser.should_keep_alive()


def _is_framed(answer: Answer) -> bool:
    return any(name.lower() in {b"content-length", b"transfer-encoding"} for name, _ in answer.headers)
