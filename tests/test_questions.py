"""What rules, panels and runbooks ask of metrics: nothing that no service tells."""

import re
from collections.abc import Iterator

from observe.files import groups
from observe.rows import ROWS

from .alerts.runbooks import blocks
from .sources import SERVICES
from .telemetry import declared_metrics

EVERYWHERE = {"job", "instance", "le"}
TOLD = {instrument.name: instrument for service in SERVICES for instrument in declared_metrics(service)}
RULES = [rule for found in groups().values() for group in found for rule in (*group.records, *group.alerts)]
ASKED = [
    *(rule.expr for rule in RULES),
    *(query.expr for row in ROWS for panel in row.panels for query in panel.queries),
    *(query for _, query in blocks("promql")),
]
_NAME = re.compile(r"\b(?:concord_|http_)\w+")
_SELECTOR = re.compile(r"\b((?:concord_|http_)\w+)\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*(?:=~|!=|!~|=)\s*"([^"]*)"')


def test_every_metric_that_is_asked_for_is_declared() -> None:
    asked = {metric for expr in ASKED for metric in _NAME.findall(expr) if not is_label(metric)}

    unknown = {metric for metric in asked if told(metric) not in TOLD}

    assert asked
    assert unknown == set()


def test_every_label_that_is_asked_for_is_declared_and_can_have_that_value() -> None:
    asked = {matcher for expr in ASKED for matcher in matchers(expr)}

    impossible = {matcher for matcher in asked if not is_possible(*matcher)}

    assert asked
    assert impossible == set()


def told(metric: str) -> str:
    """Name the instrument to which a series belongs."""
    return re.sub(r"_(?:bucket|sum|count)$", "", metric)


def is_label(word: str) -> bool:
    return any(word in instrument.label_names for instrument in TOLD.values())


def matchers(expr: str) -> Iterator[tuple[str, str, str]]:
    """Go through the values that are asked for, with metric and label; alternatives one by one."""
    for metric, inner in _SELECTOR.findall(expr):
        for label, values in _MATCHER.findall(inner):
            for value in values.split("|"):
                yield told(metric), label, value


def is_possible(metric: str, label: str, value: str) -> bool:
    """Whether the declaration of a label knows a value: as a choice, or in the words about it."""
    if label in EVERYWHERE:
        return True
    known = next((known for known in TOLD[metric].labels if known.name == label), None)
    if known is None:
        return False
    return not re.fullmatch(r"[a-z_]+", value) or value in known.choices or mentions(known.meaning, value)


def mentions(text: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", text) is not None
