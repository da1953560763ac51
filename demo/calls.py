"""Who called whom: each call between services leaves a line in the access log of the one that answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.logs import Line

__all__ = ["Call", "calls_within"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as the transcript shows it."""

    caller: str
    callee: str
    operation: str
    what: str
    """Method and path, as the contract writes them."""
    status: int
    milliseconds: float


def calls_within(trace_id: str, lines: Iterable[Line]) -> list[Call]:
    """Find the calls between services that belong to a trace, in the order in which they began.

    A line names the span that called it, and the caller's own lines say whose span that is. The call that began the
    trace came from outside, so it is left out.
    """
    traced = [line for line in lines if line.trace_id == trace_id]
    services = {line.span_id: line.service for line in traced}
    inner = [line for line in traced if line.event == "request" and line.parent_id in services]
    return [
        Call(
            caller=services[line.parent_id],
            callee=line.service,
            operation=line.operation or "",
            what=f"{line.method} {line.route}",
            status=line.status or 0,
            milliseconds=line.duration_ms,
        )
        for line in sorted(inner, key=lambda line: line.began)
    ]
