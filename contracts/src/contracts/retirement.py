"""When a version stops being served, and where its callers should go."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

__all__ = ["Retirement"]


@dataclass(frozen=True, slots=True)
class Retirement:
    """The dates, in UTC, on which a version was deprecated and will be gone, and the version that follows it."""

    deprecated: datetime
    sunset: datetime
    successor: str

    @property
    def headers(self) -> dict[str, str]:
        """Say it on every response (RFC 9745, RFC 8594, RFC 8288)."""
        return {
            "Deprecation": f"@{int(self.deprecated.timestamp())}",
            "Sunset": format_datetime(self.sunset, usegmt=True),
            "Link": f'</{self.successor}/docs>; rel="successor-version"',
        }
