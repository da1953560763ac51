"""What the gate says when it cannot read what it was given: one line, naming file, place and expectation."""


class Unreadable(Exception):
    """Input that is not what it should be; never our own fault."""

    def __init__(self, source: str, place: str, wanted: str, found: str) -> None:
        super().__init__(f"{source}: {place}: expected {wanted}, found {found}")
        self.source, self.place, self.wanted, self.found = source, place, wanted, found
