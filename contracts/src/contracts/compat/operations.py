"""The operations of a document, with parameters, bodies and answers found wherever the document keeps them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from contracts.compat.document import Document, Place
from contracts.compat.values import Node, mapping, sequence, text, texts

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_TEMPLATE = re.compile(r"{[^}]*}")
_MOST_SERVERS = 64


@dataclass(frozen=True)
class Operation:
    """One method of one path; `routes` are the full paths under which servers answer it."""

    document: Document
    method: str
    path: str
    place: Place
    item: Place

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def key(self) -> str:
        return f"{self.method} {template(self.path)}"

    @property
    def routes(self) -> list[str]:
        return [f"{self.method} {template(prefix + self.path)}" for prefix in self.prefixes]

    @property
    def prefixes(self) -> list[str]:
        for place in (self.place, self.item, self.document.root):
            servers = sequence(mapping(place.node).get("servers"))
            if servers:
                return list(dict.fromkeys(prefix for server in servers for prefix in _prefixes(mapping(server))))
        return [""]

    def parameters(self) -> dict[tuple[str, str], Place]:
        """Give parameters by place and name; path parameters by position, for their names do not travel."""
        found: dict[tuple[str, str], Place] = {}
        for owner in (self.item, self.place):
            for item in (owner / "parameters").items():
                parameter = self.document.follow(item)
                node = mapping(parameter.node)
                where, name = text(node.get("in")), text(node.get("name"))
                found[where, name.lower() if where == "header" else name] = parameter
        for position, name in enumerate(re.findall(r"{([^}]*)}", self.path)):
            if ("path", name) in found:
                found["path", f"#{position + 1}"] = found.pop(("path", name))
        return {
            key: value
            for key, value in found.items()
            if key[0] != "header" or key[1] not in {"accept", "content-type", "authorization"}
        }

    def body(self) -> Place | None:
        return self.document.follow(self.place / "requestBody") if self.place.has("requestBody") else None

    def responses(self) -> dict[str, Place]:
        answers = self.place / "responses"
        return {
            status.upper(): self.document.follow(answer)
            for status, answer in answers.children()
            if not status.startswith("x-")
        }

    def security(self) -> list[Node]:
        own = self.place if self.place.has("security") else self.document.root
        return [mapping(item) for item in sequence(mapping(own.node).get("security"))]

    def callbacks(self) -> dict[str, "Operation"]:
        """Give what this operation makes the service call, by address and method: its name does not travel."""
        found: dict[str, Operation] = {}
        for name, callback in (self.place / "callbacks").children():
            for expression, item in self.document.follow(callback).children():
                for one in _methods(self.document, f"{self.path} callback {name}", item):
                    key = f"{expression} {one.method}"
                    found[key if key not in found else f"{key} {name}"] = one
        return found


def operations(document: Document) -> dict[str, Operation]:
    """Give the operations of a document by method and path template."""
    found: dict[str, Operation] = {}
    for path, item in document.at("paths").children():
        if path.startswith("/"):
            found |= {one.key: one for one in _methods(document, path, item)}
    return found


def webhooks(document: Document) -> dict[str, Operation]:
    """Give what the service calls at its clients of its own accord."""
    found: dict[str, Operation] = {}
    for name, item in document.at("webhooks").children():
        found |= {one.name: one for one in _methods(document, f"webhook {name}", item)}
    return found


def _methods(document: Document, path: str, item: Place) -> Iterator[Operation]:
    item = document.follow(item)
    for method in METHODS:
        if isinstance(mapping(item.node).get(method), dict):
            yield Operation(document, method.upper(), path, item / method, item)


def template(path: str) -> str:
    """Write a path with its parameters unnamed, for their names do not travel."""
    return _TEMPLATE.sub("{}", path)


def fits(path: str, written: str) -> bool:
    """Tell whether a path template takes in a path that is written out."""
    return bool(re.fullmatch("[^/]+".join(map(re.escape, _TEMPLATE.split(path))), written))


def _prefixes(server: Node) -> list[str]:
    """Give the path of a server's address for every value that its variables may have."""
    urls = [text(server.get("url"))]
    for name, variable in mapping(server.get("variables")).items():
        values = texts(mapping(variable).get("enum")) or (text(mapping(variable).get("default")),)
        urls = [url.replace(f"{{{name}}}", value) for url in urls for value in values][:_MOST_SERVERS]
    return [urlsplit(url).path.rstrip("/") for url in urls]
