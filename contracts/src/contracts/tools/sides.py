"""One side of a comparison: its documents, and the package behind them where there is one to import."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from contracts.compat.comparing import Options, in_order
from contracts.compat.comparisons import compare_all
from contracts.compat.document import Document
from contracts.compat.findings import Finding, Report, overall
from contracts.compat.sources import load
from contracts.compat.values import Node, mapping, sequence
from contracts.compat.wheels import is_wheel, wheel
from contracts.tools.committed import published_here
from contracts.tools.court import courts
from contracts.tools.importers import losses, shown
from contracts.tools.packages import DECLARATIONS, Package, installed, same_code
from contracts.tools.trials import trials

__all__ = ["Side", "judged", "side"]

_PROOF = "contracts/operation.py"  # what makes a wheel one of ours


@dataclass(frozen=True)
class Side:
    """What is published, and the folder or wheel from which its code is imported."""

    documents: dict[str, Document]
    package: Path | None = None


def side(where: str) -> Side:
    """Read documents from wherever they are; a wheel, a release and what is published here have code too."""
    documents = load(where)
    if is_wheel(where):
        return Side(documents, _ours(wheel(where)))
    if Path(where).absolute() == published_here().absolute():
        return Side(documents, installed())
    frozen = Path(where, DECLARATIONS)
    return Side(documents, frozen if frozen.is_file() else None)


def _ours(place: Path) -> Path | None:
    with zipfile.ZipFile(place) as archive:
        return place if _PROOF in archive.namelist() else None


def judged(
    base: Side, revision: Side, options: Options, axes: Iterable[str], progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Compare documents, and where both sides have code that is not the same, ask that too."""
    with ExitStack() as stack:
        packages: tuple[Package, Package] | None = None
        if base.package and revision.package and not same_code(base.package, revision.package):
            packages = stack.enter_context(Package(base.package)), stack.enter_context(Package(revision.package))
            _prepare(packages)  # while the documents are compared
        findings = compare_all(base.documents, revision.documents, options, progress).findings
        if packages:
            progress("the code of both sides")
            described = [mapping(package.collect()) for package in packages]
            findings = [*_replayed(findings, base, revision, packages), *_code(base, revision, packages, described)]
    ordered = in_order(finding for finding in findings if finding.axis in axes)
    return Report(verdict=overall(ordered), findings=ordered)


def _prepare(packages: tuple[Package, Package]) -> None:
    """Let both import their code."""
    for package in packages:
        package.post("describe")


def _code(
    base: Side, revision: Side, packages: tuple[Package, Package], described: Sequence[Node]
) -> Iterator[Finding]:
    gone = _modules(base.documents.keys() - revision.documents.keys())
    lost = [loss for loss in losses(described[0], described[1]) if not loss.place.startswith(gone)]
    yield from shown(lost, packages)
    both = sorted(base.documents.keys() & revision.documents.keys())
    with ThreadPoolExecutor(1) as ahead:  # payloads are made while others are judged
        before, after = ([documents[name] for name in both] for documents in (base.documents, revision.documents))
        for summoned in ahead.map(courts, both, before, after):
            for court in summoned:
                yield from court.findings(packages)


def _modules(documents: Iterable[str]) -> tuple[str, ...]:
    """Name the modules that go with a document: its version, and what translates from it."""
    return tuple(f"contracts.{name.removesuffix('.json')}" for name in sorted(documents))


def _replayed(
    findings: list[Finding], base: Side, revision: Side, packages: tuple[Package, Package]
) -> Iterator[Finding]:
    """Try each witness on the reader's own models, and keep what they say of it."""
    keys = {
        (name, trial.direction, base.documents[name].follow(trial.base).pointer): trial.key
        for name in base.documents.keys() & revision.documents.keys()
        for trial in trials(name, base.documents[name], revision.documents[name])
    }
    for finding in findings:
        proved = finding.source == "schema" and finding.verdict == "breaking"
        known = base.documents.get(finding.document) if proved else None
        at = known and known.follow(known.resolve(f"#{finding.root.base}", "")).pointer
        key = keys.get((finding.document, finding.direction, at or ""))
        yield _witnessed(finding, key, packages) if key else finding


def _witnessed(finding: Finding, key: str, packages: tuple[Package, Package]) -> Finding:
    reader = packages[1 if finding.direction == "request" else 0]
    answered = sequence(mapping(reader.ask("judge", {key: [finding.witness]})).get(key))
    if not answered:
        return finding
    refusal = sequence(answered[0])[1]
    return finding.model_copy(update={"code": f"refused: {refusal}" if refusal else "accepted"})
