"""Finding what serves a path: a tree of its parts, in which a literal part goes before a placeholder."""

import re
from typing import Generic, TypeVar

__all__ = ["PathTree"]

T = TypeVar("T")

_PLACEHOLDER = re.compile(r"{[^{}]+}")


class PathTree(Generic[T]):
    """Things by method and path, as `/users/{user_id}`; found in so many steps as the path has parts."""

    def __init__(self) -> None:
        self.literal: dict[str, PathTree[T]] = {}
        self.other: PathTree[T] | None = None
        self.things: dict[str, T] = {}

    def plant(self, method: str, path: str, thing: T) -> None:
        """Put a thing where a path leads; each placeholder is a whole part of it."""
        node = self
        for part in path.split("/"):
            node = node.grown(part)
        node.things[method] = thing

    def find(self, method: str, path: str) -> tuple[T, list[str]] | None:
        """Find the thing, and what stands in the path's placeholders, in their order."""
        node, values = self, list[str]()
        for part in path.split("/"):
            child = node.literal.get(part)
            if child is None:
                child = node.other
                if child is None or not part:
                    return None
                values.append(part)
            node = child
        thing = node.things.get(method)
        return None if thing is None else (thing, values)

    def grown(self, part: str) -> "PathTree[T]":
        if _PLACEHOLDER.fullmatch(part):
            self.other = self.other or PathTree()
            return self.other
        return self.literal.setdefault(part, PathTree())
