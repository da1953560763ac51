"""The APIs and translations that there are: found by looking, so that no list has to be maintained."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypeVar

import contracts
from contracts.operation import Api
from contracts.places import DeclarationError
from contracts.tools.faults import ToolError
from contracts.translation import Translation, TranslationError

__all__ = ["apis", "defined", "load", "translations"]

T = TypeVar("T")

_NO_SERVICES = frozenset({"contracts.compat", "contracts.tools"})


def apis(package: ModuleType = contracts) -> dict[tuple[str, str], type[Api]]:
    """Find every Api by service and version, in the order of their names."""
    return {(api.service, api.version): api for api in _classes(package, Api)}


def translations(package: ModuleType = contracts) -> list[type[Translation[Any, Any]]]:
    """Find every translation between two versions."""
    return list(_classes(package, Translation))


def _classes(package: ModuleType, kind: type[T]) -> Iterator[type[T]]:
    """Go through the subclasses of `kind` that the modules of `package.<service>` define themselves."""
    for service in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if service.ispkg and service.name not in _NO_SERVICES:
            yield from _defined(load(service.name), kind)


def _defined(service: ModuleType, kind: type[T]) -> Iterator[type[T]]:
    for entry in pkgutil.iter_modules(service.__path__, f"{service.__name__}."):
        yield from defined(load(entry.name), kind)


def defined(module: ModuleType, kind: type[T]) -> Iterator[type[T]]:
    """Go through the subclasses of `kind` that one module defines itself."""
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, kind) and found.__module__ == module.__name__:
            yield found


def load(name: str) -> ModuleType:
    """Import one module of contracts; raises ToolError for what cannot be published."""
    try:
        return importlib.import_module(name)
    except (DeclarationError, TranslationError) as refused:
        raise ToolError(f"wanted contracts that can be published, and {name} is refused: {refused}") from refused
