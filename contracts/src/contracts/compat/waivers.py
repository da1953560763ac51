"""Waivers: findings that somebody answers for, until a day, and only as long as they are true."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from contracts.compat.failures import Unreadable
from contracts.compat.findings import FATAL, Finding
from contracts.compat.values import canonical


class Waiver(BaseModel):
    """One finding that is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    place: str
    owner: str
    reason: str
    expires: date
    document: str = ""
    witness: JsonValue = None

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is the one that was accepted, payload included."""
        places = {finding.operation, finding.pointer.base, finding.pointer.revision, finding.id}
        named = finding.rule == self.rule and self.place in places and self.document in {"", finding.document}
        return named and (self.witness is None or canonical(self.witness) == canonical(finding.witness))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    waiver: list[Waiver] = []


@dataclass(frozen=True)
class Judged:
    """Findings after waivers: what still counts, what was waived, and what is wrong with the waivers."""

    left: list[Finding]
    waived: list[tuple[Finding, Waiver]]
    complaints: list[str]


def read_waivers(path: Path) -> list[Waiver]:
    """Read a file of `[[waiver]]` tables; a file that is not there waives nothing."""
    if not path.exists():
        return []
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).waiver
    except (OSError, ValueError) as error:
        raise Unreadable(str(path), "the file", "waivers (TOML)", _said(error)) from None


def _said(error: OSError | ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'/'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).splitlines()[0]


def waive(findings: Sequence[Finding], waivers: Sequence[Waiver], today: date) -> Judged:
    """Take away the findings that a waiver in force covers; complain of waivers that are late or untrue."""
    used: set[int] = set()
    left: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    for finding in findings:
        covering = [item for item in waivers if finding.verdict in FATAL and item.covers(finding)]
        used |= set(map(id, covering))
        valid = [item for item in covering if item.expires >= today]
        if valid:
            waived.append((finding, valid[0]))
        else:
            left.append(finding)
    late = [f"{_named(item)} expired on {item.expires}" for item in waivers if item.expires < today]
    untrue = [f"{_named(item)} is no longer true: delete it" for item in waivers if id(item) not in used]
    return Judged(left, waived, [*late, *untrue])


def _named(waiver: Waiver) -> str:
    return f"the waiver of {waiver.owner} for {waiver.rule} at {waiver.place}"


def stub(finding: Finding) -> str:
    """Write the waiver that a finding would need; who answers for it, why and until when is for people to say."""
    document = f"document = {json.dumps(finding.document)}\n" if finding.document else ""
    return (
        f"[[waiver]]\nrule = {json.dumps(finding.rule)}\nplace = {json.dumps(finding.operation)}\n{document}"
        'owner = "..."\nreason = "..."\nexpires = ...  # a day, such as 2027-01-31'
    )
