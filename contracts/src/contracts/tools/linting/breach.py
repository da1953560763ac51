"""A place where a contract leaves the portable subset, and the payload that two readers of it judge differently."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from contracts.tools.documents import Json

__all__ = ["Breach", "Desk", "Subject"]


class Desk(Protocol):
    """Makes and judges payloads of any schema within one document."""

    def make(self, schema: Json, count: int) -> list[JsonValue]:
        """Make up to so many payloads."""
        ...

    def takes(self, schema: Json, payload: JsonValue) -> bool:
        """Tell whether a schema takes a payload; one that cannot be read takes all."""
        ...


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that is broken, where, what to write instead, and who takes the payload and who does not."""

    place: str
    rule: str
    advice: str
    payload: JsonValue
    taken: str
    refused: str

    @property
    def sentence(self) -> str:
        return f"{self.place}: {self.advice}"


@dataclass(frozen=True, slots=True)
class Subject:
    """A schema within a document: where it stands, what it says, and who knows payloads of it."""

    place: str
    said: Json
    desk: Desk

    def breach(self, rule: str, advice: str, payload: JsonValue, taken: str, refused: str) -> Breach:
        return Breach(self.place, rule, advice, payload, taken, refused)

    def one(self, said: Json | None = None) -> JsonValue:
        """Make the plainest payload of this schema, or of another."""
        return next(iter(self.desk.make(self.said if said is None else said, 1)), None)
