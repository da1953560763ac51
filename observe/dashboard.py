"""The dashboard as Grafana loads it, made from the panels."""

import json
from collections.abc import Iterator
from typing import Any

from observe.panels import Panel
from observe.rows import ROWS

__all__ = ["dashboard", "text"]

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_WIDTH = 24
_HEIGHTS = {"stat": 4, "timeseries": 8}
_ACROSS = {"stat": 4, "timeseries": 3}


def text() -> str:
    """Write the dashboard as a file."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


def dashboard() -> dict[str, Any]:
    """Make the dashboard."""
    return {
        "uid": "concord",
        "title": "Concord: the shop",
        "tags": ["concord"],
        "schemaVersion": 38,
        "editable": True,
        "graphTooltip": 1,  # the same moment in all panels
        "refresh": "15s",
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_source_choice(), _job_choice()]},
        "panels": [{**panel, "id": number} for number, panel in enumerate(_panels(), 1)],
    }


def _source_choice() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _job_choice() -> dict[str, Any]:
    every = {"selected": True, "text": ["All"], "value": ["$__all"]}
    return {
        "name": "job",
        "label": "Service",
        "type": "query",
        "datasource": _SOURCE,
        "query": {"query": "label_values(concord_ready, job)", "refId": "job"},
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "current": every,
    }


def _panels() -> Iterator[dict[str, Any]]:
    """Lay the rows below each other, and the panels of a row side by side, so many across."""
    y = 0
    for row in ROWS:
        yield {"type": "row", "title": row.title, "collapsed": False, "gridPos": _place(0, y, _WIDTH, 1), "panels": []}
        y += 1
        across, height = _ACROSS[row.panels[0].kind], _HEIGHTS[row.panels[0].kind]
        width = _WIDTH // min(across, len(row.panels))
        for number, panel in enumerate(row.panels):
            yield _panel(panel) | {
                "gridPos": _place(number % across * width, y + number // across * height, width, height)
            }
        y += -(-len(row.panels) // across) * height


def _panel(panel: Panel) -> dict[str, Any]:
    drawn = {"fillOpacity": 10, "lineWidth": 1, "showPoints": "never", "stacking": {"mode": _stacking(panel)}}
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.says,
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "custom": drawn}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": _SOURCE, "expr": query.expr, "legendFormat": query.legend}
            for number, query in enumerate(panel.queries)
        ],
    }


def _stacking(panel: Panel) -> str:
    return "normal" if panel.stacked else "none"


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}
