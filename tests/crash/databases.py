"""Databases for the stacks: SQLite files, or databases on a PostgreSQL server of our own."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from chassis.migrating import migrate

from .stack import NAMES

__all__ = ["Databases", "open_databases"]


class Databases:
    """Makes three databases at a time, one for each service."""

    def __init__(self, programs: Path | None, port: int) -> None:
        self._programs = programs
        self._port = port

    async def make(self, kind: str, folder: Path) -> dict[str, str]:
        """Make empty databases, and return their URLs."""
        if kind == "sqlite":
            return {name: f"sqlite:///{folder / name}.db" for name in NAMES}
        return {name: await asyncio.to_thread(self._copy, name) for name in NAMES}

    def prepare(self) -> None:
        """Migrate one database of each service, to be copied."""
        for name in NAMES:
            self._run("createdb", name)
            migrate(self._url(name), f"{name}/migrations")

    def _copy(self, name: str) -> str:
        copy = f"{name}_{uuid4().hex}"
        self._run("createdb", "--template", name, copy)
        return self._url(copy)

    def _url(self, database: str) -> str:
        return f"postgresql://concord@127.0.0.1:{self._port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        assert self._programs is not None
        server = ["-h", "127.0.0.1", "-p", str(self._port), "-U", "concord"]
        subprocess.run([self._programs / program, *server, *arguments], check=True, capture_output=True)


@contextmanager
def open_databases(kinds: Sequence[str]) -> Generator[Databases]:
    if "postgresql" not in kinds:
        yield Databases(None, 0)
        return
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    programs = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="concord-crash-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: object) -> None:
        subprocess.run(
            [str(part) for part in command], user=user, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "concord", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -F -c max_connections=400"
    run(programs / "pg_ctl", "-D", data, "start", "-w", "-s", "-l", folder / "log", "-o", options)
    try:
        databases = Databases(programs, port)
        databases.prepare()
        yield databases
    finally:
        run(programs / "pg_ctl", "-D", data, "stop", "-w", "-s", "-m", "immediate")
        shutil.rmtree(folder)
