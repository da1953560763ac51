"""Compare two documents: questions to the engine, gaps to payloads, everything to one sorted report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from contracts.compat.document import Document
from contracts.compat.engine import Engine
from contracts.compat.exchanges import compare_exchanges
from contracts.compat.failing import Failure, Route, failures
from contracts.compat.findings import Finding, Pointer, Report, identify, overall
from contracts.compat.graph import Inclusion, Pairing
from contracts.compat.proving import Proof, Prover
from contracts.compat.questions import Answer, Manner, Question, Verdict
from contracts.compat.shapes import Shapes
from contracts.compat.values import mapping, token
from contracts.compat.views import Direction, Stance, Tolerance, View

_UNPROVABLE = frozenset({"number.format"})
_SECOND_OPINION = frozenset({"keyword.unmodelled", "union.overlap", "string.pattern", "string.format"})
_ORDER = {"breaking": 0, "suspect": 1, "undecided": 2, "behaviour": 3, "policy": 4}


@dataclass(frozen=True)
class Options:
    """How strictly to read, and how hard to try."""

    reader: Tolerance = Tolerance.TOLERANT
    client: Literal["closed", "open"] = "closed"
    budget: int = 60
    document: str = ""
    search: int = 200


def compare(base: Document, revision: Document, options: Options | None = None) -> Report:
    """Say what may break when `revision` takes the place of `base`."""
    chosen = options or Options()
    asked = list(compare_exchanges(base, revision))
    answers = [item for item in asked if isinstance(item, Answer)]
    questions = [item for item in asked if isinstance(item, Question)]
    findings = list(_merged(answers, chosen.document))
    for direction in ("request", "response"):
        for manner in ("json", "text", "unchecked"):
            some = [item for item in questions if (item.direction, item.manner) == (direction, manner)]
            if some:
                findings += Judgement(base, revision, direction, manner, chosen).findings(some)
    return Report(verdict=overall(findings), findings=in_order(findings))


class Judgement:
    """One direction and one manner of travel: views, shapes, engine and prover."""

    def __init__(
        self, base: Document, revision: Document, direction: Direction, manner: Manner, options: Options
    ) -> None:
        forward = direction == "request"
        sender, reader = (base, revision) if forward else (revision, base)
        opened = options.client == "open"
        self.direction: Direction = direction
        self.manner, self.options = manner, options
        self.sender = Shapes(View(sender, Stance(direction, "sender", options.reader)))
        self.reader = Shapes(View(reader, Stance(direction, "reader", options.reader)))
        self.engine = Engine(self.sender, self.reader, textual=manner != "json", open_sender=opened)

    def roots(self, questions: Iterable[Question]) -> list[tuple[Question, Inclusion]]:
        """Ask the engine, and decide; what is plainly the same has no root."""
        asked: list[tuple[Question, Inclusion]] = []
        for question in questions:
            sender = self.sender.view.root(question.sender)
            root = self.engine.include(sender, self.reader.view.root(question.reader))
            if root is not None:
                asked.append((question, root))
        self.engine.decide()
        return asked

    def findings(self, questions: list[Question]) -> Iterator[Finding]:
        roots = self.roots(questions)
        yield from self._hollow(roots)
        failed = failures(self.engine, roots)
        prover = Prover(self.engine, self.options.budget)
        proofs = {id(failure): self._proof(prover, failure) for failure in failed}
        proved = {route.question for failure in failed if proofs[id(failure)] for route in failure.routes}
        for failure in failed:
            proof = proofs[id(failure)]
            if proof is None and self._worth_a_search(failure, proved):
                proof = prover.search(failure, self.options.search)
            if proof is not None or not self._settled(prover, failure):
                yield self._finding(failure, proof)

    def _settled(self, prover: Prover, failure: Failure) -> bool:
        """Let the second prover close what the engine had to leave open."""
        open_rule = not failure.gap.decided and failure.gap.rule in _SECOND_OPINION
        return open_rule and self.manner == "json" and prover.covered(failure)

    def _proof(self, prover: Prover, failure: Failure) -> Proof | None:
        return None if self.manner == "unchecked" or failure.gap.rule in _UNPROVABLE else prover.prove(failure)

    def _worth_a_search(self, failure: Failure, proved: set[Question]) -> bool:
        known = any(route.question in proved for route in failure.routes)
        return self.manner != "unchecked" and failure.gap.rule not in _UNPROVABLE and not known

    def _hollow(self, roots: list[tuple[Question, Inclusion]]) -> Iterator[Finding]:
        """Report schemas that no payload satisfies: all that is said of them is empty."""
        for question, root in roots:
            if not self.sender.of(root.sender):
                message = "no payload satisfies the sender's schema, so nothing can be said of it"
                route = Route(question, (), root)
                pointer = self._sides(question.sender.pointer, question.reader.pointer)
                yield self._made("schema.unsatisfiable", "suspect", message, [route], None, pointer)

    def _finding(self, failure: Failure, proof: Proof | None) -> Finding:
        verdict: Verdict = "breaking" if proof else "suspect" if failure.gap.decided else "undecided"
        if self.manner == "unchecked":
            verdict = "undecided"
        routes = [proof.route, *(r for r in failure.routes if r is not proof.route)] if proof else failure.routes
        return self._made(
            failure.gap.rule, verdict, failure.gap.message, routes, proof, self._pointer(failure, routes[0])
        )

    def _made(
        self, rule: str, verdict: Verdict, message: str, routes: list[Route], proof: Proof | None, pointer: Pointer
    ) -> Finding:
        question = routes[0].question
        return Finding(
            id=identify(self.options.document, rule, self.direction, pointer, message),
            document=self.options.document, rule=rule, verdict=verdict, source="schema", axis="wire",
            direction=self.direction,
            operation=question.operation,
            operations=sorted({route.question.operation for route in routes}),
            where=question.where, pointer=pointer,
            root=self._sides(question.sender.pointer, question.reader.pointer),
            message=message,
            witness=proof.witness if proof else None,
            control=proof.control[0] if proof and proof.control else None,
            refusal=proof.refusal if proof else "",
        )  # fmt: skip

    def _pointer(self, failure: Failure, route: Route) -> Pointer:
        """Point at the changed place: the shapes' own where they have one, else the schemas'."""
        sender = self.sender.view.pointer(route.place.sender)
        reader = self.reader.view.pointer(route.place.reader)
        if isinstance(failure.holder, Pairing):
            sender, reader = failure.holder.sender.origin or sender, failure.holder.reader.origin or reader
        question, at = route.question, failure.gap.at
        return self._sides(
            _below(self.sender.view.document, sender or question.sender.pointer, at),
            _below(self.reader.view.document, reader or question.reader.pointer, at),
        )

    def _sides(self, sender: str, reader: str) -> Pointer:
        if self.direction == "request":
            return Pointer(base=sender, revision=reader)
        return Pointer(base=reader, revision=sender)


def _below(document: Document, pointer: str, at: tuple[str, ...]) -> str:
    """Point at a member where the schema itself declares it, else at the schema."""
    declared = mapping(mapping(document.place(pointer).node).get("properties"))
    return f"{pointer}/properties/{token(at[0])}" if at and at[0] in declared else pointer


def _merged(answers: list[Answer], name: str) -> Iterator[Finding]:
    """Say once what several operations share."""
    groups: dict[tuple[str, str, str, str, str], list[Answer]] = {}
    for item in answers:
        groups.setdefault((item.rule, item.direction, item.base, item.revision, item.message), []).append(item)
    for same in groups.values():
        first = same[0]
        pointer = Pointer(base=first.base, revision=first.revision)
        exchange = first.exchange
        yield Finding(
            id=identify(name, first.rule, first.direction, pointer, first.message),
            document=name, rule=first.rule, verdict=first.verdict, source="http", axis=first.axis,
            direction=first.direction,
            operation=first.operation, operations=sorted({item.operation for item in same}),
            where="exchange", pointer=pointer, root=pointer, message=first.message,
            witness={"base": dict(exchange[0]), "revision": dict(exchange[1])} if exchange else None,
            control=None, refusal=str(exchange[1].get("answer", "")) if exchange else "",
        )  # fmt: skip


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings as a person reads them: the worst first, then by place."""
    return sorted(findings, key=_place)


def _place(finding: Finding) -> tuple[int, str, str, str, str, str, str]:
    pointer, rank = finding.pointer, _ORDER[finding.verdict]
    return rank, finding.document, finding.operation, finding.where, pointer.base, finding.rule, finding.id
