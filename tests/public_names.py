"""What others may import from the contracts and the chassis: `python -m tests.public_names` writes it down anew."""

import ast
from collections.abc import Iterator
from pathlib import Path

from .sources import modules

PINNED = Path(__file__).with_suffix(".txt")
PUBLIC = ["contracts", "chassis"]


def exported(file: Path) -> list[str]:
    """Read a module's `__all__`; empty where it has none."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return ast.literal_eval(node.value)
    return []


def public_names() -> Iterator[str]:
    """Go through all that is offered, one dotted name a line."""
    for package in PUBLIC:
        for module, file in modules(package):
            if ".tools" not in module:
                yield from (f"{module}.{name}" for name in exported(file))


if __name__ == "__main__":
    PINNED.write_text("".join(f"{name}\n" for name in public_names()))
