"""What `up` shows: where everything is, who calls whom, and what goes wrong."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.text import Text

from demo.logs import Line

__all__ = ["Board"]

_LOUD = frozenset({"warning", "error", "critical"})


class Board:
    """Writes to a console, in colours if that is a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def list_documents(self, documents: Mapping[str, Iterable[str]]) -> None:
        """List the documentation pages of each service."""
        self.say("The shop is up.", "bold green")
        for name, pages in documents.items():
            self.say(f"{name:<8} {'  '.join(pages)}")

    def list_accounts(self, password: str, hours: int, lines: Iterable[str]) -> None:
        """Say who can sign in, and how to try an order."""
        self.say("")
        self.say(f"Accounts: customer@example.com and staff@example.com, both with the password {password}")
        self.say(f"An order to start with, with a token that is good for {hours} hours:", "bold")
        self.say("\n".join(lines))
        self.say("")
        self.say("Changed code is reloaded. Ctrl-C stops all.", "bold")

    def show(self, lines: Iterable[Line]) -> None:
        """Show requests, and whatever is louder than usual."""
        for line in lines:
            if line.event == "request":
                self._show_request(line)
            elif line.level in _LOUD:
                self.say(f"{_time(line)}  {line.service}: {line.event}\n{line.exception or ''}".rstrip(), "red")

    def say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style), soft_wrap=True)

    def fail(self, reason: str, logs: Mapping[str, list[str]]) -> None:
        """Say why services are not up, and what they last said."""
        self.say(reason, "bold red")
        for name, lines in logs.items():
            self.say(f"The last lines of {name}:", "bold")
            self.say("\n".join(lines) or "(nothing)", "dim")

    def _show_request(self, line: Line) -> None:
        who = f"{_time(line)}  {line.client_id or 'anyone':<8} → {line.service:<8}"
        what = f"{line.method} {line.route or '(no such path)'}"
        style = "red" if (line.status or 0) >= 500 else ""
        self.say(f"{who} {what:<40} {line.status:>3} {line.duration_ms:>8.1f} ms", style)


def _time(line: Line) -> str:
    return f"{line.timestamp.astimezone():%H:%M:%S}"
