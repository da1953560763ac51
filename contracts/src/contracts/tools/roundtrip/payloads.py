"""Many payloads for a schema, valid ones and near misses, the same ones every time."""

import json
import random
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from contracts.compat.document import Document, Place
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.views import Stance, View
from contracts.tools.documents import Json, at
from contracts.tools.roundtrip.edits import edits, replaced, spots

__all__ = ["Payloads"]

_DRAWN = 60
_IN_VAIN = 60


class Payloads:
    """What may be sent for the schemas of one document, and what may just not."""

    def __init__(self, document: Document) -> None:
        self._view = View(document, Stance("request", "sender"))
        self._shapes = Shapes(self._view)
        self._whole: Json = json.loads(json.dumps(document.raw))

    def of(self, place: Place, count: int) -> list[bytes]:
        """Make at least so many different payloads of the schema at a place; small schemas have fewer."""
        schema = json.loads(json.dumps(place.node))
        bases = self._bases(place, at(schema))
        made = dict.fromkeys(_written((*bases, *self._edited(schema, bases))))
        chance = random.Random(place.pointer)  # noqa: S311 -- payloads, not secrets
        in_vain = 0
        while bases and len(made) < count and in_vain < _IN_VAIN:
            before = len(made)
            made |= dict.fromkeys(_written([self._strayed(schema, chance.choice(bases), chance)]))
            in_vain = in_vain + 1 if len(made) == before else 0
        return list(made)

    def valid(self, place: Place, count: int) -> list[JsonValue]:
        """Draw valid payloads only."""
        return [json.loads(json.dumps(value)) for value in Sampler(self._shapes).samples(self._view.root(place), count)]

    def _bases(self, place: Place, schema: Json) -> list[JsonValue]:
        """Draw valid payloads, the document's own examples first."""
        examples = schema.get("examples")
        drawn = Sampler(self._shapes).samples(self._view.root(place), _DRAWN)
        made: dict[str, JsonValue] = {}
        for value in (*(examples if isinstance(examples, list) else ()), *drawn):
            made.setdefault(json.dumps(value, sort_keys=True), json.loads(json.dumps(value)))
        return list(made.values())

    def _edited(self, schema: JsonValue, bases: list[JsonValue]) -> Iterator[JsonValue]:
        """Make every edit once at every spot, starting from a value of the kind that the spot asks for."""
        tried: set[tuple[tuple[str, ...], str]] = set()
        for base in bases:
            for spot in spots(schema, base, self._whole):
                key = tuple(map(str, spot.path)), json.dumps(spot.schema, sort_keys=True)
                if key not in tried and spot.fits:
                    tried.add(key)
                    yield from (replaced(base, spot.path, value) for value in edits(spot))

    def _strayed(self, schema: JsonValue, payload: JsonValue, chance: random.Random) -> JsonValue:
        """Edit a payload in one place, or in a few."""
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            spot = chance.choice(list(spots(schema, payload, self._whole)))
            payload = replaced(payload, spot.path, chance.choice(list(edits(spot))))
        return payload


def _written(values: Iterable[JsonValue]) -> Iterator[bytes]:
    yield from (json.dumps(value).encode() for value in values)
