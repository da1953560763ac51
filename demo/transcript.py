"""What a person reads: numbered steps, one aligned row a call, the one JSON line that matters, and totals."""

import json
from collections.abc import Iterable, Mapping
from time import perf_counter

from pydantic import BaseModel
from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from demo.calls import Call

__all__ = ["Transcript"]

_MARGIN = " " * 4


class Transcript:
    """Writes to a console, in colours if that is a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._json = JSONHighlighter()
        self._began = perf_counter()
        self._steps = 0
        self._calls = 0
        self._inner_calls = 0

    def title(self, text: str) -> None:
        self._line(Text(text, "bold"))

    def step(self, title: str) -> None:
        """Begin the next step."""
        self._steps += 1
        self._line(Text())
        self._line(Text.assemble((f"{self._steps:>2}", "bold cyan"), "  ", (title, "bold")))

    def skip(self, title: str, why: str) -> None:
        """Say why a step is left out."""
        self._line(Text())
        self._line(Text(f" -  {title}: skipped, {why}", "dim"))

    def call(self, call: Call) -> None:
        """Tell a call from outside."""
        self._calls += 1
        self._line(_row(call))

    def within(self, calls: Iterable[Call]) -> None:
        """Tell the calls that services made among themselves."""
        for call in calls:
            self._inner_calls += 1
            self._line(_row(call, "  ", "dim"))

    def show(self, model: BaseModel, *names: str) -> None:
        """Show some members of a model, as they stand on the wire."""
        written = model.model_dump(mode="json")
        self.fact({name: written[name] for name in names})

    def fact(self, members: Mapping[str, object]) -> None:
        """Show one line of JSON."""
        text = Text(json.dumps(members, ensure_ascii=False))
        self._json.highlight(text)
        self._line(Text.assemble(_MARGIN, text))

    def note(self, text: str) -> None:
        """Say something in passing."""
        self._line(Text(f"{_MARGIN}{text}", "italic"))

    def totals(self) -> None:
        """Say what it all came to."""
        self._line(Text())
        steps, calls = f"{self._steps} steps", f"{self._calls} calls by Ada"
        seconds = f"{perf_counter() - self._began:.1f} s"
        text = f"{steps}, {calls}, {self._inner_calls} between the services, no surprise, {seconds}"
        self._line(Text(text, "bold green"))

    def failure(self, reason: str, logs: Mapping[str, list[str]]) -> None:
        """Say what went wrong, and what the services last said."""
        self._line(Text())
        self._line(Text(f"A surprise: {reason}", "bold red"))
        for name, lines in logs.items():
            self._line(Text(f"The last lines of {name}:", "bold"))
            for line in lines or ["(nothing)"]:
                self._line(Text(f"{_MARGIN}{line}", "dim"))

    def _line(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _row(call: Call, indent: str = "", style: str = "") -> Text:
    who = f"{indent}{call.caller} → {call.callee}"
    row = Text(f"{_MARGIN}{who:<20} {call.what:<40}", style)
    row.append(f" {call.status:>3}", _colour(call.status))
    return row.append(f" {call.milliseconds:>8.1f} ms")


def _colour(status: int) -> str:
    return "green" if status < 400 else "yellow" if status < 500 else "red"
