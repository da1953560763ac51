"""The table of a crash run: a row for each fault as it is done, and the sum of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from .verdict import Verdict

__all__ = ["Row", "head", "totals"]

_COLUMNS = f"{'database':<11}{'kills':>6}{'violations':>11}{'lost':>5}{'doubled':>8}{'stuck':>6}{'seconds':>8}  outcome"
_WIDTH = 84


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one fault, or of one long run."""

    what: str
    database: str
    kills: int
    outcome: str
    verdict: Verdict
    seconds: float

    def __str__(self) -> str:
        found = self.verdict
        counts = f"{self.kills:>6}{len(found.violations):>11}{found.lost:>5}{found.doubled:>8}{found.stuck:>6}"
        return f"{self.what:<{_WIDTH}}{self.database:<11}{counts}{self.seconds:>8.1f}  {self.outcome}"


def head() -> str:
    """Name the columns."""
    return f"{'point: fault':<{_WIDTH}}{_COLUMNS}"


def totals(rows: Sequence[Row], seconds: float) -> str:
    """Add everything up."""
    found = [row.verdict for row in rows]
    return (
        f"{len({row.what for row in rows})} faults and long runs, {len(rows)} rows: "
        f"{sum(row.kills for row in rows)} kills, {sum(len(one.violations) for one in found)} invariant violations, "
        f"{sum(one.lost for one in found)} orders lost, {sum(one.doubled for one in found)} doubled, "
        f"{sum(one.stuck for one in found)} stuck, {seconds:.0f} seconds"
    )
