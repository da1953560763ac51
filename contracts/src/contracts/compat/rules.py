"""What a rule says: its meaning, the smallest change that shows it, and how to make the change safely."""

from dataclasses import dataclass

from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.values import Json, Node


@dataclass(frozen=True)
class Example:
    """A schema before and after, as the body of a request."""

    before: Json
    after: Json

    def report(self) -> Report:
        """Let the gate itself judge the example."""
        return Change(posting(requestBody=_body(self.before)), posting(requestBody=_body(self.after))).report()


@dataclass(frozen=True)
class Change:
    """A document before and after; what every document needs is left out."""

    before: Node
    after: Node

    def report(self) -> Report:
        """Let the gate itself judge the example."""
        return compare(_document(self.before), _document(self.after))


@dataclass(frozen=True)
class Told:
    """What no single document can show: code, translations, whole documents; with what proves it, in words."""

    before: str
    after: str
    proof: str


@dataclass(frozen=True)
class Rule:
    """What a finding of this name says."""

    name: str
    meaning: str
    safely: str
    example: Example | Change | Told


def posting(**members: Json) -> Node:
    """Write a document of one operation."""
    operation: Node = {"responses": {"200": {"description": "done"}}, **members}
    return {"paths": {"/things": {"post": operation}}}


def _document(parts: Node) -> Document:
    return Document.checked({"openapi": "3.1.0", "info": {"title": "example", "version": "1"}, **parts}, "example")


def _body(schema: Json) -> Node:
    return {"content": {"application/json": {"schema": schema}}}
