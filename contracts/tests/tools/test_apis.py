"""APIs and translations are found by looking: what is deleted disappears, and nothing has to be listed."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from contracts.tools.apis import apis, translations
from contracts.tools.faults import ToolError

API = '''
from contracts.operation import Api, operation


class Stall(Api, service="{service}", version="{version}"):
    """A stall."""

    @operation("GET", "/{version}/stall", status=204)
    async def look(self) -> None:
        """Look."""
'''

BROKEN = """
from contracts.translation import Translation
from contracts.users import v2


class NameToUser(Translation[v2.Name, v2.User], old=v2.Name, new=v2.User):
    pass
"""


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of contracts that has one service with two versions, a module and an empty service."""
    package = tmp_path / "market"
    for folder in (package, package / "stalls", package / "empty"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (package / "client.py").touch()
    for version in ("v1", "v2"):
        text = API.format(service="stalls", version=version)
        (package / "stalls" / f"{version}.py").write_text(text)
    (package / "stalls" / "v1_v2.py").write_text("from market.stalls.v2 import Stall\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield import_module("market")
    for name in [name for name in sys.modules if name.partition(".")[0] == "market"]:
        del sys.modules[name]


def test_every_version_is_found_once_where_it_is_defined(market: ModuleType) -> None:
    found = apis(market)

    assert list(found) == [("stalls", "v1"), ("stalls", "v2")]
    assert found["stalls", "v1"].__module__ == "market.stalls.v1"


def test_a_deleted_version_is_not_missed(market: ModuleType) -> None:
    Path(*market.__path__, "stalls", "v1.py").unlink()

    assert list(apis(market)) == [("stalls", "v2")]


def test_the_shops_contracts_have_unique_names() -> None:
    for (service, version), api in apis().items():
        assert (api.service, api.version) == (service, version)


def test_translations_lie_between_two_versions() -> None:
    for lens in translations():
        assert lens.__module__.startswith("contracts.")
        assert lens.old.__module__ != lens.new.__module__


def test_a_contract_that_is_refused_is_named_with_the_reason(market: ModuleType) -> None:
    Path(*market.__path__, "stalls", "v2_v3.py").write_text(BROKEN)

    with pytest.raises(ToolError, match=r"market.stalls.v2_v3 is refused: NameToUser: the new field `created_at`"):
        translations(market)
