"""What can be regenerated: our own APIs, with the models behind their documents, or any document on its own."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.compat.document import Document
from contracts.compat.sources import load
from contracts.operation import Api
from contracts.tools.apis import apis
from contracts.tools.committed import name_of
from contracts.tools.documents import Json
from contracts.tools.promise import promise
from contracts.tools.roundtrip.origins import origins
from contracts.tools.roundtrip.package import module_of

__all__ = ["Subject", "subjects"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A document, and the types that its components were made from, where they are known."""

    service: str
    module: tuple[str, ...]
    document: Json
    originals: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def label(self) -> str:
        return " ".join(self.module)


def subjects(asked: Iterable[str], folder: Path) -> list[Subject]:
    """Find what is asked for, services by name and documents by where they are; all of our services if nothing is."""
    ours = apis()
    services = dict.fromkeys(service for service, _ in ours)
    found: list[Subject] = []
    for name in list(asked) or services:
        if name in services:
            found += [_our(api, folder) for (service, _), api in ours.items() if service == name]
        else:
            found += _foreign(name)
    return list({subject.module: subject for subject in found}.values())


def _our(api: type[Api], folder: Path) -> Subject:
    """Take the document that is committed; without a repository, the one that the declarations promise."""
    name = name_of(api.service, api.version)
    committed = folder / name
    document = _plain(load(str(committed))[""]) if committed.exists() else _published(api)
    return Subject(api.service, module_of(name), document, origins(api, document))


def _published(api: type[Api]) -> Json:
    """Make plain JSON of a promise, which holds members of enums."""
    promised: Json = json.loads(json.dumps(promise(api)))
    return promised


def _foreign(where: str) -> Iterator[Subject]:
    for name, document in load(where).items():
        module = module_of(Path(name or where.rpartition(":")[2]).name)
        yield Subject(where, module, _plain(document))


def _plain(document: Document) -> Json:
    plain: Json = json.loads(json.dumps(document.raw))
    return plain
