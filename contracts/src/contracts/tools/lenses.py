"""The laws of a translation (Foster et al., 2007): what must hold for every value, so that no version lies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from pydantic import BaseModel

from contracts.errors import ApiError
from contracts.tools.strategies import values
from contracts.tools.words import PATIENT
from contracts.translation import Rule, Translation, Unrepresentable

__all__ = ["LAWS", "LawBroken", "laws_hold"]

Lens: TypeAlias = type[Translation[Any, Any]]


class LawBroken(AssertionError):
    """A translation does not keep a law; the message holds the smallest example that was found."""


@dataclass(frozen=True, slots=True)
class Case:
    """Values to try a law on: two of the old version, and one that is stored in the new."""

    old: BaseModel
    other: BaseModel
    new: BaseModel

    def __str__(self) -> str:
        return f"old {self.old!r}, another old {self.other!r}, new {self.new!r}"


Law: TypeAlias = Callable[[Lens, Case], str | None]
"""What is wrong with a case, if anything."""


def laws_hold(lens: Lens, config: settings | None = None) -> None:
    """Try every law on generated values; raises LawBroken with the smallest case that breaks one."""
    cases = st.builds(Case, values(lens.old), values(lens.old), values(lens.new))
    usual = settings(config, database=None, deadline=None, suppress_health_check=PATIENT)

    @settings(usual, report_multiple_bugs=False, print_blob=False)
    @given(cases)
    def try_one(case: Case) -> None:
        for name, law in LAWS.items():
            _try(lens, name, law, case)

    try_one()
    _losses_happen(lens, usual)


def _try(lens: Lens, name: str, law: Law, case: Case) -> None:
    try:
        fault = law(lens, case)
    except (ApiError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as exc:
        fault = f"{type(exc).__name__}: {exc}"
    if fault:
        raise LawBroken(f"{lens.__name__}, {name}: {fault}; with {case}")


def _losses_happen(lens: Lens, usual: settings) -> None:
    """Find a value that really loses, for each rule that says it may lose something."""
    quick = settings(usual, phases=[Phase.generate], max_examples=max(1000, usual.max_examples))
    for name, rule in lens.rules.items():
        if rule.lossy:
            try:
                find(values(lens.new), lambda new, rule=rule: bool(_loss(rule, new)), settings=quick)
            except NoSuchExample as exc:
                raise LawBroken(
                    f"{lens.__name__}, losses: `{name}` is declared to lose something, and no value does; "
                    "take its `loses` away, or correct it"
                ) from exc


def _total(lens: Lens, case: Case) -> str | None:
    lens.up(case.old)
    lens.put(case.old, case.new)
    _shown(lens, case.new)
    return None


def _up_down(lens: Lens, case: Case) -> str | None:
    back = lens.down(lens.up(case.old))
    return None if back == case.old else f"the old value reads back as {back!r}"


def _get_put(lens: Lens, case: Case) -> str | None:
    shown = _shown(lens, case.new)
    if shown is None:
        return None
    stored = lens.put(shown, case.new)
    return None if stored == case.new else f"writing back what was read stores {stored!r}"


def _put_get(lens: Lens, case: Case) -> str | None:
    back = lens.down(lens.put(case.old, case.new))
    return None if back == case.old else f"what was written reads back as {back!r}"


def _put_put(lens: Lens, case: Case) -> str | None:
    """A rule that loses something is exempt: it recognises what it has shown, which another write makes it forget."""
    twice = lens.put(case.other, lens.put(case.old, case.new))
    once = lens.put(case.other, case.new)
    for name, rule in lens.rules.items():
        if not rule.loses(*_part(case.new, rule)) and _part(twice, rule) != _part(once, rule):
            return f"`{name}` remembers the first of two writes: {_part(twice, rule)}, not {_part(once, rule)}"
    return None


def _losses(lens: Lens, case: Case) -> str | None:
    for name, rule in lens.rules.items():
        lost, declared = _loss(rule, case.new), rule.loses(*_part(case.new, rule))
        if lost is not None and lost != declared:
            return f"`{name}` {'loses something undeclared' if lost else 'declares a loss, and loses nothing'}"
    return None


def _shown(lens: Lens, new: Any) -> Any:
    """Show a value to old clients; None for what they have no words for."""
    try:
        return lens.down(new)
    except Unrepresentable:
        return None


def _loss(rule: Rule, new: Any) -> bool | None:
    """Tell whether a rule really forgets something of a value; None where it has no words for it."""
    part = _part(new, rule)
    try:
        shown = rule.downward(part)
    except Unrepresentable:
        return None
    return rule.upward(shown) != tuple(part)


def _part(value: Any, rule: Rule) -> list[Any]:
    return [getattr(value, name) for name in rule.new]


LAWS: dict[str, Law] = {
    "total": _total,
    "up-down": _up_down,
    "get-put": _get_put,
    "put-get": _put_get,
    "put-put": _put_put,
    "losses": _losses,
}
