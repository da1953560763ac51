"""What is told of the shop by those who watch it: Prometheus, a collector of traces, and the containers' logs."""

import json
import os
import re
from typing import Any

import httpx

from .compose import Compose, execute

__all__ = ["Prometheus", "figures", "lines"]

_SAMPLE = re.compile(r'^http_server_request_duration_seconds_count{.*\boperation="([^"]+)".*} (\S+)$', re.MULTILINE)


class Prometheus:
    """Asks the Prometheus of the profile `observe` what it has found."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._url = f"http://127.0.0.1:{os.environ['CONCORD_PROMETHEUS_PORT']}/api/v1"

    async def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Evaluate an expression now; give each series' labels and its value."""
        data = await self._get("query", query=expression)
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    async def firing(self) -> set[str]:
        """Name the alerts that are firing."""
        return {alert["labels"]["alertname"] for alert in (await self._get("alerts"))["alerts"] if _fires(alert)}

    async def _get(self, path: str, **parameters: str) -> dict[str, Any]:
        answer = await self._http.get(f"{self._url}/{path}", params=parameters)
        found: dict[str, Any] = answer.raise_for_status().json()["data"]
        return found


def _fires(alert: dict[str, Any]) -> bool:
    return alert["state"] == "firing"


async def figures(compose: Compose, name: str) -> dict[str, float]:
    """Count the requests of each operation of a service, as its operations port tells it inside of the network."""
    (container, *_) = await compose.containers(name)
    ask = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:9000/metrics').read().decode())"
    counts = dict[str, float]()
    for operation, count in _SAMPLE.findall(await execute("docker", "exec", container, "python", "-c", ask)):
        counts[operation] = counts.get(operation, 0) + float(count)
    return counts


async def lines(compose: Compose, name: str, wanted: str) -> list[dict[str, Any]]:
    """Find the lines in which the containers of a service say something, such as a trace's id."""
    said = [await execute("docker", "logs", container) for container in await compose.containers(name)]
    found = [line for text in said for line in text.splitlines() if wanted in line]
    return [json.loads(line) for line in found]
