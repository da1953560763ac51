"""A mutant: the program without one of its guards, and the tests that must notice."""

import ast
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Mutant", "StaleMutant"]


class StaleMutant(AssertionError):
    """The text that a mutant changes is not there any more, or there more than once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit of the sources that takes a guard away."""

    name: str
    file: str
    old: str
    new: str
    why: str
    """What goes wrong without the guard."""
    tests: tuple[str, ...]
    """As pytest names them: `file::function`, perhaps with `[parameters]`."""
    wants_postgresql: bool = False

    def applied(self, tree: Path) -> str:
        """Return the file's text without the guard; raises StaleMutant where the edit does not fit any more."""
        text = (tree / self.file).read_text()
        if text.count(self.old) != 1:
            raise StaleMutant(
                f"The mutant `{self.name}` wants {self.old!r} once in {self.file}, and found it {text.count(self.old)} "
                f"times: show in tests/mutants how to take this guard away now, or why it is no guard any more."
            )
        changed = text.replace(self.old, self.new)
        ast.parse(changed, self.file)
        return changed
