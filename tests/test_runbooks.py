"""The runbooks: a section for each alert, with what it means, how to look, what to do and when it is over."""

import pytest

from observe.files import groups
from observe.rules import Alert

from .alerts.runbooks import sections

ALERTS = [alert for found in groups().values() for group in found for alert in group.alerts]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_an_alert_has_a_section_that_says_all_that_its_reader_needs(alert: Alert) -> None:
    section = sections()[alert.name]

    said = [section.find(f"**{word}**") for word in ("Means", "Look", "Do", "Over")]

    assert -1 not in said
    assert said == sorted(said)


def test_no_section_is_about_an_alert_that_is_gone() -> None:
    first, *rest = sections()

    assert first == "Two questions first"
    assert set(rest) == {alert.name for alert in ALERTS}
