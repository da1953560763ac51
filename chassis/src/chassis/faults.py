"""Faults that tests make happen on purpose: which there can be, where, and which of them are armed.

A fault strikes at a point: before, within or after a unit of work, a call to another service, or an answer. Points need
no code of their own: every service passes its units, calls and answers through the same three places, and
`chassis.sabotage` stands in them only where `CONCORD_FAULTS` names a folder, which production refuses.
"""

import re
from pathlib import Path
from typing import Literal, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, model_validator
from structlog import get_logger

__all__ = ["POSSIBLE", "Fault", "Faults", "Kind", "Moment", "Place"]

Place = Literal["unit", "call", "answer"]
Moment = Literal["before", "within", "after"]
Kind = Literal["kill", "fail", "lose", "refuse", "delay", "garble"]

POSSIBLE: dict[Place, tuple[tuple[Moment, Kind], ...]] = {
    "unit": (("before", "kill"), ("within", "kill"), ("within", "fail"), ("after", "kill"), ("after", "lose")),
    "call": (
        ("before", "kill"),
        ("before", "refuse"),
        ("before", "delay"),
        ("after", "kill"),
        ("after", "lose"),
        ("after", "garble"),
    ),
    "answer": (("before", "kill"), ("before", "lose"), ("after", "kill")),
}
"""`kill` ends the process as a power cut would, `fail` lets the database refuse to commit, `lose` lets it be done and
nobody hear of it; `refuse` is a peer that does not listen, `delay` one that is slow, `garble` one that talks nonsense.
"""

_ARMED, _STRUCK = ".armed", ".struck"

_log = get_logger(__name__)


class Fault(BaseModel):
    """One fault, which happens once, or as long as it is armed when it `stays`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Place
    name: str
    """Of a unit, the method that gives it to the database, as `Placing.place`; of a call or an answer, the operation,
    as `PUT /v2/reservations/{order_id}`."""
    moment: Moment
    kind: Kind
    about: str = ""
    """What else the path of a call or an answer holds, as the id of an order."""
    stays: bool = False
    seconds: float = 3.0
    """How long a delay is."""

    @model_validator(mode="after")
    def _be_possible(self) -> Self:
        if (self.moment, self.kind) not in POSSIBLE[self.place]:
            known = ", ".join(f"{moment} {kind}" for moment, kind in POSSIBLE[self.place])
            raise ValueError(f"a fault of a {self.place} can be {known}; found {self.moment} {self.kind}")
        return self

    def fits(self, place: Place, moment: Moment, name: str) -> bool:
        """Tell whether this is where it strikes; `name` has a path as it was sent, with real ids."""
        if (place, moment) != (self.place, self.moment) or self.about not in name:
            return False
        return re.fullmatch(_template(self.name), name) is not None


class Faults:
    """The faults in a folder, one file each: who strikes takes the file away, so that no fault outlives its process.

    Several processes may share a folder; a fault strikes in one of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arm(self, fault: Fault) -> str:
        """Let a fault happen; return the name by which to ask for it."""
        name = uuid4().hex
        hidden = self._folder / f"{name}.new"
        hidden.write_text(fault.model_dump_json())
        hidden.rename(self._armed(name))  # whole, or not yet there
        return name

    def disarm(self, name: str) -> None:
        """Let a fault happen no more."""
        self._armed(name).unlink(missing_ok=True)

    def has_struck(self, name: str) -> bool:
        """Tell whether a fault has happened."""
        return self._armed(name).with_suffix(_STRUCK).exists()

    def take(self, place: Place, moment: Moment, name: str) -> Fault | None:
        """Find the fault that strikes here and now."""
        for file in sorted(self._folder.glob(f"*{_ARMED}")):
            try:
                fault = Fault.model_validate_json(file.read_text())
                if not fault.fits(place, moment, name):
                    continue
                self._strike(file, fault)
            except FileNotFoundError:  # another process was faster
                continue
            _log.warning("fault_strikes", point=f"{place} {name}", moment=moment, kind=fault.kind)
            return fault
        return None

    def _armed(self, name: str) -> Path:
        return self._folder / f"{name}{_ARMED}"

    def _strike(self, file: Path, fault: Fault) -> None:
        if fault.stays:
            file.with_suffix(_STRUCK).touch()
        else:
            file.rename(file.with_suffix(_STRUCK))


def _template(name: str) -> str:
    """Make a pattern of an operation's method and path."""
    return "[^/]+".join(re.escape(part) for part in re.split(r"\{[^{}]+\}", name))
