"""A translation is a table of rules that covers every field once, and follows from it in three directions."""

from typing import Annotated, Any

import pytest
from contracts.translation import (
    Rule,
    Translation,
    TranslationError,
    Unrepresentable,
    added,
    dropped,
    each,
    one_to_many,
    rename,
    widen,
)
from contracts.wire import Choice, Open, Request
from pydantic import Field


class OldMood(Choice):
    """Moods, as they were."""

    GOOD = "good"
    BAD = "bad"


class Mood(Choice):
    """Moods."""

    GOOD = "good"
    BAD = "bad"
    GRUMPY = "grumpy"


class OldPart(Request):
    """A part, as it was."""

    size: int


class Part(Request):
    """A part."""

    size: int
    weight: int


class OldBear(Request):
    """A bear, as it was."""

    id: int
    title: str
    owner: str
    mood: OldMood
    fax: None
    parts: list[OldPart]


class Bear(Request):
    """A bear."""

    id: int
    name: str
    owners: Annotated[list[str], Field(max_length=3)]
    mood: Open[Mood]
    age: int
    parts: list[Part]


class PartV1V2(Translation[OldPart, Part], old=OldPart, new=Part):
    """A part."""

    weight = added("weight", default=1)


class BearV1V2(Translation[OldBear, Bear], old=OldBear, new=Bear):
    """A bear."""

    name = rename("title", "name")
    owners = one_to_many("owner", "owners")
    mood = widen("mood", OldMood, Mood, {Mood.GRUMPY: OldMood.BAD})
    fax = dropped("fax", default=None)
    age = added("age", default=0)
    parts = each("parts", "parts", PartV1V2)


OLD = OldBear(id=1, title="Bruno", owner="Ada", mood=OldMood.GOOD, fax=None, parts=[OldPart(size=2)])


def bear(**said: Any) -> Bear:
    usual = {"id": 1, "name": "Bruno", "owners": ["Ada"], "mood": "good", "age": 0, "parts": [{"size": 2, "weight": 1}]}
    return Bear.model_validate(usual | said)


def test_an_old_value_reads_as_a_new_one() -> None:
    assert BearV1V2.up(OLD) == bear()


def test_a_new_value_is_shown_as_an_old_one() -> None:
    shown = BearV1V2.down(bear(mood="grumpy", owners=["Ada", "Bob"], age=7))

    assert shown == OLD.model_copy(update={"mood": OldMood.BAD})


def test_an_old_write_leaves_alone_what_it_cannot_see() -> None:
    stored = bear(owners=["Ada", "Bob"], age=7, mood="grumpy", parts=[{"size": 2, "weight": 9}])

    put = BearV1V2.put(OLD.model_copy(update={"title": "Bruna", "mood": OldMood.BAD}), stored)

    assert put == stored.model_copy(update={"name": "Bruna"})


def test_an_old_write_replaces_what_it_sees() -> None:
    stored = bear(owners=["Ada", "Bob"], mood="grumpy", parts=[{"size": 3, "weight": 9}])

    put = BearV1V2.put(OLD.model_copy(update={"owner": "Eve"}), stored)

    assert (put.owners, put.mood, put.parts) == (["Eve", "Bob"], Mood.GOOD, [Part(size=2, weight=1)])


def test_what_is_forgotten_is_named() -> None:
    assert BearV1V2.losses(bear()) == []
    assert BearV1V2.losses(bear(age=7, owners=["Ada", "Bob"])) == ["owners", "age"]
    assert BearV1V2.losses(bear(mood="grumpy", parts=[{"size": 2, "weight": 9}])) == ["mood", "parts"]
    assert BearV1V2.loses(bear(age=7))
    assert not BearV1V2.loses(bear())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"owners": []}, "`owners` is empty, and the old version has exactly one `owner`"),
        ({"mood": "dreamy"}, "`mood` is `dreamy`, a word that the old version does not know"),
    ],
)
def test_what_the_old_version_cannot_say_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unrepresentable, match=sentence):
        BearV1V2.down(bear(**said))


def test_an_old_write_onto_what_it_could_not_read_is_still_a_write() -> None:
    put = BearV1V2.put(OLD, bear(mood="dreamy", owners=["Bob"]))

    assert (put.mood, put.owners) == (Mood.GOOD, ["Ada"])


def test_a_rule_may_speak_of_several_fields() -> None:
    class Name(Request):
        """A name."""

        name: str

    class Names(Request):
        """A name in two parts."""

        given: str
        family: str

    def split(name: str) -> list[str]:
        return name.split(" ")

    def join(given: str, family: str) -> str:
        return f"{given} {family}"

    class NameV1V2(Translation[Name, Names], old=Name, new=Names):
        """A name."""

        name = Rule(("name",), ("given", "family"), up=split, down=join)

    assert NameV1V2.up(Name(name="Ada Byron")) == Names(given="Ada", family="Byron")
    assert NameV1V2.down(Names(given="Ada", family="Byron")) == Name(name="Ada Byron")
    assert NameV1V2.losses(Names(given="Ada", family="Byron")) == []


def test_fields_of_the_same_name_cover_themselves() -> None:
    assert BearV1V2.rules["id"].old == ("id",)


def test_only_rules_that_declare_a_loss_are_lossy() -> None:
    lossy = {name for name, rule in BearV1V2.rules.items() if rule.lossy}

    assert lossy == {"owners", "mood", "age", "parts"}


def test_a_list_of_what_loses_nothing_loses_nothing() -> None:
    class Same(Translation[OldPart, OldPart], old=OldPart, new=OldPart):
        """The same part."""

    assert not each("parts", "parts", Same).lossy


def test_a_table_that_leaves_fields_out_is_refused() -> None:
    with pytest.raises(TranslationError) as caught:

        class Gaps(Translation[OldBear, Bear], old=OldBear, new=Bear):  # pyright: ignore[reportUnusedClass]
            """A table with gaps, a field twice and one that is not there."""

            name = rename("title", "name")
            title = rename("title", "name")
            ghost = added("ghost", default=None)
            owners = one_to_many("owner", "owners")

    said = str(caught.value)
    assert said.startswith("Gaps: ")
    assert "the new field `age` is not covered" in said
    assert "the old field `fax` is not covered" in said
    assert "the old field `title` is covered twice" in said
    assert "the new model has no field `ghost`" in said
