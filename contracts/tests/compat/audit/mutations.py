"""Edits of a document, one at a time: every schema keyword and every OpenAPI field, in both directions."""

import copy
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import http_edits
import walking
from contracts.compat.values import Json, Node, mapping, sequence, step_into, tokens
from editing import Edit
from schema_edits import schema_edits


@dataclass(frozen=True)
class Mutation:
    """One edit at one place."""

    edit: Edit
    pointer: str

    @property
    def name(self) -> str:
        return self.edit.name

    def on(self, document: Node) -> Node:
        """Give an edited copy."""
        copied = copy.deepcopy(document)
        node: Json = copied
        for key in tokens(self.pointer):
            node = step_into(node, key)
        self.edit.apply(mapping(node))
        return copied


def mutations(document: Node) -> Iterator[Mutation]:
    """Give every edit of every part of a document."""
    places: tuple[tuple[walking.At, Callable[[Node], Iterator[Edit]]], ...] = (
        (walking.schemas(document), schema_edits),
        (walking.items(document), http_edits.item_edits),
        (walking.operations(document), lambda node: http_edits.operation_edits(node, document)),
        (walking.parameters(document), http_edits.parameter_edits),
        (walking.bodies(document), http_edits.body_edits),
        (walking.answers(document), http_edits.answer_edits),
        (iter((("", document),)), http_edits.document_edits),
    )
    for nodes, edits in places:
        for pointer, node in nodes:
            yield from (Mutation(edit, pointer) for edit in edits(node))
    guarded = _guarding(document)
    for pointer, scheme in walking.schemes(document):
        used = tokens(pointer)[-1] in guarded
        yield from (Mutation(edit, pointer) for edit in http_edits.scheme_edits(scheme, used=used))


def _guarding(document: Node) -> set[str]:
    """Name the kinds of credentials without which some operation cannot be called."""
    names: set[str] = set()
    for _, operation in walking.operations(document):
        needs = [mapping(need) for need in sequence(operation.get("security", document.get("security")))]
        if {} not in needs:
            names.update(name for need in needs for name in need)
    return names


def chosen(document: Node, most: int, seed: int = 0) -> list[Mutation]:
    """Give a fixed sample of the edits, each kind of edit in its turn."""
    every = list(mutations(document))
    random.Random(seed).shuffle(every)
    kinds: dict[str, deque[Mutation]] = {}
    for mutation in every:
        kinds.setdefault(mutation.name, deque()).append(mutation)
    taken: list[Mutation] = []
    waiting = deque(kinds.values())
    while waiting and len(taken) < most:
        kind = waiting.popleft()
        taken.append(kind.popleft())
        if kind:
            waiting.append(kind)
    return taken
