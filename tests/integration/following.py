"""The runbooks, followed as they are written by somebody who is told of an alert."""

import os

from tests.alerts.runbooks import commands, queries, starting

from .compose import execute
from .watch import Prometheus

__all__ = ["bring_back", "do", "find_over", "look"]


async def look(prometheus: Prometheus, alert: str) -> None:
    """Look where a runbook says; raises AssertionError where it leads to nothing."""
    await _ask(prometheus, alert, "Look")
    for command in commands(alert, "Look"):
        said = await _say(f"{command} || true")  # what is wrong may be what it says
        assert said, f"the runbook of {alert} wants `{command}` to tell something, and it does not"


async def do(alert: str) -> None:
    """Do what a runbook says to do in its commands."""
    for command in commands(alert, "Do"):
        await _say(command)


async def bring_back(alert: str, service: str) -> None:
    """Bring back a service that is gone, by the command of a runbook."""
    await _say(starting(alert, service))


async def find_over(prometheus: Prometheus, alert: str) -> None:
    """Ask what a runbook says to ask when all is over; raises AssertionError where there is no answer."""
    await _ask(prometheus, alert, "Over")


async def _ask(prometheus: Prometheus, alert: str, step: str) -> None:
    for query in queries(alert, step):
        found = await prometheus.query(query)
        assert found, f"the runbook of {alert} wants an answer to what it asks, and there is none: {query}"


async def _say(command: str) -> str:
    """Say it in a shell; where it says docker-compose, it means the Compose of this run."""
    compose = os.environ["CONCORD_COMPOSE"]
    words = command.replace("docker-compose", compose)
    return await execute("sh", "-c", words, env={**os.environ, "COMPOSE": compose})
