"""Run every command that needs no repository, from the installed wheel and nothing else: `toolchain.py WHEEL`."""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from importlib.resources import files
from pathlib import Path

CONTRACTS = Path(sysconfig.get_path("scripts"), "contracts")
PUBLISHED = Path(str(files("contracts") / "openapi"))


def contracts(*arguments: str | Path, ends: int = 0) -> str:
    """Run a command, and insist on how it ends."""
    command = [str(CONTRACTS), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    shown = f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    assert done.returncode == ends, f"wanted exit {ends}, found {done.returncode}: {shown}"
    return done.stdout


def narrowed(folder: Path) -> Path:
    """Take a value away that clients may send."""
    folder.mkdir()
    for file in PUBLISHED.glob("*.json"):
        document = json.loads(file.read_text())
        if file.name == "orders.v2.json":
            document["components"]["schemas"]["NewLine"]["properties"]["quantity"]["maximum"] = 10
        (folder / file.name).write_text(json.dumps(document))
    return folder


def main(wheel: Path) -> None:
    """Try each command in a folder that is no repository."""
    changed = narrowed(Path("changed"))
    assert "safe" in contracts("diff", wheel, PUBLISHED)
    contracts("diff", "missing.json", PUBLISHED, ends=2)
    report = contracts("diff", f"wheel:{wheel}", changed, "--format", "json", "--save-witnesses", "kept", ends=1)
    found = next(item for item in json.loads(report)["findings"] if item["verdict"] == "breaking")
    Path("report.json").write_text(report)
    contracts("replay", "kept")
    assert found["message"] in contracts("explain", found["id"], "--report", "report.json")
    assert "meaning" in contracts("explain", found["rule"])
    assert "### Breaking" in contracts("changelog", f"wheel:{wheel}..{changed}")
    assert "safe" in contracts("gate")
    assert "safe" in contracts("gate", "--base", wheel)
    assert found["id"] in contracts("gate", "--base", wheel, "--revision", changed, ends=1)
    assert "hold" in contracts("laws", "--examples", "5")
    contracts("lint", PUBLISHED)
    assert json.loads(contracts("readers", "--format", "json")) == {"readers": []}
    contracts("regenerate", "users", "--from", PUBLISHED, "--output", "models", "--payloads", "500")
    contracts("release", "0.0.1", "--from", PUBLISHED, "--to", "released")
    assert "safe" in contracts("gate", "--released", "released")


if __name__ == "__main__":
    given = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as elsewhere:
        os.chdir(elsewhere)  # a command that finds the repository would prove nothing
        main(given)
