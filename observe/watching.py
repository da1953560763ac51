"""Looks at the metrics of every service once a second, and remembers the last minutes."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import httpx

from observe.figures import AWAY, Moment, Orders, Service, read_orders, read_service
from observe.prometheus import Prometheus
from observe.samples import Samples

__all__ = ["Watcher"]

_PAUSE = 1.0  # seconds between two looks
_WINDOW = 10  # looks that one figure is made of
_MINUTES = 300  # looks that pictures show


class Watcher:
    """Knows what is to be seen now, and what was to be seen."""

    def __init__(self, targets: Mapping[str, str], http: httpx.AsyncClient, prometheus: Prometheus | None) -> None:
        """Read `/metrics` at targets, as `host:port` by service."""
        self._targets = targets
        self._http = http
        self._prometheus = prometheus
        self._looks = {name: deque[Samples](maxlen=_WINDOW + 1) for name in targets}
        self._services = dict.fromkeys(targets, AWAY)
        self._orders = Orders()
        self._moments = {name: deque[Moment](maxlen=_MINUTES) for name in targets}
        self._outcomes = deque[Mapping[str, float]](maxlen=_MINUTES)
        self._alerts: list[Mapping[str, str]] = []

    async def watch(self) -> None:
        """Look again and again, until this is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_PAUSE)

    async def look(self) -> None:
        """Look at all services once."""
        async with asyncio.TaskGroup() as group:
            for name in self._targets:
                group.create_task(self._look_at(name))
            group.create_task(self._look_for_alerts())
        self._outcomes.append(self._orders.outcomes)

    def seen(self) -> dict[str, Any]:
        """Tell all that the page shows."""
        services = {
            name: {**asdict(service), "history": [asdict(moment) for moment in self._moments[name]]}
            for name, service in self._services.items()
        }
        return {
            "services": services,
            "orders": {**asdict(self._orders), "history": list(self._outcomes)},
            "alerts": self._alerts,
            "prometheus": self._prometheus.url if self._prometheus else None,
        }

    async def _look_at(self, name: str) -> None:
        looks = self._looks[name]
        try:
            answer = await self._http.get(f"http://{self._targets[name]}/metrics", timeout=2)
        except httpx.TransportError:
            looks.clear()  # degrade: a service that is away has no figures, and begins anew
            self._note(name, AWAY)
            return
        looks.append(Samples(time.monotonic(), answer.text))
        if len(looks) > 1:
            self._note(name, read_service(looks[0], looks[-1]))
            if name == "orders":
                self._orders = read_orders(looks[0], looks[-1])

    async def _look_for_alerts(self) -> None:
        if self._prometheus is None:
            return
        try:
            self._alerts = await self._prometheus.firing()
        except httpx.TransportError:
            self._alerts = []  # degrade: the page is worth showing without alerts

    def _note(self, name: str, service: Service) -> None:
        self._services[name] = service
        self._moments[name].append(Moment(service.rate, service.errors, service.p95))
