"""The documents in a folder, one for each API: `users.v2.json`."""

from importlib.resources import files as packaged
from pathlib import Path

__all__ = ["OPENAPI", "files", "name_of", "published_here"]

OPENAPI = Path("contracts/openapi")


def name_of(service: str, version: str) -> str:
    """Name the file that holds the document of one API."""
    return f"{service}.{version}.json"


def files(folder: Path) -> dict[str, Path]:
    """Find the documents in a folder, by file name; a folder that is not there has none."""
    return {file.name: file for file in sorted(folder.glob("*.json"))}


def published_here() -> Path:
    """Give the folder of documents of the repository one stands in; elsewhere that of the installed package."""
    return OPENAPI if OPENAPI.is_dir() else Path(str(packaged("contracts") / "openapi"))
