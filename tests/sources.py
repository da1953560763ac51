"""Where the repository's own modules lie, and what each of them imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = {
    package: ROOT / folder / "src" / package
    for package, folder in {
        "contracts": "contracts",
        "chassis": "chassis",
        **{service.name: f"services/{service.name}" for service in sorted(ROOT.glob("services/*/"))},
    }.items()
}
SERVICES = [package for package in SOURCES if package not in {"contracts", "chassis"}]


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """Go through a package's modules by dotted name."""
    source = SOURCES[package]
    for file in sorted(source.rglob("*.py")):
        parts = (package, *file.relative_to(source).with_suffix("").parts)
        yield ".".join(parts).removesuffix(".__init__"), file


def imports(file: Path) -> Iterator[str]:
    """Go through everything a file imports, as dotted names: `from a.b import c` is `a.b.c`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
