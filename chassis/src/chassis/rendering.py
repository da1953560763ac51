"""What a log line looks like: redacted, what readers look for first in front, as JSON or as text for a person."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import structlog
from pydantic_core import PydanticSerializationError, to_json
from structlog.types import EventDict

from chassis.redaction import shown

__all__ = ["Form", "Write", "writer"]

Form = Literal["auto", "json", "pretty"]
Write = Callable[[EventDict], str]
"""Makes the text of an event, without the end of its line."""

_FIRST = ("timestamp", "level", "service", "event")


def writer(form: Form) -> Write:
    """Choose what writes lines in this form; `auto` is text where a person looks on."""
    return _Pretty() if form == "pretty" or (form == "auto" and sys.stdout.isatty()) else _write_json


def _write_json(event: EventDict) -> str:
    arranged = _arrange(event)
    try:
        return to_json(arranged, fallback=repr, inf_nan_mode="strings").decode()
    except PydanticSerializationError:  # for text that is no Unicode; who logs it should not fail of that
        return json.dumps(arranged, default=repr)


class _Pretty:
    def __init__(self) -> None:
        self._render = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())

    def __call__(self, event: EventDict) -> str:
        return self._render(None, "", _arrange(event))


def _arrange(event: EventDict) -> EventDict:
    arranged: EventDict = dict.fromkeys(_FIRST)
    arranged.update((name, shown(name, value)) for name, value in event.items())
    arranged["timestamp"] = datetime.fromtimestamp(event["timestamp"], UTC).isoformat().replace("+00:00", "Z")
    return arranged
