"""A request that is sent over and over."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Request", "any_of"]

_CHOOSE = """
local paths = {%s}

function request()
  return wrk.format(nil, paths[math.random(1, #paths)])
end
"""


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


def any_of(paths: Iterable[str]) -> str:
    """Write a flow that asks for one of these paths each time, whichever chance says."""
    return _CHOOSE % ", ".join(map(json.dumps, paths))
