"""What a running service is: its build, what it serves, its schema, its settings without secrets, what it stands on."""

import asyncio
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distributions, version
from typing import Any

from contracts.errors import Unavailable
from contracts.operation import Api, Operation
from pydantic import SecretStr

from chassis.database import Database
from chassis.loops import Loop
from chassis.redaction import MASK, scrub
from chassis.settings import ServiceSettings
from chassis.telemetry.labels import operation_label
from chassis.variables import variable

__all__ = ["Information"]

Facts = dict[str, Any]


@dataclass(frozen=True)
class Information:
    """What can be told of one application; `began` is on the monotonic clock."""

    settings: ServiceSettings
    apis: Sequence[type[Api]]
    database: Database
    migrations: str
    loops: Sequence[Loop]
    began: float

    async def tell(self) -> Facts:
        """Gather all of it; what the database cannot say now is None."""
        return {
            "service": self._build(),
            "process": self._process(),
            "contracts": [_contract(api) for api in self.apis],
            "migrations": await self._migrations(),
            "loops": [{"loop": loop.name, "every_seconds": loop.every} for loop in self.loops],
            "settings": {variable(name): self._setting(name) for name in type(self.settings).model_fields},
            "dependencies": await asyncio.to_thread(_dependencies),
        }

    def _build(self) -> Facts:
        name = self.apis[0].service
        return {"name": name, "version": version(f"concord-{name}"), "commit": self.settings.commit}

    def _process(self) -> Facts:
        uptime = time.monotonic() - self.began
        return {
            "pid": os.getpid(),
            "started_at": datetime.fromtimestamp(time.time() - uptime, UTC).isoformat(timespec="seconds"),
            "uptime_seconds": round(uptime, 3),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "executable": sys.executable,
        }

    async def _migrations(self) -> Facts:
        from chassis.migrating import revision_of, revisions  # noqa: PLC0415 -- Alembic takes a sixth of a start

        known = await asyncio.to_thread(revisions, self.migrations)
        try:
            current = await self.database.read(revision_of)
        except Unavailable:
            return {"known": known, "current": None, "applied": None}
        applied = known[: known.index(current) + 1] if current in known else []
        return {"known": known, "current": current, "applied": applied}

    def _setting(self, name: str) -> Facts:
        value: object = getattr(self.settings, name)
        return {"value": _shown(value), "is_default": name not in self.settings.model_fields_set}


def _contract(api: type[Api]) -> Facts:
    end = api.retirement
    return {
        "contract": f"{api.service}.{api.version}",
        "deprecated": end.deprecated.isoformat() if end else None,
        "sunset": end.sunset.isoformat() if end else None,
        "operations": [_operation(op) for op in api.operations()],
    }


def _operation(op: Operation[..., Any]) -> Facts:
    return {"operation": operation_label(op), "method": op.method, "path": op.path, "scope": op.scope}


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return MASK
    return value if isinstance(value, bool | int | float | None) else scrub(str(value))


@cache
def _dependencies() -> dict[str, str]:
    """List what is installed beside us, which is what this process can have loaded."""
    return {found.name: found.version for found in sorted(distributions(), key=lambda found: found.name.lower())}
