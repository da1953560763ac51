"""The page's own server: the page, what it shows, and two switches, to kill a service and to start it again."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from demo.shop import Shop
from observe.watching import Watcher

__all__ = ["SWITCH", "page"]

SWITCH = "X-Observe"
"""The header without which no switch turns: other sites' pages may not send it."""

_FILES = Path(__file__).parent / "page"
_NO_STORE = {"Cache-Control": "no-store"}


def page(shop: Shop, watcher: Watcher) -> Starlette:
    """Make the application that serves the page."""

    async def figures(request: Request) -> Response:
        return JSONResponse(watcher.seen(), headers=_NO_STORE)

    def switch(turn: Callable[[str], Awaitable[None]]) -> Callable[[Request], Awaitable[Response]]:
        async def act(request: Request) -> Response:
            name = request.path_params["name"]
            if SWITCH not in request.headers or name not in shop.services:
                return Response(status_code=403)
            await turn(name)
            return Response(status_code=204)

        return act

    return Starlette(
        routes=[
            Route("/figures", figures),
            Route("/services/{name}/kill", switch(lambda name: shop.services[name].kill()), methods=["POST"]),
            Route("/services/{name}/start", switch(lambda name: shop.start([name])), methods=["POST"]),
            Mount("/", StaticFiles(directory=_FILES, html=True)),
        ]
    )
