"""Results as a Markdown page, and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.contest import Result
from benchmarks.samples import Measured
from benchmarks.targets import targets

__all__ = ["as_json", "as_markdown", "table"]

_HEAD = ("", "req/s", "spread", "CPU us/request", "spread", "p50 ms", "p99 ms", "MiB", "req/s ratio", "CPU ratio")


def as_markdown(results: Sequence[Result], machine: Mapping[str, str], command: str, profile: str = "") -> str:
    """Write one table for each workload, under the machine that it was measured on."""
    about = [f"- {name}: {value}" for name, value in machine.items()]
    parts = ["# Benchmark", f"`{command}`", "\n".join(about), "## Targets", targets(results)]
    for result in results:
        parts += [f"## {result.name}", result.summary, table(result), *result.notes, *_thrown_out(result)]
    if profile:
        parts += ["## Where the time goes that reading an order takes", profile]
    return "\n\n".join(parts) + "\n"


def table(result: Result) -> str:
    """Write medians and spreads, and how everybody compares to the baseline."""
    base = result.of(result.baseline)
    rows = [_row(measured, base) for measured in result.measured if measured.is_in]
    lines = [_HEAD, ("---", *["---:"] * (len(_HEAD) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_json(results: Sequence[Result], machine: Mapping[str, str], command: str) -> str:
    """Write every sample."""
    told = {"command": command, "machine": dict(machine), "results": [asdict(result) for result in results]}
    return json.dumps(told, indent=2) + "\n"


def _row(measured: Measured, base: Measured | None) -> tuple[str, ...]:
    compared = [f"{measured.middle(what) / base.middle(what):.2f}" if base else "-" for what in ("rate", "cpu")]
    return (
        measured.name,
        f"{measured.middle('rate'):,.0f}",
        f"{measured.spread('rate'):.0%}",
        f"{measured.middle('cpu'):,.0f}",
        f"{measured.spread('cpu'):.0%}",
        f"{measured.middle('p50'):.1f}",
        f"{measured.middle('p99'):.1f}",
        f"{measured.middle('memory'):.0f}",
        *compared,
    )


def _thrown_out(result: Result) -> list[str]:
    return [f"Thrown out: {one.name}: {one.thrown_out}." for one in result.measured if one.thrown_out]
