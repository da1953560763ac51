"""The way to other services, against servers that answer well, oddly, late or not at all. All is real."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from chassis.wire import Wire
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
BAD = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad"
SILENCE = b""
BIG = 3 * 1024 * 1024


class Last(bytes):
    """An answer after which the server hangs up."""


class Server:
    """Answers each request with the next of its texts."""

    def __init__(self, *answers: bytes) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self.left = asyncio.Event()
        self._answers = iter(answers)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._converse(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left.set()
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = SILENCE
        while not isinstance(answer, Last):
            head = await reader.readuntil(b"\r\n\r\n")
            _, _, length = head.lower().partition(b"content-length: ")
            self.requests.append(head + await reader.readexactly(int((length or b"0").split()[0])))
            answer = next(self._answers)
            writer.write(answer)
            await writer.drain()


@asynccontextmanager
async def listening(server: Server, tls: ssl.SSLContext | None = None) -> AsyncGenerator[str]:
    """Serve on a free port; gives the base URL."""
    listener = await asyncio.start_server(server.meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire(idle=4) as made:
        yield made


def request(url: str, method: str = "GET", seconds: float | None = 10, content: bytes | None = None) -> httpx.Request:
    times = {"timeout": {"connect": seconds, "read": seconds}}
    return httpx.Request(method, f"{url}/a?b=c", content=content, extensions=times)


async def ask(wire: Wire, url: str) -> bytes:
    return await (await wire.handle_async_request(request(url))).aread()


async def test_a_request_goes_out_as_it_is_and_its_answer_comes_back(wire: Wire) -> None:
    server = Server(b"HTTP/1.1 201 Created\r\nETag: x\r\nContent-Length: 2\r\n\r\n{}")
    async with listening(server) as url:
        response = await wire.handle_async_request(request(url, "POST", content=b"[1]"))

        assert (response.status_code, response.headers["etag"], await response.aread()) == (201, "x", b"{}")

    (sent,) = server.requests
    assert sent.startswith(b"POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:")
    assert sent.endswith(b"\r\nContent-Length: 3\r\n\r\n[1]")


async def test_a_request_that_comes_in_parts_goes_out_as_one(wire: Wire) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"[1"
        yield b"]"

    server = Server(OK)
    async with listening(server) as url:
        response = await wire.handle_async_request(httpx.Request("POST", url, content=parts()))
        await response.aread()

    assert server.requests[0].endswith(b"\r\ncontent-length: 3\r\n\r\n[1]")
    assert b"transfer-encoding" not in server.requests[0].lower()


async def test_it_serves_a_client_of_httpx(wire: Wire) -> None:
    async with listening(Server(OK)) as url, httpx.AsyncClient(transport=wire, trust_env=False) as http:
        response = await http.get(url)

    assert response.text == "ok"


async def test_one_connection_serves_one_request_after_the_other(wire: Wire) -> None:
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\ntrailer: x\r\n\r\n"
    early = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    server = Server(OK, empty, chunked, early + OK)
    async with listening(server) as url:
        responses: list[httpx.Response] = []
        contents: list[bytes] = []
        for _ in range(4):
            responses.append(await wire.handle_async_request(request(url)))
            contents.append(await responses[-1].aread())

    assert contents == [b"ok", b"", b"ok", b"ok"]
    assert not any("trailer" in response.headers or "link" in response.headers for response in responses)
    assert server.connections == 1


async def test_an_answer_that_is_closed_twice_gives_its_connection_back_once(wire: Wire) -> None:
    server = Server(OK, OK, OK)
    async with listening(server) as url:
        first = await wire.handle_async_request(request(url))
        await first.aread()
        body = first.stream
        assert isinstance(body, httpx.AsyncByteStream)
        await body.aclose()
        await body.aclose()
        again = await asyncio.gather(ask(wire, url), ask(wire, url))

    assert again == [b"ok", b"ok"]
    assert server.connections == 2


async def test_requests_at_the_same_time_have_connections_of_their_own(wire: Wire) -> None:
    server = Server(OK, OK, OK)
    async with listening(server) as url:
        await asyncio.gather(*(ask(wire, url) for _ in range(3)))

    assert server.connections == 3


async def test_no_more_connections_are_kept_than_was_said() -> None:
    server = Server(*[OK] * 6)
    async with listening(server) as url, Wire(idle=4, keep=1) as wire:
        await asyncio.gather(*(ask(wire, url) for _ in range(3)))
        await asyncio.gather(*(ask(wire, url) for _ in range(3)))

    assert server.connections == 5


async def test_a_connection_that_was_idle_for_too_long_is_closed_and_not_used_again() -> None:
    server = Server(OK, OK)
    async with listening(server) as url, Wire(idle=0.01) as wire:
        await ask(wire, url)
        await asyncio.sleep(0.02)
        await ask(wire, url)

        await server.left.wait()

    assert server.connections == 2


async def test_a_connection_that_grows_old_while_another_is_used_is_closed() -> None:
    server = Server(*[OK] * 200)
    async with listening(server) as url, Wire(idle=0.1) as wire:
        await asyncio.gather(ask(wire, url), ask(wire, url))
        while not server.left.is_set():  # the one that is used last is used again and again, and never old
            await ask(wire, url)
            await asyncio.sleep(0.01)

    assert server.connections == 2


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
        Last(OK),
        OK + BAD,
        OK + b"and more",
    ],
)
async def test_after_a_goodbye_or_a_word_too_much_there_is_another_connection(wire: Wire, first: bytes) -> None:
    server = Server(first, OK)
    async with listening(server) as url:
        contents = [await ask(wire, url)]
        await asyncio.sleep(0.01)  # for the goodbye to come
        contents.append(await ask(wire, url))

    assert contents == [b"ok", b"ok"]
    assert server.connections == 2


async def test_what_comes_without_being_asked_for_ends_the_connection(wire: Wire) -> None:
    ended = asyncio.Event()

    async def push(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await asyncio.sleep(0.01)
        writer.write(BAD)
        assert await reader.read() == b""
        writer.close()
        ended.set()

    server = Server()
    server.meet = push
    async with listening(server) as url:
        content = await ask(wire, url)
        await ended.wait()

    assert content == b"ok"


async def test_a_body_without_a_length_ends_with_its_connection(wire: Wire) -> None:
    async with listening(Server(Last(b"HTTP/1.1 200 OK\r\n\r\nall of it"))) as url:
        assert await ask(wire, url) == b"all of it"


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Last(b""), "closed before the answer was complete"),
        (Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), "closed before the answer was complete"),
        (b"SSH-2.0-OpenSSH\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 099 Odd\r\ncontent-length: 3\r\n\r\nabc" + OK, "not HTTP/1.1"),
        (b"HTTP/1.1 150 Odd\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + OK, "not HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 70_000, "more than 65536 bytes came that are no body"),
    ],
)
async def test_what_is_no_answer_is_an_error_of_httpx(wire: Wire, answer: bytes, complaint: str) -> None:
    async with listening(Server(answer)) as url:
        with pytest.raises(httpx.RemoteProtocolError, match=complaint):
            await ask(wire, url)


async def test_a_failure_in_mid_body_is_met_by_whoever_reads_on(wire: Wire) -> None:
    async with listening(Server(Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"))) as url:
        response = await wire.handle_async_request(request(url))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                _ = [chunk async for chunk in response.stream]
        await response.aclose()


async def test_silence_is_an_error_after_a_while_before_and_in_a_body(wire: Wire) -> None:
    half = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"
    async with listening(Server(SILENCE, half)) as url:
        with pytest.raises(httpx.ReadTimeout, match=r"nothing came for 0.01 s"):
            await wire.handle_async_request(request(url, seconds=0.01))
        response = await wire.handle_async_request(request(url, seconds=0.1))
        with pytest.raises(httpx.ReadTimeout):
            await response.aread()


async def test_who_does_not_say_how_long_to_wait_waits(wire: Wire) -> None:
    async with listening(Server(OK)) as url:
        response = await wire.handle_async_request(request(url, seconds=None))

        assert await response.aread() == b"ok"


async def test_a_request_that_is_given_up_takes_its_connection_along(wire: Wire) -> None:
    server = Server(SILENCE, OK)
    async with listening(server) as url:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ask(wire, url)
        await server.left.wait()

        assert await ask(wire, url) == b"ok"

    assert server.connections == 2


async def test_an_answer_that_nobody_reads_to_its_end_takes_its_connection_along(wire: Wire) -> None:
    server = Server(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", OK)
    async with listening(server) as url:
        response = await wire.handle_async_request(request(url))
        await response.aclose()
        await response.aclose()

        assert await ask(wire, url) == b"ok"

    assert server.connections == 2


async def test_an_answer_that_is_read_after_the_end_takes_its_connection_along() -> None:
    server = Server(OK)
    async with listening(server) as url:
        async with Wire(idle=4) as wire:
            response = await wire.handle_async_request(request(url))
        content = await response.aread()

        await server.left.wait()

    assert content == b"ok"


async def test_a_body_waits_with_its_sender_until_it_is_read(wire: Wire) -> None:
    server = Server(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % BIG + b"x" * BIG, OK)
    async with listening(server) as url:
        response = await wire.handle_async_request(request(url))
        await asyncio.sleep(0.05)
        chunks = [chunk async for chunk in response.aiter_raw()]

        assert sum(map(len, chunks)) == BIG
        assert max(map(len, chunks)) < BIG / 2
        assert await ask(wire, url) == b"ok"

    assert server.connections == 1


async def test_nobody_there_is_an_error_of_the_connection(wire: Wire) -> None:
    with pytest.raises(httpx.ConnectError, match=r"no connection to 127\.0\.0\.1 port 1:"):
        await ask(wire, "http://127.0.0.1:1")


async def test_a_connection_that_is_not_made_in_time_is_given_up(wire: Wire) -> None:
    with pytest.raises(httpx.ConnectTimeout, match=r"no connection to 127\.0\.0\.1 port 1 in 0 s"):
        await wire.handle_async_request(request("http://127.0.0.1:1", seconds=0))


@pytest.mark.parametrize("method", ["HEAD", "CONNECT"])
async def test_what_it_does_not_speak_is_refused(wire: Wire, method: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol, match=f"{method} is no way to call a service"):
        await wire.handle_async_request(request("http://peer", method))
    with pytest.raises(httpx.UnsupportedProtocol, match="should begin with http:// or https://, found 'ftp'"):
        await ask(wire, "ftp://peer")


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb", "a\rb", "a\0b"])
async def test_no_header_can_begin_another(wire: Wire, value: str) -> None:
    sly = httpx.Request("GET", "http://peer", headers={"x": value})

    with pytest.raises(httpx.LocalProtocolError, match="a header should be one line"):
        await wire.handle_async_request(sly)


async def test_over_tls_it_knows_whom_it_talks_to(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    of_server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    of_server.load_cert_chain(certificate)
    server = Server(OK)
    async with listening(server, of_server) as url:
        async with Wire(idle=4, tls=ssl.create_default_context(cafile=certificate)) as trusting:
            assert await ask(trusting, url) == b"ok"
        async with Wire(idle=4) as wary:
            with pytest.raises(httpx.ConnectError, match="certificate"):
                await ask(wary, url)

    assert len(server.requests) == 1


def self_signed(folder: Path) -> Path:
    """Write a key and its certificate for 127.0.0.1 into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "peer.pem"
    path.write_bytes(written + certificate.public_bytes(serialization.Encoding.PEM))
    return path
