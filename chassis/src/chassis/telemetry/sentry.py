"""Errors on their way to Sentry, or to what speaks its protocol: where they came from, and nothing that anybody sent.

Only a service that is told of a Sentry imports this module, which takes the extra `sentry`. It uses the client without
its integrations: those would collect requests, variables and breadcrumbs, and what is not collected cannot leak.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sentry_sdk import Client
from sentry_sdk.transport import HttpTransport
from sentry_sdk.utils import BadDsn, event_from_exception

from chassis.redaction import scrub
from chassis.telemetry.losses import Losses

if TYPE_CHECKING:
    from sentry_sdk.envelope import Item

__all__ = ["BadDsn", "SentryReports"]

_A_SECOND = 10
"""Reports; more are dropped: each costs milliseconds, and a service whose every request fails has none to spare."""
_FAREWELL = 1.0
"""Seconds that a service which ends gives to its last reports."""

_SEARCHED = ("service", "operation", "loop", "request_id", "trace_id", "client_id")
"""What reports can be searched by, of the line that was logged of the error, beside what happened."""


class SentryReports:
    """Reports errors in a thread of its own, grouped by where they came from and by the operation that met them."""

    def __init__(
        self,
        dsn: str,
        *,
        release: str,
        environment: str,
        reveal: bool,
        losses: Losses,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Show what an error says only when told to `reveal` it: it may quote what a caller sent."""
        self._reveal = reveal
        self._losses = losses
        self._clock = clock
        self._second, self._sent = 0, 0
        self._client = Client(
            dsn,
            release=release,
            environment=environment,
            transport=_counting(losses),
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            enable_backpressure_handling=False,
            include_local_variables=False,
            include_source_context=False,  # reading the lines around each frame costs four times the rest
            max_request_body_size="never",
            send_client_reports=False,
        )

    def send(self, error: BaseException, line: Mapping[str, object]) -> None:
        """Queue a report of an error and of the line that was logged of it."""
        if not self._has_room():
            self._losses.note(1, f"more than {_A_SECOND} errors a second; the log has all of them")
            return
        event, hint = event_from_exception(error, client_options=self._client.options)
        for part in event.get("exception", {}).get("values", ()):
            part["value"] = scrub(str(part.get("value"))) if self._reveal else "(message withheld)"
        happened = "logger" if "logger" in line else "event"  # of a library who it is: its words may quote anybody
        tags = {name: str(line[name]) for name in (*_SEARCHED, happened) if line.get(name)}
        group = tags.get("operation", tags[happened])
        trace = {"trace_id": line.get("trace_id"), "span_id": line.get("span_id"), "op": group}
        event |= {"transaction": group, "fingerprint": ["{{ default }}", group], "tags": tags}
        if line.get("trace_id"):
            event["contexts"] = {"trace": trace}
        self._client.capture_event(event, hint)

    def _has_room(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._sent = second, 0
        self._sent += 1
        return self._sent <= _A_SECOND

    def close(self) -> None:
        """Send what is still queued, but do not wait for long."""
        self._client.close(timeout=_FAREWELL)


def _counting(losses: Losses) -> type[HttpTransport]:
    class Counting(HttpTransport):
        """Counts reports that are lost; the client counts them too, but tells nobody except Sentry."""

        TIMEOUT = 5

        def record_lost_event(
            self, reason: str, data_category: str | None = None, item: "Item | None" = None, *, quantity: int = 1
        ) -> None:
            losses.note(quantity, f"Sentry did not take them ({reason}); see that it runs")

    return Counting
