"""Who records the spans of a service: nobody, or what sends them to the collector that its settings name."""

from typing import TYPE_CHECKING

from chassis.settings import ServiceSettings
from chassis.telemetry.extras import bring, version_of
from chassis.telemetry.losses import Losses

if TYPE_CHECKING:
    from chassis.telemetry.otlp import OtlpRecorder

__all__ = ["open_recorder"]


def open_recorder(settings: ServiceSettings, service: str) -> "OtlpRecorder | None":
    """Make what records spans, where the settings want it; raises InvalidSettings where it is not installed."""
    if settings.otlp_endpoint is None:
        return None
    module = bring("chassis.telemetry.otlp", extra="otlp", setting="CONCORD_OTLP_ENDPOINT")
    kind: type[OtlpRecorder] = module.OtlpRecorder
    resource = {
        "service.name": service,
        "service.version": version_of(service),
        "deployment.environment.name": settings.env,
    }
    return kind(settings.otlp_endpoint, settings.trace_ratio, resource, Losses("traces"))
