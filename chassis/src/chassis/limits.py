"""How often one caller may call: counted over a sliding window, told in `RateLimit` headers, refused with 429."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.errors import RateLimited
from fastapi import Request, params
from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import StorageTypes, storage_from_string
from structlog import get_logger

from chassis.auth import Caller
from chassis.context import current, operation
from chassis.telemetry.figures import Level
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.serving import RATE_LIMIT_REFUSALS, RATE_LIMIT_STORE

__all__ = ["RateLimits", "Standing", "limit_by_address", "limit_by_caller"]

_log = get_logger(__name__)

_PATIENCE = 0.3  # seconds that a store has to answer; calls are answered uncounted rather than late
_REST = 1.0  # seconds that a store which failed is left alone


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with one limit after a call."""

    name: str
    limit: RateLimitItem
    is_within: bool
    left: int
    seconds: int
    """Until more calls are allowed."""

    def headers(self) -> dict[str, str]:
        """Say it as draft-ietf-httpapi-ratelimit-headers-10 has it."""
        window = self.limit.get_expiry()
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit.amount};w={window}',
            "RateLimit": f'"{self.name}";r={self.left};t={self.seconds}',
        }


class RateLimits:
    """The limits of one service by name; the application holds them as `app.state.rate_limits`."""

    def __init__(
        self,
        storage: str,
        rates: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        metrics: Metrics | None = None,
    ) -> None:
        """Count where `storage` says; a rate is text such as `100/minute`, or `off`."""
        metrics = metrics or Metrics()
        self.refusals = metrics.count(RATE_LIMIT_REFUSALS)
        self._absence = _Absence(clock, metrics.level(RATE_LIMIT_STORE))
        self._limits = {name: parse(rate) for name, rate in rates.items() if rate != "off"}
        self._limiter = SlidingWindowCounterRateLimiter(_open(storage))

    async def take(self, name: str, who: str) -> Standing | None:
        """Count one call; None where the limit is off or cannot be counted."""
        limit = self._limits.get(name)
        if limit is None or self._absence.lasts():
            return None
        try:
            is_within = await self._limiter.hit(limit, name, who)
            window = await self._limiter.get_window_stats(limit, name, who)
        except StorageError:
            self._absence.begin()
            return None  # degrade: answering everybody for a while beats answering nobody
        self._absence.end()
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        return Standing(name, limit, is_within, window.remaining, seconds)


class _Absence:
    """The time in which the store cannot be reached: it is not asked at each call, and told of once."""

    def __init__(self, clock: Callable[[], float], is_up: Level) -> None:
        self._clock = clock
        self._is_up = is_up
        self._is_up.set(1)
        self._until: float | None = None

    def lasts(self) -> bool:
        return self._until is not None and self._clock() < self._until

    def begin(self) -> None:
        if self._until is None:
            self._is_up.set(0)
            _log.warning("rate_limits_not_counted", exc_info=True)
        self._until = self._clock() + _REST

    def end(self) -> None:
        if self._until is not None:
            self._is_up.set(1)
            _log.info("rate_limits_counted_again")
            self._until = None


def limit_by_address(name: str) -> params.Depends:
    """Make the dependency that holds each network address to the limit of this name."""

    async def check(request: Request) -> None:
        await _check(request, name, request.client.host if request.client else "unknown")

    return params.Depends(check)


def limit_by_caller(name: str) -> params.Depends:
    """Make the dependency that holds each principal to the limit of this name, wherever it calls from."""

    async def check(request: Request, caller: Caller) -> None:
        await _check(request, name, caller.id)

    return params.Depends(check)


async def _check(request: Request, name: str, who: str) -> None:
    rate_limits: RateLimits = request.app.state.rate_limits
    standing = await rate_limits.take(name, who)
    if standing is None:
        return
    if serving := current():
        for header, value in standing.headers().items():  # a request may be held to several limits
            before = serving.headers.get(header)
            serving.headers[header] = f"{before}, {value}" if before else value
    if not standing.is_within:
        rate_limits.refusals.add(operation())
        raise RateLimited(
            f"This allows {standing.limit}; wait {standing.seconds} s and try again.",
            retry_after=standing.seconds,
        )


def _open(url: str) -> StorageTypes:
    try:
        return storage_from_string(f"async+{url}", wrap_exceptions=True, **_options(url))
    except ConfigurationError as refused:
        raise ValueError(
            f"CONCORD_RATE_LIMIT_STORAGE wants memory:// or redis://host:port, and cannot be used: {refused}"
        ) from None


def _options(url: str) -> dict[str, str | float]:
    """Choose redis-py where Redis counts: what the library takes by default wants old versions of other packages."""
    if not url.startswith("redis"):
        return {}
    return {"implementation": "redispy", "socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE}
