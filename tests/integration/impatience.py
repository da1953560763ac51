"""What Prometheus is told in an integration run: the committed scrapes and rules, all their times made shorter."""

from pathlib import Path
from typing import Any

import yaml

from observe.files import ROOT, texts, write

__all__ = ["FACTOR", "observed"]

FACTOR = 1 / 50
"""What takes five minutes to be an alert takes six seconds."""

_SCRAPE = "1500ms"
"""Not scaled as much: without its database a service needs a second to tell so, and that is to be seen."""


def observed(folder: Path) -> Path:
    """Write it below a folder, and return where."""
    place = folder / "observe"
    write(place, texts(FACTOR))
    (place / "prometheus.yml").write_text(
        yaml.safe_dump(_hurried(yaml.safe_load((ROOT / "prometheus.yml").read_text())))
    )
    return place


def _hurried(config: dict[str, Any]) -> dict[str, Any]:
    for name in config["global"]:
        config["global"][name] = _SCRAPE
    for scrape in config["scrape_configs"]:
        for names in scrape.get("dns_sd_configs", []):
            names["refresh_interval"] = "1s"
    return config
