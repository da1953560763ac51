"""Everything that is asked of Prometheus, asked of a real one that scrapes real services under a light load."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from anyio import run_process

from observe.files import groups

from .alerts.compose import install
from .alerts.panels import PANELS, asked
from .alerts.runbooks import blocks
from .alerts.watched import Watched, until, watch
from .sources import ROOT

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

ALERTS = [(alert.name, alert.condition) for found in groups().values() for group in found for alert in group.alerts]
_METRIC = re.compile(r"\b(?:concord[_:]\w[\w:]*|http_(?:server|client)_\w+_(?:seconds\w*|requests)|up(?=\{))")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Keep one loop for all tests here, which share what they watch."""
    return "asyncio"


@pytest.fixture(scope="module")
async def watched() -> AsyncGenerator[Watched]:
    async with watch(CONCORD_RATE_LIMIT="20/minute") as watched:  # so that some are refused
        yield watched


async def test_no_panel_is_empty(watched: Watched) -> None:
    empty = list(PANELS)

    async def all_are_shown() -> bool:
        for panel in list(empty):
            if await watched.prometheus.query(asked(panel[1], "5s")):
                empty.remove(panel)
        return not empty

    with suppress(TimeoutError):
        await until(all_are_shown)

    assert empty == []


@pytest.mark.parametrize("questions", [ALERTS, blocks("promql")], ids=["alerts", "runbooks"])
async def test_every_metric_that_is_asked_for_is_there(watched: Watched, questions: list[tuple[str, str]]) -> None:
    wanted = {metric for _, expr in questions for metric in _METRIC.findall(expr)}
    missing = set(wanted)

    async def all_are_there() -> bool:
        for metric in list(missing):
            if await watched.prometheus.query(f"count({metric})"):
                missing.discard(metric)
        return not missing

    with suppress(TimeoutError):
        await until(all_are_there)

    assert wanted
    assert missing == set()


@pytest.mark.parametrize("questions", [ALERTS, blocks("promql")], ids=["alerts", "runbooks"])
async def test_every_question_is_one_that_prometheus_understands(
    watched: Watched, questions: list[tuple[str, str]]
) -> None:
    for _, expr in questions:
        await watched.prometheus.query(expr)


async def test_every_command_of_the_runbooks_does_what_it_says(watched: Watched, tmp_path: Path) -> None:
    environment = install(tmp_path, watched.shop)

    failed = {
        f"{section}: {command}": said
        for section, block in blocks("sh")
        for command in block.splitlines()
        if (said := await complaint(command, environment))
    }

    assert failed == {}


async def complaint(command: str, environment: Mapping[str, str]) -> str:
    """Run a command as somebody would type it, and return what it says where it fails."""
    result = await run_process(["sh", "-ec", command], cwd=ROOT, env=environment, check=False)
    return "" if result.returncode == 0 else (result.stderr + result.stdout).decode()
