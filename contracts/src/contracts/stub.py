"""A transport without a service behind it, for the tests of teams that call an API."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

from contracts.answers import Answer, Download, EventStream
from contracts.codec import as_read, encode
from contracts.errors import ApiError, NoAnswer
from contracts.examples import example
from contracts.operation import Operation

__all__ = ["StubTransport"]

R = TypeVar("R")
T = TypeVar("T")


class StubTransport:
    """Answers each operation with the contract's own example, or with what the test says.

    A caller with a reader gets what it reads of the whole answer.
    A call that the contract would refuse, an answer that it does not know and an error that it does not declare are
    refused here too, so that a test cannot pass on something that no service does.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[Operation[..., Any], dict[str, Any]]] = []
        self._answers: dict[Operation[..., Any], Answer[Any] | ApiError] = {}

    def answer(self, op: Operation[..., R], value: "R | Answer[R]") -> Self:
        """Answer `op` with this from now on."""
        answer = _answered(op, value)
        if op.success(answer.status) is None:
            raise ValueError(f"{op.label} answers {[s.status for s in op.successes]}, not {answer.status}")
        if op.kind in {"json", "empty"}:
            TypeAdapter(op.answers).validate_python(answer.value)
        self._answers[op] = answer
        return self

    def refuse(self, op: Operation[..., Any], error: ApiError) -> Self:
        """Refuse `op` with this from now on."""
        if not isinstance(error, (*op.errors, NoAnswer)):
            declared = ", ".join(kind.__name__ for kind in op.errors)
            raise ValueError(f"{op.label} does not declare {type(error).__name__}; it declares {declared}")
        self._answers[op] = error
        return self

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Answer as told, or with the contract's example; raises ValueError for a call that no service takes."""
        _check(op, arguments)
        self.calls.append((op, arguments))
        answer = self._answers.get(op)
        if isinstance(answer, ApiError):
            raise answer
        whole = answer or _example(op)
        return replace(whole, value=as_read(op, whole.value))


def _answered(op: Operation[..., Any], value: Any) -> Answer[Any]:
    return value if isinstance(value, Answer) else Answer(value, op.successes[0].status)  # pyright: ignore[reportUnknownVariableType]  # any result may come


def _check(op: Operation[..., Any], arguments: dict[str, Any]) -> None:
    for parameter in op.parameters:
        if parameter.name in arguments:
            try:
                TypeAdapter(parameter.annotation).validate_python(arguments[parameter.name])
            except ValidationError as exc:
                raise ValueError(f"{op.label} does not take this `{parameter.name}`: {exc}") from exc
    encode(op, arguments)


def _example(op: Operation[..., Any]) -> Answer[Any]:
    success = op.successes[0]
    headers = {header: header.example for header in success.headers if header.always}
    return Answer(_example_value(op), success.status, headers)


def _example_value(op: Operation[..., Any]) -> Any:
    match op.kind:
        case "empty":
            return None
        case "download":
            return Download(b"example", op.media[0])
        case "events":
            return EventStream[Any](_once(example(op.reply)))
        case _:
            return example(op.answers)


async def _once(event: T) -> AsyncIterator[T]:
    yield event
