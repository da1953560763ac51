"""How a command of the tests that is told to end does so: by way of every `finally`, so that nothing stays behind."""

import signal
import sys
from types import FrameType

__all__ = ["leave_when_told"]


def leave_when_told() -> None:
    """Take SIGTERM as an exit; by itself it would end this process alone, and not what it has started."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
