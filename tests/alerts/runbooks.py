"""The runbooks as data: what each section says, and the queries and commands in it."""

import re
from collections.abc import Mapping

from observe.files import RUNBOOKS
from tests.sources import ROOT

__all__ = ["blocks", "sections"]


def sections() -> Mapping[str, str]:
    """Find the text of each section by its heading."""
    parts = re.split(r"^## (.+)$", (ROOT / RUNBOOKS).read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(language: str) -> list[tuple[str, str]]:
    """List all queries (`promql`) or commands (`sh`) with the section in which they stand."""
    fence = rf"^```{language}\n(.*?)^```$"
    return [
        (name, block.strip())
        for name, text in sections().items()
        for block in re.findall(fence, text, re.MULTILINE | re.DOTALL)
    ]
