"""Sign in with a password, which is hashed with Argon2id on purpose."""

from urllib.parse import urlencode

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.processes import Process
from benchmarks.requests import Request
from benchmarks.rivals import Rivals
from benchmarks.shop import EMAIL, PASSWORD, open_shop
from benchmarks.stage import Stage

__all__ = ["contest"]

PLAIN = "FastAPI, its tutorial's login"
_FORM = urlencode({"grant_type": "password", "username": EMAIL, "password": PASSWORD})


def contest(stage: Stage) -> Contest:
    """Start users, and the tutorial's application over its accounts."""
    shop = open_shop(stage)
    rivals = Rivals(stage, shop, f"{shop.url('users')}/v2/users/me")
    (plain,) = stage.start(rivals.asgi("fastapi_login", {"BENCH_DATABASE_URL": shop.databases["users"]}))
    return Contest(
        "login",
        "A password against Argon2id with 64 MiB, the same in both; 4 connections, one processor.",
        PLAIN,
        [_contender("Concord, everything on", shop.processes["users"]), _contender(PLAIN, plain)],
        connections=4,
        least_seconds=3.0,
    )


def _contender(name: str, process: Process) -> Contender:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Contender(name, [process], [Request(f"{process.spec.url}/oauth/token", "POST", headers, _FORM)])
