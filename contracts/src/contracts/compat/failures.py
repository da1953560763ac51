"""What the gate says when it cannot read what it was given: one line, naming file, place, expectation and remedy."""

from contracts.compat.showing import plain


class Unreadable(Exception):
    """Input that is not what it should be; never our own fault."""

    def __init__(self, source: str, place: str, wanted: str, found: str, todo: str = "correct it there") -> None:
        super().__init__(plain(f"{source}: {place}: expected {wanted}, found {found}; {todo}"))
        self.source, self.place, self.wanted, self.found = source, place, wanted, found


def reason(error: Exception) -> str:
    """Say in few words why something could not be read."""
    return (getattr(error, "strerror", "") or str(error)).lower()
