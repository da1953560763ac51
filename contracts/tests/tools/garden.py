"""A few models that use all of the portable subset, and ways to make other models of what they publish."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from contracts.tools.documents import REF, Json
from contracts.tools.roundtrip.generation import generate
from contracts.tools.roundtrip.package import importable, package
from contracts.tools.roundtrip.proof import Proof, Sides, prove
from contracts.wire import Choice, Flag, Id, Line, Open, Request, Response
from pydantic import MISSING, ConfigDict, Field, TypeAdapter

BED = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"


class Colour(Choice):
    """What it looks like."""

    RED = "red"
    BLUE = "blue"


class Rose(Response):
    """A flower that pricks."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "rose", "thorns": 3}]})

    kind: Literal["rose"]
    thorns: Annotated[int, Field(strict=True, ge=0, le=99)]


class Tulip(Response):
    """A flower that does not."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "tulip", "colour": "red"}]})

    kind: Literal["tulip"]
    colour: Open[Colour]


class Bed(Response):
    """What grows together."""

    id: Id
    flowers: Annotated[list[Annotated[Rose | Tulip, Field(discriminator="kind")]], Field(max_length=3)]
    shady: Flag


class NewBed(Request):
    """What shall grow."""

    name: Annotated[str, Field(max_length=5, pattern="^[a-z]+$")]
    colour: Colour = Colour.RED
    note: Line | None = None
    rows: Annotated[int, Field(strict=True, ge=1, le=9)] | MISSING = MISSING


class Branch(Response):
    """A part of a tree, which is a tree."""

    branches: Annotated[list["Branch"], Field(max_length=2)]


ORIGINALS: dict[str, Any] = {kind.__name__: kind for kind in (Colour, Rose, Tulip, Bed, NewBed, Branch)}


def document(*models: Any) -> Json:
    """Publish models as an API would, which takes a new bed."""
    kinds = [(kind.__name__, "validation", TypeAdapter(kind)) for kind in models or ORIGINALS.values()]
    _, written = TypeAdapter.json_schemas(kinds, ref_template=REF + "{model}")  # pyright: ignore[reportArgumentType]  # no Literal
    schema: Json = {"$ref": REF + "NewBed"}
    body: Json = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Garden", "version": "v1"},
        "paths": {"/beds": {"post": {"operationId": "add", "requestBody": body, "responses": {}}}},
        "components": {"schemas": written["$defs"]},
    }


@contextmanager
def generated(said: Json, folder: Path, *swapped: tuple[str, str]) -> Generator[dict[str, Any]]:
    """Import the models that are generated from a document; words of their source may be swapped for others."""
    made = generate(said)
    source = made.source
    for old, new in swapped:
        assert old in source
        source = source.replace(old, new)
    with importable(package({("garden", "v1"): source}), folder) as modules:
        yield {name: getattr(modules["garden", "v1"], kind) for name, kind in made.names.items()}


def proof(said: Json, folder: Path, *swapped: tuple[str, str], count: int = 3000) -> Proof:
    """Hold the models that are generated from a document to those of the garden, and to what they publish."""
    with generated(said, folder, *swapped) as kinds:
        return prove(Sides(document(), kinds, ORIGINALS), count)
