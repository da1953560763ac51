"""Saved witnesses: payloads that were refused once, kept as tests that the change stays known."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.compat.comparing import Options
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Finding, Report
from contracts.compat.sources import load
from contracts.compat.validators import Validators
from contracts.compat.views import Direction, Role, Stance, Tolerance, View
from contracts.compat.wire import accepted

_SAVE = "save them there with that command, from two documents"


class Saved(BaseModel):
    """One witness and the names of the files that hold the documents it was judged by."""

    model_config = ConfigDict(frozen=True)

    finding: Finding
    reader: Tolerance
    base: str
    revision: str


@dataclass(frozen=True)
class Replayed:
    """What became of one saved witness."""

    name: str
    holds: bool
    said: str


def save(report: Report, base: Document, revision: Document, options: Options, folder: Path) -> int:
    """Write each proved schema finding of a report into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [_keep(document, folder) for document in (base, revision)]
    proved = [item for item in report.findings if item.verdict == "breaking" and item.source == "schema"]
    for finding in proved:
        saved = Saved(finding=finding, reader=options.reader, base=names[0], revision=names[1])
        written = json.dumps(saved.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False)
        (folder / f"{finding.id}.json").write_text(written + "\n", encoding="utf-8")
    return len(proved)


def _keep(document: Document, folder: Path) -> str:
    """Write a document once, under a name made of its content."""
    content = json.dumps(document.raw, indent=1, sort_keys=True, ensure_ascii=False).encode()
    name = f"document-{hashlib.sha256(content).hexdigest()[:12]}.json"
    (folder / name).write_bytes(content)
    return name


def replay(folder: Path) -> Iterator[Replayed]:
    """Judge every saved witness again: still sent by the one side, still refused by the other."""
    files = sorted(folder.glob("F-*.json"))
    if not files:
        wanted = "witnesses saved by `contracts diff --save-witnesses`"
        raise Unreadable(str(folder), "the folder", wanted, "none", _SAVE)
    for path in files:
        try:
            saved = Saved.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise Unreadable(str(path), "the file", "a saved witness", str(error).splitlines()[0], _SAVE) from None
        yield _judged(path.stem, saved, folder)


def _judged(name: str, saved: Saved, folder: Path) -> Replayed:
    finding, forward = saved.finding, saved.finding.direction == "request"
    base, revision = (load(str(folder / file))[""] for file in (saved.base, saved.revision))
    sides = [(base, finding.root.base), (revision, finding.root.revision)]
    sender, reader = sides if forward else sides[::-1]
    sent = _accepts(*sender, "sender", finding, saved.reader)
    read = _accepts(*reader, "reader", finding, saved.reader)
    said = "sent and refused" if sent and not read else "no longer sent" if not sent else "accepted now"
    return Replayed(name, sent and not read, said)


def _accepts(document: Document, pointer: str, role: Role, finding: Finding, tolerance: Tolerance) -> bool:
    direction: Direction = finding.direction
    view = View(document, Stance(direction, role, tolerance))
    check = Validators(view).of(view.root(document.place(pointer)))
    if check is None:
        raise Unreadable(document.source, pointer, "a schema that JSON Schema's validators can read", "another", _SAVE)
    textual = finding.where.split()[0] in {"query", "path", "header", "cookie"} or " header " in finding.where
    return accepted(check, finding.witness) if textual else check.is_valid(finding.witness)
