"""What the gate reports: findings with their proof, and the verdict over all of them."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.compat.questions import Verdict
from contracts.compat.views import Direction

Overall = Literal["breaking", "suspect", "undecided", "safe"]

_RANKS: tuple[Overall, ...] = ("breaking", "suspect", "undecided")
FATAL: tuple[Verdict, ...] = ("breaking", "suspect", "undecided")


class Pointer(BaseModel):
    """JSON pointers into the two documents."""

    model_config = ConfigDict(frozen=True)

    base: str
    revision: str


class Finding(BaseModel):
    """One difference, once, with every operation it reaches."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Stable over runs: the same change has the same id.")
    document: str = Field("", description="The document's name, where several are compared.")
    rule: str
    verdict: Verdict
    source: Literal["schema", "http", "code"]
    axis: Literal["wire", "source"]
    direction: Direction
    operation: str = Field(description="The operation whose payload or exchange is shown.")
    operations: list[str] = Field(description="All operations that the change reaches.")
    where: str = Field(description="What the payload is: a body, an answer or a parameter.")
    pointer: Pointer = Field(description="The changed place.")
    root: Pointer = Field(description="The schemas of the whole payload, or of the exchange.")
    message: str
    witness: JsonValue = Field(description="The payload the sender may send and the reader refuses, or two exchanges.")
    control: JsonValue = Field(description="A payload beside it that both accept, where one was found.")
    refusal: str = Field(description="The reader's own words.")
    code: str = Field(
        default="", description="What the reader's models say of the witness, where they can be imported."
    )


class Consumer(BaseModel):
    """What the change does to one consumer of one operation, which has declared what it reads."""

    model_config = ConfigDict(frozen=True)

    consumer: str
    reader: str = Field(description="The class that reads, by its full name.")
    document: str = Field(description="The document's name, where several are compared.")
    operation: str
    reads: list[str] = Field(description="The members of the answer that are read.")
    verdict: Overall = Field(description="`safe`: it provably reads all that may come.")
    findings: list[Finding] = Field(description="What breaks this consumer, with payloads that its reader refuses.")


class Report(BaseModel):
    """All findings of one comparison."""

    model_config = ConfigDict(frozen=True)

    verdict: Overall
    findings: list[Finding]
    consumers: list[Consumer] = Field(default=[], description="Consumers that have declared what they read.")


def identify(document: str, rule: str, direction: str, pointer: Pointer, message: str) -> str:
    """Name a finding by what it says, so that a waiver or a link still finds it tomorrow."""
    written = "\n".join((document, rule, direction, pointer.base, pointer.revision, message))
    return "F-" + hashlib.sha256(written.encode()).hexdigest()[:10]


def overall(findings: Sequence[Finding]) -> Overall:
    """Give the worst verdict that counts."""
    held = {finding.verdict for finding in findings}
    for verdict in _RANKS:
        if verdict in held:
            return verdict
    return "safe"
