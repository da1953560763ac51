"""Rules about how large things are, and how exact."""

from collections.abc import Iterator

from pydantic import JsonValue

from contracts.tools.linting.breach import Breach, Subject
from contracts.tools.linting.patterns import open_ended

__all__ = ["bounds"]

_MANY = 1_000_001
_EXACT = 2**53 + 1
_LIMITS = "readers without a limit of their own", "readers with one"


def bounds(subject: Subject) -> Iterator[Breach]:
    """Find numbers that are not exact, and all that has no bound."""
    match subject.said.get("type"):
        case "number":
            advice = "is a float, which is not exact: use `Money`, or an integer of minor units"
            sides = "readers with floats, as 0.1 + 0.2", "readers with decimals, for which that is 0.3"
            yield subject.breach("number.float", advice, 0.1 + 0.2, *sides)
        case "integer" if not {"minimum", "maximum"} <= subject.said.keys():
            sides = "readers with whole numbers of any size", f"JavaScript, which reads {_EXACT - 1}"
            yield subject.breach("number.unbounded", "is a number without bounds: say `ge` and `le`", _EXACT, *sides)
        case "array" if "maxItems" not in subject.said:
            advice = "is a list without a bound: say `max_length`"
            yield subject.breach("array.unbounded", advice, _many(_item(subject)), *_LIMITS)
        case "object" if "properties" not in subject.said:
            sides = "Python, which keeps the member", "JavaScript, which may lose it"
            yield subject.breach("object.free", "is a dict: make it a model", {"__proto__": _extra(subject)}, *sides)
        case "string" if _is_endless(subject):
            advice = "is a string without a bound: say `max_length`"
            yield subject.breach("string.unbounded", advice, _many("x"), *_LIMITS)
        case _:
            return


def _is_endless(subject: Subject) -> bool:
    said = subject.said
    pattern = said.get("pattern")
    fixed = said.keys() & {"enum", "const", "contentMediaType", "maxLength"}
    return not fixed and (not pattern or open_ended(str(pattern)))


def _many(part: JsonValue) -> JsonValue:
    """Abbreviate what is too long to show, as the gate does."""
    return {"$repeat": part, "$times": _MANY}


def _item(subject: Subject) -> JsonValue:
    items = subject.said.get("items")
    return subject.one(items) if isinstance(items, dict) else "x"


def _extra(subject: Subject) -> JsonValue:
    extra = subject.said.get("additionalProperties")
    return subject.one(extra) if isinstance(extra, dict) else 1
