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

_MANY = 3000  # values to look through for one that loses what may be lost
_SHOWN = 1000

Lens: TypeAlias = type[Translation[Any, Any]]


class LawBroken(AssertionError):
    """A translation does not keep a law; the message holds the smallest example that was found."""


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """Values to try a law on: two of the old version, and one that is stored in the new."""

    old: BaseModel
    other: BaseModel
    new: BaseModel

    def __repr__(self) -> str:
        return f"old {_short(self.old)}, another old {_short(self.other)}, new {_short(self.new)}"


Law: TypeAlias = Callable[[Lens, Case], None]
"""Raises AssertionError with what is wrong with a case, from a line of its own: so Hypothesis tells laws apart."""


def laws_hold(lens: Lens, config: settings | None = None) -> None:
    """Try every law on generated values; raises LawBroken with the smallest case that breaks one."""
    cases = st.builds(Case, values(lens.old), values(lens.old), values(lens.new))
    usual = settings(config, database=None, deadline=None, suppress_health_check=PATIENT)
    lost: set[str] = set()

    @settings(usual, report_multiple_bugs=False, print_blob=False)
    @given(cases)
    def try_one(case: Case) -> None:
        for name, law in LAWS.items():
            _try(lens, name, law, case)
        lost.update(name for name, rule in lens.rules.items() if _loss(rule, case.new))

    try_one()
    for name, rule in lens.rules.items():
        if rule.lossy and name not in lost:
            _find_loss(lens, name, cases, usual)


def _try(lens: Lens, name: str, law: Law, case: Case) -> None:
    try:
        law(lens, case)
    except AssertionError as exc:
        raise LawBroken(f"{lens.__name__}, {name}: {exc}; with {case}") from exc
    except (ApiError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as exc:
        raise LawBroken(f"{lens.__name__}, {name}: {type(exc).__name__}: {exc}; with {case}") from exc


def _find_loss(lens: Lens, name: str, cases: st.SearchStrategy[Case], usual: settings) -> None:
    """Find a value of which a rule really forgets something, as it says that it may."""
    longer = settings(usual, derandomize=True, phases=[Phase.generate], max_examples=_MANY)  # the same every time
    try:
        find(cases, lambda case: bool(_loss(lens.rules[name], case.new)), settings=longer)
    except NoSuchExample as exc:
        raise LawBroken(
            f"{lens.__name__}, losses: `{name}` is declared to lose something, and no value does; "
            "take its `loses` away, or correct it"
        ) from exc


def _total(lens: Lens, case: Case) -> None:
    lens.up(case.old)
    lens.put(case.old, case.new)
    _shown(lens, case.new)


def _up_down(lens: Lens, case: Case) -> None:
    back = lens.down(lens.up(case.old))
    if back != case.old:
        raise AssertionError(f"the old value reads back as {back!r}")


def _get_put(lens: Lens, case: Case) -> None:
    shown = _shown(lens, case.new)
    stored = case.new if shown is None else lens.put(shown, case.new)
    if stored != case.new:
        raise AssertionError(f"writing back what was read stores {stored!r}")


def _put_get(lens: Lens, case: Case) -> None:
    back = lens.down(lens.put(case.old, case.new))
    if back != case.old:
        raise AssertionError(f"what was written reads back as {back!r}")


def _put_put(lens: Lens, case: Case) -> None:
    """A rule that loses something is exempt: it recognises what it has shown, which another write makes it forget."""
    twice = lens.put(case.other, lens.put(case.old, case.new))
    once = lens.put(case.other, case.new)
    for name, rule in lens.rules.items():
        if not rule.loses(*_part(case.new, rule)) and _part(twice, rule) != _part(once, rule):
            raise AssertionError(
                f"`{name}` remembers the first of two writes: {_part(twice, rule)}, not {_part(once, rule)}"
            )


def _losses(lens: Lens, case: Case) -> None:
    for name, rule in lens.rules.items():
        lost, declared = _loss(rule, case.new), rule.loses(*_part(case.new, rule))
        if lost is not None and lost != declared:
            raise AssertionError(
                f"`{name}` {'loses something undeclared' if lost else 'declares a loss, and loses nothing'}"
            )


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


def _short(value: BaseModel) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


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
