"""A PostgreSQL server for tests: started on a free port by whoever needs one, and gone afterwards.

Its programs come from Debian's `postgresql` package, or from anything else that puts `initdb` on the path.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from chassis.migrating import migrate

__all__ = ["PostgresCluster", "find_programs"]

_OWNER = "concord"
_OPTIONS = "-F -c deadlock_timeout=50ms -c max_connections=200"  # -F: what a test wrote need not outlive the power


def find_programs() -> Path | None:
    """Find the folder of PostgreSQL's programs, None where it is not installed."""
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class PostgresCluster:
    """A server of our own, run by somebody who is not root, as it insists."""

    programs: Path
    folder: Path
    port: int
    _templates: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    @classmethod
    @contextmanager
    def running(cls, programs: Path) -> Generator["PostgresCluster"]:
        """Make a cluster in a temporary folder, and remove it in the end."""
        folder = Path(tempfile.mkdtemp(prefix="concord-postgres-"))
        try:
            if os.geteuid() == 0:  # pragma: no branch (the same tests run as root and as somebody else)
                shutil.chown(folder, "postgres")
            cluster = cls(programs, folder, _free_port())
            cluster.run("initdb", "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            cluster.start()
            try:
                yield cluster
            finally:
                cluster.stop()
        finally:
            shutil.rmtree(folder)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} {_OPTIONS}"
        self.run("pg_ctl", "start", "-w", "-s", "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        """Stop the server as a crash would."""
        self.run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def url(self, database: str) -> str:
        """Say how a service names one of the server's databases."""
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/{database}?ssl=disable"  # it has no certificate to offer

    def make_database(self, scripts: str | None = None) -> str:
        """Make a database and return its name: empty, or as the scripts of a service such as `users/migrations` do.

        The scripts run once; every further database is a copy of what they made.
        """
        name = f"t{uuid4().hex}"
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {self._template(scripts)}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, also from under those who still use it."""
        self.execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, database: str, statement: str) -> None:
        """Execute a statement as another program would, at once and without an event loop."""
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", _OWNER]
        command = [self.programs / "psql", *server, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, database]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (the statements are the tests' own)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs that must not be root's."""
        subprocess.run(  # noqa: S603 (as above)
            [self.programs / program, "-D", self.folder / "data", *arguments],
            user="postgres" if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _template(self, scripts: str | None) -> str:
        if scripts is None:
            return "template1"
        if scripts not in self._templates:
            name = self.make_database()
            migrate(self.url(name), scripts)
            self._templates[scripts] = name
        return self._templates[scripts]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
