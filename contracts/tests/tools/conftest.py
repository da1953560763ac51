"""Services that publish what a test wants, asked as the real ones are: in processes of their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from contracts.tools.apis import apis
from contracts.tools.cli import app
from typer.testing import CliRunner, Result

PROGRAM = "import pathlib, sys\nsys.stdout.write(pathlib.Path(__file__).with_name(sys.argv[2]).read_text())\n"


@dataclass(frozen=True, slots=True)
class Shop:
    """Stand-ins for all services, found before the real ones."""

    folder: Path

    def publishes(self, service: str, version: str, document: dict[str, Any]) -> None:
        """Publish this from now on."""
        (self.folder / service / version).write_text(json.dumps(document))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose documents are small."""
    found = Shop(tmp_path / "services")
    for service, version in apis():
        (found.folder / service).mkdir(parents=True, exist_ok=True)
        (found.folder / service / "__init__.py").touch()
        (found.folder / service / "__main__.py").write_text(PROGRAM)
        found.publishes(service, version, {"openapi": "3.1.0", "info": {"title": service}, "paths": {}})
    monkeypatch.setenv("PYTHONPATH", str(found.folder))
    return found


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command `contracts` with these words."""

    def contracts(*words: str | Path) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return contracts
