"""A translation that breaks a law is refused with the smallest example of it, and one that keeps them all passes."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from contracts.tools import laws as laws_module
from contracts.tools.lenses import LawBroken, laws_hold
from contracts.translation import Rule, Translation, Unrepresentable, added
from contracts.wire import Choice, Open, Request
from hypothesis import settings
from pydantic import Field
from typer.testing import Result

Run = Callable[..., Result]
Digit = Annotated[int, Field(ge=0, le=9)]
QUICK = settings(max_examples=200, derandomize=True)


class Word(Choice):
    """Words that both versions know."""

    YES = "yes"
    NO = "no"


class Old(Request):
    """What version 1 says."""

    value: Digit


class New(Request):
    """What version 2 says."""

    value: Digit
    more: Digit


class OldWord(Request):
    """A word."""

    word: Word


class NewWord(Request):
    """A word, or one that came later."""

    word: Open[Word]


def same(value: int) -> int:
    return value


def alone(value: int) -> tuple[int, int]:
    return value, 0


def first(value: int, more: int) -> int:
    return value


def has_more(value: int, more: int) -> bool:
    return more != 0


def always(*values: int) -> bool:
    return True


def never(*values: int) -> bool:
    return False


def refuse(*values: int) -> int:
    raise ArithmeticError("too hard")


def lens(
    *,
    up: Callable[[int], Any] = alone,
    down: Callable[[int, int], Any] = first,
    keep: Callable[[int, int, int], tuple[int, int]] | None = None,
    loses: Callable[[int, int], bool] = has_more,
) -> type[Translation[Old, New]]:
    """Make a translation of one rule over both of the new fields."""

    class Both(Translation[Old, New], old=Old, new=New):
        """Everything at once."""

        both = Rule(("value",), ("value", "more"), up=up, down=down, keep=keep, loses=loses)

    return Both


class Kept(Translation[Old, New], old=Old, new=New):
    """A translation that keeps the laws."""

    more = added("more", default=0)


def known(word: str) -> Word:
    if word not in set(Word):
        raise Unrepresentable(word)
    return Word(word)


class Words(Translation[OldWord, NewWord], old=OldWord, new=NewWord):
    """A translation that refuses what has no words."""

    word = Rule(("word",), ("word",), up=str, down=known)


@pytest.mark.parametrize("kept", [Kept, Words])
def test_a_lens_that_keeps_the_laws_passes(kept: type[Translation[Any, Any]]) -> None:
    laws_hold(kept, QUICK)


def at_most_8(value: int) -> tuple[int, int]:
    return min(value, 8), 0


def is_9(value: int, more: int) -> bool:
    return value == 9 or more != 0


def twice_over(value: int) -> tuple[int, int]:
    return value, value


def as_text(value: int, more: int) -> str:
    return str(value)


def ignore(value: int, stored: int, more: int) -> tuple[int, int]:
    return stored, more


def count(value: int, stored: int, more: int) -> tuple[int, int]:
    return value, min(9, more + 1)


BROKEN: dict[str, tuple[type[Translation[Old, New]], str]] = {
    "up fails": (lens(up=refuse), "total: ArithmeticError: too hard"),
    "down fails": (lens(down=refuse), "total: ArithmeticError: too hard"),
    "an old value becomes another": (
        lens(up=at_most_8, loses=is_9),
        "up-down: the old value reads back as Old(value=8); with old Old(value=9)",
    ),
    "reading and writing back changes something": (
        lens(up=twice_over, down=as_text, loses=always),
        "get-put: writing back what was read stores New(value=0, more=0)",
    ),
    "a write is ignored": (lens(keep=ignore), "put-get: what was written reads back as"),
    "a write is counted": (lens(keep=count), "put-put: `both` remembers the first of two writes: [0, 2], not [0, 0]"),
    "a loss is not declared": (lens(loses=never), "losses: `both` loses something undeclared"),
    "a loss is declared too often": (lens(loses=always), "losses: `both` declares a loss, and loses nothing"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_law_is_named_with_an_example(fault: str) -> None:
    broken, sentence = BROKEN[fault]

    with pytest.raises(LawBroken) as caught:
        laws_hold(broken, QUICK)

    assert f"Both, {sentence}" in str(caught.value)
    assert "with old Old(" in str(caught.value)


def test_a_declared_loss_must_really_happen() -> None:
    def beyond(value: int) -> bool:
        return value > 9

    class Careful(Translation[Old, Old], old=Old, new=Old):
        """Loses nothing, and says that it might."""

        value = Rule(("value",), ("value",), up=same, down=same, loses=beyond)

    with pytest.raises(LawBroken, match="Careful, losses: `value` is declared to lose something, and no value does"):
        laws_hold(Careful, QUICK)


def test_the_command_prints_what_each_translation_may_lose(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws_module, "translations", lambda: [Kept])

    ran = run("laws", "--examples", "10")

    assert ran.exit_code == 0
    assert [line.split()[-4:] for line in ran.output.splitlines()[:2]] == [
        ["values", "may", "lose", "laws"],
        ["Kept", "10", "more", "hold"],
    ]


def test_the_command_fails_with_the_example(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sentence = BROKEN["an old value becomes another"]
    monkeypatch.setattr(laws_module, "translations", lambda: [broken])

    ran = run("laws")

    assert ran.exit_code == 1
    assert sentence in ran.output
    assert "both      BROKEN" in ran.output
    assert "declare what it loses" in ran.output
