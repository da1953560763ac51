"""Breaks between two versions, pushed through the declared translations: what falls through is named."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from pydantic import JsonValue, ValidationError

from contracts.compat.comparing import Judgement, Options
from contracts.compat.document import Document, Place
from contracts.compat.findings import Finding, Pointer, identify
from contracts.compat.questions import Answer, Verdict
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.showing import one_line
from contracts.compat.validators import Validators
from contracts.compat.values import Json, Node, mapping
from contracts.compat.views import Direction, Stance, View
from contracts.errors import ApiError
from contracts.tools.lanes import Lane, NoSuccessor, lanes
from contracts.tools.steps import Lens, Step
from contracts.translation import Unrepresentable

__all__ = ["Crossing", "cross"]

_SAMPLES, _STORED = 24, 4


@dataclass
class Crossing:
    """What became of the breaks of one step."""

    name: str
    covered: int = 0
    carriers: set[str] = field(default_factory=set[str])
    fallen: list[Finding] = field(default_factory=list[Finding])


def cross(step: Step, base: Document, revision: Document) -> Crossing:
    """Find every payload that one version may send and the other refuses, and translate it."""
    made = Crossing(step.name)
    found: dict[tuple[str, str], list[Lane]] = {}
    for item in lanes(step, base, revision):
        if isinstance(item, Lane):
            found.setdefault((item.question.direction, item.question.manner), []).append(item)
        elif isinstance(item, NoSuccessor) or item.verdict == "breaking":
            made.fallen.append(_lost(step, item))
    for some in found.values():
        _Way(step, base, revision, some).travel(made)
    return made


def _lost(step: Step, item: Answer | NoSuccessor) -> Finding:
    """Report what no payload could carry: an operation or a parameter that the other version lacks."""
    if isinstance(item, Answer):
        at, direction, operation = Pointer(base=item.base, revision=item.revision), item.direction, item.operation
        return _finding(step, "translation.not-covered", operation, direction, "exchange", (at, at), item.message)
    place = Pointer(base=item.published.place.pointer, revision="")
    message = f"version {step.new.version} has no `{item.name}`, and SUCCESSORS names neither another for it nor None"
    name = item.published.name
    return _finding(step, "translation.no-successor", name, "request", "exchange", (place, place), message)


class _Way:
    """All lanes of one direction and manner of travel, with their judges."""

    def __init__(self, step: Step, base: Document, revision: Document, some: list[Lane]) -> None:
        self._step, self._lanes = step, some
        first = some[0].question
        self._judgement = Judgement(base, revision, first.direction, first.manner, Options())
        self._reads = Validators(self._judgement.reader.view)
        self._kept = Shapes(View(revision, Stance("response", "sender")))
        self._keeps = Validators(self._kept.view)

    def travel(self, made: Crossing) -> None:
        """Push what breaks, and samples of what need not, through each lane once."""
        breaks: dict[tuple[str, str], list[Finding]] = {}
        for finding in self._judgement.findings([lane.question for lane in self._lanes]):
            breaks.setdefault((finding.root.base, finding.root.revision), []).append(finding)
        seen = set[tuple[str, str, Lens | None, Lens | None]]()
        for lane in self._lanes:
            root = self._root(lane)
            key = root.base, root.revision, lane.lens, lane.onto
            if key not in seen:
                seen.add(key)
                self._take(made, lane, breaks.get((root.base, root.revision), []))

    def _take(self, made: Crossing, lane: Lane, breaks: list[Finding]) -> None:
        failed = False
        for finding in breaks:
            reason = self._pushed(lane, finding.witness) if finding.verdict == "breaking" else ""
            if reason is None or (not reason and lane.lens):  # without a payload, the samples have to do
                made.covered += 1
                made.carriers |= {lens.__name__ for lens in (lane.lens, lane.onto) if lens}
            else:
                failed = True
                made.fallen.append(self._named(lane, finding.verdict, finding.message, finding.witness, reason))
        for payload in () if failed else self._samples(lane):
            if (reason := self._pushed(lane, payload)) is not None:
                message = "a payload is lost in translation"
                made.fallen.append(self._named(lane, "breaking", message, payload, reason))
                return

    def _samples(self, lane: Lane) -> Iterator[Json]:
        if lane.lens or lane.onto:
            schema = self._judgement.sender.view.root(lane.question.sender)
            yield from Sampler(self._judgement.sender).samples(schema, _SAMPLES)

    def _pushed(self, lane: Lane, payload: JsonValue) -> str | None:
        """Translate a payload and judge it again; None where it arrives, else why it does not."""
        lens = lane.lens or lane.onto
        if lens is None:
            return "no translation is declared for it"
        try:
            if lane.onto and lane.stored:
                written = self._written(lane.onto, lane.stored, mapping(payload))
                return next((said for said in written if said), None)
            said = _translated(lens, lane.question.direction, payload)
        except Unrepresentable as error:
            refused = lane.refusable and lane.question.direction == "response"
            return None if refused else f"{lens.__name__}: {error}, and the operation declares no 409"
        except (ApiError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
            return f"{lens.__name__}: {_short(error)}"
        return _refused(self._reads, lane.question.reader, lens, said)

    def _written(self, lens: Lens, place: Place, payload: Node) -> Iterator[str | None]:
        """Write a body onto some of what may be stored."""
        for stored in islice(Sampler(self._kept).samples(self._kept.view.root(place), 3 * _STORED), _STORED):
            before = lens.new.model_validate(stored)
            try:
                shown = lens.down(before)
            except Unrepresentable:
                continue  # the old version cannot even read it, and answers 409
            old = lens.old.model_validate({**shown.model_dump(mode="json"), **payload})
            after = lens.put(old, before).model_dump(mode="json")
            yield _refused(self._keeps, place, lens, after)

    def _root(self, lane: Lane) -> Pointer:
        sides = [lane.question.sender.pointer, lane.question.reader.pointer]
        base, revision = sides if lane.question.direction == "request" else sides[::-1]
        return Pointer(base=base, revision=revision)

    def _named(self, lane: Lane, verdict: Verdict, message: str, payload: JsonValue, reason: str) -> Finding:
        root, asked = self._root(lane), lane.question
        made = _finding(
            self._step, "translation.not-covered", asked.operation, asked.direction, asked.where, (root, root), message
        )
        return made.model_copy(update={"verdict": verdict, "witness": payload, "refusal": reason})


def _refused(judge: Validators, place: Place, lens: Lens, said: Json) -> str | None:
    check = judge.of(judge.view.root(place))
    error = next(iter(check.iter_errors(said)), None) if check else None
    return f"{lens.__name__} makes {one_line(said, 300)} of it, and {error.message}" if error else None


def _translated(lens: Lens, direction: Direction, payload: JsonValue) -> Json:
    if direction == "request":
        return lens.up(lens.old.model_validate(payload)).model_dump(mode="json")
    return lens.down(lens.new.model_validate(payload)).model_dump(mode="json")


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{error.title} at `{'/'.join(map(str, first['loc']))}`: {first['msg']}"
    return f"{type(error).__name__}: {error}"


def _finding(
    step: Step, rule: str, operation: str, direction: Direction, where: str, at: tuple[Pointer, Pointer], message: str
) -> Finding:
    return Finding(
        id=identify(step.name, rule, direction, at[0], f"{operation} {message}"),
        document=step.name, rule=rule, verdict="breaking", source="code", axis="wire", direction=direction,
        operation=operation, operations=[operation], where=where, pointer=at[0], root=at[1], message=message,
        witness=None, control=None, refusal="",
    )  # fmt: skip
