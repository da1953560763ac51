"""What the services publish now: asked of each with `python -m <service> openapi <version>`."""

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from contracts.tools.documents import Json, parse
from contracts.tools.faults import ToolError

__all__ = ["published", "published_text"]

SECONDS = 60.0
_AT_ONCE = 4


def published_text(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """Ask each service for its document of each version, several at a time; the bytes that it prints."""
    names = list(asked)
    with ThreadPoolExecutor(_AT_ONCE) as crew:
        return dict(zip(names, crew.map(_ask, names), strict=True))


def published(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Json]:
    """The same, as documents."""
    said = published_text(asked).items()
    return {(service, version): parse(text, f"`{_command(service, version)}`") for (service, version), text in said}


def _command(service: str, version: str) -> str:
    return f"python -m {service} openapi {version}"


def _ask(name: tuple[str, str]) -> bytes:
    service, version = name
    try:
        done = subprocess.run(  # noqa: S603 (this interpreter, and a package that the contracts name)
            [sys.executable, "-m", service, "openapi", version], capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise _failed(name, f"no answer in {SECONDS:g} seconds") from exc
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip() or "no word about it").splitlines()[-1]
        raise _failed(name, f"exit status {done.returncode}: {last}")
    return done.stdout


def _failed(name: tuple[str, str], found: str) -> ToolError:
    return ToolError(f"`{_command(*name)}`: wanted the document that it publishes, found {found}; run it to see why")
