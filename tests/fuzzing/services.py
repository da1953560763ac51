"""The three services as real processes that know each other, on free ports, with SQLite files in one folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from contracts.examples import example_json
from contracts.users.v2 import NewUser

__all__ = ["Shop", "open_shop"]

_NAMES: tuple[str, ...] = ("users", "catalog", "orders")
_HOST = "127.0.0.1"
_UNLIMITED = "1000000/second"
_PATIENCE = 90.0
"""Seconds in which a service should start, and in which it should stop."""

_SETTINGS = {
    "CONCORD_ENV": "test",
    "CONCORD_HOST": _HOST,
    "CONCORD_LOG_FORMAT": "json",
    "CONCORD_LOG_LEVEL": "error",  # so that whatever they log is a fault
    "CONCORD_OPERATIONS_PORT": "0",
    "CONCORD_PASSWORD_RATE": _UNLIMITED,
    "CONCORD_RATE_LIMIT": _UNLIMITED,
    "CONCORD_SEED_PASSWORD": str(example_json(NewUser)["password"]),
    "CONCORD_TOKEN_SECONDS": "86400",
}


@dataclass(frozen=True)
class Shop:
    """Where the services are, and what they complain of."""

    folder: Path
    ports: dict[str, int]
    databases: Mapping[str, str]
    settings: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict[str, "subprocess.Popen[bytes]"])

    def url(self, name: str) -> str:
        return f"http://{_HOST}:{self.ports[name]}"

    def environment(self, name: str) -> dict[str, str]:
        """List the variables that a service and its chores run with."""
        urls = {f"CONCORD_{other.upper()}_URL": self.url(other) for other in self.ports}
        own = {
            "CONCORD_DATABASE_URL": self.databases[name],
            "CONCORD_ISSUER": self.url("users"),
            "CONCORD_PORT": str(self.ports[name]),
        }
        return os.environ | _SETTINGS | dict(self.settings) | urls | own

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def stop(self, name: str) -> None:
        """Ask a service to end, and wait until it has."""
        self.processes[name].terminate()
        self.processes[name].wait(_PATIENCE)

    def complaints(self) -> str:
        """Read all that the services have logged."""
        return "\n".join(self.log(name).read_text() for name in self.ports).strip()


@contextmanager
def open_shop(folder: Path, databases: Mapping[str, str] | None = None, **settings: str) -> Generator[Shop]:
    """Start the services, with the person of the contract's examples as a customer; stop them at the end."""
    on_files = {name: f"sqlite:///{folder / name}.db" for name in _NAMES}
    ports = dict(zip(_NAMES, _free_ports(len(_NAMES)), strict=True))
    shop = Shop(folder, ports, databases or on_files, settings)
    with ExitStack() as stack:
        processes = {name: stack.enter_context(_process(shop, name)) for name in shop.ports}
        with httpx.Client() as http:
            for name, process in processes.items():
                _wait_until_ready(shop, name, process, http)
            http.post(f"{shop.url('users')}/v2/users", json=example_json(NewUser)).raise_for_status()
        yield shop


def _free_ports(count: int) -> Iterator[int]:
    with ExitStack() as stack:
        for _ in range(count):
            taken = stack.enter_context(socket.create_server((_HOST, 0)))  # all at once, so that no two are the same
            yield taken.getsockname()[1]


@contextmanager
def _process(shop: Shop, name: str) -> Generator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", name]
    with (
        shop.log(name).open("wb") as log,
        subprocess.Popen(command, env=shop.environment(name), stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        shop.processes[name] = process
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            finally:
                process.kill()


def _wait_until_ready(shop: Shop, name: str, process: subprocess.Popen[bytes], http: httpx.Client) -> None:
    end = time.monotonic() + _PATIENCE
    while not _is_ready(shop.url(name), http):
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"{name} should be ready within {_PATIENCE} s; it says: {shop.log(name).read_text()}")
        time.sleep(0.05)


def _is_ready(url: str, http: httpx.Client) -> bool:
    try:
        return http.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False
