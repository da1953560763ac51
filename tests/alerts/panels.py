"""The dashboard's panels as data: what each asks, as Grafana would ask it for all services."""

from observe.rows import ROWS

__all__ = ["PANELS", "asked"]

PANELS = [(panel.title, query.expr) for row in ROWS for panel in row.panels for query in panel.queries]


def asked(expr: str, interval: str) -> str:
    """Say what Grafana would put in place of its variables; rates are those of so long."""
    return expr.replace("$__rate_interval", interval).replace("$job", ".*")
