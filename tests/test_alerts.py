"""The alert rules: each fires when it must, is silent when it must, and clears; tried by Prometheus' own tool."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from observe.files import ROOT as WRITTEN
from observe.files import groups, rules, stale, texts
from observe.rules import Group, scale, seconds

from .alerts import burning_cases, plain_cases
from .alerts.cases import Firing, Silence, document
from .alerts.programs import find

FIRING = [*burning_cases.FIRING, *plain_cases.FIRING]
CASES = [
    pytest.param(case, id=f"{case.alert}: {case.what}")
    for case in (*FIRING, *burning_cases.SILENT, *plain_cases.SILENT)
]
ALERTS = {alert.name: alert for found in groups().values() for group in found for alert in group.alerts}


@pytest.mark.parametrize("case", CASES)
def test_an_alert_fires_when_it_must_is_silent_when_it_must_and_clears(case: Firing | Silence, tmp_path: Path) -> None:
    file = tmp_path / "case.yml"
    file.write_text(yaml.safe_dump(document(case)))

    tried = _run("test", "rules", file)

    assert tried.returncode == 0, tried.stdout + tried.stderr


def test_no_alert_is_without_a_case_in_which_it_fires() -> None:
    tried = {case.alert for case in FIRING}

    assert tried == set(ALERTS)


def test_what_is_committed_is_what_the_data_says() -> None:
    assert stale(WRITTEN, texts()) == [], "write them again: python -m observe write"


@pytest.mark.parametrize("factor", [1, 1 / 300])
def test_prometheus_takes_the_rules_at_every_scale(factor: float, tmp_path: Path) -> None:
    for name, text in rules(factor).items():
        file = tmp_path / Path(name).name
        file.write_text(text)

        checked = subprocess.run(
            [find("promtool"), "check", "rules", file], capture_output=True, text=True, check=False
        )

        assert checked.returncode == 0, checked.stderr


def test_prometheus_takes_its_settings_and_with_them_the_rules() -> None:
    checked = _run("check", "config", WRITTEN / "prometheus.yml")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert all(file in checked.stdout for file in groups())


def test_a_cluster_differs_by_how_services_are_found_and_called(tmp_path: Path) -> None:
    settings = yaml.safe_load((WRITTEN / "kubernetes.yml").read_text())
    (job,) = settings["scrape_configs"]
    del job["kubernetes_sd_configs"]  # Debian builds Prometheus without it
    file = tmp_path / "rest.yml"
    file.write_text(yaml.safe_dump({**settings, "rule_files": []}))

    checked = _run("check", "config", file)

    named = yaml.safe_load((WRITTEN / "prometheus.yml").read_text())
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert (settings["global"], settings["rule_files"]) == (named["global"], named["rule_files"])
    assert {rule.get("target_label") for rule in job["relabel_configs"]} == {None, "job", "instance"}


def test_a_scale_changes_every_time_and_no_name() -> None:
    ours = [group for found in groups().values() for group in found]

    scaled = [scale(group, 0.01) for group in ours]

    for before, after in zip(ours, scaled, strict=True):
        assert _times(after) == [time / 100 for time in _times(before)]
        assert _names(after) == _names(before)


def _run(*how: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([find("promtool"), *how], capture_output=True, text=True, check=False)


def _times(group: Group) -> list[float]:
    ranges = [time for rule in (*group.records, *group.alerts) for time in re.findall(r"\[(\w+)\]", rule.expr)]
    bounds = [alert.above for alert in group.alerts if alert.above]
    return [seconds(time) for time in (group.every, *ranges, *bounds, *(alert.lasts for alert in group.alerts))]


def _names(group: Group) -> list[str]:
    return [rule.name for rule in (*group.records, *group.alerts)]
