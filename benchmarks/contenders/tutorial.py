"""What tutorials add to a FastAPI application: a token check, a metrics middleware, a log line."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import Counter, Histogram
from pydantic import BaseModel

from benchmarks.contenders.settings import public_keys

__all__ = ["Caller", "CallerDep", "add_middlewares", "current_caller"]

Next = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger("shop")
_requests = Counter("http_requests_total", "Requests", ["method", "path", "status"])
_latency = Histogram("http_request_duration_seconds", "Latency", ["method", "path"])
_keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_json(public_keys()).keys}
_bearer = HTTPBearer()


class Caller(BaseModel):
    """Who is calling."""

    id: str
    scopes: set[str]


async def current_caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> Caller:
    """Check the token."""
    try:
        key = _keys[jwt.get_unverified_header(credentials.credentials)["kid"]]
        claims = jwt.decode(credentials.credentials, key, algorithms=["EdDSA"], options={"verify_aud": False})
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "Invalid token", {"WWW-Authenticate": "Bearer"}) from None
    return Caller(id=claims["sub"], scopes=set(claims["scope"].split()))


CallerDep = Annotated[Caller, Depends(current_caller)]


def add_middlewares(app: FastAPI) -> None:
    """Count, time and log each request."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    @app.middleware("http")
    async def measure(request: Request, call_next: Next) -> Response:
        began = time.perf_counter()
        response = await call_next(request)
        path = request.scope["route"].path if "route" in request.scope else "unmatched"
        _latency.labels(request.method, path).observe(time.perf_counter() - began)
        _requests.labels(request.method, path, response.status_code).inc()
        return response

    @app.middleware("http")
    async def log(request: Request, call_next: Next) -> Response:
        began = time.perf_counter()
        response = await call_next(request)
        line = {
            "event": "request",
            "method": request.method,
            "path": request.url.path,
            "status": response.status_code,
            "duration_ms": (time.perf_counter() - began) * 1000,
        }
        logger.info(json.dumps(line))
        return response

    _ = measure, log
