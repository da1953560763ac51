"""A document cut into named places, as people speak of them: `response 404 header Retry-After`."""

from dataclasses import dataclass

from pydantic import JsonValue

from contracts.tools.documents import Json, at, references

__all__ = ["Outline", "OutlinedOperation", "outline"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SPLIT = {"parameters", "requestBody", "responses", "security"}


@dataclass(frozen=True, slots=True)
class OutlinedOperation:
    """One operation: its name, where it lives, and all that is said of it, by place."""

    name: str
    method: str
    path: str
    places: Json


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document: what is said of itself, its operations and its components."""

    places: Json
    operations: tuple[OutlinedOperation, ...]
    components: Json

    def users(self, component: str) -> list[str]:
        """Name the operations that refer to a component."""
        return [op.name for op in self.operations if component in self.reached(op.places)]

    def reached(self, node: JsonValue) -> set[str]:
        """Name the components that a part refers to, be it through others."""
        reached: set[str] = set()
        waiting = set(references(node))
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting |= set(references(self.components.get(name))) - reached
        return reached


def outline(document: Json) -> Outline:
    """Cut a document into its places."""
    operations = [
        _operation(method.upper(), path, at(item, method))
        for path in at(document, "paths")
        for method, item in ((method, at(document, "paths", path)) for method in _METHODS)
        if method in item
    ]
    return Outline(_itself(document), tuple(operations), at(document, "components", "schemas"))


def _itself(document: Json) -> Json:
    places = {name: value for name, value in document.items() if name not in {"paths", "components"}}
    for path, item in at(document, "paths").items():
        rest: Json = {name: value for name, value in at(item).items() if name not in _METHODS}
        places |= {f"path {path}": rest} if rest else {}
    for kind, named in at(document, "components").items():
        places |= {f"{kind} {name}": value for name, value in at(named).items() if kind != "schemas"}
    return places


def _operation(method: str, path: str, said: Json) -> OutlinedOperation:
    places = {name: value for name, value in said.items() if name not in _SPLIT}
    places |= {"method": method, "path": path}
    places |= {"security": _security(said["security"])} if "security" in said else {}
    parameters = said.get("parameters")
    for parameter in parameters if isinstance(parameters, list) else []:
        places[f"{at(parameter).get('in')} parameter {at(parameter).get('name')}"] = parameter
    places |= _message("request body", said["requestBody"]) if "requestBody" in said else {}
    for status, response in at(said, "responses").items():
        places |= _message(f"response {status}", response)
    return OutlinedOperation(str(said.get("operationId", f"{method} {path}")), method, path, places)


def _message(place: str, message: JsonValue) -> Json:
    """Cut a request body or a response into itself, its headers and its media types."""
    places: Json = {place: {name: value for name, value in at(message).items() if name not in {"headers", "content"}}}
    places |= {f"{place} header {name}": value for name, value in at(message, "headers").items()}
    places |= {f"{place} {media}": value for media, value in at(message, "content").items()}
    return places


def _security(said: JsonValue) -> JsonValue:
    """Order scopes, which have no order of their own."""
    alternatives = said if isinstance(said, list) else []
    return [{scheme: _ordered(scopes) for scheme, scopes in at(one).items()} for one in alternatives]


def _ordered(scopes: JsonValue) -> JsonValue:
    return [*sorted(map(str, scopes))] if isinstance(scopes, list) else scopes
