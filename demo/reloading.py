"""Reload on change: whoever runs code that was changed starts again."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType]  # it also takes the events of trio, if there

from demo.shop import NAMES

__all__ = ["changed_services"]

_SHARED = ("contracts", "chassis")


async def changed_services() -> AsyncIterator[list[str]]:
    """Wait for changes of the code, and name the services that run it."""
    folders = {_folder(package): package for package in (*_SHARED, *NAMES)}
    async for changes in awatch(*folders, watch_filter=_is_source):
        packages = {_package(folders, Path(path)) for _, path in changes}
        yield [name for name in NAMES if name in packages or packages.intersection(_SHARED)]


def _is_source(change: Change, path: str) -> bool:
    """Pass over what interpreters and editors leave behind."""
    return path.endswith((".py", ".json"))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} should be installed, and is not: run `uv sync --all-packages`")
    return Path(spec.origin).resolve().parent


def _package(folders: dict[Path, str], changed: Path) -> str:
    return next(folders[folder] for folder in changed.parents if folder in folders)
