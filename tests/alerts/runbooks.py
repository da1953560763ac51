"""The runbooks as data: what each section says, and the queries and commands in it."""

import re
from collections.abc import Mapping

from observe.files import RUNBOOKS
from tests.sources import ROOT

__all__ = ["blocks", "commands", "queries", "sections", "starting"]


def sections() -> Mapping[str, str]:
    """Find the text of each section by its heading."""
    parts = re.split(r"^## (.+)$", (ROOT / RUNBOOKS).read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(language: str) -> list[tuple[str, str]]:
    """List all queries (`promql`) or commands (`sh`) with the section in which they stand."""
    return [(name, block) for name, text in sections().items() for block in _fenced(language, text)]


def queries(section: str, step: str) -> list[str]:
    """List the queries of one step of a section, such as `Look` or `Over`."""
    return _fenced("promql", _step(section, step))


def commands(section: str, step: str) -> list[str]:
    """List the commands of one step of a section, line by line."""
    return [line for block in _fenced("sh", _step(section, step)) for line in block.splitlines()]


def starting(section: str, service: str) -> str:
    """Find the command by which a section brings back what is gone; the service that it names is an example."""
    (command,) = set(re.findall(r"`(docker-compose up -d(?: --no-deps)?) \w+`", _step(section, "Do")))
    return f"{command} {service}"


def _step(section: str, step: str) -> str:
    _, _, after = sections()[section].partition(f"**{step}**")
    return re.split(r"^\*\*", after, flags=re.MULTILINE)[0]


def _fenced(language: str, text: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block.strip() for block in found]
