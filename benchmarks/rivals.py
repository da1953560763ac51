"""How the contenders are started that answer from one process."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from benchmarks.node import installed, node
from benchmarks.processes import Spec, python
from benchmarks.shop import Shop
from benchmarks.stage import Stage

__all__ = ["Rivals"]

_QUIET = ("--no-access-log", "--log-level", "warning")
_CACHE = Path(__file__).parent.parent / ".artifacts" / "bench"
_PACKAGE = "benchmarks.contenders"


class Rivals:
    """Starts contenders over the data of a shop, so that they can answer what it answers."""

    def __init__(self, stage: Stage, shop: Shop, order: str) -> None:
        """Keep the answer that the shop gives for the order at this URL, and the keys for its tokens."""
        self._stage = stage
        self.answer = httpx.get(order, headers=shop.bearer, trust_env=False).raise_for_status()
        self._env = {
            "BENCH_ORDER": str(_kept(stage.folder / "order.json", self.answer.content)),
            "BENCH_KEYS": str(_kept(stage.folder / "keys.json", shop.keys.encode())),
            "BENCH_DATABASE_URL": shop.databases["orders"],
        }

    def asgi(self, module: str, env: Mapping[str, str] | None = None) -> Spec:
        """Say how uvicorn serves one of the contenders."""
        port = self._stage.port()
        command = python("-m", "uvicorn", f"{_PACKAGE}.{module}:app", "--host", "127.0.0.1", "--port", str(port))
        return Spec(module, [*command, *_QUIET], port, {**self._env, **(env or {})})

    def told(self, spec: Spec, command: Sequence[str]) -> Spec:
        """Say how something else is started that is to know what contenders know."""
        return replace(spec, command=command, env={**spec.env, **self._env})

    def wsgi(self, module: str) -> Spec:
        """Say how gunicorn serves one of the contenders."""
        port = self._stage.port()
        command = python("-m", "gunicorn", f"{_PACKAGE}.{module}:app", "--bind", f"127.0.0.1:{port}")
        threads = ("--worker-class", "gthread", "--threads", "4")  # or each request would open a connection
        return Spec(module, [*command, *threads, "--log-level", "warning"], port, self._env)

    def node(self) -> list[Spec]:
        """Say how Node serves two of them; none where npm cannot get what they need."""
        place = installed(_CACHE)
        ports = {name: self._stage.port() for name in ("express", "fastify")} if place else {}
        return [
            Spec(name, node(Path(place or "", f"{name}.js"), port), port, self._env) for name, port in ports.items()
        ]


def _kept(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file
