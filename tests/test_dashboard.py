"""The dashboard as Grafana reads it: every panel has its own place, its own id and something to ask."""

from itertools import combinations
from typing import Any

from observe.dashboard import dashboard

PANELS: list[dict[str, Any]] = dashboard()["panels"]


def test_no_panel_covers_another_or_leaves_the_page() -> None:
    places = [panel["gridPos"] for panel in PANELS]

    covered = [(one, other) for one, other in combinations(places, 2) if overlap(one, other)]

    assert covered == []
    assert all(place["x"] + place["w"] <= 24 for place in places)


def test_every_panel_has_an_id_of_its_own_and_asks_something() -> None:
    shown = [panel for panel in PANELS if panel["type"] != "row"]

    asked = [[target["expr"] for target in panel["targets"]] for panel in shown]

    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert all(asked)


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[length] and other[start] < one[start] + one[length]
        for start, length in (("x", "w"), ("y", "h"))
    )
