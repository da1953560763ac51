"""All instruments that every service has, and the metrics of a service made of them and of its own."""

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector

from chassis.telemetry import calling, checking, losses, process, serving, storing, working
from chassis.telemetry.instruments import Instrument
from chassis.telemetry.metrics import Metrics

__all__ = ["STANDARD", "service_metrics"]

STANDARD: tuple[Instrument, ...] = (
    *serving.INSTRUMENTS,
    *calling.INSTRUMENTS,
    *storing.INSTRUMENTS,
    *working.INSTRUMENTS,
    *checking.INSTRUMENTS,
    *process.INSTRUMENTS,
    *losses.INSTRUMENTS,
)


def service_metrics(*own: Instrument) -> Metrics:
    """Make the metrics of a service: those that all have, its own, and what the library knows of the process."""
    metrics = Metrics(*STANDARD, *own)
    nowhere = CollectorRegistry()  # or they would join the registry that the whole process shares
    metrics.also(ProcessCollector(registry=nowhere), GCCollector(registry=nowhere))
    return metrics
