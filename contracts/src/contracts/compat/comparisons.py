"""Two sides of one or several documents, paired by name and compared."""

from collections.abc import Callable
from dataclasses import replace

from contracts.compat.comparing import Options, compare, in_order
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Finding, Pointer, Report, identify, overall

_NAME = "compare two files, or two folders"


def compare_all(
    base: dict[str, Document],
    revision: dict[str, Document],
    options: Options,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Compare each document of the base with its namesake; two single documents need no names."""
    if len(base) == len(revision) == 1:
        progress(next(iter(revision.values())).source)
        return compare(next(iter(base.values())), next(iter(revision.values())), options)
    for side, other in ((base, revision), (revision, base)):
        if "" in side:
            found = f"one here, and {len(other)} there"
            raise Unreadable(side[""].source, "the source", "as many documents as on the other side", found, _NAME)
    findings: list[Finding] = []
    for name, document in sorted(base.items()):
        if name in revision:
            progress(name)
            findings += compare(document, revision[name], replace(options, document=name)).findings
        else:
            findings.append(gone(name))
    ordered = in_order(findings)
    return Report(verdict=overall(ordered), findings=ordered)


def gone(name: str) -> Finding:
    """Report a document that nobody publishes any more."""
    pointer, message = Pointer(base="", revision=""), f"{name} is no longer published"
    return Finding(
        id=identify(name, "document.removed", "request", pointer, message),
        document=name, rule="document.removed", verdict="breaking", source="http", axis="wire", direction="request",
        operation=name, operations=[name], where="exchange", pointer=pointer, root=pointer, message=message,
        witness={"base": {"document": name, "answer": "published"}, "revision": {"document": name, "answer": "absent"}},
        control=None, refusal="every operation of the document is gone",
    )  # fmt: skip
