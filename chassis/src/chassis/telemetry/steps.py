"""Steps of traces: which spans there are and what they say, declared as data, so that a page and a test can be made."""

from dataclasses import dataclass

__all__ = ["STEPS", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of span; `attributes` are all that it can have."""

    name: str
    kind: str
    meaning: str
    attributes: tuple[str, ...]


STEPS = (
    Step(
        "the operation, as `orders.v2.get_order`",
        "server",
        "A request that is answered; its method where no operation is.",
        ("http.request.method", "http.route", "http.response.status_code", "concord.operation"),
    ),
    Step(
        "the operation, as `users.v2.get_standing`",
        "client",
        "An attempt to call another service.",
        ("http.request.method", "url.template", "peer.service", "concord.operation", "http.response.status_code"),
    ),
    Step(
        "`database read` or `database write`",
        "client",
        "A unit of work, with how long it waited for its turn.",
        ("db.system.name", "concord.unit.kind", "concord.unit.wait_seconds"),
    ),
    Step("the work, as `recovery`", "internal", "Work that no request asked for.", ("concord.operation",)),
)
