"""Where a benchmark takes place: servers that run, a folder for their files, a database for their data."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server, socket
from tempfile import TemporaryDirectory

from chassis.testing_postgres import PostgresCluster, find_programs

from benchmarks.failures import Failure
from benchmarks.machine import Cores
from benchmarks.processes import Process, Spec

__all__ = ["Stage"]


@dataclass(slots=True)
class Stage:
    """Starts servers, and stops all of them in the end."""

    folder: Path
    cores: Cores
    cluster: PostgresCluster | None
    is_quick: bool
    _stack: ExitStack = field(repr=False)
    _taken: set[int] = field(default_factory=set[int])

    @classmethod
    @contextmanager
    def open(cls, cores: Cores, database: str, *, is_quick: bool = False) -> Generator["Stage"]:
        """Set up the folder and, where it is wanted, a PostgreSQL server."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="concord-bench-")))
            cluster = stack.enter_context(PostgresCluster.running(_programs())) if database == "postgresql" else None
            yield cls(folder, cores, cluster, is_quick, stack)

    def start(self, *specs: Spec, cores: Sequence[int] = ()) -> list[Process]:
        """Start servers side by side, and wait until all of them are ready."""
        processes = list[Process]()
        for spec in specs:
            log = self.folder / f"{spec.name.replace('/', '-')}.log"
            process = Process(spec, self.cores.all, log)  # all start at once, and are kept to their places afterwards
            self._stack.callback(process.stop)
            processes.append(process)
        for process in processes:
            process.wait_until_ready()
            process.settle(cores or self.cores.server)
        return processes

    def hold(self, listener: socket) -> socket:
        """Keep a socket open until the end."""
        return self._stack.enter_context(listener)

    def port(self) -> int:
        """Find a port that nobody listens on, another one each time."""
        while True:
            with create_server(("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
            if port not in self._taken:
                self._taken.add(port)
                return port

    def database(self, name: str, scripts: str | None = None) -> str:
        """Make a database and return its URL; on PostgreSQL it has the tables that a service's scripts make."""
        if self.cluster:
            return self.cluster.url(self.cluster.make_database(scripts))
        return f"sqlite:///{self.folder / name}.db"


def _programs() -> Path:
    programs = find_programs()
    if programs is None:
        raise Failure("--database postgresql wants PostgreSQL's programs and finds none: apt-get install postgresql.")
    return programs
