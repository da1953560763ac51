"""What is counted of invariants: how often they were looked at, and what was found broken."""

from chassis.telemetry.instruments import Label, counter
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "CheckFigures"]

_INVARIANT = Label("invariant", "what must always hold, such as `reserved_is_what_reservations_hold`")

CHECKS = counter(
    "concord_invariant_checks_total",
    "Looks at invariants.",
    _INVARIANT,
    Label("outcome", "`held`, `violated`, or `unknown` where nobody could look"),
)
VIOLATIONS = counter("concord_invariant_violations_total", "Things that were found to break an invariant.", _INVARIANT)

INSTRUMENTS = (CHECKS, VIOLATIONS)


class CheckFigures:
    """Counts looks at invariants."""

    def __init__(self, metrics: Metrics) -> None:
        self._checks = metrics.count(CHECKS)
        self._violations = metrics.count(VIOLATIONS)

    def begin(self, invariant: str) -> None:
        """Show an invariant before the first look at it."""
        self.note(invariant, 0, looks=0)

    def note(self, invariant: str, found: int, *, looks: int = 1) -> None:
        """Note what a look found."""
        self._checks.add(invariant, "violated" if found else "held", by=looks)
        self._violations.add(invariant, by=found)

    def fail(self, invariant: str) -> None:
        """Note that nobody could look."""
        self._checks.add(invariant, "unknown")
