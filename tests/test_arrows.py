"""Who may know whom: the arrows that import-linter cannot say (the others stand in pyproject.toml)."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .sources import SERVICES, SOURCES, imports, modules

VERSION = re.compile(r"contracts\.(?P<service>\w+)\.(?P<versions>v[0-9]+(?:_v[0-9]+)?)\b")
FRAMEWORKS = {"alembic", "chassis", "fastapi", "httpx", "httpx2", "sqlalchemy", "starlette", "structlog", "uvicorn"}
HEAVY = {
    *("aiohttp", "alembic", "asyncpg", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm"),
    *("opentelemetry.sdk", "opentelemetry.exporter", "sentry_sdk"),
}


def loaded_by(names: Iterable[str]) -> set[str]:
    """Import modules in a fresh interpreter; answer the packages that this loads."""
    return {name.partition(".")[0] for name in all_loaded_by(names)}


def all_loaded_by(names: Iterable[str]) -> set[str]:
    """Import modules in a fresh interpreter; answer all modules that this loads."""
    program = [sys.executable, str(Path(__file__).with_name("quiet_import.py")), *names]
    run = subprocess.run(program, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def strangers(service: str, version: str, file: Path) -> Iterable[str]:
    """Find the contracts that one version of a service's api has no business with."""
    for name in imports(file):
        if found := VERSION.match(name):
            if found["service"] != service or version not in found["versions"].split("_"):
                yield f"{service}.api.{version} imports {name}"
        elif any(name.startswith(f"contracts.{other}") for other in SERVICES if other != service):
            yield f"{service}.api.{version} imports {name}"


def test_a_service_on_sqlite_starts_without_what_only_others_need() -> None:
    loaded = all_loaded_by(f"{service}.__main__" for service in SERVICES)

    assert loaded.isdisjoint(HEAVY), (
        f"{loaded & HEAVY} should be imported where it is used: it takes a third of a start"
    )


def test_what_a_service_promises_is_declared_without_framework_or_client() -> None:
    promises = [name for name, _ in modules("contracts") if name.split(".")[1:2] and name.split(".")[1] in SERVICES]

    loaded = loaded_by(promises)

    assert loaded.isdisjoint(FRAMEWORKS), f"reading the contract alone should not load {loaded & FRAMEWORKS}"


def test_importing_a_module_connects_to_nothing() -> None:
    quiet = [
        name
        for package in SOURCES
        for name, _ in modules(package)
        if not name.endswith("__main__") and "migrations" not in name.split(".")
    ]

    loaded = loaded_by(quiet)

    assert loaded.issuperset(SOURCES)


def test_each_version_of_an_api_speaks_its_own_version_of_its_own_contract() -> None:
    versions = [(service, file.stem, file) for service in SERVICES for file in SOURCES[service].glob("api/v[0-9]*.py")]

    wrong = [line for service, version, file in versions for line in strangers(service, version, file)]

    assert wrong == []
