"""A request that is sent over and over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server, and which answer is right."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    status: int = 200
    flow: str = ""
    """Lua that makes each request anew: it may define `request` and `delay`."""
