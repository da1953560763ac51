"""Many different payloads that a sender may send: the search behind an undecided rule and behind every `safe`."""

import random
from collections.abc import Iterator
from itertools import islice

from contracts.compat.building import Builder, NoInstance
from contracts.compat.numbers import as_json
from contracts.compat.shape import Shape
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json, canonical

_DEEPEST = 8


class Sampler:
    """Draws payloads in a fixed order: the same document gives the same payloads."""

    def __init__(self, shapes: Shapes, seed: int = 0) -> None:
        self._shapes = shapes
        self._build = Builder(shapes)
        self._known: dict[int, tuple[Shape, list[Json]]] = {}
        self._random = random.Random(seed)  # noqa: S311 -- payloads, not secrets

    def samples(self, schema: Json, count: int) -> Iterator[Json]:
        """Draw so many times; what cannot be made is left out."""
        for _ in range(count):
            try:
                yield self._draw(schema, 0)
            except (NoInstance, RecursionError):
                continue

    def _draw(self, schema: Json, depth: int) -> Json:
        shapes = list(self._shapes.of(schema))
        self._random.shuffle(shapes)
        for shape in shapes:
            try:
                return self._value(shape, depth)
            except NoInstance:
                continue
        raise NoInstance

    def _value(self, shape: Shape, depth: int) -> Json:
        if shape.values is None and depth < _DEEPEST:
            if shape.kind == "array":
                return self._list(shape, depth)
            if shape.kind == "object":
                return self._object(shape, depth)
        choices = self._choices(shape)
        if not choices:
            raise NoInstance
        return self._random.choice(choices)

    def _choices(self, shape: Shape) -> list[Json]:
        """Collect some values of a shape, once for all draws."""
        if id(shape) not in self._known:
            self._known[id(shape)] = shape, list(islice(self._values(shape), 30))
        return self._known[id(shape)][1]

    def _values(self, shape: Shape) -> Iterator[Json]:
        if shape.kind == "number" and shape.values is None:
            return as_json(islice(shape.numbers.samples(), 30))
        return self._build.variants(shape)

    def _list(self, shape: Shape, depth: int) -> Json:
        items = shape.items
        most = items.fewest + 3 if items.most is None else min(items.most, items.fewest + 3)
        made: list[Json] = []
        for index in range(self._random.randint(items.fewest, max(items.fewest, most))):
            try:
                value = self._draw(items.at(index), depth + 1)
            except NoInstance:
                break
            if not items.unique or canonical(value) not in map(canonical, made):
                made.append(value)
        if len(made) < items.fewest:
            raise NoInstance
        return made

    def _object(self, shape: Shape, depth: int) -> Json:
        members, made = shape.members, dict[str, Json]()
        likely = self._random.choice((0.0, 0.1, 0.3, 0.9)) if depth < _DEEPEST - 2 else 0.0
        for name in members.required:
            made[name] = self._member(shape, name, depth)
        for name in members.properties:
            if name not in made and self._random.random() < likely:
                try:
                    made[name] = self._member(shape, name, depth)
                except NoInstance:
                    continue
        if members.extra not in (None, False) or members.declares_nothing:
            for number in range(self._random.choice((0, 0, 1, 2))):
                made[f"k{number}"] = self._draw(members.extra, depth + 1)
        return made

    def _member(self, shape: Shape, name: str, depth: int) -> Json:
        joined: Json = True
        for schema in shape.members.schemas_for(name):
            joined = self._shapes.both(joined, schema)
        return self._draw(joined, depth + 1)
