"""The metrics of one process: all its figures, and how Prometheus reads them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from structlog import get_logger

from chassis.telemetry.figures import Count, Distribution, Level
from chassis.telemetry.instruments import Instrument

__all__ = ["Metrics"]

_log = get_logger(__name__)

F = TypeVar("F", bound=Level | Distribution)
Look = Callable[[], Awaitable[None] | None]
"""Sets the figures that are looked up only when somebody asks for them."""


class Metrics(Collector):
    """Holds the figures of each instrument; an application has one, so that two in one process never mix."""

    def __init__(self, *declared: Instrument) -> None:
        """Show these instruments from the start; further ones are shown once somebody asks for their figures."""
        self._figures: dict[str, Level | Distribution] = {}
        self._looks: list[Look] = []
        self._registry = CollectorRegistry()
        self._registry.register(self)
        for instrument in declared:
            self._figures[instrument.name] = _KINDS[instrument.kind](instrument)

    @property
    def instruments(self) -> list[Instrument]:
        return [figures.instrument for figures in self._figures.values()]

    def count(self, instrument: Instrument) -> Count:
        """Find the figures of a counter."""
        return self._get(Count, instrument)

    def level(self, instrument: Instrument) -> Level:
        """Find the figures of a gauge."""
        return self._get(Level, instrument)

    def distribution(self, instrument: Instrument) -> Distribution:
        """Find the figures of a histogram."""
        return self._get(Distribution, instrument)

    def look(self, look: Look) -> None:
        """Call this before figures are shown, so that it sets those that nobody keeps up to date."""
        self._looks.append(look)

    def also(self, *collectors: Collector) -> None:
        """Show what these collect too."""
        for collector in collectors:
            self._registry.register(collector)

    async def show(self, accept: str = "") -> tuple[bytes, str]:
        """Write all figures as OpenMetrics where that is accepted, else as Prometheus' text; say which."""
        await asyncio.gather(*(_take(look) for look in self._looks))  # none waits for another's database
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def collect(self) -> Iterable[Metric]:
        """Hand all figures to the library that writes them."""
        return [_family(figures) for figures in self._figures.values()]

    def _get(self, kind: type[F], instrument: Instrument) -> F:
        found = self._figures.setdefault(instrument.name, _KINDS[instrument.kind](instrument))
        if isinstance(found, kind):
            return found
        raise TypeError(f"{instrument.name} is a {instrument.kind}; ask for the figures of one")


async def _take(look: Look) -> None:
    try:
        if waits := look():
            await waits
    except Exception:  # noqa: BLE001 (such as a schema that is not there yet; the other figures are wanted all the same)
        _log.warning("figure_not_found", exc_info=True)


_KINDS: dict[str, type[Count] | type[Level] | type[Distribution]] = {
    "counter": Count,
    "gauge": Level,
    "histogram": Distribution,
}


def _family(figures: Level | Distribution) -> Metric:
    instrument = figures.instrument
    if isinstance(figures, Distribution):
        return _histogram(figures)
    make = CounterMetricFamily if isinstance(figures, Count) else GaugeMetricFamily
    family = make(instrument.name, instrument.help, labels=instrument.label_names, unit=instrument.unit)
    for labels, value in list(figures.values.items()):
        family.add_metric(_text(labels), value)
    return family


def _histogram(figures: Distribution) -> HistogramMetricFamily:
    of = figures.instrument
    family = HistogramMetricFamily(of.name, of.help, labels=of.label_names, unit=of.unit)
    bounds = [*(str(float(bound)) for bound in of.buckets), "+Inf"]
    for labels, durations in list(figures.values.items()):
        family.add_metric(_text(labels), list(zip(bounds, durations.up_to(), strict=True)), durations.total)
    return family


def _text(labels: tuple[object, ...]) -> list[str]:
    return [str(label) for label in labels]
