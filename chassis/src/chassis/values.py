"""The kinds of values that settings have, each with what it refuses."""

from ipaddress import ip_network
from typing import Annotated

from limits import parse
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from chassis.variables import DevelopmentOnly

__all__ = ["DevelopmentSecret", "Names", "Port", "Proxies", "Rate", "Seconds", "Share", "Url"]


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _check_proxies(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        ip_network(value)
    return values


def _check_rate(value: str) -> str:
    try:
        _ = value == "off" or parse(value)
    except ValueError:
        raise ValueError("a rate such as 100/minute, or off") from None
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Proxies = Annotated[Names, AfterValidator(_check_proxies)]
DevelopmentSecret = Annotated[SecretStr, Field(min_length=16), DevelopmentOnly()]
Rate = Annotated[str, AfterValidator(_check_rate)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
Port = Annotated[int, Field(ge=0, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[int, Field(ge=1, le=3600)]
