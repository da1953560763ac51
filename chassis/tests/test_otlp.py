"""Sending traces: what is sampled, what is lost when nobody takes them, and that nobody waits for it."""

import secrets
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from chassis.settings import InvalidSettings
from chassis.spans import Kind, Span
from chassis.telemetry.losses import Losses, tell_of_losses
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.otlp import OtlpRecorder
from chassis.telemetry.recorders import open_recorder
from chassis.testing_telemetry import Collector, listening
from chassis.traces import Trace
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from .toyshop import settings

pytestmark = pytest.mark.anyio

UNREACHABLE = "http://127.0.0.1:9"
SAMPLED = Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 0b11)
SPAN = Span("work", Kind.INTERNAL, SAMPLED, 0.25, {"concord.operation": "work"})


@pytest.fixture
def collector() -> Generator[Collector]:
    collector = Collector()
    with listening(collector):
        yield collector


def recorder(endpoint: str, ratio: float = 1, signal: str = "traces") -> OtlpRecorder:
    """Make a recorder; `signal` is another one for each test that counts losses, for all of a process are counted."""
    return OtlpRecorder(endpoint, ratio, {"service.name": "toys"}, Losses(signal))


async def dropped(signal: str) -> float:
    """Read how much of a signal this process has lost so far."""
    metrics = Metrics()
    tell_of_losses(metrics)
    content, _ = await metrics.show()
    samples = [sample for family in text_string_to_metric_families(content.decode()) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.labels == {"signal": signal})


async def test_what_was_recorded_is_sent_before_the_service_ends(collector: Collector) -> None:
    async with recorder(collector.url + "/", signal="taken") as spans:
        for _ in range(3):
            spans.record(SPAN)

    seen = collector.spans
    assert [(span.service, span.name, span.seconds) for span in seen] == [("toys", "work", pytest.approx(0.25))] * 3
    assert await dropped("taken") == 0


@pytest.mark.parametrize(("ratio", "least", "most"), [(0, 0, 0), (0.25, 400, 600), (1, 2000, 2000)])
def test_a_trace_is_sampled_by_the_random_part_of_its_id(ratio: float, least: int, most: int) -> None:
    spans = recorder(UNREACHABLE, ratio)

    sampled = sum(spans.samples(secrets.token_hex(16)) for _ in range(2000))

    assert least <= sampled <= most


def test_all_services_decide_the_same_of_a_trace() -> None:
    half, quarter = recorder(UNREACHABLE, 0.5), recorder(UNREACHABLE, 0.25)

    ids = [secrets.token_hex(16) for _ in range(100)]

    assert all(half.samples(trace_id) for trace_id in ids if quarter.samples(trace_id))
    assert half.samples("f" * 32)
    assert not half.samples("f" * 18 + "0" * 14)


async def test_a_service_ends_soon_though_nobody_takes_its_spans() -> None:
    with capture_logs() as lines:
        async with recorder(UNREACHABLE) as spans:
            for _ in range(3):
                spans.record(SPAN)

    assert len(lines) <= 1  # told when the collector refuses in time


async def test_what_a_collector_refuses_is_counted_and_told_once(collector: Collector) -> None:
    collector.status = 400
    with capture_logs() as lines:
        for _ in range(3):
            async with recorder(collector.url, signal="refused") as spans:
                spans.record(SPAN)

    assert await dropped("refused") == 3
    assert {line["event"] for line in lines} == {"telemetry_dropped"}


async def test_too_many_spans_are_dropped_and_never_waited_for(collector: Collector) -> None:
    with capture_logs() as lines:
        async with recorder(UNREACHABLE, signal="flood") as spans:
            for _ in range(5000):
                spans.record(SPAN)

    assert await dropped("flood") >= 5000 - 2048
    assert len(lines) == 1


async def test_spans_before_and_after_are_nobodys(collector: Collector) -> None:
    spans = recorder(collector.url)

    spans.record(SPAN)
    async with spans:
        pass
    spans.record(SPAN)

    assert collector.bodies == []


async def test_losses_are_told_once_a_minute_with_how_many_they_were() -> None:
    now = 0.0
    losses = Losses("minutes", clock=lambda: now)
    with capture_logs() as lines:
        losses.note(1, "nobody listens")
        losses.note(2, "nobody listens")
        now = 59.9
        losses.note(3, "nobody listens")
        now = 60.0
        losses.note(4, "nobody listens")

    assert [line["count"] for line in lines] == [1, 9]
    assert await dropped("minutes") == 10


def test_a_collector_without_an_exporter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "chassis.telemetry.otlp")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)

    with pytest.raises(InvalidSettings, match=r"CONCORD_OTLP_ENDPOINT .* install concord-chassis\[otlp\]"):
        open_recorder(settings(tmp_path, otlp_endpoint=UNREACHABLE), "toys")


def test_a_collector_that_is_sent_nothing_says_so(collector: Collector) -> None:
    with pytest.raises(TimeoutError, match="0 requests came"):
        collector.wait_for(lambda: collector.spans, seconds=0)
