"""A changelog that nobody has to write: what breaks, what is newly possible, what means something else."""

from collections.abc import Callable, Iterator, Sequence

from contracts.compat import telling
from contracts.compat.findings import FATAL, Finding, Report
from contracts.compat.showing import one_line, plain
from contracts.compat.telling import concerned
from contracts.compat.waivers import Waiver

Waived = Sequence[tuple[Finding, Waiver]]


def changelog(report: Report, backward: list[Finding], waived: Waived = ()) -> str:
    """Write in Markdown, by document and then by consumer; the engine run backwards tells what is new."""
    forward = report.findings
    names = sorted({finding.document for finding in (*forward, *backward, *(item for item, _ in waived))})
    lines = [
        line
        for name in names
        for line in _document(
            name, _of(name, forward), _of(name, backward), [pair for pair in waived if pair[0].document == name]
        )
    ]
    consumers = ["## By consumer\n", *telling.as_markdown(report)] if concerned(report) else []
    return "\n".join([*lines, *consumers] or ["Nothing that clients send or read has changed."]) + "\n"


def _of(name: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.document == name]


def _document(name: str, forward: list[Finding], backward: list[Finding], waived: Waived) -> Iterator[str]:
    sections = list(_sections(forward, backward, waived))
    if name and sections:
        yield f"## {name}\n"
    yield from sections


def _sections(forward: list[Finding], backward: list[Finding], waived: Waived) -> Iterator[str]:
    yield from _section("Breaking", [item for item in forward if item.verdict in FATAL], _broken)
    until = {id(finding): f" Waived until {item.expires} by {item.owner}: {item.reason}." for finding, item in waived}
    yield from _section(
        "Breaking, and waived", [item for item, _ in waived], lambda item: _broken(item) + until[id(item)]
    )
    fresh = [item for item in backward if item.verdict in FATAL]
    yield from _section("Now also possible", [item for item in fresh if _is_added(item)], _added)
    yield from _section("No longer sent", [item for item in fresh if not _is_added(item)], _dropped)
    yield from _section("Behaviour", [item for item in forward if item.verdict not in FATAL], _plain)


def _section(title: str, findings: list[Finding], write: Callable[[Finding], str]) -> Iterator[str]:
    if findings:
        yield f"### {title}\n"
        yield from (f"- {write(finding)}" for finding in findings)
        yield ""


def _broken(finding: Finding) -> str:
    shown = f" Payload: `{one_line(finding.witness, 160)}`" if finding.source != "http" and finding.witness else ""
    if finding.axis == "source" and isinstance(finding.witness, str):
        shown = f" No longer runs: `{'; '.join(finding.witness.splitlines())}`"
    return f"**{_place(finding)}**: {finding.message} ({finding.verdict}).{shown}"


def _is_added(finding: Finding) -> bool:
    return finding.direction == "request" or finding.rule in _PROMISED


def _added(finding: Finding) -> str:
    if finding.source == "http":
        return f"{_place(finding)}: {_ADDED.get(finding.rule, 'now possible')}"
    return f"{_place(finding)}: accepts `{one_line(finding.witness, 160)}`"


def _dropped(finding: Finding) -> str:
    if finding.source == "http":
        return f"{_place(finding)}: {_ADDED.get(finding.rule, finding.message)}"
    return f"{_place(finding)}: such as `{one_line(finding.witness, 160)}`"


def _plain(finding: Finding) -> str:
    return f"{_place(finding)}: {finding.message}"


def _place(finding: Finding) -> str:
    where = "" if finding.where == "exchange" else f" {finding.where}"
    more = f" and {len(finding.operations) - 1} more" if len(finding.operations) > 1 else ""
    return plain(f"{finding.operation}{where}{more}")


_PROMISED = {  # what an answer would lose on the way back, it gains on the way forward
    "response.status-removed",
    "response.body-removed",
    "response.media-type-removed",
    "response.header-dropped",
}
_ADDED = {
    "operation.removed": "new",
    "document.removed": "new",
    "parameter.required-added": "a required parameter is gone",
    "parameter.became-required": "a parameter may be left out",
    "body.became-required": "the body may be left out",
    "body.required-added": "the body is gone",
    "body.media-type-removed": "bodies of another media type are accepted",
    "response.status-added": "a status is never answered any more",
    "response.status-removed": "a status is new",
    "response.body-removed": "an answer has a body",
    "response.media-type-removed": "an answer is available in another format",
    "response.header-dropped": "a header is promised",
    "security.tightened": "fewer credentials are enough",
    "server.path-removed": "answers under another path",
    "callback.removed": "a new call",
    "callback.reply-removed": "another reply is accepted",
    "parameter.style-changed": "a list is written another way",
    "parameter.empty-value": "a value may be empty",
}
