"""The documentation pages, opened in a real browser: all that they need comes from the service itself."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from chassis.testing import Issuer
from playwright.async_api import Browser, Page, Request, Response, async_playwright

from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio

_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


class Traffic:
    """What a page asked for, and what went wrong."""

    def __init__(self, page: Page, home: str) -> None:
        self.strangers: list[str] = []
        self.failed: list[str] = []
        self._home = home
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("pageerror", lambda error: self.failed.append(str(error)))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._home, "data:", "blob:")):
            self.strangers.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")


@pytest.fixture
async def home(tmp_path: Path, toy_schema: str) -> AsyncIterator[str]:
    """The base URL of a toy shop on a real server."""
    told = settings(tmp_path)
    app = build(told, Issuer(told), Shelf(), toy_schema)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if "CI" in os.environ:
            pytest.fail("CI wants a browser, and there is none: `apt-get install chromium` brings it")
        pytest.skip("There is no browser here: `apt-get install chromium` brings the one this test wants")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *_QUIET])
        yield browser
        await browser.close()


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/v2/docs", "/v2/toys/{name}"), ("/v1/docs", "/v1/toys/{name}"), ("/v2/redoc", "Fetch a toy")],
)
async def test_a_docs_page_shows_the_api_and_asks_nobody_else(
    browser: Browser, home: str, path: str, shown: str
) -> None:
    page = await browser.new_page()
    traffic = Traffic(page, home)

    await page.goto(home + path, wait_until="networkidle")
    await page.get_by_text(shown).filter(visible=True).first.wait_for()

    assert traffic.strangers == []
    assert traffic.failed == []
