"""`python -m observe` as a person meets it: the page in a real browser, and nothing left after Ctrl-C."""

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from .alerts.programs import find
from .sources import ROOT

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

ARTEFACTS = ROOT / ".artifacts" / "observe"
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_PATIENCE = 60_000  # milliseconds


class Observing:
    """The command, and where it says that its page is."""

    def __init__(self, process: Process, url: str) -> None:
        self.process = process
        self.url = url

    async def interrupt(self) -> int:
        """Press Ctrl-C, and wait for the end."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            return await self.process.wait()


@pytest.fixture
async def observing(tmp_path: Path) -> AsyncGenerator[Observing]:
    """The command where Prometheus is installed."""
    find("prometheus")
    async with run(tmp_path, os.environ["PATH"]) as observing:
        yield observing


@pytest.fixture
async def without_prometheus(tmp_path: Path) -> AsyncGenerator[Observing]:
    """The command where nothing is installed but Python."""
    async with run(tmp_path, str(Path(sys.executable).parent)) as observing:
        yield observing


@asynccontextmanager
async def run(folder: Path, path: str) -> AsyncGenerator[Observing]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "observe", "--port", "0", "--scale", "1/60"),
        cwd=ROOT,
        env={**os.environ, "PATH": path, "TMPDIR": str(folder), "COLUMNS": "200"},
        stdout=PIPE,
    )
    assert process.stdout
    url = ""
    while not url and (line := await process.stdout.readline()):
        url = next(iter(re.findall(r"http://\S+", line.decode())), "")
    yield Observing(process, url)
    if process.returncode is None:
        process.terminate()
        await process.wait()


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        missing = "There is no browser here: `apt-get install chromium` brings the one that this test wants"
        pytest.fail(missing) if "CI" in os.environ else pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *_QUIET])
        yield browser
        await browser.close()


async def test_the_page_shows_the_shop_live_an_outage_and_its_end(observing: Observing, browser: Browser) -> None:
    page = await browser.new_page(color_scheme="light", viewport={"width": 1240, "height": 1000})
    page.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    strangers, failures = listen(page, observing.url)

    await page.goto(observing.url)
    for name in ("users", "catalog", "orders"):
        await expect(service(page, name)).to_have_attribute("data-state", "ready")
    await expect(page.get_by_role("cell", name="orders.v2.place_order")).to_be_visible()
    await expect(outcome(page, "confirmed")).not_to_contain_text("0.0")
    await picture(page, "well-light")

    await service(page, "catalog").get_by_role("button", name="Kill it").click()
    await expect(service(page, "catalog")).to_have_attribute("data-state", "does not answer")
    await expect(service(page, "orders").get_by_text("→ catalog: open")).to_be_visible()
    await expect(outcome(page, "pending")).not_to_contain_text("0.0")
    await expect(page.locator("[data-alert=TargetDown]")).to_contain_text("catalog")
    await page.get_by_role("button", name="Light or dark").click()
    await picture(page, "outage-dark")

    await service(page, "catalog").get_by_role("button", name="Start it again").click()
    await expect(service(page, "catalog")).to_have_attribute("data-state", "ready")
    await expect(service(page, "orders").get_by_text("→ catalog: closed")).to_be_visible()
    await expect(page.locator("[data-alert=TargetDown]")).to_have_count(0)

    assert strangers == []
    assert failures == []


async def test_the_page_is_as_good_without_prometheus_but_for_alerts(
    without_prometheus: Observing, browser: Browser
) -> None:
    page = await browser.new_page()
    expect.set_options(timeout=_PATIENCE)

    await page.goto(without_prometheus.url)

    await expect(service(page, "orders")).to_have_attribute("data-state", "ready")
    await expect(outcome(page, "confirmed")).not_to_contain_text("0.0")
    await expect(page.get_by_text("Without Prometheus there are no alerts.")).to_be_visible()


async def test_other_sites_cannot_turn_its_switches(observing: Observing, browser: Browser) -> None:
    page = await browser.new_page()

    answer = await page.request.post(f"{observing.url}/services/catalog/kill")

    assert answer.status == 403


async def test_ctrl_c_stops_all_and_leaves_nothing(observing: Observing, tmp_path: Path) -> None:
    children = children_of(observing.process)

    code = await observing.interrupt()

    assert code == 0
    assert len(children) == 4  # three services, and Prometheus
    assert [child for child in children if child.exists()] == []
    assert left_in(tmp_path) == []


async def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "observe", "--port", str(port)), cwd=ROOT, stdout=PIPE, stderr=PIPE
        )
        told, complaint = await process.communicate()

    assert process.returncode == 1
    assert told == b""
    assert f"Port {port} is taken" in complaint.decode()


def children_of(process: Process) -> list[Path]:
    """Find the processes that a process has started, in the folder that shows those that run."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [Path("/proc", child) for child in children.split()]


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def service(page: Page, name: str) -> Locator:
    return page.locator(f"[data-service={name}]")


def outcome(page: Page, name: str) -> Locator:
    return page.locator(f"[data-outcome={name}]")


def listen(page: Page, home: str) -> tuple[list[str], list[str]]:
    """Note what the page asks of others, and what goes wrong."""
    strangers, failures = list[str](), list[str]()

    def note(url: str) -> None:
        if not url.startswith((home, "data:")):
            strangers.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("requestfailed", lambda request: failures.append(request.url))
    page.on("pageerror", lambda error: failures.append(str(error)))
    return strangers, failures


async def picture(page: Page, name: str) -> None:
    """Keep a screenshot, and say where; pytest shows it with `-rP` or `-s`."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    file = ARTEFACTS / f"{name}.png"
    await page.screenshot(path=file, full_page=True)
    print(f"kept {file.relative_to(ROOT)}")
