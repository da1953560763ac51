"""The command as it is installed says what it wants where its tools were not installed."""

import sys

import pytest
from contracts.tools.command import main


@pytest.fixture
def uninstalled(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Take a module away, as if nobody had installed it."""
    monkeypatch.delitem(sys.modules, "contracts.tools.cli", raising=False)
    monkeypatch.setitem(sys.modules, request.param, None)


@pytest.mark.parametrize("uninstalled", ["typer"], indirect=True)
@pytest.mark.usefixtures("uninstalled")
def test_whoever_has_no_tools_is_told_how_to_install_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "contracts: wanted `typer`, which its tools need, and found it not installed; "
        'run `pip install "concord-contracts[tools]"`\n'
    )


@pytest.mark.parametrize("uninstalled", ["contracts.tools.lint"], indirect=True)
@pytest.mark.usefixtures("uninstalled")
def test_a_part_of_ours_that_is_missing_is_no_fault_of_who_installs() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"contracts\.tools\.lint"):
        main()


def test_where_all_is_there_it_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["contracts", "release", "one"])

    with pytest.raises(SystemExit):
        main()

    assert "name the release by three numbers" in capsys.readouterr().err
