"""The table of the mutants: which guard was taken away, and which test noticed."""

from collections.abc import Sequence

from .trial import Outcome

__all__ = ["head", "totals", "write"]

_WIDTH = 52


def head() -> str:
    """Name the columns."""
    return f"{'without this guard':<{_WIDTH}}{'seconds':>8}  noticed by"


def write(outcome: Outcome) -> str:
    """Tell of one mutant; one that survives says what goes wrong, and what would have to notice."""
    told = outcome.trouble or outcome.noticed_by
    if not told:
        tests = ", ".join(outcome.mutant.tests)
        told = f"NOBODY: {outcome.mutant.why}; write the test that notices, beside {tests}"
    return f"{outcome.mutant.name:<{_WIDTH}}{outcome.seconds:>8.1f}  {told}"


def totals(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Count who was noticed."""
    noticed = sum(outcome.is_good for outcome in outcomes)
    return f"{len(outcomes)} mutants: {noticed} noticed, {len(outcomes) - noticed} survived; {seconds:.0f} seconds"
