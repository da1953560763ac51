"""Value types that every contract shares: ids, times, money, text, pages and enums.

They are written in the portable subset: what they accept is exactly what their JSON Schema says,
so that a model regenerated from a published document means the same.
"""

from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, TypeAlias, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

__all__ = [
    "Choice",
    "Count",
    "Cursor",
    "Email",
    "Flag",
    "Holder",
    "Id",
    "Line",
    "Money",
    "Open",
    "Page",
    "PageSize",
    "Quantity",
    "Query",
    "Request",
    "Response",
    "Skip",
    "Text",
    "Timestamp",
    "Value",
]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Request(BaseModel):
    """What a caller sends: unknown members are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Response(BaseModel):
    """What a service answers: unknown members are ignored, so that old clients read new services."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Value(BaseModel):
    """A small value that both requests and responses hold; closed, but read tolerantly by clients."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(BaseModel):
    """A group of query parameters; parameters that it does not name are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Text:
    """A string on the wire, held to a pattern, that Python sees as something richer."""

    def __init__(self, pattern: str, parse: CoreSchema, exact: CoreSchema, example: str) -> None:
        self._from_text = core_schema.chain_schema([core_schema.str_schema(pattern=pattern), parse])
        self._exact = exact
        self._fault = f"Input should be text such as {example}"
        self._json: JsonSchemaValue = {"type": "string", "pattern": pattern, "examples": [example]}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        in_python = core_schema.union_schema(
            [self._exact, self._from_text],
            custom_error_type="text_pattern_mismatch",
            custom_error_message=self._fault,
        )
        return core_schema.json_or_python_schema(self._from_text, in_python)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(self._json)


Id: TypeAlias = Annotated[
    UUID,
    _Text(
        r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        core_schema.uuid_schema(),
        core_schema.uuid_schema(strict=True),
        "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
    ),
]
"""A UUID (RFC 9562) as we write it, in lower case, so that one thing has one address; new ones are version 7."""

_DAY = (
    r"[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_DAY = r"(?:[02468][048]|[13579][26])-02-29"
_MICROSECONDS = r"[0-9]{5}[1-9]|[0-9]{4}[1-9]0|[0-9]{3}[1-9]00|[0-9]{2}[1-9]000|[0-9][1-9]0000|[1-9]00000"
_TIME = rf"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.(?:{_MICROSECONDS}))?"

Timestamp: TypeAlias = Annotated[
    datetime,
    _Text(
        rf"^20(?:{_DAY}|{_LEAP_DAY})T{_TIME}Z$",
        core_schema.datetime_schema(tz_constraint=0),
        core_schema.datetime_schema(strict=True, tz_constraint=0),
        "2026-11-21T09:30:00Z",
    ),
]
"""A moment of this century in UTC (RFC 3339, `Z`), its microseconds left out where there are none.

The pattern knows the lengths of months and leap years, and takes each moment in one spelling only: the one that is
written, so that what was read and is written again is the same text.
"""

Email: TypeAlias = Annotated[
    str,
    StringConstraints(
        min_length=3,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
    ),
]
"""An address as browsers accept it (WHATWG HTML, `input type=email`), with a dot in its domain."""

_EDGE = r"[^\x00-\x20\x7f]"

Line: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=rf"^{_EDGE}(?:[^\x00-\x1f\x7f]*{_EDGE})?$")
]
"""One line of text without control characters, not blank at its ends; 1 to 100 characters."""

Text: TypeAlias = Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00]*$")]
"""Free text of up to 5,000 characters; databases refuse NUL, so the contract does."""

Cursor: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[A-Za-z0-9_-]+$")]
"""Where a page begins: opaque, signed, taken from the page before."""

Count: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Quantity: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=1000)]
Flag: TypeAlias = Annotated[bool, Field(strict=True)]
PageSize: TypeAlias = Annotated[int, Field(ge=1, le=100)]
Skip: TypeAlias = Annotated[int, Field(ge=0, le=100_000)]


class Choice(StrEnum):
    """A closed set of words; generated clients get the members' names too."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = handler(schema)
        handler.resolve_ref_schema(written)["x-enum-varnames"] = [member.name for member in cls]
        return written


class _Extensible:
    """Marks a choice that may grow: a reader keeps a word that it does not know."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known, word = (handler.generate_schema(kind) for kind in get_args(source))
        return core_schema.union_schema([known, word], mode="left_to_right")

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = handler(schema)
        known = handler.resolve_ref_schema(dict(written["anyOf"][0]))
        return {**written, "x-extensible-enum": known["enum"]}


_Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Open: TypeAlias = Annotated[E | _Word, _Extensible()]
"""One of a choice's words, or one that a later service added: compare with `==`, and expect strangers."""


class Money(Value):
    """An amount in one currency, exact: a decimal string with two places, never a float."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"amount": "19.99", "currency": "EUR"}]})

    amount: Annotated[str, StringConstraints(max_length=13, pattern=r"^(?:0|[1-9][0-9]{0,9})\.[0-9]{2}$")]
    currency: Annotated[str, StringConstraints(min_length=3, max_length=3, pattern=r"^[A-Z]{3}$")]

    @classmethod
    @lru_cache(maxsize=4096)  # a shop has few prices, and shows them often
    def of(cls, cents: int, currency: str = "EUR") -> Self:
        """Make the money of so many minor units."""
        return cls(amount=f"{cents // 100}.{cents % 100:02d}", currency=currency)

    @property
    def cents(self) -> int:
        """The amount in minor units."""
        return int(self.amount.replace(".", ""))


class Holder(Response):
    """A model that holds others, named after what it holds: `ProductPage`, where Pydantic would say `Page_Product_`."""

    suffix: ClassVar[str]

    @classmethod
    def holding(cls, example: JsonValue) -> JsonValue:
        """Make an example around an example of what is held."""
        raise TypeError(f"{cls.__name__} does not say what an example of it looks like")

    if not TYPE_CHECKING:  # pragma: no branch (to a type checker a holder is an ordinary generic class)

        def __class_getitem__(cls, held: Any) -> Any:
            made = super().__class_getitem__(held)
            return made if isinstance(held, TypeVar) else _named(cls, made, held)


@cache
def _named(holder: type[Holder], made: type[Holder], held: Any) -> type[BaseModel]:
    plain = get_args(held)[0] if get_origin(held) is Annotated else held  # a list may come with a bound
    (item,) = get_args(plain) or (plain,)
    extra: Any = getattr(item, "model_config", {}).get("json_schema_extra") or {}
    metaclass: Any = type(holder)
    examples = [holder.holding([example] if item is not plain else example) for example in extra.get("examples", ())]
    return metaclass(
        f"{item.__name__}{'List' if item is not plain else ''}{holder.suffix}",
        (made,),
        {
            "__module__": made.__module__,
            "__doc__": holder.__doc__,
            "model_config": ConfigDict(json_schema_extra={"examples": examples}),
        },
    )


class Page(Holder, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    suffix = "Page"

    items: Annotated[list[T], Field(max_length=100)]
    next_cursor: Cursor | None

    @classmethod
    def holding(cls, example: JsonValue) -> JsonValue:
        return {"items": [example], "next_cursor": None}
