"""What callers may count on: something for every operation, and nothing that cannot be measured."""

import re

from chassis.telemetry.serving import REQUEST_DURATION

from observe.burning import PACES
from observe.objectives import HASHING, OBJECTIVES, PERIOD, metric_name, objectives
from observe.rules import seconds

from .sources import ROOT

PAGE = (ROOT / "docs" / "observing.md").read_text()


def test_every_operation_of_every_contract_has_one_objective() -> None:
    kept = {metric_name(op): objective.name for op, objective in objectives()}

    assert set(kept.values()) == {objective.name for objective in OBJECTIVES}
    assert kept["orders.v2.place_order"] == "write"
    assert kept["orders.v2.follow_order"] == "stream"
    assert kept["catalog.v2.reserve"] == "peers"
    assert kept["users.identity.issue_token"] == "password"


def test_an_operation_is_promised_the_same_in_all_versions() -> None:
    promised = {(op.api.service, op.name, objective.name) for op, objective in objectives()}

    assert len(promised) == len({(service, name) for service, name, _ in promised})


def test_no_operation_is_named_that_is_gone() -> None:
    assert {op.name for op, _ in objectives()} >= HASHING


def test_a_promised_time_is_one_that_the_histogram_measures() -> None:
    times = {objective.soon.seconds for objective in OBJECTIVES if objective.soon}

    assert times <= set(REQUEST_DURATION.buckets)


def test_the_page_says_what_is_promised() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) % \| (?:([\d.]+) % in ([\d.]+) s)?", PAGE, re.MULTILINE)

    assert rows == [
        (
            objective.name,
            f"{objective.available * 100:g}",
            f"{objective.soon.share * 100:g}" if objective.soon else "",
            f"{objective.soon.seconds:g}" if objective.soon else "",
        )
        for objective in OBJECTIVES
    ]


def test_the_page_says_at_what_pace_somebody_is_told() -> None:
    rows = re.findall(r"^\| (\d+) % \| ([\d.]+) \| (\d+ \w)\w* \| (\d+ \w)\w* \| a (\w+) \|$", PAGE, re.MULTILINE)

    assert rows == [
        (
            f"{pace.times * seconds(pace.long) / seconds(PERIOD) * 100:.0f}",
            f"{pace.times:g}",
            f"{pace.long[:-1]} {pace.long[-1]}",
            f"{pace.short[:-1]} {pace.short[-1]}",
            pace.severity,
        )
        for pace in PACES
    ]
