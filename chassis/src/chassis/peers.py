"""The other services, as typed clients: one connection pool a process, one line to each, deadlines passed on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self, TypeVar

import httpx
from contracts.answers import Answer
from contracts.client import HttpTransport
from contracts.errors import ApiError, NoAnswer, Unavailable
from contracts.operation import Api, Operation, Transport
from contracts.users.identity import Identity, TokenRequest

from chassis.breaker import State, Tolerance
from chassis.context import begin, outgoing_headers, remaining
from chassis.faults import Faults
from chassis.keys import JwksKeys
from chassis.lines import Line, Terms
from chassis.readers import OwnToken, PublishedKeys
from chassis.sabotage import CallSaboteur
from chassis.settings import ServiceSettings
from chassis.telemetry.calling import BREAKER_STATE
from chassis.telemetry.metrics import Metrics
from chassis.tokens import FetchToken, ServiceTokens
from chassis.tracing import TracedTransport
from chassis.wire import Wire

__all__ = ["Peers", "published_keys"]

A = TypeVar("A", bound=Api)
Token = Callable[[str], Awaitable[str]]
"""Gets this service's own token for a peer, by the peer's name."""

_IDLE = 4.0  # seconds; shorter than any server keeps an idle connection, so that none is used as it closes


class Peers:
    """Finds the typed client of another service; `lines` tell how the calls to each are going."""

    def __init__(
        self,
        transports: Mapping[str, Transport],
        http: httpx.AsyncBaseTransport | None = None,
        lines: Mapping[str, Line] | None = None,
    ) -> None:
        self.lines = lines or {}
        self._transports = {name: _PeerTransport(name, transport) for name, transport in transports.items()}
        self._http = http

    @classmethod
    def over_http(cls, settings: ServiceSettings, token: Token | None = None, metrics: Metrics | None = None) -> Self:
        """Reach the other services where the settings say, with this service's own tokens.

        The tokens come from the users service, unless `token` makes them.
        """
        urls = {"users": settings.users_url, "catalog": settings.catalog_url, "orders": settings.orders_url}
        http = _wire(settings)
        lines: dict[str, Line] = {}

        async def ask_users(resource: str) -> tuple[str, float]:
            with begin("fetch_token", settings.peer_seconds):  # for all who wait for it, however long each can
                return await fetch_token(Identity(lines["users"]), settings)(resource)

        get = token or ServiceTokens(ask_users).get
        terms = _terms(settings)
        for name, url in urls.items():
            transport = TracedTransport(name, _reach(http, name, url, get, settings.peer_seconds))
            lines[name] = Line(name, transport, terms, metrics)
        if metrics:
            _watch(lines, metrics)
        return cls({name: _Admitted(name, line, get) for name, line in lines.items()}, http, lines)

    def client(self, api: type[A]) -> A:
        """Make the client of the service that serves this API; raises LookupError for one that is not a peer."""
        if api.service not in self._transports:
            known = ", ".join(sorted(self._transports)) or "none"
            raise LookupError(f"{api.service} is not a peer of this service; its peers are {known}")
        return api(self._transports[api.service])

    async def close(self) -> None:
        """Let go of all connections."""
        if self._http:
            await self._http.aclose()


def _watch(lines: Mapping[str, Line], metrics: Metrics) -> None:
    """Show the state of each breaker whenever somebody asks."""
    states = metrics.level(BREAKER_STATE)

    def look() -> None:
        for name, line in lines.items():
            for state in State:
                states.set(line.breaker.state is state, name, state.value)

    metrics.look(look)


def _wire(settings: ServiceSettings) -> httpx.AsyncBaseTransport:
    """Make the connections; the bulkheads bound them, so that nobody waits for one."""
    wire = Wire(_IDLE, keep=settings.peer_calls)
    return CallSaboteur(wire, Faults(settings.faults)) if settings.faults else wire


def _terms(settings: ServiceSettings) -> Terms:
    tolerance = Tolerance(
        settings.peer_failing_share,
        settings.peer_failing_calls,
        settings.peer_failing_seconds,
        settings.peer_rest_seconds,
    )
    return Terms(settings.peer_seconds, settings.peer_calls, settings.peer_retry_share, tolerance)


def _reach(http: httpx.AsyncBaseTransport, name: str, url: str, token: Token, patience: float) -> HttpTransport:
    async def headers(op: Operation[..., Any]) -> Mapping[str, str]:
        bearer = {"authorization": f"Bearer {await token(name)}"} if op.scope else {}
        return outgoing_headers() | bearer

    return HttpTransport(http, base_url=url, timeout=patience, budget=remaining, headers=headers)


def fetch_token(identity: Identity, settings: ServiceSettings) -> FetchToken:
    """Make what asks the users service for this service's token for a peer (RFC 6749, 4.4; RFC 8707)."""

    async def fetch(resource: str) -> tuple[str, float]:
        token = await identity.issue_token.as_(OwnToken)(
            TokenRequest(
                grant_type="client_credentials",
                client_id=settings.client_id,
                client_secret=settings.client_secret.get_secret_value(),
                resource=resource,
            )
        )
        return token.access_token, token.expires_in

    return fetch


def published_keys(peers: Peers) -> JwksKeys:
    """Make the keys that the users service publishes, fetched when they are needed."""
    identity = peers.client(Identity)

    async def fetch() -> list[dict[str, object]]:
        return [key.model_dump() for key in (await identity.get_keys.as_(PublishedKeys)()).keys]

    return JwksKeys(fetch)


class _Admitted:
    """Gets our token before it calls, so that what the issuer cannot do is not held against the peer."""

    def __init__(self, name: str, line: Line, token: Token) -> None:
        self._name = name
        self._line = line
        self._token = token

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        if op.scope:
            await self._get_token()
        return await self._line.send(op, arguments)

    async def _get_token(self) -> None:
        try:
            async with asyncio.timeout(remaining()):
                await self._token(self._name)  # which is kept, and is there when the request is written
        except TimeoutError as late:
            raise Unavailable(f"No token for {self._name} could be had in time; try again.") from late


class _PeerTransport:
    """Passes on what a peer declares; what it says of *our* request is no answer for *our* caller."""

    def __init__(self, name: str, transport: Transport) -> None:
        self._name = name
        self._transport = transport

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        try:
            return await self._transport.send(op, arguments)
        except NoAnswer:
            raise
        except ApiError as error:
            if isinstance(error, op.declared):
                raise
            raise Unavailable(f"{self._name} refused {op.name} with {error.status} {error.code}") from error
