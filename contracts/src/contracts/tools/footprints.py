"""What consumers read: declared by the packages that are installed, or written down in a file."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, TypeGuard, get_args, get_origin

import typer
from pydantic import BaseModel, TypeAdapter

from contracts.compat.footprints import Footprint, read_footprints
from contracts.operation import Operation
from contracts.places import bare
from contracts.reader import Reader
from contracts.tools.committed import name_of
from contracts.tools.faults import ToolError

__all__ = ["GROUP", "READERS", "Known", "declared", "footprint", "known_readers"]

GROUP = "concord.readers"
READERS = Path("contracts/readers.json")
Known = Annotated[Path | None, typer.Option("--readers", help=f"What consumers read; else {READERS}, if it is there.")]


def declared() -> list[Footprint]:
    """Find the readers of every installed package that names its module of readers; raises ToolError."""
    found = [item for point in entry_points(group=GROUP) for item in _footprints(point)]
    return sorted(found, key=lambda item: (item.consumer, item.document, item.operation, item.reader))


def known_readers(path: Path | None) -> list[Footprint]:
    """Read the file of readers; the usual one need not be there."""
    if path is None and not READERS.exists():
        return []
    return read_footprints(path or READERS)


def footprint(reader: type[Reader], op: Operation[..., Any]) -> Footprint:
    """Write down what a reader reads of an operation."""
    name = f"{reader.__module__}.{reader.__qualname__}"
    several = get_origin(bare(op.answers)) is list
    body = TypeAdapter[Any](op.api.dialect.reply(list[reader] if several else reader))
    schema = body.json_schema(ref_template=f"#/components/schemas/{name}:{{model}}")
    components = {f"{name}:{model}": written for model, written in schema.pop("$defs", {}).items()}
    return Footprint(
        consumer=reader.__reads__.consumer or "",
        reader=name,
        document=name_of(op.api.service, op.api.version),
        title=op.api.__name__,
        version=op.api.version,
        operation=f"{op.method} {op.path}",
        reads=list(_members(reader, "[]" if several else "")),
        answer=schema,
        components=components,
    )


def _footprints(point: EntryPoint) -> Iterator[Footprint]:
    try:
        module: ModuleType = point.load()
    except Exception as failure:
        said = f"{type(failure).__name__}: {failure}"
        wanted = f"{point.value}: wanted a module of readers"
        raise ToolError(f"{wanted}, found one that is refused: {said}; import it to see why") from failure
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, Reader) and found.__module__ == module.__name__:
            op = found.__reads__.op
            if op is not None:
                yield footprint(found, op)


def _members(model: type[BaseModel], place: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        where = f"{place}.{name}" if place else name
        held, below = _held(field.annotation, where)
        yield from _members(held, below) if held else [below]


def _held(annotation: Any, place: str) -> tuple[type[BaseModel] | None, str]:
    """Find the model that a member holds, alone, in a list or unless it is null."""
    kind = bare(annotation)
    if _is_model(kind):
        return kind, place
    if get_origin(kind) is list:
        return _held(get_args(kind)[0], f"{place}[]")
    arms = [arm for arm in get_args(kind) if arm is not type(None)]
    return _held(arms[0], place) if len(arms) == 1 else (None, place)


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
