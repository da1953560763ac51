"""Where documents come from: a file, a folder, a commit, a wheel; always as a mapping from name to document."""

import subprocess
import zipfile
from pathlib import Path, PurePosixPath

from contracts.compat.document import Document
from contracts.compat.failures import Unreadable, reason
from contracts.compat.parsing import parse
from contracts.compat.values import Json, mapping
from contracts.compat.wheels import is_wheel, wheel

_SUFFIXES = (".json", ".yaml", ".yml")
_SECONDS = 120
_KINDS = "a file, a folder, git:REF:PATH, wheel:NAME==VERSION or a .whl file"
_REMEDY = "name one of these; nothing is fetched from an address, so download it first"
_PATHS = "look at the path and at its permissions"


def load(where: str) -> dict[str, Document]:
    """Read `FILE`, `FOLDER`, `git:REF:PATH` or `wheel:FILE` or `wheel:NAME==VERSION`; a single file has no name."""
    if where.startswith("git:"):
        return _committed(where)
    if is_wheel(where):
        return _packed(where)
    if not where or "://" in where:
        raise Unreadable(where or "''", "the source", _KINDS, "an address" if where else "nothing", _REMEDY)
    path = Path(where)
    if path.is_dir():
        found = {item.name: item for item in sorted(path.iterdir()) if item.suffix in _SUFFIXES}
        return _documents({name: _bytes(item) for name, item in found.items()}, where)
    return {"": _document(_bytes(path), where)}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(str(path), "the file", "a readable file", reason(error), _PATHS) from None


def _document(content: bytes, source: str) -> Document:
    return Document.checked(parse(content, source), source)


def _documents(files: dict[str, bytes], source: str) -> dict[str, Document]:
    """Keep the documents among several files; others, such as a manifest, are passed over."""
    parsed: dict[str, Json] = {name: parse(content, f"{source}/{name}") for name, content in files.items()}
    found = {name: value for name, value in parsed.items() if {"openapi", "swagger"} & set(mapping(value))}
    if not found:
        raise Unreadable(source, "the folder", "at least one OpenAPI document (.json or .yaml)", "none", _PATHS)
    return {name: Document.checked(value, f"{source}/{name}") for name, value in found.items()}


def _committed(where: str) -> dict[str, Document]:
    _, _, rest = where.partition(":")
    reference, colon, path = rest.partition(":")
    if not colon or not reference or reference.startswith("-"):
        raise Unreadable(where, "the source", "git:REF:PATH", repr(where), "name a commit and a path")
    kind = _git(where, "cat-file", "-t", f"{reference}:{path}").decode().strip()
    if kind == "blob":
        return {"": _document(_git(where, "show", f"{reference}:{path}"), where)}
    listed = _git(where, "ls-tree", "--name-only", f"{reference}:{path}").decode().splitlines()
    names = [name for name in listed if name.endswith(_SUFFIXES)]
    folder = f"{path.rstrip('/')}/" if path else ""
    contents = {name: _git(where, "show", f"{reference}:{folder}{name}") for name in names}
    return _documents(contents, where)


def _git(where: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603, S607
    except FileNotFoundError:
        raise Unreadable(where, "git", "the command `git`", "none", "install it") from None
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip().splitlines()
        found, todo = said[-1] if said else str(error), "look at both; a shallow clone may need `git fetch` first"
        raise Unreadable(where, "git", "a commit and a path in it", found, todo) from None
    return done.stdout


def _packed(where: str) -> dict[str, Document]:
    try:
        with zipfile.ZipFile(wheel(where)) as archive:
            files = {
                PurePosixPath(name).name: archive.read(name)
                for name in sorted(archive.namelist())
                if name.endswith(_SUFFIXES) and "openapi" in PurePosixPath(name).parts
            }
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(where, "the wheel", "a built wheel", reason(error), _PATHS) from None
    if not files:
        raise Unreadable(where, "the wheel", "documents in a folder `openapi`", "none", "build it with them")
    return _documents(files, where)
