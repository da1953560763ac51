"""Saved witnesses: payloads that were refused once, kept as tests that the change stays known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from contracts.compat.comparing import Options
from contracts.compat.document import Document, Place
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Finding, Report
from contracts.compat.validators import Validators
from contracts.compat.values import step_into, tokens
from contracts.compat.views import Direction, Role, Stance, Tolerance, View
from contracts.compat.wire import accepted


class Saved(BaseModel):
    """One witness with the schemas it was judged by, so that it can be judged again without its documents."""

    model_config = ConfigDict(frozen=True)

    finding: Finding
    reader: Tolerance
    base: JsonValue
    revision: JsonValue


@dataclass(frozen=True)
class Replayed:
    """What became of one saved witness."""

    name: str
    holds: bool
    said: str


def save(report: Report, base: Document, revision: Document, options: Options, folder: Path) -> int:
    """Write each proved schema finding of a report into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    proved = [item for item in report.findings if item.verdict == "breaking" and item.source == "schema"]
    for finding in proved:
        saved = Saved(finding=finding, reader=options.reader, base=base.raw, revision=revision.raw)
        written = json.dumps(saved.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False)
        (folder / f"{finding.id}.json").write_text(written + "\n", encoding="utf-8")
    return len(proved)


def replay(folder: Path) -> Iterator[Replayed]:
    """Judge every saved witness again: still sent by the one side, still refused by the other."""
    files = sorted(folder.glob("F-*.json"))
    if not files:
        raise Unreadable(str(folder), "the folder", "witnesses saved by `contracts diff --save-witnesses`", "none")
    for path in files:
        try:
            saved = Saved.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise Unreadable(str(path), "the file", "a saved witness", str(error).splitlines()[0]) from None
        yield _judged(path.stem, saved)


def _judged(name: str, saved: Saved) -> Replayed:
    finding, forward = saved.finding, saved.finding.direction == "request"
    base, revision = Document.checked(saved.base, name), Document.checked(saved.revision, name)
    sides = [(base, finding.root.base), (revision, finding.root.revision)]
    sender, reader = sides if forward else sides[::-1]
    sent = _accepts(*sender, "sender", finding, saved.reader)
    read = _accepts(*reader, "reader", finding, saved.reader)
    said = "sent and refused" if sent and not read else "no longer sent" if not sent else "accepted now"
    return Replayed(name, sent and not read, said)


def _accepts(document: Document, pointer: str, role: Role, finding: Finding, tolerance: Tolerance) -> bool:
    direction: Direction = finding.direction
    view = View(document, Stance(direction, role, tolerance))
    node = document.raw
    for key in tokens(pointer):
        node = step_into(node, key)
    check = Validators(view).of(view.root(Place(node, pointer)))
    if check is None:
        return False
    textual = finding.where.split()[0] in {"query", "path", "header", "cookie"} or " header " in finding.where
    return accepted(check, finding.witness) if textual else check.is_valid(finding.witness)
