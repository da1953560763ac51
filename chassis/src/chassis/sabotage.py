"""Where faults strike: around units of work, calls to other services, and answers."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Protocol, TypeVar

import httpx
from contracts.errors import Unavailable
from sqlalchemy import Connection, text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.faults import Fault, Faults

__all__ = ["AnswerSaboteur", "CallSaboteur", "UnitSaboteur", "Units", "kill"]

T = TypeVar("T")
Kill = Callable[[], None]

_NONSENSE = b'{"id": "nonsense", "status": ['


def kill() -> None:
    """End this process at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)  # pragma: no cover (who is killed tells nobody which lines it ran)


class Units(Protocol):
    """What runs units of work on a database."""

    async def read(self, unit: Callable[[Connection], T]) -> T: ...

    async def glance(self, unit: Callable[[Connection], T]) -> T: ...

    async def write(self, unit: Callable[[Connection], T]) -> T: ...

    async def close(self) -> None: ...


class UnitSaboteur:
    """Lets units of work that write meet their faults."""

    def __init__(self, units: Units, faults: Faults, kill: Kill = kill) -> None:
        self._units = units
        self._faults = faults
        self._kill = kill

    async def read(self, unit: Callable[[Connection], T]) -> T:
        return await self._units.read(unit)

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        return await self._units.glance(unit)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        name = _name(unit)
        within: Fault | None = None

        def struck(tx: Connection) -> T:
            nonlocal within
            result = unit(tx)
            within = within or self._faults.take("unit", "within", name)  # which strikes at every try of the unit
            if within and within.kind == "kill":
                self._kill()
            elif within:
                _doom(tx)
            return result

        if self._faults.take("unit", "before", name):
            self._kill()
        result = await self._units.write(struck)
        if fault := self._faults.take("unit", "after", name):
            self._lose(fault)
        return result

    async def close(self) -> None:
        await self._units.close()

    def _lose(self, fault: Fault) -> None:
        if fault.kind == "kill":
            self._kill()
        raise Unavailable("The database was lost while it saved; this is a fault of a test.", retry_after=1)


class CallSaboteur(httpx.AsyncBaseTransport):
    """Lets calls to other services meet their faults, as the network would bring them."""

    def __init__(self, inner: httpx.AsyncBaseTransport, faults: Faults, kill: Kill = kill) -> None:
        self._inner = inner
        self._faults = faults
        self._kill = kill

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, unless it never arrives."""
        name = f"{request.method} {request.url.path}"
        if fault := self._faults.take("call", "before", name):
            await self._hinder(fault, request)
        return await self._answer(name, request)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _hinder(self, fault: Fault, request: httpx.Request) -> None:
        if fault.kind == "kill":
            self._kill()
        if fault.kind == "refuse":
            raise httpx.ConnectError("refused by a fault of a test", request=request)
        await asyncio.sleep(fault.seconds)

    async def _answer(self, name: str, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        fault = self._faults.take("call", "after", name)
        if fault is None:
            return response
        await response.aread()  # so that the peer has done its work, whatever becomes of the answer
        await response.aclose()
        if fault.kind == "garble":
            return httpx.Response(200, headers={"content-type": "application/json"}, content=_NONSENSE)
        if fault.kind == "kill":
            self._kill()
        raise httpx.ReadError("lost by a fault of a test", request=request)


class AnswerSaboteur:
    """Lets answers meet their faults; it stands outside of all that makes them."""

    def __init__(self, app: ASGIApp, faults: Faults, kill: Kill = kill) -> None:
        self._app = app
        self._faults = faults
        self._kill = kill

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = f"{scope['method']} {scope['path']}"
        is_lost = False

        async def watch(message: Message) -> None:
            nonlocal is_lost
            if message["type"] == "http.response.start" and (fault := self._faults.take("answer", "before", name)):
                is_lost = True
                await self._lose(fault, send)
            if not is_lost:
                await send(message)

        await self._app(scope, receive, watch)
        if self._faults.take("answer", "after", name):
            self._kill()

    async def _lose(self, fault: Fault, send: Send) -> None:
        """Break the answer off: a server closes the connection of an application that promised more than it sent."""
        if fault.kind == "kill":
            self._kill()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


def _name(unit: Callable[[Connection], T]) -> str:
    """Name the method that a unit of work was written in."""
    written: str = getattr(unit, "__qualname__", type(unit).__name__)
    return written.partition(".<locals>")[0]


def _doom(tx: Connection) -> None:
    """Leave something behind in the transaction for which either database refuses to commit it."""
    tx.execute(
        text(
            "CREATE TEMPORARY TABLE doomed (id INTEGER PRIMARY KEY,"
            " other INTEGER REFERENCES doomed (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    tx.execute(text("INSERT INTO doomed VALUES (1, 2)"))
