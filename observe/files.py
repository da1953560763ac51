"""What is made from data and committed: a file of rules for objectives, one for other alerts, and a dashboard."""

from collections.abc import Mapping
from pathlib import Path

from observe import alerts, burning, dashboard
from observe.rules import Group, scale, text

__all__ = ["ROOT", "RUNBOOKS", "groups", "rules", "stale", "texts", "write"]

ROOT = Path(__file__).parent.parent / "deploy" / "observe"
RUNBOOKS = "docs/runbooks.md"

_OPENING = """\
# Made by `python -m observe write` from the data in observe/: change that, not this.
"""


def groups() -> dict[str, list[Group]]:
    """Name the groups of rules by the file that holds them."""
    return {"objectives.yml": burning.groups(), "alerts.yml": alerts.groups()}


def texts(factor: float = 1, runbooks: str = RUNBOOKS) -> dict[str, str]:
    """Write all files, with times scaled by one factor; by path below the folder they go to."""
    return {**rules(factor, runbooks), "grafana/shop.json": dashboard.text()}


def rules(factor: float = 1, runbooks: str = RUNBOOKS) -> dict[str, str]:
    """Write the files that Prometheus loads."""
    return {
        f"alerts/{name}": _OPENING + text([scale(group, factor) for group in found], runbooks)
        for name, found in groups().items()
    }


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Put files where they belong."""
    for name, content in made.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def stale(folder: Path, made: Mapping[str, str]) -> list[str]:
    """List files that are not what the data would make of them now."""
    return [name for name, content in made.items() if _read(folder / name) != content]


def _read(file: Path) -> str | None:
    return file.read_text() if file.exists() else None
