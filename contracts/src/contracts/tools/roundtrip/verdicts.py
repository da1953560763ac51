"""What a model makes of a payload: refused, or accepted and written again as JSON."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from contracts.tools.documents import REF, Json
from contracts.tools.roundtrip.leniencies import Complaint

__all__ = ["REFUSED", "Judge", "same"]

REFUSED = None


@dataclass(slots=True)
class Judge:
    """Reads payloads with one type."""

    type: Any
    _adapter: TypeAdapter[Any] = field(init=False)

    def __post_init__(self) -> None:
        self._adapter = TypeAdapter(self.type)

    def verdict(self, payload: bytes) -> bytes | None:
        """Give the JSON that a payload becomes; None where it is refused."""
        try:
            return self._adapter.dump_json(self._adapter.validate_json(payload), by_alias=True)
        except ValidationError:
            return REFUSED

    def complaints(self, payload: bytes) -> list[Complaint]:
        """Give type and input of each error that a payload meets."""
        try:
            self._adapter.validate_json(payload)
        except ValidationError as refusal:
            return [(error["type"], error["input"]) for error in refusal.errors(include_url=False)]
        return []

    def schema(self, mode: Literal["validation", "serialization"]) -> Json:
        """Give the JSON Schema of the type."""
        return self._adapter.json_schema(mode=mode, ref_template=REF + "{model}")


def same(one: bytes | None, other: bytes | None) -> bool:
    """Tell whether two verdicts are the same; members have no order, and 1, 1.0 and true are three things."""
    return one == other or (one is not None and other is not None and _ordered(one) == _ordered(other))


def _ordered(written: bytes) -> str:
    return json.dumps(json.loads(written), sort_keys=True)
