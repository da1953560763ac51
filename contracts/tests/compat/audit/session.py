"""The whole audit of the gate as one table: edits, schemas against each other, what was derived safe, judged cases.

python contracts/tests/compat/audit/session.py --cases FOLDER

Fails where a target is missed: nothing missed, no false `breaking`, less than 2 % undecided, no `safe` refused.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import yaml
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.values import Node
from judged_cases import Agreement
from mutations import chosen
from run import Tally, audit, audit_schemas
from safety import Audit

ROOT = Path(__file__).parents[4]
PAIRS = Path(__file__).parents[1] / "pairs"
INFO: Node = {"title": "t", "version": "1"}
MOST_UNDECIDED, LEAST_RECALL, MOST_ALARMS = 0.02, 0.97, 0.02
HOLLOW = "suspect schema.unsatisfiable"  # decided: no payload fits the sender's schema, which is said as such
Named = tuple[str, Node]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Effort:
    """How many edits of each document, how many payloads for each changed root."""

    edits: int
    payloads: int


def published() -> list[Named]:
    """Read our own documents."""
    return [(path.name, json.loads(path.read_bytes())) for path in sorted((ROOT / "contracts/openapi").glob("*.json"))]


def written() -> list[Named]:
    """Read the documents that the tests judge: between them they use every field of OpenAPI."""
    cases = yaml.safe_load((PAIRS / "http.yaml").read_text(encoding="utf-8"))
    return [
        (case["name"], {"openapi": "3.1.0", "info": INFO, "paths": {}, **case[side]})
        for case in cases
        for side in ("base", "revision")
    ]


def judged(folder: Path) -> list[Node]:
    """Read the cases that others have judged."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise SystemExit(f"{folder}: wanted a folder with cases (`*.jsonl`), found none; give another to --cases")
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def edited(document: Named, effort: Effort) -> Tally:
    """Judge the edits of one document."""
    tally = Tally()
    audit(*document, effort.edits, effort.payloads, tally)
    return tally


def searched(document: Named, effort: Effort) -> Audit:
    """Search what is derived safe of the edits of one document."""
    (name, raw), found = document, Audit(effort.payloads)
    for mutation in chosen(raw, effort.edits, seed=1):
        with suppress(Unreadable):
            base, revision = Document.checked(raw, "base"), Document.checked(mutation.on(raw), "revision")
            found.compare(f"{name} {mutation.pointer} {mutation.name}", base, revision)
            found.compare(f"{name} {mutation.pointer} {mutation.name} undone", revision, base)
    return found


def crossed(number: int, effort: Effort) -> Tally:
    """Compare one schema with every other one."""
    known, tally = yaml.safe_load((PAIRS / "schemas.yaml").read_text(encoding="utf-8")), Tally()
    audit_schemas(known["schemas"], known["components"], number, effort.payloads, tally)
    return tally


def progressing(name: str, results: Iterator[Found], count: int) -> Iterator[Found]:
    """Tell how far a part has come, each few seconds."""
    told = started = time.monotonic()
    for number, result in enumerate(results, 1):
        yield result
        if time.monotonic() - told > 5 or number == count:
            told = time.monotonic()
            print(f"{name}: {number} of {count}, {told - started:.0f} s", file=sys.stderr, flush=True)


class Session:
    """Runs the parts one after the other on a few processes, and keeps what is to be printed."""

    def __init__(self, workers: ProcessPoolExecutor) -> None:
        self._workers = workers
        self.rows: list[Sequence[object]] = [
            ("edits of", "judged", "proved", "missed", "false", "hollow", "undecided", "%")
        ]
        self.failed: list[str] = []
        self.lines: list[str] = []

    def _each(self, name: str, work: Callable[..., Found], parts: Sequence[object]) -> Iterator[Found]:
        return progressing(name, self._workers.map(work, parts, chunksize=2), len(parts))

    def edits(self, name: str, work: Callable[..., Tally], parts: Sequence[object]) -> None:
        tally = Tally()
        for one in self._each(name, work, parts):
            tally.add(one)
        hollow = tally.undecided[HOLLOW]
        undecided = tally.verdicts["suspect"] + tally.verdicts["undecided"] - hollow
        share = undecided / max(tally.edits, 1)
        counts = tally.edits, tally.witnesses, len(tally.missed), len(tally.false), hollow, undecided
        self.rows.append((name, *counts, f"{100 * share:.2f}"))
        self.lines += [f"missed: {line}" for line in tally.missed] + [f"false: {line}" for line in tally.false]
        self.lines += [f"{name}: {count} {rule}" for rule, count in tally.undecided.most_common()]
        self._hold(f"{name}: nothing missed", not tally.missed)
        self._hold(f"{name}: no false `breaking`", not tally.false)
        self._hold(f"{name}: undecided less than {MOST_UNDECIDED:.0%}", share < MOST_UNDECIDED)

    def safety(self, name: str, work: Callable[..., Audit], parts: Sequence[object]) -> None:
        whole = Audit(0)
        for one in self._each(name, work, parts):
            whole.add(one)
        self.lines.append(f"{name}: {dict(sorted(whole.figures.items()))}")
        self.lines += [f"refused: {line}" for line in whole.refused]
        self.lines += [f"contradicted: {line}" for line in whole.contradicted]
        self._hold(f"{name}: nothing refused", not whole.refused)
        self._hold(f"{name}: never contradicted", not whole.contradicted)

    def agreement(self, cases: Iterable[Node]) -> None:
        heard = Agreement()
        for case in cases:
            heard.hear(case)
        self.lines += [f"breaking cases {dict(heard.breaking)}, others {dict(heard.others)}", *heard.lines]
        self._hold(f"recall {heard.recall:.3f}, wanted {LEAST_RECALL}", heard.recall >= LEAST_RECALL)
        self._hold(f"false alarms {heard.alarms:.3f}, wanted {MOST_ALARMS}", heard.alarms <= MOST_ALARMS)

    def _hold(self, target: str, met: bool) -> None:
        self.lines.append(f"{'met' if met else 'MISSED'}: {target}")
        if not met:
            self.failed.append(target)

    def told(self) -> str:
        """Write the table, what stands behind it, and the targets."""
        widths = [max(len(str(row[column])) for row in self.rows) for column in range(len(self.rows[0]))]
        table = [
            "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in self.rows
        ]
        return "\n".join(chain(self.lines, ("",), table))


def main() -> int:
    """Run all parts and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, help="a folder of cases that others have judged (`*.jsonl`)")
    parser.add_argument("--edits", type=int, default=120, help="edits of each of our documents, each made and undone")
    parser.add_argument("--workers", type=int, default=4)
    given = parser.parse_args()
    started, cases = time.monotonic(), judged(given.cases) if given.cases else []
    bases: list[Named] = [(f"case {case['case']}", case["base"]) for case in cases]  # pyright: ignore[reportAssignmentType]
    schemas = yaml.safe_load((PAIRS / "schemas.yaml").read_text(encoding="utf-8"))["schemas"]
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as workers:
        session = Session(workers)
        session.edits("our documents", partial(edited, effort=Effort(given.edits, 8)), published())
        session.edits("documents of tests", partial(edited, effort=Effort(60, 8)), written())
        session.edits("schemas, each with each", partial(crossed, effort=Effort(0, 25)), range(len(schemas)))
        session.safety("safe, our documents", partial(searched, effort=Effort(30, 200)), published())
        if cases:
            session.edits("given cases", partial(edited, effort=Effort(40, 8)), bases)
            session.safety("safe, given cases", partial(searched, effort=Effort(6, 200)), bases)
            session.agreement(cases)
    print(session.told(), f"\n{time.monotonic() - started:.0f} s, {given.workers} processes")
    return 1 if session.failed else 0


if __name__ == "__main__":
    sys.exit(main())
