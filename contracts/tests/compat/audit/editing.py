"""What an edit of a document is, and the few ways in which edits are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from contracts.compat.values import Json, Node

Change: TypeAlias = Callable[[Node], None]


@dataclass(frozen=True)
class Edit:
    """One change of one node; `there` and `back` say whether HTTP breaks by it, None leaves that to payloads."""

    name: str
    apply: Change
    there: bool | None = None
    back: bool | None = None


def put(keyword: str, value: Json) -> Change:
    def apply(node: Node) -> None:
        node[keyword] = value

    return apply


def removed(keyword: str) -> Change:
    def apply(node: Node) -> None:
        del node[keyword]

    return apply


def flipped(keyword: str) -> Change:
    def apply(node: Node) -> None:
        node[keyword] = node.get(keyword) is not True

    return apply


def renamed(old: str, new: str) -> Change:
    def apply(node: Node) -> None:
        node[new] = node.pop(old)

    return apply
