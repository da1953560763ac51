"""Values of shapes: small ones to stand around a witness, and varied ones to be it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from contracts.compat.asking import Step
from contracts.compat.numbers import as_json
from contracts.compat.samples import sample_texts
from contracts.compat.shape import Shape, Text, has_scalar
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json, canonical

_ORDER = ("string", "number", "boolean", "any", "null", "array", "object")
_ANYTHING: tuple[Json, ...] = ("x", 1, True, None, 1.5, [], {}, ["x"], {"x": 1})
_MOST_ITEMS = 200_000


class NoInstance(Exception):
    """No value could be made."""


class Builder:
    """Makes values that the sender's document allows."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._smallest: dict[int, tuple[Json, ...]] = {}
        self._busy: set[int] = set()

    def smallest(self, schema: Json) -> Json:
        """Make a small value; one that would need itself is left out."""
        key = id(schema) if isinstance(schema, dict) else 0
        if key in self._smallest:
            return self._smallest[key][0]
        if key in self._busy and key:
            raise NoInstance
        self._busy.add(key)
        try:
            value = self._first(schema)
        finally:
            self._busy.discard(key)
        if key:
            self._smallest[key] = (value,)
        return value

    def _first(self, schema: Json) -> Json:
        for shape in sorted(self._shapes.of(schema), key=lambda shape: _ORDER.index(shape.kind)):
            for value in islice(self._simple(shape), 1):
                return value
        raise NoInstance

    def _simple(self, shape: Shape) -> Iterator[Json]:
        if shape.values is not None:
            yield from shape.values
            return
        for example in shape.examples:
            if shape.kind in {"string", "number"} and has_scalar(shape, example):
                yield example
        yield from self._plain(shape)

    def _plain(self, shape: Shape) -> Iterator[Json]:
        match shape.kind:
            case "number":
                return as_json(shape.numbers.samples())
            case "string":
                return self.texts(shape.text)
            case "array":
                return self.lists(shape, (shape.items.fewest,))
            case "object":
                return self._objects(shape, {}, without=None)
            case _:
                return iter(_ANYTHING)

    def variants(self, shape: Shape) -> Iterator[Json]:
        """Make several different values, simple ones first."""
        made = self._simple(shape)
        if shape.kind == "array" and shape.values is None:
            made = chain(made, self.lists(shape, (1, 2)), self._each_item(shape))
        elif shape.kind == "object" and shape.values is None:
            made = chain(made, self._each_member(shape), self._free_form(shape))
        yield from islice(made, 60)

    def _each_item(self, shape: Shape) -> Iterator[Json]:
        for value in islice(self.many(shape.items.at(0)), 12):
            yield from self._listed(shape, max(1, shape.items.fewest), {0: value})

    def _each_member(self, shape: Shape) -> Iterator[Json]:
        for name, schema in islice(shape.members.properties.items(), 40):
            for value in islice(self.many(schema), 4):
                yield from self._objects(shape, {name: value}, without=None, most=1)

    def _free_form(self, shape: Shape) -> Iterator[Json]:
        members = shape.members
        if members.extra is not None and members.extra is not False:
            yield from self._with_each(shape, [{"extra": value} for value in islice(self.many(members.extra), 3)])
        elif members.declares_nothing:
            yield from self._with_each(shape, [{"x": 1}, {"Zz 9": "x"}, {"x-y": None}])

    def _with_each(self, shape: Shape, chosen: list[dict[str, Json]]) -> Iterator[Json]:
        return chain.from_iterable(self._objects(shape, extra, without=None, most=1) for extra in chosen)

    def many(self, schema: Json) -> Iterator[Json]:
        for shape in sorted(self._shapes.of(schema), key=lambda shape: _ORDER.index(shape.kind)):
            yield from islice(self.variants(shape), 20)

    def texts(self, text: Text, excluded: tuple[str, ...] = (), without: str | None = None) -> Iterator[Json]:
        yield from islice(sample_texts(text, excluded, without), 24)

    def lists(self, shape: Shape, lengths: Sequence[int]) -> Iterator[Json]:
        for length in lengths:
            yield from self._listed(shape, length, {})

    def _listed(self, shape: Shape, length: int, chosen: dict[int, Json]) -> Iterator[Json]:
        items = shape.items
        length = max(length, items.fewest, *(index + 1 for index in chosen), 0)
        if length > _MOST_ITEMS or (items.most is not None and length > items.most):
            return
        made: list[Json] = []
        for index in range(length):
            if index in chosen:
                made.append(chosen[index])
                continue
            try:
                made.append(self._next_item(items.at(index), made, unique=items.unique))
            except NoInstance:
                return
        yield made

    def _next_item(self, schema: Json, before: list[Json], *, unique: bool) -> Json:
        if not unique:
            return self.smallest(schema)
        known = {*map(canonical, before)}
        for value in self._endless(schema):
            if canonical(value) not in known:
                return value
        raise NoInstance

    def _endless(self, schema: Json) -> Iterator[Json]:
        yield from self.many(schema)
        for shape in self._shapes.of(schema):
            if shape.kind in {"any", "string"} and shape.values is None:
                yield from (value for value in (f"x{number}" for number in range(10_000)) if value in shape.text)
            if shape.kind == "number" and shape.values is None:
                yield from as_json(shape.numbers.run(10_000))

    def repeats(self, shape: Shape) -> Iterator[Json]:
        """Make lists with one item twice."""
        values = islice(self.many(shape.items.at(0)), 4)
        return chain.from_iterable(self._listed(shape, 2, {0: value, 1: value}) for value in values)

    def objects(
        self, shape: Shape, members: dict[str, Json] | None = None, without: str | None = None
    ) -> Iterator[Json]:
        """Make objects that hold the given members (by schema), or that lack one."""
        if not members:
            yield from self._objects(shape, {}, without=without)
        for name, schema in (members or {}).items():
            for value in islice(self.many(schema), 6):
                yield from self._objects(shape, {name: value}, without=without)

    def _objects(self, shape: Shape, chosen: dict[str, Json], *, without: str | None, most: int = 2) -> Iterator[Json]:
        for full in (False, True)[:most]:
            try:
                yield self._object(shape, chosen, without, full=full)
            except NoInstance:
                continue

    def _object(self, shape: Shape, chosen: dict[str, Json], without: str | None, *, full: bool) -> Json:
        members, made = shape.members, dict[str, Json]()
        for name in (*members.required, *(members.properties if full else ())):
            if name in made or name == without:
                continue
            try:
                made[name] = chosen[name] if name in chosen else self._member(shape, name)
            except NoInstance:
                if name in members.required:
                    raise
        made |= chosen
        self._fill(shape, made, without)
        return made

    def _member(self, shape: Shape, name: str) -> Json:
        schemas = shape.members.schemas_for(name) or [True]
        joined = schemas[0]
        for schema in schemas[1:]:
            joined = self._shapes.both(joined, schema)
        if joined is False:
            raise NoInstance
        return self.smallest(joined)

    def _fill(self, shape: Shape, made: dict[str, Json], without: str | None) -> None:
        for name in chain(shape.members.properties, self._spare_names(shape)):
            if len(made) >= shape.members.fewest:
                return
            if name not in made and name != without:
                try:
                    made[name] = self._member(shape, name)
                except NoInstance:
                    continue

    def _spare_names(self, shape: Shape) -> Iterator[str]:
        """Give names that nothing declares, as far as the names are constrained at all."""
        if isinstance(shape.members.names, dict):
            yield from (name for name in self._endless(shape.members.names) if isinstance(name, str))
        yield from (f"k{number}" for number in range(shape.members.fewest))

    def crowded(self, shape: Shape, count: int) -> Iterator[Json]:
        """Make an object with at least so many members."""
        if count <= _MOST_ITEMS:
            wider = shape.but(members=replace(shape.members, fewest=max(count, shape.members.fewest)))
            yield from self._objects(wider, {}, without=None)

    def plug(self, path: Sequence[tuple[Shape, Step]], value: Json, *, full: bool = False) -> Json:
        """Put a value at the end of a path of parents, each as small as its own rules allow."""
        for shape, (kind, key) in reversed(path):
            if kind == "item" and isinstance(key, int):
                value = next(self._listed(shape, 0, {key: value}), _NOTHING)
            elif kind == "name":
                value = self._keyed(shape, value)
            else:
                value = self._object(shape, {str(key): value}, None, full=full)
            if value is _NOTHING:
                raise NoInstance
        return value

    def _keyed(self, shape: Shape, name: Json) -> Json:
        known = str(name)
        return self._object(shape, {known: self._member(shape, known)}, None, full=False)


_NOTHING: Json = ["nothing"]
