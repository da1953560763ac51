"""What a document and a Pydantic model are known to judge differently, listed one by one; anything else is a fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import JsonValue

__all__ = ["LENIENCIES", "Complaint", "Leniency", "excuse"]

Complaint: TypeAlias = tuple[str, JsonValue]
"""The type of an error that Pydantic reports, and the value that it reports."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """One way in which a document accepts more than a model, which no document can take back."""

    name: str
    meaning: str
    example: JsonValue
    excuses: Callable[[Complaint], bool]


def excuse(complaints: Sequence[Complaint]) -> Leniency | None:
    """Find the leniency that explains all that a model complains of; None where something is left."""
    found = [next((one for one in LENIENCIES if one.excuses(complaint)), None) for complaint in complaints]
    return found[0] if found and None not in found else None


def _whole_number(complaint: Complaint) -> bool:
    kind, value = complaint
    return kind == "int_type" and isinstance(value, float) and value.is_integer()


LENIENCIES: tuple[Leniency, ...] = (
    Leniency(
        "whole-number",
        "JSON Schema counts 1.0 and 1e2 as integers; a strict Pydantic integer is written without point or exponent.",
        1.0,
        _whole_number,
    ),
)
