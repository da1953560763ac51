"""What can be linted: our services, documents wherever they are, and any module with models or an Api in it."""

import importlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, TypeAdapter

from contracts.compat.document import Document
from contracts.compat.sources import load
from contracts.operation import Api
from contracts.tools.apis import apis
from contracts.tools.documents import REF, Json
from contracts.tools.faults import ToolError
from contracts.tools.linting.breach import Breach
from contracts.tools.linting.models import model_breaches
from contracts.tools.linting.portable import breaches
from contracts.tools.linting.schemas import schema_breaches

__all__ = ["linted"]

_SOURCES = ("git:", "wheel:")


def linted(asked: Iterable[str]) -> Iterator[tuple[str, list[Breach]]]:
    """Lint each of what is asked for, under its name; all of our services if nothing is."""
    ours = apis()
    services = dict.fromkeys(service for service, _ in ours)
    for name in list(asked) or services:
        if name in services:
            yield from (_api(api) for (service, _), api in ours.items() if service == name)
        elif name.startswith(_SOURCES) or Path(name).exists() or "/" in name:
            yield from _documents(name)
        else:
            yield from _module(name)


def _api(api: type[Api]) -> tuple[str, list[Breach]]:
    return f"{api.service} {api.version}", breaches(api)


def _documents(where: str) -> Iterator[tuple[str, list[Breach]]]:
    for name, document in load(where).items():
        yield name or where, _unique(schema_breaches(document, json.loads(json.dumps(document.raw))))


def _module(name: str) -> Iterator[tuple[str, list[Breach]]]:
    """Take the Apis of a module; one that has none is taken for its models."""
    try:
        module = importlib.import_module(name)
    except ImportError as failed:
        wanted = "a service, a file, a folder, git:REF:PATH, a wheel or a module that can be imported"
        raise ToolError(f"{name}: wanted {wanted}, found {failed}; look at the name") from None
    found = [kind for kind in _own(module, Api) if kind is not Api]
    if found:
        yield from map(_api, found)
    elif models := list(_own(module, BaseModel)):
        yield name, _models(models)
    else:
        raise ToolError(f"{name}: wanted models or an Api, found neither; name the module that defines them")


def _own(module: ModuleType, kind: type[Any]) -> Iterator[type[Any]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__:
            yield value


def _models(models: list[type[BaseModel]]) -> list[Breach]:
    inputs: Any = [(model.__name__, "validation", TypeAdapter(model)) for model in models]
    _, written = TypeAdapter.json_schemas(inputs, ref_template=REF + "{model}")
    whole: Json = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": written.get("$defs", {})}}
    whole = json.loads(json.dumps(whole))
    found = [*schema_breaches(Document.checked(json.loads(json.dumps(whole)), "the models"), whole)]
    return _unique([*found, *(breach for model in models for breach in model_breaches(model))])


def _unique(found: Iterable[Breach]) -> list[Breach]:
    return list({(breach.place, breach.advice): breach for breach in found}.values())
