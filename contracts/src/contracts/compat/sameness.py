"""The cheap proof: where the reader asks word for word what the sender promises, nothing needs deriving."""

from contracts.compat.values import Json, Node, canonical, mapping, sequence, text
from contracts.compat.views import View

NOTES = frozenset({
    "title", "description", "example", "examples", "default", "deprecated", "$comment", "externalDocs", "xml",
    "readOnly", "writeOnly", "$schema",
})  # fmt: skip
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({
    "items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else",
    "unevaluatedProperties", "unevaluatedItems",
})  # fmt: skip
_UNORDERED = frozenset({"required", "enum", "type"})
_LOOSER_WITHOUT = frozenset({"additionalProperties", "unevaluatedProperties"})


class Sameness:
    """Structural equality of two views' schemas up to notes, names of components, and what a reader overlooks."""

    def __init__(self, sender: View, reader: View) -> None:
        self._sender, self._reader = sender, reader
        self._known: dict[tuple[int, int], bool] = {}
        self._kept: list[Json] = []

    def holds(self, one: Json, other: Json) -> bool:
        one, other = self._sender.follow(one), self._reader.follow(other)
        if not isinstance(one, dict) or not isinstance(other, dict):
            return one is False or (other is True and one is True) or _free(other)
        key = id(one), id(other)
        if key not in self._known:
            self._known[key] = True  # on a cycle: equal unless a difference is found elsewhere
            self._kept += [one, other]
            self._known[key] = self._equal(one, other)
        return self._known[key]

    def _equal(self, one: Node, other: Node) -> bool:
        mine = {keyword for keyword in one if _asserts(keyword)}
        theirs = {keyword for keyword in other if _asserts(keyword)}
        if "oneOf" in mine and "anyOf" in theirs:
            mine, theirs = mine - {"oneOf"}, theirs - {"anyOf"}
            if "anyOf" in mine or not self._listed(one["oneOf"], other["anyOf"]):
                return False
        overlooked = frozenset[str]() if "unevaluatedProperties" in theirs else _LOOSER_WITHOUT
        if theirs - mine or (mine - theirs) - overlooked:
            return False
        return all(self._keyword(keyword, one[keyword], other[keyword]) for keyword in theirs)

    def _keyword(self, keyword: str, one: Json, other: Json) -> bool:
        if keyword == "$ref":
            return self.holds(self._sender.target(text(one)), self._reader.target(text(other)))
        if keyword in _NAMED:
            mine, theirs = mapping(one), mapping(other)
            return mine.keys() == theirs.keys() and all(self.holds(mine[name], theirs[name]) for name in mine)
        if keyword in _LISTED:
            return self._listed(one, other)
        if keyword in _SINGLE and isinstance(other, dict):
            return self.holds(one, other)
        if keyword in _UNORDERED and isinstance(other, list):
            return set(map(canonical, sequence(one))) == set(map(canonical, other))
        if keyword == "discriminator":
            return self._discriminator(mapping(one), mapping(other))
        return canonical(one) == canonical(other)

    def _listed(self, one: Json, other: Json) -> bool:
        mine, theirs = sequence(one), sequence(other)
        return len(mine) == len(theirs) and all(map(self.holds, mine, theirs))

    def _discriminator(self, one: Node, other: Node) -> bool:
        if one.get("propertyName") != other.get("propertyName"):
            return False
        return set(mapping(one.get("mapping"))) == set(mapping(other.get("mapping")))


def _asserts(keyword: str) -> bool:
    return keyword not in NOTES and (not keyword.startswith("x-") or keyword == "x-unreadable-pattern")


def _free(schema: Json) -> bool:
    return schema is True or (isinstance(schema, dict) and not any(map(_asserts, schema)))
