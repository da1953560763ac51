"""One version's words in another's: a translation is a table of rules, and the table is a lens.

`up` reads an old value as a new one, `down` shows a new value to an old client, and `put` writes an old value onto
what is stored, leaving alone what the old version cannot see. The laws that hold them together (Foster et al.,
"Combinators for bidirectional tree transformations", 2007) are tested for every translation there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from contracts.errors import Conflict

__all__ = [
    "Rule",
    "Translation",
    "TranslationError",
    "Unrepresentable",
    "added",
    "dropped",
    "each",
    "one_to_many",
    "rename",
    "widen",
]

Old = TypeVar("Old", bound=BaseModel)
New = TypeVar("New", bound=BaseModel)


class Unrepresentable(Conflict):
    """The old version has no words for this."""

    code = "unrepresentable"


class TranslationError(TypeError):
    """A translation does not cover its models."""


def _never(*values: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """How one group of fields is said in the other version.

    `up` takes the old fields' values and returns the new field's value, or a tuple of them for several (or none);
    `down` does the reverse, and raises Unrepresentable for what the old version cannot say. `keep` takes the old
    values, then the stored new ones, and returns the new ones to store. `loses` tells for new values whether `down`
    forgets something: what is lost is declared, and the laws check that it really is.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    up: Callable[..., Any]
    down: Callable[..., Any]
    keep: Callable[..., Any] | None = None
    loses: Callable[..., bool] = _never

    @property
    def lossy(self) -> bool:
        """Whether a loss is declared at all."""
        return self.loses is not _never

    def upward(self, old: Sequence[Any]) -> tuple[Any, ...]:
        """Say the old fields' values in the new version."""
        return _several(self.new, self.up(*old))

    def downward(self, new: Sequence[Any]) -> tuple[Any, ...]:
        """Say the new fields' values in the old version; raises Unrepresentable."""
        return _several(self.old, self.down(*new))

    def onto(self, old: Sequence[Any], stored: Sequence[Any]) -> tuple[Any, ...]:
        """Write the old fields' values onto the stored ones; what reads the same is not touched."""
        try:
            if self.downward(stored) == tuple(old):
                return tuple(stored)
        except Unrepresentable:
            pass  # what is stored cannot be read by the old version, so the write cannot have left it alone
        return _several(self.new, self.keep(*old, *stored)) if self.keep else self.upward(old)


def _several(names: tuple[str, ...], values: Any) -> tuple[Any, ...]:
    return (values,) if len(names) == 1 else tuple(values)


def _as_it_is(value: Any) -> Any:
    return value


def _nothing(*values: Any) -> tuple[()]:
    return ()


def rename(old: str, new: str) -> Rule:
    """Say the same value under another name."""
    return Rule((old,), (new,), up=_as_it_is, down=_as_it_is)


def added(name: str, default: Any) -> Rule:
    """Know a field that the old version does not; old writes leave it alone."""

    def up() -> Any:
        return default

    def loses(value: Any) -> bool:
        return value != default

    return Rule((), (name,), up=up, down=_nothing, keep=_as_it_is, loses=loses)


def dropped(name: str, default: Any) -> Rule:
    """Show old clients this value for a field that is gone."""

    def down() -> Any:
        return default

    return Rule((name,), (), up=_nothing, down=down)


def one_to_many(old: str, new: str) -> Rule:
    """Show the first of several; an old write replaces the first and keeps the rest."""

    def up(value: Any) -> list[Any]:
        return [value]

    def down(values: list[Any]) -> Any:
        if not values:
            raise Unrepresentable(f"`{new}` is empty, and the old version has exactly one `{old}`")
        return values[0]

    def keep(value: Any, stored: list[Any]) -> list[Any]:
        return [value, *stored[1:]]

    def loses(values: list[Any]) -> bool:
        return len(values) > 1

    return Rule((old,), (new,), up=up, down=down, keep=keep, loses=loses)


def widen(name: str, old: type[StrEnum], new: type[StrEnum], shown: Mapping[Any, Any]) -> Rule:
    """Know more words than the old version: `shown` says which old word stands for each of them."""

    def up(value: str) -> StrEnum:
        return new(str(value))

    def down(value: str) -> StrEnum:
        word = shown.get(value, value)
        if word not in set(old):
            raise Unrepresentable(f"`{name}` is `{value}`, a word that the old version does not know")
        return old(word)

    def loses(value: str) -> bool:
        return value in shown

    return Rule((name,), (name,), up=up, down=down, loses=loses)


def each(old: str, new: str, translation: "type[Translation[Any, Any]]") -> Rule:
    """Translate every element of a list."""

    def up(values: list[Any]) -> list[Any]:
        return [translation.up(value) for value in values]

    def down(values: list[Any]) -> list[Any]:
        return [translation.down(value) for value in values]

    def loses(values: list[Any]) -> bool:
        return any(translation.loses(value) for value in values)

    lossy = any(rule.lossy for rule in translation.rules.values())
    return Rule((old,), (new,), up=up, down=down, loses=loses if lossy else _never)


class Translation(Generic[Old, New]):
    """What one model of an old version says, in the new version's words.

    `class UserV1V2(Translation[v1.User, v2.User], old=v1.User, new=v2.User)`, with a Rule for each group of fields.
    Fields of the same name in both models cover themselves. A class that leaves a field uncovered, or covers one
    twice, is refused at import.
    """

    old: ClassVar[type[BaseModel]]
    new: ClassVar[type[BaseModel]]
    rules: ClassVar[dict[str, Rule]]
    _kept: ClassVar[list[tuple[str, str]]]
    """Which new field stands as it is under which old name: most do, and every answer to an old client reads them."""
    _told: ClassVar[list[Rule]]

    def __init_subclass__(cls, *, old: type[BaseModel], new: type[BaseModel]) -> None:
        cls.old, cls.new = old, new
        rules = {name: rule for name, rule in vars(cls).items() if isinstance(rule, Rule)}
        named = {field for rule in rules.values() for field in (*rule.old, *rule.new)}
        same = [field for field in old.model_fields if field in new.model_fields and field not in named]
        cls.rules = rules | {field: rename(field, field) for field in same}
        cls._kept = [(rule.old[0], rule.new[0]) for rule in cls.rules.values() if rule.down is _as_it_is]
        cls._told = [rule for rule in cls.rules.values() if rule.down not in (_as_it_is, _nothing)]
        _check_cover(cls)

    @classmethod
    def up(cls, old: Old) -> New:
        """Read an old value as a new one."""
        return cls._new(lambda rule: rule.upward(_part(old, rule.old)))

    @classmethod
    def down(cls, new: New) -> Old:
        """Show a new value to an old client; raises Unrepresentable where the old version has no words for it."""
        said = {old: getattr(new, name) for old, name in cls._kept}
        for rule in cls._told:
            said |= zip(rule.old, rule.downward(_part(new, rule.new)), strict=True)
        return cls.old.model_validate(said)  # pyright: ignore[reportReturnType]  # `old` is Old, which a ClassVar cannot say

    @classmethod
    def put(cls, old: Old, stored: New) -> New:
        """Write an old value onto what is stored; what the old version cannot see stays as it is."""
        return cls._new(lambda rule: rule.onto(_part(old, rule.old), _part(stored, rule.new)))

    @classmethod
    def losses(cls, new: New) -> list[str]:
        """Name the rules that forget something when `new` is shown to an old client."""
        return [name for name, rule in cls.rules.items() if rule.loses(*_part(new, rule.new))]

    @classmethod
    def loses(cls, new: New) -> bool:
        """Tell whether showing `new` to an old client forgets anything."""
        return bool(cls.losses(new))

    @classmethod
    def _new(cls, say: Callable[[Rule], tuple[Any, ...]]) -> New:
        said: dict[str, Any] = {}
        for rule in cls.rules.values():
            said |= zip(rule.new, say(rule), strict=True)
        return cls.new.model_validate(said)  # pyright: ignore[reportReturnType]  # `new` is New, which a ClassVar cannot say


def _part(value: BaseModel, names: tuple[str, ...]) -> list[Any]:
    return [getattr(value, name) for name in names]


def _check_cover(cls: "type[Translation[Any, Any]]") -> None:
    faults: list[str] = []
    for version, model in (("old", cls.old), ("new", cls.new)):
        covered = [field for rule in cls.rules.values() for field in getattr(rule, version)]
        known = model.model_fields
        faults += [f"the {version} field `{name}` is not covered" for name in known if name not in covered]
        faults += [f"the {version} field `{name}` is covered twice" for name in known if covered.count(name) > 1]
        faults += [f"the {version} model has no field `{name}`" for name in covered if name not in known]
    if faults:
        raise TranslationError(f"{cls.__name__}: " + "; ".join(sorted(faults)))
