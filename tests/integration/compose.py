"""The containers of the shop: found, scaled, and treated as badly as operators and machines treat them."""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping, Sequence
from itertools import chain
from shutil import which
from subprocess import run
from typing import Any

__all__ = ["Compose", "NoDocker", "execute", "find_compose"]

_PATIENCE = 120.0  # seconds for one command
_POLICY = "unless-stopped"
_CANDIDATES = (("docker", "compose"), ("docker-compose",))


class NoDocker(Exception):
    """There is no Docker here that can be used."""


class Compose:
    """Runs Compose and `docker` on one project."""

    def __init__(self, command: Sequence[str], project: str, env: Mapping[str, str] | None = None) -> None:
        """`env` is the environment of Compose; without it, that of this process."""
        self.command = command
        self.project = project
        self.env = env

    async def run(self, *words: str, given: bytes = b"") -> str:
        """Run a Compose command and return what it printed; raises AssertionError where it fails."""
        return await execute(*self.command, *words, given=given, env=self.env)

    async def containers(self, service: str) -> list[str]:
        """Find the containers of a service that are there, running or not."""
        labels = {"project": self.project, "service": service, "oneoff": "False"}  # which both Composes give them
        wanted = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        found = (await execute("docker", "ps", "--all", "--quiet", *wanted)).split()
        assert found, f"wanted containers of {service} in the project {self.project}, and there are none"
        return found

    async def inspect(self, *services: str) -> list[dict[str, Any]]:
        """Read all that Docker knows of the containers of some services."""
        found = await asyncio.gather(*map(self.containers, services))
        described: list[dict[str, Any]] = json.loads(await execute("docker", "inspect", *chain(*found)))
        return described

    async def each(self, service: str, *words: str) -> None:
        """Do the same to each container of a service, as in `each("users", "kill")`."""
        await execute("docker", *words, *await self.containers(service))

    async def slay(self, service: str) -> None:
        """Kill each container of a service as the kernel does, from the host."""
        found = [str(described["State"]["Pid"]) for described in await self.inspect(service)]
        killer = ("--entrypoint", "sh", "concord-orders", "-c", f"kill -KILL {' '.join(found)}")
        await execute("docker", "run", "--rm", "--pid=host", "--user=0", "--network=none", *killer)

    async def revive(self, *services: str) -> None:
        """Bring back whatever was done to services; their containers may be stopped, dead or paused."""
        for described in await self.inspect(*services):
            name, state = described["Id"], described["State"]
            if described["HostConfig"]["RestartPolicy"]["Name"] != _POLICY:
                await execute("docker", "update", f"--restart={_POLICY}", name)
            if state["Paused"] or not state["Running"]:
                await execute("docker", "unpause" if state["Paused"] else "start", name)


async def execute(*words: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it printed; raises AssertionError where it fails or takes too long."""
    told = " ".join(words)
    process = await asyncio.create_subprocess_exec(
        *words, stdin=PIPE if given else DEVNULL, stdout=PIPE, stderr=PIPE, env=env
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            said, complained = await process.communicate(given or None)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AssertionError(f"`{told}` should be done within {_PATIENCE:.0f} s, and is not") from None
    assert process.returncode == 0, f"`{told}` should succeed, and said: {complained.decode()}{said.decode()}"
    return said.decode()


def find_compose(wanted: str | None = None) -> tuple[str, ...]:
    """Find a Compose that works, v2 before v1.29, or the wanted one; raises NoDocker where there is none."""
    if which("docker") is None:
        raise NoDocker("`docker` is not installed: `apt-get install docker.io docker-compose` brings it")
    daemon = run(("docker", "version"), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, check=False)
    if daemon.returncode != 0:
        raise NoDocker("`docker version` reaches no daemon: start dockerd, or join the group docker")
    for command in [tuple(wanted.split())] if wanted else _CANDIDATES:
        if which(command[0]) and not run((*command, "version"), stdout=DEVNULL, stderr=DEVNULL, check=False).returncode:
            return command
    raise NoDocker(f"{wanted or 'Compose'} is not installed: `apt-get install docker-compose` brings Compose 1.29")
