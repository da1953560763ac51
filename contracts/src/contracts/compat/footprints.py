"""Footprints: what each consumer reads of each operation, as a file that needs none of the consumers' code."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from contracts.compat.failures import Unreadable, reason


class Footprint(BaseModel):
    """What one consumer reads of the successful answers of one operation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consumer: str
    reader: str = Field(description="The class that reads, by its full name.")
    document: str = Field(description="The provider's document: `users.v2.json`.")
    title: str = Field(description="The document's title and version, for a document without a name.")
    version: str
    operation: str = Field(description="Its method and path: `GET /v2/users/{user_id}`.")
    reads: list[str] = Field(description="The members that are read; nothing where it is enough to be answered.")
    answer: dict[str, JsonValue] = Field(description="The JSON Schema of what is read of the whole body.")
    components: dict[str, JsonValue] = Field(description="The schemas that `answer` refers to, by their names.")


class Footprints(BaseModel):
    """The footprints of all consumers that are known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    readers: list[Footprint]


def read_footprints(path: Path) -> list[Footprint]:
    """Read what `contracts readers` wrote."""
    try:
        return Footprints.model_validate_json(path.read_bytes()).readers
    except (OSError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        said = f"{'/'.join(map(str, first['loc'])) or '/'}: {first['msg']}" if first else reason(error)
        wanted, todo = "what `contracts readers --format json` writes", f"write it with `contracts readers --to {path}`"
        raise Unreadable(str(path), "the file", wanted, said, todo) from None
