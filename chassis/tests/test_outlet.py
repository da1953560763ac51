"""Log lines are written behind the requests that they tell of: all of them, and in their order."""

import asyncio
import io
import json
import sys
from contextlib import nullcontext

import pytest
from chassis.outlet import Outlet

pytestmark = pytest.mark.anyio

Output = pytest.CaptureFixture[str]


def test_a_line_is_written_at_once_unless_somebody_writes_behind(capsys: Output) -> None:
    Outlet().write("one\n")

    assert capsys.readouterr().out == "one\n"


async def test_lines_that_are_written_behind_come_soon_and_in_their_order(capsys: Output) -> None:
    outlet, seen = Outlet(pause=0), ""
    with outlet.behind():
        for number in range(100):
            outlet.write(f"{number}\n")
            outlet.flush()
        while seen.count("\n") < 100:
            await asyncio.sleep(0)
            seen += capsys.readouterr().out

    assert seen.split() == [str(number) for number in range(100)]


def test_nothing_is_left_unwritten_at_the_end(capsys: Output) -> None:
    outlet = Outlet(pause=0.05)

    with outlet.behind():
        outlet.write("last\n")

    assert capsys.readouterr().out == "last\n"


def test_who_has_more_lines_than_can_wait_writes_them(capsys: Output) -> None:
    outlet = Outlet(pause=0.5, most=3)
    with outlet.behind():
        for number in range(4):
            outlet.write(f"{number}\n")
        seen = capsys.readouterr().out

    assert seen == "0\n1\n2\n3\n"


def test_a_service_outlives_the_listener_to_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    outlet = Outlet()
    monkeypatch.setattr(sys, "stdout", Gone())
    outlet.write("unheard\n")

    heard = io.StringIO()
    monkeypatch.setattr(sys, "stdout", heard)
    outlet.write("heard\n")

    assert heard.getvalue() == "heard\n"


@pytest.mark.parametrize("is_behind", [False, True], ids=["at once", "behind"])
def test_a_line_that_stdout_has_no_words_for_hides_no_other(monkeypatch: pytest.MonkeyPatch, is_behind: bool) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    outlet = Outlet(pause=0)

    with outlet.behind() if is_behind else nullcontext():
        for text in ("caf\u00e9", "half: \ud83d", "last"):
            outlet.write(f"{text}\n")

    assert written.getvalue().splitlines() == [rb"caf\xe9", rb"half: \ud83d", b"last"]


@pytest.mark.parametrize("is_behind", [False, True], ids=["at once", "behind"])
def test_a_line_that_cannot_be_made_hides_no_other(capsys: Output, is_behind: bool) -> None:
    outlet = Outlet(pause=0)

    with outlet.behind() if is_behind else nullcontext():
        outlet.put(lambda: "first")
        outlet.put(lambda: str(10**5000))
        outlet.put(lambda: "last")

    first, lost, last = capsys.readouterr().out.splitlines()
    assert (first, last) == ("first", "last")
    assert json.loads(lost) == {"level": "error", "event": "line_not_made", "error": "ValueError"}
