"""Prometheus itself, where its program is installed: it scrapes the services and evaluates our rules."""

import asyncio
from asyncio.subprocess import STDOUT
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which
from typing import Any

import httpx
import yaml

from demo.ports import HOST, free_ports
from demo.surprises import Surprise, within
from observe.files import rules, write

__all__ = ["Prometheus", "open_prometheus", "program"]

_START = 30.0  # seconds until it is ready
_GRACE = 10.0  # seconds that it may take to end
_PAUSE = 0.1
_SCRAPE = 15.0  # seconds between two looks at a service, as deploy/observe/prometheus.yml has it
_QUICKEST = 0.25  # seconds; more often than that only burdens the services


class Prometheus:
    """Answers queries, and knows which alerts fire."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self._http = http

    async def query(self, expr: str) -> list[Any]:
        """Evaluate an expression now; raises a Surprise where it cannot be."""
        answer = (await self._http.post(f"{self.url}/api/v1/query", data={"query": expr}, timeout=10)).json()
        if answer["status"] != "success":
            raise Surprise(f"Prometheus should answer {expr!r}, and says: {answer['error']}")
        return answer["data"]["result"]

    async def firing(self) -> list[Mapping[str, str]]:
        """List the labels and annotations of the alerts that fire."""
        answer = (await self._http.get(f"{self.url}/api/v1/alerts", timeout=5)).json()
        alerts = answer["data"]["alerts"]
        return [{**alert["labels"], **alert["annotations"]} for alert in alerts if alert["state"] == "firing"]

    async def is_ready(self) -> bool:
        try:
            return (await self._http.get(f"{self.url}/-/ready", timeout=2)).is_success
        except httpx.TransportError:
            return False


def program() -> str | None:
    """Find the program, which Debian's package `prometheus` brings."""
    return which("prometheus")


@asynccontextmanager
async def open_prometheus(
    binary: str, folder: Path, targets: Mapping[str, str], http: httpx.AsyncClient, factor: float = 1
) -> AsyncGenerator[Prometheus]:
    """Run it over targets, as `host:port` by service, with all times of the rules scaled by one factor."""
    (port,) = free_ports(1)
    write(folder, {**rules(factor), "prometheus.yml": _settings(targets, factor)})
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binary,
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={HOST}:{port}",
            stdout=log,
            stderr=STDOUT,
            start_new_session=True,  # or Ctrl-C would stop it before the services
        )
    prometheus = Prometheus(f"http://{HOST}:{port}", http)
    try:
        async with within(_START, "Prometheus should be ready"):
            while not await prometheus.is_ready():
                if process.returncode is not None:
                    raise Surprise(f"Prometheus ended before it was ready; it says:\n{_last_words(folder)}")
                await asyncio.sleep(_PAUSE)
        yield prometheus
    finally:
        await _end(process)


def _settings(targets: Mapping[str, str], factor: float) -> str:
    pause = f"{round(max(_QUICKEST, _SCRAPE * factor) * 1000)}ms"
    jobs = [{"job_name": name, "static_configs": [{"targets": [target]}]} for name, target in targets.items()]
    every = {"scrape_interval": pause, "scrape_timeout": pause, "evaluation_interval": pause}
    return yaml.safe_dump({"global": every, "rule_files": ["alerts/*.yml"], "scrape_configs": jobs})


def _last_words(folder: Path) -> str:
    return "\n".join((folder / "prometheus.log").read_text(errors="replace").splitlines()[-5:])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_GRACE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
