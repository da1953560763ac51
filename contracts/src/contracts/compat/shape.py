"""A shape: values of one JSON kind under the constraints that one branch of a schema puts on them."""

from dataclasses import dataclass, field, replace

from contracts.compat.checks import has_format, matches
from contracts.compat.formats import WITHIN
from contracts.compat.numbers import Numbers
from contracts.compat.values import Json, Kind, Node, canonical, kind_of, mapping, rational

_ANY_NUMBER = Numbers()


@dataclass(frozen=True)
class Text:
    """Texts within lengths, patterns and formats."""

    shortest: int = 0
    longest: int | None = None
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Give patterns that every text of the set matches."""
        return (*self.patterns, *(WITHIN[form] for form in self.formats if form in WITHIN))

    def meet(self, other: "Text") -> "Text":
        return Text(
            max(self.shortest, other.shortest),
            lesser(self.longest, other.longest),
            tuple(dict.fromkeys(self.patterns + other.patterns)),
            tuple(dict.fromkeys(self.formats + other.formats)),
        )

    def __contains__(self, value: str) -> bool:
        return (
            self.shortest <= len(value)
            and (self.longest is None or len(value) <= self.longest)
            and all(matches(pattern, value) for pattern in self.patterns)
            and all(has_format(name, value) for name in self.formats)
        )


@dataclass(frozen=True)
class Items:
    """Lists: a prefix, the rest, how many, and whether they differ."""

    prefix: tuple[Json, ...] = ()
    rest: Json = True
    fewest: int = 0
    most: int | None = None
    unique: bool = False

    def at(self, index: int) -> Json:
        return self.prefix[index] if index < len(self.prefix) else self.rest


@dataclass(frozen=True)
class Members:
    """`extra` is the schema of members that nothing names; None where the keyword is absent."""

    properties: Node = field(default_factory=dict[str, Json])
    required: tuple[str, ...] = ()
    extra: Json = None
    patterned: Node = field(default_factory=dict[str, Json])
    fewest: int = 0
    most: int | None = None
    names: Json = True

    @property
    def declares_nothing(self) -> bool:
        return self.extra is None and not self.patterned and all(part is False for part in self.properties.values())

    def may_hold(self, name: str) -> bool:
        """Tell whether a sender who adds nothing of his own may send a member of this name."""
        if name in self.required or self.declares_nothing:
            return True
        return any(schema is not False for schema in self.schemas_for(name))

    def schemas_for(self, name: str) -> list[Json]:
        """Give every schema that the member of this name has to meet."""
        named = [self.properties[name]] if name in self.properties else []
        named += [schema for pattern, schema in self.patterned.items() if matches(pattern, name)]
        return named or ([] if self.extra is None else [self.extra])


@dataclass(frozen=True)
class Opaque:
    """Keywords that the engine does not model, as the schema that holds just them."""

    keyword: str
    schema: Node
    separable: bool = True  # False: what it says depends on the keywords beside it


@dataclass(frozen=True, eq=False)
class Branch:
    """One branch of one `oneOf`."""

    union: int
    index: int
    schema: Json


@dataclass(frozen=True, eq=False)
class Shape:
    """Values of one kind; only the part for that kind counts."""

    kind: Kind
    values: tuple[Json, ...] | None = None
    numbers: Numbers = _ANY_NUMBER
    text: Text = Text()
    items: Items = Items()
    members: Members = Members()
    opaque: tuple[Opaque, ...] = ()
    name: str = ""
    origin: str = ""  # where the document says it
    examples: tuple[Json, ...] = ()  # what the document shows of it
    ghosts: tuple["Shape", ...] = ()  # what keywords written for another kind would ask
    branches: tuple["Branch", ...] = ()  # the branches of each `oneOf` that this shape came through

    def but(self, **changes: object) -> "Shape":
        return replace(self, **changes)  # pyright: ignore[reportArgumentType] -- names are checked by replace()

    @property
    def empty(self) -> bool:
        """Tell whether it is certain that no value has this shape."""
        if self.values is not None:
            return not self.values
        match self.kind:
            case "number":
                return self.numbers.empty
            case "string":
                return over(self.text.shortest, self.text.longest)
            case "array":
                return over(self.items.fewest, self.items.most)
            case "object":
                barred = any(False in self.members.schemas_for(name) for name in self.members.required)
                return over(self.members.fewest, self.members.most) or barred
            case _:
                return False


def over(fewest: int, most: int | None) -> bool:
    """Tell whether a lower bound lies above an upper one."""
    return most is not None and fewest > most


def lesser(one: int | None, other: int | None) -> int | None:
    """Give the tighter of two upper bounds, None being no bound."""
    return other if one is None else one if other is None else min(one, other)


def has_scalar(shape: Shape, value: Json) -> bool:
    """Tell whether a null, boolean, number or text belongs to a shape."""
    if shape.kind == "any":
        return True
    if shape.kind != kind_of(value):
        return False
    if shape.values is not None:
        return canonical(value) in map(canonical, shape.values)
    if isinstance(value, str):
        return value in shape.text
    exact = rational(value)
    return exact is None or exact in shape.numbers


def literal(value: Json) -> Shape:
    """Take a constant list or object apart, so that its parts can be compared one by one."""
    if isinstance(value, list):
        constants: tuple[Json, ...] = tuple({"const": item} for item in value)
        return Shape("array", items=Items(constants, False, len(value), len(value)))
    named: Node = {name: {"const": item} for name, item in mapping(value).items()}
    return Shape("object", members=Members(named, tuple(named), False))
