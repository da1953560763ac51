"""The cheap proof: where the reader asks word for word what the sender promises, nothing needs deriving."""

from typing import TypeAlias

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


_Key: TypeAlias = tuple[int, int]
_Parts: TypeAlias = list[tuple[Json, Json]]


class Sameness:
    """Structural equality of two views' schemas up to notes, names of components, and what a reader overlooks.

    All pairs that a question leads to are looked at once; what differs takes along whatever refers to it. So a
    difference on a cycle of references is seen from every place of the cycle, and chains may be as long as they like.
    """

    def __init__(self, sender: View, reader: View) -> None:
        self._sender, self._reader = sender, reader
        self._known: dict[_Key, bool] = {}
        self._pairs: dict[_Key, tuple[Node, Node]] = {}

    def holds(self, one: Json, other: Json) -> bool:
        asked = self._asked(one, other)
        if isinstance(asked, bool):
            return asked
        if asked not in self._known:
            self._explore(asked)
        return self._known[asked]

    def _asked(self, one: Json, other: Json) -> bool | _Key:
        """Answer what is plain, or name the pair that has to be looked at."""
        one, other = self._sender.follow(one), self._reader.follow(other)
        if not isinstance(one, dict) or not isinstance(other, dict):
            return one is False or (other is True and one is True) or _free(other)
        key = id(one), id(other)
        self._pairs[key] = one, other
        return key

    def _explore(self, start: _Key) -> None:
        waiting, fallen, above = [start], list[_Key](), dict[_Key, list[_Key]]()
        while waiting:
            key = waiting.pop()
            if key in self._known:
                continue
            self._known[key], parts = True, list[tuple[Json, Json]]()
            same = self._equal(*self._pairs[key], parts)
            for asked in [self._asked(*part) for part in parts]:
                if isinstance(asked, bool):
                    same = same and asked
                else:
                    same = same and self._known.get(asked, True)
                    above.setdefault(asked, []).append(key)
                    waiting.append(asked)
            fallen += [] if same else [key]
        self._fall(fallen, above)

    def _fall(self, fallen: list[_Key], above: dict[_Key, list[_Key]]) -> None:
        while fallen:
            key = fallen.pop()
            if self._known[key]:
                self._known[key] = False
                fallen += above.get(key, [])

    def _equal(self, one: Node, other: Node, parts: _Parts) -> bool:
        mine = {keyword for keyword in one if _asserts(keyword)}
        theirs = {keyword for keyword in other if _asserts(keyword)}
        if "oneOf" in mine and "anyOf" in theirs:
            mine, theirs = mine - {"oneOf"}, theirs - {"anyOf"}
            if "anyOf" in mine or not _listed(one["oneOf"], other["anyOf"], parts):
                return False
        overlooked = frozenset[str]() if "unevaluatedProperties" in theirs else _LOOSER_WITHOUT
        if theirs - mine or (mine - theirs) - overlooked:
            return False
        return all(self._keyword(keyword, one[keyword], other[keyword], parts) for keyword in theirs)

    def _keyword(self, keyword: str, one: Json, other: Json, parts: _Parts) -> bool:
        if keyword == "$ref":
            parts.append((self._sender.target(text(one)), self._reader.target(text(other))))
            return True
        if keyword in _NAMED:
            mine, theirs = mapping(one), mapping(other)
            parts += [(mine[name], theirs[name]) for name in mine if name in theirs]
            return mine.keys() == theirs.keys()
        if keyword in _LISTED:
            return _listed(one, other, parts)
        if keyword in _SINGLE and isinstance(other, dict):
            parts.append((one, other))
            return True
        if keyword in _UNORDERED and isinstance(other, list):
            return set(map(canonical, sequence(one))) == set(map(canonical, other))
        if keyword == "discriminator":
            return _discriminator(mapping(one), mapping(other))
        return canonical(one) == canonical(other)


def _listed(one: Json, other: Json, parts: _Parts) -> bool:
    mine, theirs = sequence(one), sequence(other)
    parts += zip(mine, theirs, strict=False)
    return len(mine) == len(theirs)


def _discriminator(one: Node, other: Node) -> bool:
    if one.get("propertyName") != other.get("propertyName"):
        return False
    return set(mapping(one.get("mapping"))) == set(mapping(other.get("mapping")))


def _asserts(keyword: str) -> bool:
    return keyword not in NOTES and (not keyword.startswith("x-") or keyword == "x-unreadable-pattern")


def _free(schema: Json) -> bool:
    return schema is True or (isinstance(schema, dict) and not any(map(_asserts, schema)))
