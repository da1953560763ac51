"""The code's own verdict: payloads tried on the models of both sides, to find what no schema says."""

from collections.abc import Iterator

from pydantic import JsonValue

from contracts.compat.comparing import Judgement, Options
from contracts.compat.document import Document
from contracts.compat.findings import Finding, Pointer, identify
from contracts.compat.questions import Verdict
from contracts.compat.validators import Validators
from contracts.compat.values import Json, canonical, mapping, sequence
from contracts.compat.views import Direction
from contracts.compat.wire import accepted, written
from contracts.tools.packages import Package
from contracts.tools.trials import Trial, trials
from contracts.tools.variety import varied

__all__ = ["Court", "courts"]


def courts(name: str, base: Document, revision: Document) -> list["Court"]:
    """Make what tries payloads on the models of both packages, with the payloads; nobody is asked yet."""
    found = trials(name, base, revision)
    of: dict[Direction, list[Trial]] = {"request": [], "response": []}
    for trial in found:
        of[trial.direction].append(trial)
    return [Court(name, base, revision, direction, some) for direction, some in of.items() if some]


class Court:
    """One direction: the sender's package says what may be sent, the reader's whether it is taken."""

    def __init__(self, name: str, base: Document, revision: Document, direction: Direction, some: list[Trial]) -> None:
        self._name, self._direction, self._trials = name, direction, some
        self._views = Judgement(base, revision, direction, "json", Options())
        self._sends, self._reads = Validators(self._views.sender.view), Validators(self._views.reader.view)
        seen = set[str]()
        self._payloads = {trial.key: list(self._varied(trial, seen)) for trial in some}

    def findings(self, sides: tuple[Package, Package]) -> Iterator[Finding]:
        """Ask both packages, of base and of revision."""
        sender, reader = sides if self._direction == "request" else sides[::-1]
        payloads = self._payloads
        _post(sender, payloads)
        if self._direction == "request":
            _post(reader, payloads)
        sent = _judged(sender)
        if self._direction == "response":  # what travels is what the model makes of it
            payloads = {key: _made(sent[key]) for key in sent}
            sent = {key: [[made, "", []] for made in payloads[key]] for key in payloads}
            _post(reader, payloads)
        read = _judged(reader)
        for trial in self._trials:
            if trial.key in sent and trial.key in read:
                yield from self._compared(trial, payloads[trial.key], sent[trial.key], read[trial.key])

    def _varied(self, trial: Trial, seen: set[str]) -> Iterator[Json]:
        place = trial.base if trial.direction == "request" else trial.revision
        made = varied(self._views.sender, self._views.sender.view.document.follow(place), seen)
        if not trial.textual:
            return made
        return iter(dict.fromkeys(written(item) for item in made if not isinstance(item, list | dict)))

    def _compared(
        self, trial: Trial, payloads: list[Json], sent: list[list[Json]], read: list[list[Json]]
    ) -> Iterator[Finding]:
        said: dict[tuple[str, str], tuple[Json, Verdict, str]] = {}
        fits: list[Json] = []
        for payload, before, after in zip(payloads, sent, read, strict=True):
            if before[1]:
                continue
            if not after[1]:
                fits.append(payload)
            judged = self._difference(trial, payload, before, after)
            if judged:
                rule, verdict, refusal = judged
                known = said.get((rule, _spot(after)))
                if known is None or _size(payload) < _size(known[0]):
                    said[rule, _spot(after)] = payload, verdict, refusal
        control = min(fits, key=_size, default=None)
        for (rule, spot), (payload, verdict, refusal) in said.items():
            yield self._finding(trial, rule, verdict, spot, payload, control, refusal)

    def _difference(
        self, trial: Trial, payload: Json, before: list[Json], after: list[Json]
    ) -> tuple[str, Verdict, str] | None:
        if not after[1]:
            changed = self._direction == "request" and _differs(before[0], after[0])
            return (
                ("code.value-changed", "behaviour", f"{before[0]!r:.200} became {after[0]!r:.200}") if changed else None
            )
        sends = self._accepts(self._sends, trial, payload, sender=True)
        if sends and not self._accepts(self._reads, trial, payload, sender=False):
            return None  # the schemas say so themselves, and the engine has found it
        declared = sends or self._direction == "response"
        rule = "code.refused" if declared else "code.undeclared-refused"
        return rule, "breaking" if declared else "behaviour", str(after[1])

    def _accepts(self, judge: Validators, trial: Trial, payload: Json, *, sender: bool) -> bool:
        place = trial.base if sender == (trial.direction == "request") else trial.revision
        check = judge.of(judge.view.root(place))
        if check is None:
            return True
        return accepted(check, payload) if trial.textual else check.is_valid(payload)

    def _finding(
        self, trial: Trial, rule: str, verdict: Verdict, spot: str, payload: Json, control: Json, refusal: str
    ) -> Finding:
        message = f"{_MESSAGES[rule]}{f' (at {spot})' if spot else ''}"
        at = Pointer(base=trial.base.pointer, revision=trial.revision.pointer)
        return Finding(
            id=identify(self._name, rule, trial.direction, at, message),
            document=self._name, rule=rule, verdict=verdict, source="code", axis="wire", direction=trial.direction,
            operation=trial.operation, operations=list(trial.operations), where=trial.where, pointer=at, root=at,
            message=message, witness=payload, control=control, refusal=refusal,
        )  # fmt: skip


_MESSAGES = {
    "code.refused": "the code refuses what both schemas allow",
    "code.undeclared-refused": "the code took what its schema never said, and refuses it now",
    "code.value-changed": "the code makes something else of the same payload",
}


def _post(package: Package, payloads: dict[str, list[Json]]) -> None:
    package.post("judge", dict[str, JsonValue](payloads))


def _judged(package: Package) -> dict[str, list[list[Json]]]:
    answered = mapping(package.collect())
    return {key: [sequence(one) for one in sequence(some)] for key, some in answered.items()}


def _made(judged: list[list[Json]]) -> list[Json]:
    """Give what a model wrote, each value once."""
    return list({canonical(one[0]): one[0] for one in judged if not one[1]}.values())


def _spot(judged: list[Json]) -> str:
    """Name the member that a refusal speaks of."""
    return "/".join(step for step in sequence(judged[2]) if isinstance(step, str))


def _size(value: Json) -> tuple[int, str]:
    said = canonical(value)
    return len(said), said


def _differs(one: Json, other: Json) -> bool:
    """Compare what both have; a member that only one side knows is no change of the rest."""
    if isinstance(one, dict) and isinstance(other, dict):
        return any(_differs(one[name], other[name]) for name in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return any(map(_differs, one, other))
    return canonical(one) != canonical(other)
