"""The package of generated models: a module for each document, typed, ready to be built and installed."""

import importlib
import keyword
import re
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from contracts.tools.faults import ToolError

__all__ = ["PACKAGE", "importable", "module_of", "package", "stale", "write"]

PACKAGE = "concord_models"
_SOURCE = f"src/{PACKAGE}"
_PROJECT = f"""\
[project]
name = "{PACKAGE.replace("_", "-")}"
version = "0.1.0"
description = "Models of the shop's APIs, generated from their OpenAPI documents."
requires-python = ">=3.11"
dependencies = ["pydantic>=2.14", "typing-extensions>=4.12"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["{_SOURCE}"]
"""


def module_of(document: str) -> tuple[str, ...]:
    """Name the module of a document: `users.v2.json` gives `users.v2`."""
    words = (re.sub(r"\W", "_", word, flags=re.ASCII).lower() for word in document.removesuffix(".json").split("."))
    return tuple(f"_{word}" if word[:1].isdigit() or keyword.iskeyword(word) else word or "_" for word in words)


def package(sources: Mapping[tuple[str, ...], str]) -> dict[str, str]:
    """Lay out all files of the package, by path."""
    files = {"pyproject.toml": _PROJECT, f"{_SOURCE}/py.typed": ""}
    files[f"{_SOURCE}/__init__.py"] = '"""Models of the shop\'s APIs, a module for each document."""\n'
    for module, source in sources.items():
        for depth in range(1, len(module)):
            said = f'"""Models of the {".".join(module[:depth])} API, a module for each version."""\n'
            files[f"{_SOURCE}/{'/'.join(module[:depth])}/__init__.py"] = said
        files[f"{_SOURCE}/{'/'.join(module)}.py"] = source
    return dict(sorted(files.items()))


def write(files: Mapping[str, str], folder: Path, *, whole: bool = True) -> None:
    """Write the package; where these are all modules that it has, take away those of documents that are gone."""
    for left in _modules(folder).keys() - files.keys() if whole else ():
        (folder / left).unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def stale(files: Mapping[str, str], folder: Path, *, whole: bool = True) -> Iterator[str]:
    """Say how a folder differs from the package, each in a sentence."""
    there = _modules(folder)
    for name, text in files.items():
        file = there.pop(name, folder / name)
        if not file.is_file():
            yield f"{file}: wanted what `contracts regenerate` writes, found no file"
        elif file.read_bytes() != text.encode():
            yield f"{file}: wanted what `contracts regenerate` writes, found something else"
    for file in there.values() if whole else ():
        yield f"{file}: wanted a module of a document, found one that no document has"


@contextmanager
def importable(files: Mapping[str, str], folder: Path) -> Generator[Mapping[tuple[str, ...], ModuleType]]:
    """Write the package into an empty folder, and import it as its users would; afterwards it is forgotten."""
    write(files, folder)
    known = {name: module for name, module in sys.modules.items() if _ours(name)}
    sys.path.insert(0, str(folder / "src"))
    try:
        _forget()
        importlib.invalidate_caches()
        yield {module: importlib.import_module(".".join((PACKAGE, *module))) for module in _named(files)}
    except (SyntaxError, ImportError, TypeError) as broken:
        raise ToolError(
            f"wanted generated models that can be imported, found {broken!r}; report the document"
        ) from broken
    finally:
        sys.path.remove(str(folder / "src"))
        _forget()
        sys.modules.update(known)


def _named(files: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for name in files:
        if name.endswith(".py") and not name.endswith("__init__.py"):
            yield tuple(name.removeprefix(f"{_SOURCE}/").removesuffix(".py").split("/"))


def _modules(folder: Path) -> dict[str, Path]:
    return {str(file.relative_to(folder)): file for file in sorted((folder / _SOURCE).rglob("*.py"))}


def _ours(name: str) -> bool:
    return name == PACKAGE or name.startswith(f"{PACKAGE}.")


def _forget() -> None:
    for name in [name for name in sys.modules if _ours(name)]:
        del sys.modules[name]
