"""What one schema says by its own keywords, before references and combinators: a few typed shapes."""

from collections.abc import Iterable

from contracts.compat.numbers import Numbers
from contracts.compat.shape import Items, Members, Opaque, Shape, Text, has_scalar
from contracts.compat.values import (
    KINDS,
    Json,
    Kind,
    Node,
    canonical,
    count,
    distinct,
    kind_of,
    mapping,
    rational,
    sequence,
    texts,
)  # fmt: skip
from contracts.compat.views import UNFIT, UNREADABLE

_ALL: tuple[Kind, ...] = ("any", *KINDS)
_KIND_NAMES: dict[str, Kind] = {**{kind: kind for kind in KINDS}, "integer": "number"}
_OF_KIND: dict[str, Kind] = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
    **dict.fromkeys(("items", "prefixItems", "minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(
        ("properties", "required", "additionalProperties", "patternProperties", "propertyNames"), "object"
    ),
    **dict.fromkeys(("minProperties", "maxProperties"), "object"),
}  # fmt: skip
_GROUPS: dict[str, tuple[str, ...]] = {
    "not": ("not",),
    "if": ("if", "then", "else"),
    "contains": ("contains", "minContains", "maxContains"),
    "unevaluatedProperties": ("unevaluatedProperties",),
    "unevaluatedItems": ("unevaluatedItems",),
    "additionalItems": ("additionalItems",),
    "content": ("contentEncoding", "contentMediaType", "contentSchema"),
    "dependencies": ("dependencies",),
    "$dynamicRef": ("$dynamicRef",),
    UNREADABLE: (UNREADABLE,),
}
_TYPED = {"contains": "array", "unevaluatedItems": "array", "additionalItems": "array", "content": "string",
          "unevaluatedProperties": "object", UNREADABLE: "string"}  # fmt: skip


def written_shapes(schema: Node, name: str) -> list[Shape]:
    """Read a schema's own keywords as a union of shapes, one for each JSON kind it allows."""
    kinds = _kinds(schema)
    if schema.get("not") in (True, {}):
        return []
    if "enum" in schema or "const" in schema:
        return _finite(schema, kinds, name)
    opaque = _opaque(schema)
    if kinds is None and not opaque and not any(keyword in _OF_KIND or keyword == "format" for keyword in schema):
        return [Shape("any", name=name)]
    allowed: tuple[Kind, ...] = KINDS if kinds is None else _each_once(map(_base, kinds))
    shapes = [_shape(schema, kind, kinds, opaque, name) for kind in allowed]
    return [_haunted(schema, shape) for shape in shapes] if kinds is not None else shapes


def _each_once(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    known = set(kinds)
    return tuple(kind for kind in _ALL if kind in known)


def _kinds(schema: Node) -> tuple[str, ...] | None:
    written = schema.get("type")
    if isinstance(written, str):
        return (written,)
    return texts(written) if isinstance(written, list) else None


def _base(kind: str) -> Kind:
    return _KIND_NAMES.get(kind, "any")


def _finite(schema: Node, kinds: tuple[str, ...] | None, name: str) -> list[Shape]:
    values = [schema["const"]] if "const" in schema else sequence(schema["enum"])
    if "const" in schema and "enum" in schema:
        known = set(map(canonical, sequence(schema["enum"])))
        values = [value for value in values if canonical(value) in known]
    groups: dict[Kind, list[Json]] = {}
    for value in distinct(values):
        if kinds is None or _typed(value, kinds):
            groups.setdefault(kind_of(value), []).append(value)
    opaque = _opaque(schema)
    if any(kind in {"array", "object"} and kind in groups for keyword, kind in _OF_KIND.items() if keyword in schema):
        opaque = (*opaque, Opaque("enum", schema, separable=False))
    limits = {kind: _shape(schema, kind, kinds, (), name) for kind in groups}
    return [
        Shape(kind, values=_within(limits[kind], found), opaque=_fitting(opaque, kind), name=name)
        for kind, found in groups.items()
    ]


def _within(limit: Shape, values: list[Json]) -> tuple[Json, ...]:
    return tuple(value for value in values if isinstance(value, list | dict) or has_scalar(limit, value))


def _typed(value: Json, kinds: tuple[str, ...]) -> bool:
    if kind_of(value) in kinds:
        return True
    exact = rational(value)
    return "integer" in kinds and exact is not None and exact.denominator == 1


def _shape(schema: Node, kind: Kind, kinds: tuple[str, ...] | None, opaque: tuple[Opaque, ...], name: str) -> Shape:
    shape = Shape(kind, opaque=_fitting(opaque, kind), name=name, examples=_examples(schema, kind))
    match kind:
        case "boolean":
            return shape.but(values=(False, True))
        case "null":
            return shape.but(values=(None,))
        case "number":
            whole = kinds is not None and "integer" in kinds and "number" not in kinds
            return shape.but(numbers=Numbers.written(schema, whole=whole))
        case "string":
            return shape.but(text=_text(schema))
        case "array":
            return shape.but(items=_items(schema))
        case "object":
            return shape.but(members=_members(schema))
        case _:
            return shape


def _examples(schema: Node, kind: Kind) -> tuple[Json, ...]:
    shown = [schema[keyword] for keyword in ("example", "default") if keyword in schema]
    return tuple(value for value in (*shown, *sequence(schema.get("examples"))) if kind_of(value) == kind)


def _text(schema: Node) -> Text:
    pattern, form = schema.get("pattern"), schema.get("format")
    return Text(
        count(schema.get("minLength")) or 0,
        count(schema.get("maxLength")),
        (pattern,) if isinstance(pattern, str) else (),
        (form,) if isinstance(form, str) else (),
    )


def _items(schema: Node) -> Items:
    return Items(
        tuple(sequence(schema.get("prefixItems"))),
        schema.get("items", True),
        count(schema.get("minItems")) or 0,
        count(schema.get("maxItems")),
        schema.get("uniqueItems") is True,
    )


def _members(schema: Node) -> Members:
    properties, extra = mapping(schema.get("properties")), schema.get("additionalProperties")
    if schema.get("maxProperties") == 0:
        properties, extra = dict[str, Json](), False
    return Members(
        properties,
        tuple(dict.fromkeys(texts(schema.get("required")))),
        extra,
        mapping(schema.get("patternProperties")),
        count(schema.get("minProperties")) or 0,
        count(schema.get("maxProperties")),
        schema.get("propertyNames", True),
    )


def _opaque(schema: Node) -> tuple[Opaque, ...]:
    found: list[Opaque] = []
    for group, keywords in _GROUPS.items():
        held: Node = {keyword: schema[keyword] for keyword in keywords if keyword in schema}
        if held and _says_something(group, held):
            found.append(Opaque(group, held, separable=not group.startswith(("unevaluated", "$dynamic"))))
    found += (Opaque(keyword, {UNFIT: {keyword: held}}) for keyword, held in mapping(schema.get(UNFIT)).items())
    if any(kind not in _KIND_NAMES for kind in _kinds(schema) or ()):  # such as `file`, which OpenAPI 2 had
        found.append(Opaque("type", {"type": schema["type"]}))
    return tuple(found)


def _says_something(group: str, held: Node) -> bool:
    """Tell whether keywords that belong together ask for anything: `then` is nothing without `if`."""
    if group == "if":
        return "if" in held and len(held) > 1
    return group != "contains" or "contains" in held


def _fitting(opaque: tuple[Opaque, ...], kind: Kind) -> tuple[Opaque, ...]:
    return tuple(item for item in opaque if _TYPED.get(item.keyword, kind) == kind)


def _haunted(schema: Node, shape: Shape) -> Shape:
    """Remember keywords written for a kind that the schema's type rules out: JSON Schema ignores them.

    Those for lists are left alone: nothing that reads documents takes `maxItems` for anything else.
    """
    meant: list[Kind] = [kind for keyword, kind in _OF_KIND.items() if keyword in schema]
    allowed: set[Kind] = {"array", *map(_base, _kinds(schema) or ())}
    ghosts = [_shape(schema, kind, None, (), "") for kind in _each_once(set(meant) - allowed)]
    return shape.but(ghosts=tuple(ghosts)) if ghosts else shape
