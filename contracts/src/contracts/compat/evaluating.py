"""`unevaluatedProperties` and `unevaluatedItems`, wherever it can be read off a schema what is evaluated."""

from dataclasses import replace

from contracts.compat.shape import Shape
from contracts.compat.values import Json, Node, sequence, text
from contracts.compat.views import View

_VAGUE = {  # what is evaluated depends on the payload
    "unevaluatedProperties": frozenset({"anyOf", "if", "dependentSchemas", "$dynamicRef"}),
    "unevaluatedItems": frozenset({"anyOf", "if", "dependentSchemas", "$dynamicRef", "items", "contains"}),
}
_DEEPEST = 20


def readable_off(view: View, schema: Node) -> frozenset[str]:
    """Give the keywords of a schema that come down to `additionalProperties` or `items` of all its parts together."""
    read = frozenset(word for word in _VAGUE if word in schema and _plain(view, schema, _VAGUE[word], 0))
    # Members that a schema constrains and does not refuse may still be sent: those stay a matter for the search.
    return read if isinstance(schema.get("unevaluatedProperties"), bool) else read - {"unevaluatedProperties"}


def _plain(view: View, schema: Json, vague: frozenset[str], depth: int) -> bool:
    if not isinstance(schema, dict):
        return True
    if vague & set(schema) or depth > _DEEPEST:
        return False
    parts = [*sequence(schema.get("allOf")), *sequence(schema.get("oneOf"))]
    parts += [view.target(text(schema["$ref"]))] if "$ref" in schema else []
    return all(_plain(view, part, vague, depth + 1) for part in parts)


def closed(shape: Shape, schema: Node, keywords: frozenset[str]) -> Shape:
    """Apply the keywords to what is left when all parts of a schema have met."""
    if shape.kind == "object" and "unevaluatedProperties" in keywords and shape.members.extra is None:
        return shape.but(members=replace(shape.members, extra=schema["unevaluatedProperties"]))
    if shape.kind == "array" and "unevaluatedItems" in keywords:
        return shape.but(items=replace(shape.items, rest=schema["unevaluatedItems"]))
    return shape
