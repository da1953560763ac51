"""All shapes of a schema: references followed, `allOf` met, `anyOf` and `oneOf` united, tags made explicit."""

from contracts.compat.evaluating import closed, readable_off
from contracts.compat.meeting import meet
from contracts.compat.shape import Branch, Members, Opaque, Shape
from contracts.compat.values import Json, Node, canonical, mapping, sequence, text
from contracts.compat.views import View
from contracts.compat.written import written_shapes

_MOST = 400


class Shapes:
    """The shapes of one view's schemas, each worked out once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._known: dict[int, tuple[Json, tuple[Shape, ...]]] = {}
        self._met: dict[tuple[int, ...], Json] = {}
        self._parts: dict[int, tuple[Json, ...]] = {}
        self._made: dict[str, Json] = {}
        self._branches: dict[int, list[Branch]] = {}
        self._stand_ins: dict[int, Json] = {}
        self._unions = 0

    def of(self, schema: Json) -> tuple[Shape, ...]:
        if schema is False:
            return ()
        if not isinstance(schema, dict):
            schema = _ANYTHING
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = schema, tuple(self._expand(schema))
        return known[1]

    def scalars(self, schema: Json) -> tuple[Json, ...] | None:
        """Give the values of a schema that lists a few texts, numbers or booleans and nothing else."""
        values: list[Json] = []
        for shape in self.of(schema):
            if shape.values is None or shape.kind not in {"string", "number", "boolean"}:
                return None
            values += shape.values
        return tuple(values) or None

    def standing_for(self, shape: Shape) -> Json:
        """Give a schema whose one shape is this one, the same schema each time."""
        if id(shape) not in self._stand_ins:
            made: Node = {"x-shape": shape.name}
            self._stand_ins[id(shape)] = made
            self._known[id(made)] = made, (shape,)
        return self._stand_ins[id(shape)]

    def siblings(self, union: int) -> list[Branch]:
        """Give all branches of the `oneOf` with this number."""
        return self._branches.get(union, [])

    def both(self, one: Json, other: Json) -> Json:
        """Give the schema of values that meet two schemas, the same object each time it is asked for."""
        if one is False or other is False:
            return False
        parts: dict[int, Json] = {}
        for schema in (one, other):
            for part in self._parts.get(id(schema), (schema,)):
                if isinstance(part, dict) and part:
                    parts[id(part)] = part
        if len(parts) < 2:
            return next(iter(parts.values()), True)
        key = tuple(sorted(parts))
        if key not in self._met:
            made: Json = {"allOf": list(parts.values())}
            self._met[key], self._parts[id(made)] = made, tuple(parts.values())
        return self._met[key]

    def _expand(self, schema: Node) -> list[Shape]:
        closing = readable_off(self.view, schema)
        if closing:
            own = {keyword: part for keyword, part in schema.items() if keyword not in closing}
            shapes = [closed(shape, schema, closing) for shape in self._met_groups(schema, own)]
            if all(shape.kind != "any" for shape in shapes):
                return [shape for shape in shapes if not shape.empty]
        return self._met_groups(schema, schema)

    def _met_groups(self, schema: Node, own: Node) -> list[Shape]:
        origin = self.view.pointer(schema) if "$ref" not in schema else ""
        shapes = [shape.but(origin=origin) for shape in written_shapes(own, self._name(schema))]
        for group in self._groups(schema):
            met = (self.meet(one, other) for one in shapes for other in group)
            shapes = [shape for shape in met if shape is not None and not shape.empty]
            if len(shapes) > _MOST:
                return [Shape("any", opaque=(Opaque("too many branches", schema),))]
        return [shape for shape in shapes if not shape.empty]

    def _groups(self, schema: Node) -> list[list[Shape]]:
        groups = [list(self.of(part)) for part in sequence(schema.get("allOf"))]
        if "$ref" in schema:
            groups.append(list(self.of(self.view.target(text(schema["$ref"])))))
        unions = (keyword for keyword in ("anyOf", "oneOf") if sequence(schema.get(keyword)))
        groups += [self._union(schema, keyword) for keyword in unions]
        return groups + self._dependents(schema)

    def _name(self, schema: Node) -> str:
        pointer = self.view.pointer(schema) if "$ref" not in schema else ""
        head, _, name = pointer.rpartition("/")
        return name.removesuffix("-Input").removesuffix("-Output") if head == "/components/schemas" else ""

    def _union(self, schema: Node, keyword: str) -> list[Shape]:
        self._unions += 1
        union, tag, one = self._unions, mapping(schema.get("discriminator")), keyword == "oneOf"
        united: list[Shape] = []
        for index, branch in enumerate(sequence(schema[keyword])):
            came = Branch(union, index, branch)
            self._branches.setdefault(union, []).append(came)
            for shape in self.of(branch):
                tagged = self._tagged(shape, tag, branch)
                united.append(tagged.but(branches=(*tagged.branches, came)) if one else tagged)
        return united

    def _tagged(self, shape: Shape, discriminator: Node, branch: Json) -> Shape:
        """Require the tag that selects a branch, as every reader of discriminators does."""
        tag = text(discriminator.get("propertyName"))
        if not tag or shape.kind != "object" or tag not in shape.members.properties:
            return shape
        members = shape.members
        properties, values = dict(members.properties), self._tags(discriminator, branch)
        held = self.of(properties[tag])
        if values and all(item.values is None for item in held):
            properties[tag] = self._once({"enum": values})
        required = members.required if tag in members.required else (*members.required, tag)
        made = Members(
            properties, required, members.extra, members.patterned, members.fewest, members.most, members.names
        )
        return shape.but(members=made)

    def _tags(self, discriminator: Node, branch: Json) -> list[Json]:
        head, _, name = self.view.pointer(branch).rpartition("/")
        name = name if head == "/components/schemas" else ""
        values: list[Json] = [
            tag
            for tag, target in mapping(discriminator.get("mapping")).items()
            if text(target).rpartition("/")[2] == name and name
        ]
        return [*values, name] if name else values

    def _dependents(self, schema: Node) -> list[list[Shape]]:
        """Say `dependentRequired` and `dependentSchemas` as: the member is absent, or the rest holds too."""
        rules: Node = {
            name: {"required": [name, *sequence(needed)]}
            for name, needed in mapping(schema.get("dependentRequired")).items()
        }
        groups: list[list[Shape]] = []
        for name, needed in [*rules.items(), *mapping(schema.get("dependentSchemas")).items()]:
            absent = Shape("object", members=Members({name: False}))
            others = [Shape(kind) for kind in ("null", "boolean", "number", "string", "array")]
            present = Shape("object", members=Members(required=(name,)))
            held = [self.meet(present, shape) for shape in self.of(self._once(needed))]
            groups.append([absent, *(shape for shape in held if shape is not None), *map(_valued, others)])
        return groups

    def _once(self, schema: Json) -> Json:
        return self._made.setdefault(canonical(schema), schema)

    def meet(self, one: Shape, other: Shape) -> Shape | None:
        """Give the values that have both shapes."""
        return meet(one, other, self.both)


_ANYTHING: Node = {}


def _valued(shape: Shape) -> Shape:
    values: dict[str, tuple[Json, ...]] = {"null": (None,), "boolean": (False, True)}
    return shape.but(values=values.get(shape.kind))
