"""What a change does to each consumer: its reader takes the place of all that an older client might have read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from contracts.compat.comparing import Options, compare, in_order
from contracts.compat.comparisons import gone
from contracts.compat.document import Document, Place
from contracts.compat.findings import FATAL, Consumer, Finding, overall
from contracts.compat.footprints import Footprint
from contracts.compat.operations import METHODS, operations, template
from contracts.compat.values import Json, Node, mapping, text
from contracts.compat.views import Tolerance

Documents = dict[str, Document]


def judge_consumers(
    footprints: Iterable[Footprint], base: Documents, revision: Documents, options: Options | None = None
) -> list[Consumer]:
    """Say for each reader of the base's operations whether it can read all that the revision may answer."""
    return [
        consumer for footprint in footprints for consumer in _judged(footprint, base, revision, options or Options())
    ]


def merged(comparisons: Iterable[Iterable[Consumer]]) -> list[Consumer]:
    """Say once what several comparisons say of the same reader."""
    found: dict[tuple[str, str], Consumer] = {}
    for consumer in chain.from_iterable(comparisons):
        before = found.get((consumer.reader, consumer.document))
        known = {finding.id: finding for finding in [*(before.findings if before else ()), *consumer.findings]}
        findings = in_order(known.values())
        found[consumer.reader, consumer.document] = consumer.model_copy(
            update={"findings": findings, "verdict": overall(findings)}
        )
    return list(found.values())


def _judged(footprint: Footprint, base: Documents, revision: Documents, options: Options) -> Iterator[Consumer]:
    name, known = _named(footprint, base)
    part = _part(footprint, known) if known else None
    if part is None:
        return
    alone = len(base) == len(revision) == 1
    after = next(iter(revision.values())) if alone else revision.get(name)
    how = replace(options, document=name, reader=Tolerance.TOLERANT)  # a reader is, whatever its document says
    findings = compare(part, after, how).findings if after else [gone(name)]
    yield _consumer(footprint, name, [finding for finding in findings if finding.verdict in FATAL])


def _consumer(footprint: Footprint, name: str, findings: list[Finding]) -> Consumer:
    return Consumer(
        consumer=footprint.consumer,
        reader=footprint.reader,
        document=name,
        operation=footprint.operation,
        reads=footprint.reads,
        verdict=overall(findings),
        findings=findings,
    )


def _named(footprint: Footprint, documents: Documents) -> tuple[str, Document | None]:
    """Find the provider's document, which has no name where it is the only one."""
    for name, document in documents.items():
        info = mapping(document.raw.get("info"))
        is_it = (text(info.get("title")), text(info.get("version"))) == (footprint.title, footprint.version)
        if is_it and name in {"", footprint.document}:
            return name, document
    return "", None


def _part(footprint: Footprint, document: Document) -> Document | None:
    """Cut the provider's document down to what the consumer calls and reads; None where there is no such operation."""
    method, _, path = footprint.operation.partition(" ")
    found = operations(document).get(f"{method} {template(path)}")
    if found is None:
        return None
    answers: Node = {
        status: _read(footprint, answer) if status.startswith("2") else answer.node
        for status, answer in found.responses().items()
    }
    shared = {key: value for key, value in mapping(found.item.node).items() if key not in METHODS}
    operation: Node = {**mapping(found.place.node), "responses": answers}
    components = mapping(document.raw.get("components"))
    schemas: Node = {**mapping(components.get("schemas")), **footprint.components}
    raw: Node = {
        **{key: value for key, value in document.raw.items() if key != "webhooks"},
        "paths": {found.path: {**shared, method.lower(): operation}},
        "components": {**components, "schemas": schemas},
    }
    return Document.checked(raw, document.source)


def _read(footprint: Footprint, answer: Place) -> Json:
    """Let a successful answer hold what is read of it: headers are not, and of JSON only what the reader names."""
    contents: Node = {
        media: {**mapping(content.node), "schema": dict(footprint.answer)} if "json" in media else content.node
        for media, content in (answer / "content").children()
    }
    kept: Node = {key: value for key, value in mapping(answer.node).items() if key != "headers"}
    return {**kept, "content": contents}
