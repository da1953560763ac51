"""Ports of this machine: free ones, and those that somebody else has taken."""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack

__all__ = ["HOST", "free_ports", "is_taken"]

HOST = "127.0.0.1"

_RANGE = range(20_000, 32_000)
"""Below those from which systems take ports for outgoing calls: one of them could take the port of a dead service."""


def free_ports(count: int) -> list[int]:
    """Find so many ports that nobody listens on."""
    with ExitStack() as stack:
        return [next(_listenable(stack)) for _ in range(count)]


def is_taken(port: int) -> bool:
    """Say whether somebody else has a port, or the system keeps it from us."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return True
    return False


def _listenable(stack: ExitStack) -> Iterator[int]:
    """Go through free ports, each of which is held until the stack is closed, so that none is found twice."""
    for port in random.sample(_RANGE, len(_RANGE)):
        try:
            stack.enter_context(socket.create_server((HOST, port)))
        except OSError:
            continue
        yield port
