"""What the services tell: `python -m tests.telemetry` writes docs/telemetry.md anew from what is declared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from chassis.telemetry.catalogue import STANDARD
from chassis.telemetry.events import EVENTS, EVERY_LINE, EVERY_REQUEST, ON_FAILURE, Event
from chassis.telemetry.instruments import Instrument
from chassis.telemetry.steps import STEPS

from .sources import ROOT, SERVICES

__all__ = ["LIBRARY", "PAGE", "declared_events", "declared_metrics", "page"]

PAGE = ROOT / "docs" / "telemetry.md"

LIBRARY = {
    "process_cpu_seconds_total": "Processor time that the process took.",
    "process_max_fds": "How many files it may have open.",
    "process_open_fds": "How many it has open.",
    "process_resident_memory_bytes": "Memory that it has.",
    "process_start_time_seconds": "When it began.",
    "process_virtual_memory_bytes": "Memory that it has mapped.",
    "python_gc_collections_total": "Looks for garbage, by `generation`.",
    "python_gc_objects_collected_total": "Objects that were found to be garbage, by `generation`.",
    "python_gc_objects_uncollectable_total": "Garbage that could not be let go of, by `generation`.",
}
"""What prometheus_client itself knows of a process."""


def declared_metrics(service: str) -> Sequence[Instrument]:
    """List the instruments of a service: those that all have, and its own."""
    own: tuple[Instrument, ...] = import_module(f"{service}.figures").INSTRUMENTS
    return (*STANDARD, *own)


def declared_events(service: str) -> Sequence[Event]:
    """List the log events of a service: those that all have, and its own."""
    own: tuple[Event, ...] = import_module(f"{service}.events").EVENTS
    return (*EVENTS, *own)


def page() -> str:
    """Write what is declared as a page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# What the services tell"
    yield ""
    yield "`python -m tests.telemetry` writes this from what is declared beside the code; `tests/test_telemetry.py`"
    yield "holds it to what the services tell in a run: nothing is told that is not here, and nothing is missing."
    yield ""
    yield "## Metrics"
    yield ""
    yield "Prometheus reads them from `/metrics` on the operations port (docs/operations.md). Its own labels `job` and"
    yield "`instance` say which service and which process; ours are bounded: they hold names, never ids or paths."
    yield "A histogram has `_bucket` (label `le`), `_sum` and `_count`."
    yield from _metrics("Of every service", STANDARD)
    for service in SERVICES:
        yield from _metrics(f"Of {service}", declared_metrics(service)[len(STANDARD) :])
    yield from _section(
        "Of the process, by the library", ("metric", "meaning"), [(f"`{n}`", m) for n, m in LIBRARY.items()]
    )
    yield ""
    yield "## Log lines"
    yield ""
    yield "One JSON object a line on stdout. What has no declared name is masked (`***`) unless it is a plain value."
    yield from _section("Every line", ("field", "meaning"), _fields(EVERY_LINE))
    yield from _section("Within a request, or work in the background", ("field", "meaning"), _fields(EVERY_REQUEST))
    yield from _section("Where something was raised, or a library speaks", ("field", "meaning"), _fields(ON_FAILURE))
    yield from _events("Events of every service", EVENTS)
    for service in SERVICES:
        yield from _events(f"Events of {service}", declared_events(service)[len(EVENTS) :])
    yield ""
    yield "## Spans"
    yield ""
    yield "Sent by OTLP where `CONCORD_OTLP_ENDPOINT` names a collector. A span that failed says the type of the error"
    yield "as its status; none has a path, a query or an id of anybody."
    rows = [(step.name, step.kind, step.meaning, _names(step.attributes)) for step in STEPS]
    yield from _section("Kinds of spans", ("name", "kind", "meaning", "attributes"), rows)


def _metrics(title: str, instruments: Iterable[Instrument]) -> Iterator[str]:
    rows = [(f"`{one.name}`", one.kind, one.unit or "-", _labels(one), one.help) for one in instruments]
    yield from _section(title, ("metric", "kind", "unit", "labels", "meaning"), rows)


def _events(title: str, events: Iterable[Event]) -> Iterator[str]:
    rows = [(f"`{one.name}`", one.level, one.meaning, _names(one.fields)) for one in events]
    yield from _section(title, ("event", "level", "meaning", "fields"), rows)


def _labels(instrument: Instrument) -> str:
    said = (f"`{label.name}`: {' '.join(label.choices) or label.meaning}" for label in instrument.labels)
    return "; ".join(said) or "-"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def _fields(fields: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [(f"`{name}`", meaning) for name, meaning in fields.items()]


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    PAGE.write_text(page())
