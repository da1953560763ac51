"""How users calls orders: over HTTP, with a token that it signs itself."""

import asyncio

import jwt
import pytest
from chassis.testing import running
from contracts.users.v2 import AccountStatus
from users.app import build
from users.settings import Settings

from .shop import Shop

pytestmark = pytest.mark.anyio


class Listener:
    """Stands where orders should be: keeps what it is asked, and knows of no open order."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        body = b'{"order_ids": [], "count": 0}'
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        writer.write(f"{head}connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def test_orders_are_asked_with_a_token_for_orders_only_that_nobody_had_to_send(settings: Settings) -> None:
    listener = Listener()
    async with await asyncio.start_server(listener.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        shop = Shop(settings)
        shop.app = build(settings.model_copy(update={"orders_url": f"http://127.0.0.1:{port}"}))
        async with running(shop.app):
            user, mine = await shop.join()
            staff = await shop.staff()

            await mine.close_user(user.id)

            assert (await staff.get_user(user.id)).status is AccountStatus.CLOSED

    (asked,) = listener.asked
    headers = dict(line.lower().split(": ", 1) for line in asked.splitlines()[1:] if line)
    raw = next(line for line in asked.splitlines() if line.lower().startswith("authorization: bearer "))
    said = jwt.decode(raw.split()[-1], options={"verify_signature": False})
    assert asked.startswith(f"GET /v2/customers/{user.id}/open-orders ")
    assert (said["sub"], said["aud"], said["scope"]) == ("users", ["orders"], "orders:peers")
    assert "traceparent" in headers
