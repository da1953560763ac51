"""Wheels: files at hand, or releases that pip fetches once for as long as the command runs."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from contracts.compat.failures import Unreadable

_SECONDS = 120
_NAME = "look at name and version, or name a file: wheel:PATH.whl"


def is_wheel(where: str) -> bool:
    """Tell whether a source is `wheel:FILE`, `wheel:NAME==VERSION` or a .whl file."""
    return where.startswith("wheel:") or where.endswith(".whl")


def wheel(where: str) -> Path:
    """Give the file of a wheel, fetched if need be; raises Unreadable."""
    name = where.removeprefix("wheel:")
    return Path(name) if name.endswith(".whl") else _fetched(name)


@cache
def _fetched(name: str) -> Path:
    where, folder = f"wheel:{name}", Path(_scratch().name, name.replace("/", "-"))
    folder.mkdir(exist_ok=True)
    done = _download([sys.executable, "-m", "pip"], where, folder, name)
    if b"No module named pip" in done.stderr:  # an environment that uv made
        done = _download(["uv", "tool", "run", "pip"], where, folder, name)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unreadable(where, "pip", "a wheel that pip can fetch", said[-1] if said else "no answer", _NAME)
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        raise Unreadable(where, "pip", "a wheel", "a source distribution only", _NAME)
    return wheels[0]


def _download(pip: list[str], where: str, folder: Path, name: str) -> subprocess.CompletedProcess[bytes]:
    command = [*pip, "download", "--no-deps", "--quiet", "--dest", str(folder), "--", name]
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        wanted = "`pip` in this environment, or the command `uv`"
        raise Unreadable(where, "pip", wanted, str(error), "install one of them") from None


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Keep what is fetched until the command ends."""
    return tempfile.TemporaryDirectory(prefix="contracts-")
