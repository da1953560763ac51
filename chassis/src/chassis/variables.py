"""How settings are shown to people: which variable, what it wants, what was found."""

from collections.abc import Iterator
from typing import TypeGuard

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

__all__ = ["PREFIX", "DevelopmentOnly", "complaint", "describe", "variable"]

PREFIX = "CONCORD_"


class DevelopmentOnly:
    """Marks a setting whose default is known to everybody, so that production refuses it."""

    @classmethod
    def marks(cls, settings: type[BaseSettings], name: str) -> bool:
        return any(isinstance(mark, cls) for field in _declared(settings, name) for mark in field.metadata)


def variable(name: str) -> str:
    """Name the environment variable of a field."""
    return f"{PREFIX}{name.upper()}"


def describe(settings: type[BaseSettings]) -> str:
    """List every variable with its default and its meaning."""
    rows = [(variable(name), _default(settings, name), _meaning(settings, name)) for name in settings.model_fields]
    return _table(("variable", "default", "meaning"), rows)


def complaint(settings: type[BaseSettings], refused: ValidationError) -> str:
    """Say of every refused variable what was wanted and what was found, without showing a secret."""
    rows = [_refusal(settings, error) for error in refused.errors(include_url=False)]
    table = _table(("variable", "wanted", "found"), rows)
    return f"These settings are refused; set the variables, or put secrets in files of their names:\n{table}"


def _declared(settings: type[BaseSettings], name: str) -> Iterator[FieldInfo]:
    """Go through the declarations of a setting, newest first: a service that gives a default only repeats no more."""
    for base in settings.__mro__:
        if issubclass(base, BaseSettings) and name in base.model_fields:
            yield base.model_fields[name]


def _meaning(settings: type[BaseSettings], name: str) -> str:
    return next((field.description for field in _declared(settings, name) if field.description), "")


def _default(settings: type[BaseSettings], name: str) -> str:
    if DevelopmentOnly.marks(settings, name):
        return "(development only)"
    value: object = settings.model_fields[name].default
    if _is_names(value):
        return ",".join(value)
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_names(value: object) -> TypeGuard[tuple[str, ...]]:
    return isinstance(value, tuple)


def _refusal(settings: type[BaseSettings], error: ErrorDetails) -> tuple[str, str, str]:
    wanted = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:  # a rule over several settings, which names them itself
        return (variable("env"), wanted, "production")
    name = str(error["loc"][0])
    is_secret = settings.model_fields[name].annotation is SecretStr
    return (variable(name), wanted, "(hidden)" if is_secret else repr(error["input"])[:60])


def _table(head: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> str:
    lines = [head, *rows]
    first, second = (max(len(line[column]) for line in lines) for column in (0, 1))
    return "\n".join(f"  {line[0]:<{first}}  {line[1]:<{second}}  {line[2]}".rstrip() for line in lines)
