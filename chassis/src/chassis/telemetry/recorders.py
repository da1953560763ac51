"""Who records the spans of a service: nobody, or what sends them to the collector that its settings name."""

from importlib import import_module
from typing import TYPE_CHECKING

from chassis.settings import InvalidSettings, ServiceSettings
from chassis.telemetry.losses import Losses
from chassis.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from chassis.telemetry.otlp import OtlpRecorder

__all__ = ["open_recorder"]


def open_recorder(settings: ServiceSettings, service: str, metrics: Metrics) -> "OtlpRecorder | None":
    """Make what records spans, where the settings want it; raises InvalidSettings where it is not installed."""
    if settings.otlp_endpoint is None:
        return None
    try:
        module = import_module("chassis.telemetry.otlp")  # OpenTelemetry takes a while, and many go without it
    except ModuleNotFoundError as missing:
        raise InvalidSettings(
            f"CONCORD_OTLP_ENDPOINT wants OpenTelemetry's exporter and finds no {missing.name}: "
            "install concord-chassis[otlp], or do not set it."
        ) from None
    kind: type[OtlpRecorder] = module.OtlpRecorder
    resource = {"service.name": service, "deployment.environment.name": settings.env}
    return kind(settings.otlp_endpoint, settings.trace_ratio, resource, Losses("traces", metrics))
