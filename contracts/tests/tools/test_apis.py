"""The contracts that there are are found by looking for them."""

import importlib
import sys
from pathlib import Path

import pytest
from contracts.tools.apis import apis, translations
from contracts.tools.faults import ToolError

BROKEN = '''
"""Half a translation."""
from contracts.translation import Translation
from contracts.users import v2

class NameToUser(Translation[v2.Name, v2.User], old=v2.Name, new=v2.User):
    """Covers nothing."""
'''


def test_every_version_of_every_service_is_found() -> None:
    found = apis()

    assert {service for service, _ in found} == {"catalog", "orders", "users"}
    assert all((service, "v2") in found for service in ("catalog", "orders", "users"))
    assert all(api.service == service and api.version == version for (service, version), api in found.items())


def test_a_contract_that_is_refused_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "brokenshop" / "toys").mkdir(parents=True)
    for folder in (tmp_path / "brokenshop", tmp_path / "brokenshop" / "toys"):
        (folder / "__init__.py").touch()
    (tmp_path / "brokenshop" / "toys" / "v1_v2.py").write_text(BROKEN)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    with pytest.raises(ToolError, match=r"brokenshop.toys.v1_v2 is refused: NameToUser: the new field `created_at`"):
        translations(importlib.import_module("brokenshop"))
