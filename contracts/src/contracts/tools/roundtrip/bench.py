"""All who judge payloads of one component: the model, the model generated from its document, and the document."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import jsonschema_rs

from contracts.tools.roundtrip.leniencies import excuse
from contracts.tools.roundtrip.verdicts import Judge, same

__all__ = ["GENERATED", "ORIGINAL", "Bench"]

ORIGINAL, GENERATED = "model", "generated model"
_SHOWN = 300


@dataclass(slots=True)
class Bench:
    """Judges that should agree, and how often they accepted."""

    models: Mapping[str, Judge]
    document: jsonschema_rs.Draft202012Validator | None
    accepted: int = 0
    lenient: Counter[str] = field(default_factory=Counter[str])

    def disagrees(self, payload: bytes) -> bool:
        """Tell whether two of them judge a payload differently, leniencies that are listed apart."""
        first, *others = (judge.verdict(payload) for judge in self.models.values())
        self.accepted += first is not None
        if not all(same(first, other) for other in others):
            return True
        if self.document is None or self.document.is_valid(json.loads(payload)) == (first is not None):
            return False
        excused = excuse(next(iter(self.models.values())).complaints(payload))
        self.lenient[excused.name if excused else ""] += 1
        return excused is None

    def verdicts(self, payload: bytes) -> tuple[tuple[str, str], ...]:
        """Say of each judge what it makes of a payload."""
        said = [(side, _said(judge.verdict(payload))) for side, judge in self.models.items()]
        if self.document is not None:
            said.append(("document", "accepts it" if self.document.is_valid(json.loads(payload)) else "refuses it"))
        return tuple(said)


def _said(verdict: bytes | None) -> str:
    if verdict is None:
        return "refuses it"
    text = verdict.decode()
    return f"reads it as {text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}"
