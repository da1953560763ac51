"""Somebody who uses the shop through its typed clients, and whose calls are told as they are made."""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import httpx
from chassis.traces import Trace
from contracts.answers import Answer
from contracts.client import HttpTransport
from contracts.errors import ApiError
from contracts.operation import Operation

from demo.calls import Call

__all__ = ["Customer"]

_PATIENCE = 20.0  # seconds; a machine that is busy is no surprise


class Customer:
    """The transport of one person: finds the services, sends the token, tells each call."""

    def __init__(
        self, name: str, http: httpx.AsyncClient, urls: Mapping[str, str], tell: Callable[[Call], None]
    ) -> None:
        self.name = name
        self.token: str | None = None
        self.trace_id = ""
        """Of the last call: by it, the services' logs tell what came of it."""
        self._http = http
        self._urls = urls
        self._tell = tell

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call an operation of any service; see `Transport.send` for what is raised."""
        transport = self._reach(op)
        began, status = perf_counter(), 0
        try:
            answer = await transport.send(op, arguments)
            status = answer.status or 0
        except ApiError as refusal:
            status = refusal.status
            raise
        finally:
            milliseconds = (perf_counter() - began) * 1000
            self._tell(Call(self.name, op.api.service, op.name, f"{op.method} {op.path}", status, milliseconds))
        return answer

    def _reach(self, op: Operation[..., Any]) -> HttpTransport:
        trace = Trace.start()
        self.trace_id = trace.trace_id

        async def headers(op: Operation[..., Any]) -> Mapping[str, str]:
            return {"traceparent": trace.traceparent}

        token = self.token if op.scope else None
        url = self._urls[op.api.service]
        return HttpTransport(self._http, base_url=url, timeout=_PATIENCE, token=token, headers=headers)
