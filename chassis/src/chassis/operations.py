"""What those who operate a service ask it, on a port of its own that is never public."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.telemetry.metrics import Metrics

__all__ = ["operations"]

_NO_STORE = {"Cache-Control": "no-store"}


def operations(metrics: Metrics) -> Starlette:
    """Make the application that answers on the operations port."""

    async def show_metrics(request: Request) -> Response:
        content, media_type = await metrics.show(request.headers.get("accept", ""))
        return Response(content, headers=_NO_STORE, media_type=media_type)

    return Starlette(routes=[Route("/metrics", show_metrics)])
