"""The documentation pages of each version, from vendored files: no request leaves the machine."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from chassis.binding import ApiRouter
from chassis.publishing import publish, written

__all__ = ["serve_documents"]

_STATIC = Path(__file__).parent / "static"
_ICON = "/static/swagger-ui/favicon-32x32.png"


def serve_documents(app: FastAPI, routers: Sequence[ApiRouter]) -> None:
    """Serve `/<version>/openapi.json`, `/<version>/docs` and `/<version>/redoc` for each API."""
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for router in routers:
        _serve(app, router)


def _serve(app: FastAPI, router: ApiRouter) -> None:
    api = router.api
    path = f"/{api.version}/openapi.json"
    title = f"{api.service} {api.version}"

    @cache
    def document() -> bytes:
        return written(publish(router))

    async def openapi() -> Response:
        return Response(document(), media_type="application/json")

    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=path,
            title=title,
            swagger_js_url="/static/swagger-ui/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger-ui/swagger-ui.css",
            swagger_favicon_url=_ICON,
        )

    async def redoc() -> HTMLResponse:
        return get_redoc_html(
            openapi_url=path,
            title=title,
            redoc_js_url="/static/redoc/redoc.standalone.js",
            redoc_favicon_url=_ICON,
            with_google_fonts=False,
        )

    for where, page in ((path, openapi), (f"/{api.version}/docs", docs), (f"/{api.version}/redoc", redoc)):
        app.add_api_route(where, page, include_in_schema=False)
