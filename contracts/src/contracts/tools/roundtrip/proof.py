"""The proof, component by component, that model, document and generated model mean the same."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import JsonValue

from contracts.compat.document import Document
from contracts.compat.showing import one_line
from contracts.compat.validators import Validators
from contracts.compat.views import Stance, View
from contracts.tools.documents import Json, at
from contracts.tools.outline import Outline, outline
from contracts.tools.roundtrip.bench import GENERATED, ORIGINAL, Bench
from contracts.tools.roundtrip.payloads import Payloads
from contracts.tools.roundtrip.schemas import Rooted, gaps
from contracts.tools.roundtrip.shrinking import smallest
from contracts.tools.roundtrip.verdicts import Judge

__all__ = ["Difference", "Proof", "Sides", "prove"]

_SCHEMAS = ("components", "schemas")
_LONGEST = 120
_TOP = "the schema itself"
Mode = Literal["validation", "serialization"]


@dataclass(frozen=True, slots=True)
class Sides:
    """Those that must mean the same: a document, the types made from it, and those that it was made from, if known."""

    document: Json
    generated: Mapping[str, Any]
    originals: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Difference:
    """A component that two sides judge differently, and the smallest payload that shows it."""

    component: str
    places: tuple[str, ...]
    payload: bytes | None
    verdicts: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Proof:
    """What came of it: differences, if any, and how much was tried."""

    differences: list[Difference] = field(default_factory=list[Difference])
    payloads: int = 0
    accepted: int = 0
    lenient: Counter[str] = field(default_factory=Counter[str])


def prove(sides: Sides, count: int) -> Proof:
    """Compare all components, with `count` payloads or as many as their schemas have."""
    proof, whole, judging = Proof(), outline(sides.document), _Judging(sides)
    left = sorted((name for name in whole.components if name in sides.generated), key=judging.breadth)
    while left:
        judging.judge(left[0], -(-max(0, count - proof.payloads) // len(left)), proof)
        del left[0]
    proof.differences = _roots(proof.differences, whole)
    return proof


class _Judging:
    """Calls the judges of one document's components."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._document = _document(sides.document)
        self._view = View(self._document, Stance("request", "sender"))
        self._validators = Validators(self._view)
        self._payloads = Payloads(self._document)
        self._asked = _requested(sides.document)

    def breadth(self, name: str) -> tuple[int, str]:
        """Measure a component: small ones come first, for what they cannot fill the larger ones must."""
        return len(json.dumps(at(self._sides.document, *_SCHEMAS, name))), name

    def judge(self, name: str, count: int, proof: Proof) -> None:
        """Compare one component in all three ways."""
        place = self._document.at(*_SCHEMAS, name)
        bench = Bench(self._models(name), self._validators.of(self._view.root(place)))
        schemas = {side: judge.schema(self._mode(side, name)) for side, judge in bench.models.items()}
        places = tuple(self._gaps(self._view.root(place), schemas))
        tried = self._payloads.of(place, count)
        tried += [payload for schema in schemas.values() for payload in _edges(schema)] if places else []
        shown = [payload for payload in tried if bench.disagrees(payload)]
        proof.payloads, proof.accepted = proof.payloads + len(tried), proof.accepted + bench.accepted
        proof.lenient += bench.lenient
        if places or shown:
            least = smallest(shown, bench.disagrees)
            proof.differences.append(Difference(name, places, least, bench.verdicts(least) if least else ()))

    def _models(self, name: str) -> dict[str, Judge]:
        found = {ORIGINAL: self._sides.originals.get(name), GENERATED: self._sides.generated[name]}
        return {side: Judge(kind) for side, kind in found.items() if kind is not None}

    def _mode(self, side: str, name: str) -> Mode:
        """Choose which of its two schemas a model was published with."""
        return "validation" if side == GENERATED or name in self._asked else "serialization"

    def _gaps(self, seen: Any, schemas: Mapping[str, Json]) -> Iterator[str]:
        said = Rooted(seen, json.loads(json.dumps(self._view.registry())))
        for side, schema in schemas.items():
            for gap in gaps(said, Rooted(schema, _whole(schema))):
                yield f"{gap.place}: the document says {_said(gap.one)}, the {side} {_said(gap.other)}"


def _said(value: JsonValue) -> str:
    return "nothing" if value is None else one_line(value, _LONGEST)


def _requested(document: Json) -> set[str]:
    whole = outline(document)
    return whole.reached([part for op in whole.operations for place, part in op.places.items() if "request" in place])


def _document(document: Json) -> Document:
    return Document.checked(json.loads(json.dumps(document)), "the document")


def _whole(schema: Json) -> Json:
    """Put a schema of Pydantic's into a document of its own."""
    return {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {**at(schema, "$defs"), _TOP: schema}}}


def _edges(schema: Json) -> Iterable[bytes]:
    """Make payloads from what a model says, which lie at its own bounds and not at the document's."""
    document = _document(_whole(schema))
    return Payloads(document).of(document.at(*_SCHEMAS, _TOP), 0)


def _roots(found: list[Difference], whole: Outline) -> list[Difference]:
    """Leave out components that differ only because of others within them; the smallest payload comes first."""
    within = {one.component: whole.reached(whole.components[one.component]) - {one.component} for one in found}
    inner = {name: {other for other in within[name] & within.keys() if name not in within[other]} for name in within}
    roots = [one for one in found if not inner[one.component]]
    return sorted(roots, key=lambda one: (one.payload is None, len(one.payload or b""), one.component))
