"""Proof by payload: the sender's validator accepts it, the reader's refuses it there, and a neighbour passes both."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import jsonschema_rs

from contracts.compat.building import Builder, NoInstance
from contracts.compat.engine import Engine
from contracts.compat.failing import MOST_ROUTES, Failure, Route
from contracts.compat.graph import Inclusion, Pairing
from contracts.compat.sampling import Sampler
from contracts.compat.shape import Shape
from contracts.compat.validators import Validators
from contracts.compat.values import Json, canonical
from contracts.compat.wire import accepted, decodings

_MOST_CONTROLS = 60


@dataclass(frozen=True)
class Proof:
    """A payload, why it is refused, and a payload beside it that is not."""

    route: Route
    witness: Json
    refusal: str
    control: tuple[Json, ...] = ()
    attributed: bool = True


class Prover:
    """Turns gaps of one engine into payloads."""

    def __init__(self, engine: Engine, budget: int) -> None:
        self._engine, self._budget = engine, budget
        sender, reader = engine.sender.view, engine.reader.view
        self._views = sender, reader
        self._sends, self._reads = Validators(sender), Validators(reader)
        self._build, self._other = Builder(engine.sender), Builder(engine.reader)

    def prove(self, failure: Failure) -> Proof | None:
        """Try the gap's own recipe in the smallest parents, then fuller ones; prefer a refusal at the place."""
        second_best: Proof | None = None
        for route in failure.routes[:MOST_ROUTES]:
            for payload in islice(self._payloads(failure, route), self._budget):
                proof = self._tried(failure, route, payload)
                if proof is not None and proof.attributed:
                    return self._controlled(failure, proof)
                second_best = second_best or proof
        return self._controlled(failure, second_best) if second_best else None

    def covered(self, failure: Failure) -> bool:
        """Ask the second prover whether the reader's schema takes in the sender's, where a rule could not tell."""
        place = failure.routes[0].place
        readable = isinstance(place.sender, dict) and isinstance(place.reader, dict) and self._views[1].whole
        if not readable:
            return False
        wide, narrow = self._reads.canonical(place.reader), self._sends.canonical(place.sender)
        if wide is None or narrow is None:
            return False
        try:
            return wide.covers(narrow) == jsonschema_rs.canonical.Containment.YES
        except jsonschema_rs.canonical.CanonicalizationError:  # where a schema holds itself, and the two differ
            return False

    def search(self, failure: Failure, payloads: int) -> Proof | None:
        """Look for a payload anywhere under the root, when the recipe found none."""
        route = failure.routes[0]
        sampler = Sampler(self._engine.sender)
        root = self._views[0].root(route.question.sender)
        for payload in sampler.samples(root, payloads):
            proof = self._tried(failure, route, payload)
            if proof is not None:
                return self._controlled(failure, proof)
        return None

    def _payloads(self, failure: Failure, route: Route) -> Iterator[Json]:
        for value in failure.gap.recipe(self._build):
            for full in (False, True) if route.path else (False,):
                try:
                    yield self._build.plug(route.path, value, full=full)
                except NoInstance:
                    continue

    def _tried(self, failure: Failure, route: Route, payload: Json) -> Proof | None:
        sends = self._sends.of(self._views[0].root(route.question.sender))
        reads = self._reads.of(self._views[1].root(route.question.reader))
        if sends is None or reads is None:
            return None
        if route.question.manner == "text":
            payload = next((item for item in islice(decodings(payload), 20) if sends.is_valid(item)), payload)
            if not accepted(sends, payload) or accepted(reads, payload):
                return None
        elif not sends.is_valid(payload) or reads.is_valid(payload):
            return None
        refusal, attributed = _refusal(reads, payload, [str(step[1]) for _, step in route.path] + list(failure.gap.at))
        return Proof(route, payload, refusal, attributed=attributed)

    def _controlled(self, failure: Failure, proof: Proof) -> Proof:
        for control in islice(self._neighbours(failure, proof.route), _MOST_CONTROLS):
            if canonical(control) != canonical(proof.witness) and self._passes(proof.route, control):
                return Proof(proof.route, proof.witness, proof.refusal, (control,), proof.attributed)
        return proof

    def _passes(self, route: Route, payload: Json) -> bool:
        checks = (
            self._sends.of(self._views[0].root(route.question.sender)),
            self._reads.of(self._views[1].root(route.question.reader)),
        )
        if route.question.manner == "text":
            return all(check is not None and accepted(check, payload) for check in checks)
        return all(check is not None and check.is_valid(payload) for check in checks)

    def _neighbours(self, failure: Failure, route: Route) -> Iterator[Json]:
        for value in self._values(failure.holder):
            try:
                yield self._build.plug(route.path, value)
            except NoInstance:
                continue

    def _values(self, holder: Inclusion | Pairing) -> Iterator[Json]:
        if isinstance(holder, Pairing):
            return chain(self._some(holder.sender), islice(self._other.variants(holder.reader), 20))
        mine = (self._some(point.sender) for point in holder.points)
        theirs = (islice(self._other.variants(shape), 8) for shape in self._engine.reader.of(holder.reader))
        return chain.from_iterable((*mine, *theirs))

    def _some(self, shape: Shape) -> Iterator[Json]:
        return islice(self._build.variants(shape), 24)


def _refusal(reads: jsonschema_rs.Draft202012Validator, payload: Json, place: list[str]) -> tuple[str, bool]:
    """Give the reader's own words, and whether they speak of the changed place."""
    first = ""
    for error in islice(reads.iter_errors(payload), 50):
        said = f"/{'/'.join(map(str, error.instance_path))}: {error.message}"[:300]
        first = first or said
        where = [str(key) for key in error.instance_path]
        shared = min(len(where), len(place))
        if where[:shared] == place[:shared]:
            return said, True
    return first, False
