"""Who is told of errors: nobody, or the Sentry that a service's settings name."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chassis.settings import InvalidSettings, ServiceSettings
from chassis.telemetry.extras import bring, version_of
from chassis.telemetry.losses import Losses

if TYPE_CHECKING:
    from chassis.telemetry.sentry import SentryReports

__all__ = ["Report", "reporting"]

Report = Callable[[BaseException, Mapping[str, object]], None]
"""Tells of an error and of the line that was logged of it; it neither waits nor raises."""


@contextmanager
def reporting(settings: ServiceSettings, service: str) -> Generator[Report | None]:
    """Report errors in here, where the settings want it; raises InvalidSettings where that cannot be done."""
    if settings.sentry_dsn is None:
        yield None
        return
    reports = _open(settings, settings.sentry_dsn.get_secret_value(), service)
    try:
        yield reports.send
    finally:
        reports.close()


def _open(settings: ServiceSettings, dsn: str, service: str) -> "SentryReports":
    module = bring("chassis.telemetry.sentry", extra="sentry", setting="CONCORD_SENTRY_DSN")
    kind: type[SentryReports] = module.SentryReports
    try:
        return kind(
            dsn,
            release=f"concord-{service}@{version_of(service)}",
            environment=settings.env,
            reveal=settings.env != "production",
            losses=Losses("errors"),
        )
    except module.BadDsn:  # whose message repeats it
        wanted = "a DSN as https://key@host/1"
        raise InvalidSettings(f"CONCORD_SENTRY_DSN should be {wanted}, and is not; copy it from Sentry.") from None
