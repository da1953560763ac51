"""Who records the spans of a service: nobody, or what sends them to the collector that its settings name."""

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
        from chassis.telemetry.otlp import OtlpRecorder  # OpenTelemetry takes a while to import, and many go without
    except ModuleNotFoundError as missing:
        raise InvalidSettings(
            f"CONCORD_OTLP_ENDPOINT wants OpenTelemetry's exporter and finds no {missing.name}: "
            "install concord-chassis[otlp], or do not set it."
        ) from None
    resource = {"service.name": service, "deployment.environment.name": settings.env}
    return OtlpRecorder(settings.otlp_endpoint, settings.trace_ratio, resource, Losses("traces", metrics))
