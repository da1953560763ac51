"""The steps from one version of an API to the next: which operation follows which, and what translates between them."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args, get_origin

from contracts.operation import Api, Operation
from contracts.places import bare
from contracts.tools.apis import apis, defined, load
from contracts.tools.faults import ToolError
from contracts.translation import Translation
from contracts.wire import Page

__all__ = ["Lens", "Step", "carried", "steps"]

_NAME = re.compile(r"(v[0-9]+)_(v[0-9]+)")
Lens = type[Translation[Any, Any]]


@dataclass(frozen=True)
class Step:
    """Two versions that follow each other, and the module that translates between them."""

    service: str
    old: type[Api]
    new: type[Api]
    translations: tuple[Lens, ...]
    successors: Mapping[Operation[..., Any], Operation[..., Any] | None]

    @property
    def name(self) -> str:
        return f"{self.service} {self.old.version} -> {self.new.version}"

    def successor(self, op: Operation[..., Any]) -> Operation[..., Any] | None:
        """Give what the next version has in an operation's place: the declared one, or its namesake."""
        known = {other.name: other for other in self.new.operations()}
        return self.successors.get(op) or known.get(op.name)

    def ends(self, op: Operation[..., Any]) -> bool:
        """Tell whether an operation is declared to have no successor."""
        return op in self.successors and self.successors[op] is None

    def lens(self, old: Any) -> Lens | None:
        """Find the translation of an old model."""
        return next((lens for lens in self.translations if lens.old is old), None)


def steps() -> Iterator[Step]:
    """Find every module `vN_vM` beside the two versions that it translates between."""
    known = apis()
    for service in sorted({service for service, _ in known}):
        package = importlib.import_module(f"contracts.{service}")
        for entry in pkgutil.iter_modules(package.__path__):
            if versions := _NAME.fullmatch(entry.name):
                old, new = ((service, version) for version in versions.groups())
                if old not in known or new not in known:
                    raise ToolError(
                        f"contracts.{service}.{entry.name}: wanted versions {versions[1]} and {versions[2]} beside it, "
                        f"found {', '.join(version for name, version in known if name == service)}; "
                        "delete the translation with the version"
                    )
                yield step(service, known[old], known[new], load(f"{package.__name__}.{entry.name}"))


def step(service: str, old: type[Api], new: type[Api], module: ModuleType) -> Step:
    """Read what a module of translations declares."""
    found: tuple[Lens, ...] = tuple(defined(module, Translation))
    return Step(service, old, new, found, getattr(module, "SUCCESSORS", {}))


def carried(op: Operation[..., Any]) -> Any:
    """Give the model that a result consists of, also where it is a list or a page of them."""
    result = bare(op.returns)
    held = getattr(result, "model_fields", {}).get("items") if _is(result, Page) else None
    if held is not None:
        result = bare(held.annotation)
    return bare(get_args(result)[0]) if get_origin(result) is list else result


def _is(kind: Any, wanted: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, wanted)
