"""A reader: what one consumer reads of an answer, and no more, so that all the rest may change without it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from contracts.fitting import misfits, name_of
from contracts.places import bare

if TYPE_CHECKING:
    from contracts.operation import Operation

__all__ = ["Reader", "ReaderError", "Reads", "check_reader"]


class ReaderError(TypeError):
    """A reader wants what the provider does not send, or reads what it was not declared for."""


class Reads:
    """What a reader was declared for; one that is a part of another has neither consumer nor operation."""

    def __init__(self, of: type[BaseModel], consumer: str | None, op: "Operation[..., Any] | None") -> None:
        self.of = of
        self.consumer = consumer
        self.op = op


class Reader(BaseModel):
    """The members of an answer that a consumer reads; whatever else comes is ignored, and need not come.

    `class Buyer(Reader, of=User, consumer="orders", op=Users.get_user)`, with a field for each member, is what
    `users.get_user.as_(Buyer)` answers. A member that is a model itself has a reader of its own, without `consumer`
    and `op`. Raises ReaderError for members that the provider's model does not have, or has with another type;
    whether bounds and patterns fit as well is proved by `contracts gate`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    __reads__: ClassVar[Reads]

    def __init_subclass__(
        cls, *, of: type[BaseModel], consumer: str | None = None, op: "Operation[..., Any] | None" = None
    ) -> None:
        super().__init_subclass__()
        cls.__reads__ = Reads(of, consumer, op)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        faults = [*_faults(cls.__reads__), *misfits(cls.__reads__.of, cls)]
        if faults:
            raise ReaderError("\n".join(f"{cls.__module__}.{cls.__qualname__} {fault}" for fault in faults))


def check_reader(op: "Operation[..., Any]", reader: Any) -> None:
    """Refuse to read an answer with what was not declared for it; raises ReaderError."""
    sent, read = bare(op.answers), reader
    if get_origin(sent) is list and get_origin(read) is list:
        sent, read = get_args(sent)[0], get_args(read)[0]
    if not (isinstance(read, type) and issubclass(read, Reader)) or get_origin(sent) is list:
        raise ReaderError(f"{op.label} answers {name_of(op.answers)}, and {name_of(reader)} is no reader of that")
    declared = read.__reads__.op
    if declared != op:
        found = f"is for {declared.label}" if declared else "is a part of other readers"
        raise ReaderError(f"{read.__name__} {found}, and not for {op.label}: declare a reader with `op=` for this one")


def _faults(reads: Reads) -> Iterator[str]:
    if (reads.consumer is None) != (reads.op is None):
        yield "names only one of `consumer` and `op`: name both, or neither for a part of another reader"
    if reads.op is not None:
        sent = bare(reads.op.answers)
        (item,) = get_args(sent) if get_origin(sent) is list else (sent,)
        if reads.op.kind != "json" or item is not reads.of:
            yield f"is of {reads.of.__name__}, and {reads.op.label} answers {name_of(sent)}"
