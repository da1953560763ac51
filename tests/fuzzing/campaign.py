"""A run of schemathesis against one document: all its phases and checks, and what came of it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from contracts.operation import Api

from .allowances import allowed
from .services import Shop

__all__ = ["Findings", "fuzz"]

_ACCEPTED = ("2xx", "304")
_REFUSED = ("400", "401", "413", "415", "422")
_UNAUTHENTICATED = ("401",)
_PRODUCTS = [f"0199b2a0-0000-7000-8000-{number:012d}" for number in range(1, 9)]
"""Some of those that the catalog is seeded with."""
_KEYS = [f"key-{number}" for number in range(1000)]


@dataclass(frozen=True)
class Findings:
    """What a run found; `text` is for people."""

    code: int
    text: str
    report: str

    @property
    def untested(self) -> int:
        """How many operations were passed over."""
        operations = json.loads(self.report)["operations"]
        return operations["total"] - operations["tested"]


def fuzz(shop: Shop, api: type[Api], examples: int, seed: int | None) -> Findings:
    """Send generated requests to every operation of an API, and judge the answers by what it publishes."""
    name = f"{api.service}.{api.version}"
    settings, report = shop.folder / f"{name}.toml", shop.folder / f"{name}.json"
    settings.write_text(_settings(api))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(settings)),
            *("run", f"{shop.url(api.service)}/{api.version}/openapi.json", "--url", shop.url(api.service)),
            *("--max-examples", str(examples), "--report-json-path", str(report), "--report", "json"),
            *(("--seed", str(seed), "--generation-deterministic") if seed is not None else ()),
        ],
        env=shop.environment("users") | {"SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("callers.py"))},
        cwd=shop.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Findings(done.returncode, done.stdout + done.stderr, report.read_text())


def _settings(api: type[Api]) -> str:
    """Write what is expected as `schemathesis.toml`; JSON's strings, lists and numbers are TOML's too."""
    lines = [
        "continue-on-failure = true",
        "request-timeout = 20",
        "[generation]",
        'database = "none"',
        "[cache]",
        "enabled = false",
        "[warnings]",
        'fail-on = ["missing_auth", "unsupported_regex", "unresolvable_reference", "missing_deserializer"]',
        "[dictionaries.products]",
        f"values = {json.dumps(_PRODUCTS)}",
        "[dictionaries.keys]",
        f"values = {json.dumps(_KEYS)}",
        "[dictionaries.tags]",
        'values = ["*"]',
        "[parameters]",
        '"path.product_id" = { dictionary = "products", probability = 0.5 }',
        '"body.lines[*].product_id" = { dictionary = "products", probability = 0.8 }',
        '"body.items[*].product_id" = { dictionary = "products", probability = 0.8 }',
        '"header.Idempotency-Key" = { dictionary = "keys", probability = 0.5 }',
        '"header.If-Match" = { dictionary = "tags", probability = 0.5 }',
        "[checks]",
        f"positive_data_acceptance.expected-statuses = {json.dumps(_ACCEPTED)}",
        f"negative_data_rejection.expected-statuses = {json.dumps(_REFUSED)}",
        f"missing_required_header.expected-statuses = {json.dumps(_UNAUTHENTICATED)}",
    ]
    for op in api.operations():
        statuses = [*_ACCEPTED, *(str(allowance.status) for allowance in allowed(op))]
        lines += [
            "[[operations]]",
            f"include-operation-id = {json.dumps(op.name)}",
            f"checks.positive_data_acceptance.expected-statuses = {json.dumps(statuses)}",
        ]
    return "\n".join(lines)
