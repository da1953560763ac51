"""Doubt: each call is made while nothing can be committed, before it is made in earnest."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from chassis.faults import Fault, Faults
from contracts.errors import NoAnswer
from contracts.operation import Operation
from contracts.tools.apis import apis

from .world import Urls, World, insist, running_world

T = TypeVar("T")

_ANY_UNIT = Fault(place="unit", name="{any}", moment="within", kind="fail", stays=True)
_WRITES_NOTHING = {"users identity issue_token"}


class Doubt:
    """Makes each call twice: first while nothing can be committed, then in earnest."""

    def __init__(self, faults: Faults) -> None:
        self.tried = set[str]()
        self.wrong: list[str] = []
        self._faults = faults

    async def __call__(self, op: Operation[..., Any], call: Callable[[], Awaitable[T]]) -> T:
        armed = self._faults.arm(_ANY_UNIT)
        try:
            answer = await call()
        except NoAnswer:
            self.tried.add(op.label)
        else:
            self.wrong.append(f"{op.label} said {answer!r}, and nothing was saved")
        self._faults.disarm(armed)
        return await insist(call)


@asynccontextmanager
async def doubtful_world(urls: Urls, folder: Path) -> AsyncGenerator[tuple[World, Doubt]]:
    """Run the services with a database that refuses to commit whenever somebody is in doubt."""
    faults = folder / "faults"
    faults.mkdir()
    async with running_world(urls, idle=True, faults=faults) as world:
        world.is_insistent = False
        yield world, Doubt(Faults(faults))
        assert await world.violations() == []


def changing(*versions: str) -> set[str]:
    """Name the operations of these versions that change something; `catalog v1` or `v2`."""
    served = [api for (service, version), api in apis().items() if {version, f"{service} {version}"} & set(versions)]
    return {op.label for api in served for op in api.operations() if op.method != "GET"} - _WRITES_NOTHING
