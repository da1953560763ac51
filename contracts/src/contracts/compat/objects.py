"""Rules for objects: required members, members that are refused, and what each member holds."""

from collections.abc import Iterator

from contracts.compat.asking import Recipe
from contracts.compat.checks import matches
from contracts.compat.graph import Asks, Gap, Pairing
from contracts.compat.languages import members as texts_of
from contracts.compat.languages import search
from contracts.compat.shape import Members
from contracts.compat.values import Json, Node


def object_gaps(engine: Asks, pairing: Pairing) -> None:
    """Compare declared members, undeclared ones, and the count of both."""
    comparison = _Comparison(engine, pairing)
    pairing.gaps += comparison.required()
    comparison.declared()
    if comparison.extra is not None:
        comparison.undeclared(comparison.extra)
    comparison.constrained_names()
    comparison.patterned()
    pairing.gaps += comparison.counts()


class _Comparison:
    def __init__(self, engine: Asks, pairing: Pairing) -> None:
        self._engine, self._pairing = engine, pairing
        self._shape = pairing.sender
        self._sender, self._reader = pairing.sender.members, pairing.reader.members
        self.extra = _extra(self._sender, open_sender=engine.open_sender)
        self._free = _free_name(self._sender, self._reader)

    def required(self) -> Iterator[Gap]:
        for name in self._reader.required:
            if name in self._sender.required:
                continue
            known = self._sender.properties.get(name, False) is not False
            rule = "property.became-required" if known else "property.required-missing"
            said = f"`{name}` may be left out" if known else f"`{name}` is not sent"
            yield Gap(rule, f"{said}, and is required", self._without(name), (name,))

    def _without(self, name: str) -> Recipe:
        return lambda build: build.objects(self._shape, without=name)

    def declared(self) -> None:
        """Hold every declared member against all that the reader says about its name."""
        for name, schema in {**self._undescribed(), **self._sender.properties}.items():
            if schema is False or not self._engine.sender.of(schema):
                continue
            self._member(name, schema)
            self._named(name)

    def _undescribed(self) -> Node:
        """Give the members that a sender has to send and says nothing else of."""
        known = self._sender.schemas_for
        return {name: next(iter(known(name)), True) for name in self._sender.required}

    def _member(self, name: str, schema: Json) -> None:
        for wanted in self._reader.schemas_for(name):
            if wanted is False:
                message = f"`{name}` is no longer accepted"
                self._gap("property.forbidden", message, name, schema)
            else:
                self._edge(name, schema, wanted)

    def _gap(self, rule: str, message: str, name: str, schema: Json) -> None:
        self._pairing.gaps.append(Gap(rule, message, lambda build: build.objects(self._shape, {name: schema}), (name,)))

    def _edge(self, name: str, schema: Json, wanted: Json) -> None:
        child = self._engine.include(schema, wanted)
        if child is not None:
            self._pairing.edges.append((("member", name), child))

    def _named(self, name: str) -> None:
        if isinstance(self._reader.names, dict) and not self._engine.same.holds(self._sender.names, self._reader.names):
            child = self._engine.include(self._engine.constant(name), self._reader.names)
            if child is not None:
                self._pairing.edges.append((("name", name), child))

    def undeclared(self, extra: Json) -> None:
        """Hold the members that a free-form sender adds against the reader."""
        wanted = self._reader.extra
        if wanted is False:
            self._gap("additional.forbidden", "members that nothing declares are no longer accepted", self._free, extra)
        elif wanted is not None:
            self._edge(self._free, extra, wanted)
        for name, schema in self._reader.properties.items():
            if name not in self._sender.properties and not self._patterns_of(name):
                self._edge(name, extra, schema)

    def _patterns_of(self, name: str) -> list[Json]:
        return [schema for pattern, schema in self._sender.patterned.items() if matches(pattern, name)]

    def constrained_names(self) -> None:
        """Where the reader constrains undeclared names, a sender that does not forbid them may send them."""
        if self._sender.extra is False:
            return
        extra: Json = True if self.extra is None else self.extra
        for pattern, schema in self._reader.patterned.items():
            if pattern not in self._sender.patterned:
                for name in texts_of((pattern,), tuple(self._sender.patterned), 0, None, 1):
                    self._edge(name, extra, schema)
        names = self._reader.names
        if isinstance(names, dict) and not self._engine.same.holds(self._sender.names, names):
            child = self._engine.include(self._engine.sender.both(self._sender.names, _ANY_NAME), names)
            if child is not None:
                self._pairing.edges.append((("name", ""), child))

    def patterned(self) -> None:
        """Hold members that the sender declares by pattern against whatever the reader says of such names."""
        for pattern, schema in self._sender.patterned.items():
            name = next(iter(texts_of((pattern,), (), 0, None, 1)), self._free)
            for other, wanted in self._reader.patterned.items():
                if other == pattern or search((pattern, other), (), 0, None)[0] != "none":
                    shared = texts_of((pattern, other), (), 0, None, 1)
                    self._edge(next(iter(shared), name), schema, wanted)
            for known, wanted in self._reader.properties.items():
                if matches(pattern, known) and known not in self._sender.properties:
                    self._edge(known, schema, wanted)
            if pattern not in self._reader.patterned:
                self._left_over(name, schema)

    def _left_over(self, name: str, schema: Json) -> None:
        if self._reader.extra is False and self._reader.schemas_for(name)[:1] == [False]:
            self._gap("additional.forbidden", f"members such as `{name}` are no longer accepted", name, schema)
        elif self._reader.extra is not None and self._reader.extra is not False:
            self._edge(name, schema, self._reader.extra)

    def counts(self) -> Iterator[Gap]:
        sender, reader, shape = self._sender, self._reader, self._shape
        if reader.fewest > max(sender.fewest, len(sender.required)):
            message = f"minProperties {sender.fewest} -> {reader.fewest}"
            yield Gap("object.minProperties-raised", message, lambda build: build.variants(shape))
        most = self._most()
        if reader.most is not None and (most is None or most > reader.most):
            wanted = reader.most + 1
            message = f"maxProperties {'none' if sender.most is None else sender.most} -> {reader.most}"
            yield Gap("object.maxProperties-lowered", message, lambda build: build.crowded(shape, wanted))

    def _most(self) -> int | None:
        if self.extra is not None or self._sender.patterned:
            return self._sender.most
        sent = {name for name, schema in self._sender.properties.items() if schema is not False}
        declared = len(sent.union(self._sender.required))
        return declared if self._sender.most is None else min(declared, self._sender.most)


_ANY_NAME: Json = {"type": "string"}


def _extra(members: Members, *, open_sender: bool) -> Json:
    """Say what a sender puts into members that nothing declares; None: it sends none."""
    if members.extra is None:
        return True if open_sender or members.declares_nothing else None
    return None if members.extra is False else members.extra


def _free_name(sender: Members, reader: Members) -> str:
    taken = {*sender.properties, *reader.properties}
    patterns = (*sender.patterned, *reader.patterned)
    names = [
        name for name in ("extra", "other", *(f"extra{index}" for index in range(len(taken)))) if name not in taken
    ]
    return next((name for name in names if not any(matches(pattern, name) for pattern in patterns)), names[0])
