"""The log of one service: a file with one JSON object a line, which others write while we read."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["Line", "Log"]


class Line(BaseModel):
    """What we read of a line; requests have more to say than other events."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    timestamp: datetime
    level: str
    service: str
    event: str
    exception: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_id: str | None = None
    operation: str | None = None
    order_id: str | None = None
    client_id: str | None = None
    method: str | None = None
    route: str | None = None
    status: int | None = None
    duration_ms: float = 0.0

    @property
    def began(self) -> datetime:
        """When the request came in: its line is written when it is answered."""
        return self.timestamp - timedelta(milliseconds=self.duration_ms)


class Log:
    """Begins a log anew, and reads its lines as they come."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.write_bytes(b"")  # what an earlier run left would be told again
        self.lines: list[Line] = []
        self._read = 0

    def catch_up(self) -> list[Line]:
        """Read the lines that were completed since the last time, and return them."""
        with self.file.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        fresh = [line for raw in whole.splitlines() if (line := _parse(raw))]
        self.lines += fresh
        return fresh

    def tail(self, count: int = 10) -> list[str]:
        """Return the last lines as they stand there."""
        return self.file.read_text(errors="replace").splitlines()[-count:]


def _parse(raw: bytes) -> Line | None:
    try:
        return Line.model_validate_json(raw)
    except ValidationError:
        return None  # not ours: what an interpreter prints as it ends, for one
