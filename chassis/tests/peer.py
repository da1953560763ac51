"""A peer on a real port that answers with examples and remembers what it was sent."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from contracts.examples import example_json
from contracts.operation import Operation

__all__ = ["Peer", "listening"]

Application = Callable[[Any, Any, Any], Awaitable[None]]


class Peer:
    """Answers each of some operations with the contract's own example."""

    def __init__(self, *ops: Operation[..., Any]) -> None:
        self._ops = ops
        self.asked: list[tuple[str, dict[str, str], str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"").decode()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], headers, body))
        op = next(op for op in self._ops if op.path.split("{")[0] in scope["path"])
        content = json.dumps(example_json(op.returns)).encode()
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
        await send(start)
        await send({"type": "http.response.body", "body": content})


@asynccontextmanager
async def listening(peer: Application, port: int = 0) -> AsyncGenerator[str]:
    """Serve a peer on a port of this machine, or on a free one; gives its base URL."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = uvicorn.Server(uvicorn.Config(peer, lifespan="off", log_config=None, ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
