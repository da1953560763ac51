"""Edits of what HTTP itself shows, each with what it breaks by HTTP's own rules."""

from collections.abc import Iterator

from contracts.compat.operations import METHODS
from contracts.compat.values import Json, Node, mapping, sequence, text
from editing import Change, Edit, flipped, put, removed, renamed

_NOTES: Node = {"summary": "added", "description": "added", "tags": ["added"], "x-added": 1, "deprecated": True}
_FORM = "application/x-www-form-urlencoded"


def item_edits(item: Node) -> Iterator[Edit]:
    """Edit one path."""
    for method, operation in item.items():
        if isinstance(operation, dict) and "responses" in operation:
            yield Edit("operation removed", removed(method), there=True, back=False)
            moved: list[Json] = [{"url": "/moved-by-mutation"}]
            yield Edit("operation server moved", _inner(method, put("servers", moved)), there=True, back=True)


def operation_edits(node: Node, document: Node) -> Iterator[Edit]:
    """Edit one operation: its answers, its parameters, its credentials."""
    for key, value in _NOTES.items():
        yield Edit(f"operation {key}", put(key, value), there=False, back=False)
    yield Edit("operation id", put("operationId", "added_by_mutation"), there=False, back=False)
    yield from _status_edits(mapping(node.get("responses")))
    held = sequence(node.get("parameters"))
    added: Node = {"name": "added", "in": "query", "schema": {"type": "string"}}
    yield Edit("optional parameter added", put("parameters", [*held, added]), there=False, back=False)
    needed: Node = {**added, "required": True}
    yield Edit("required parameter added", put("parameters", [*held, needed]), there=True, back=False)
    if "requestBody" not in node:
        content: Node = {"application/json": {"schema": {}}}
        yield Edit("body added", put("requestBody", {"content": content}), there=False, back=False)
        yield Edit("required body added", put("requestBody", {"content": content, "required": True}), True, False)
    elif "$ref" not in mapping(node["requestBody"]):
        yield Edit("body removed", removed("requestBody"), False, mapping(node["requestBody"]).get("required") is True)
    call: Node = {"added": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "seen"}}}}}}
    if "callbacks" not in node:
        yield Edit("callback added", put("callbacks", call), there=False, back=True)
    yield from _security_edits(node, sequence(node.get("security", document.get("security"))))


def _status_edits(answers: Node) -> Iterator[Edit]:
    caught = bool({"default", "2XX", "2xx", "4XX", "4xx", "5XX", "5xx"} & set(answers))
    for status in answers:
        success, left = status.startswith("2"), {key: value for key, value in answers.items() if key != status}
        there, back = (True, True) if success else (False, False)
        if not caught:
            yield Edit(f"response {status} removed", put("responses", left), there, back)
    more: Node = {"description": "added"}
    if not caught:
        yield Edit("success added", put("responses", {**answers, "299": more}), there=True, back=True)
    known = None if caught else False
    yield Edit("error added", put("responses", {**answers, "418": more}), known, known)


def _security_edits(node: Node, known: list[Json]) -> Iterator[Edit]:
    guarded = bool(known) and {} not in known
    yield Edit("security opened", put("security", []), there=False, back=guarded)
    other: list[Json] = [{"added-by-mutation": []}]
    yield Edit("security replaced", put("security", other), there=True, back=guarded)
    if guarded:
        yield Edit("security alternative added", put("security", [*known, *other]), there=False, back=True)
        both: list[Json] = [{**mapping(one), "added-by-mutation": []} for one in known]
        yield Edit("security added to each", put("security", both), there=True, back=False)


def parameter_edits(node: Node) -> Iterator[Edit]:
    """Edit one parameter of a query, a header or a cookie, but for those that OpenAPI ignores."""
    if text(node.get("name")).lower() in {"accept", "content-type", "authorization"}:
        return
    needed, name = node.get("required") is True, text(node.get("name"))
    yield Edit("parameter required", flipped("required"), there=not needed, back=needed)
    yield Edit("parameter renamed", put("name", f"{name}_2"), there=needed, back=needed)
    yield Edit("parameter elsewhere", put("in", "cookie" if node.get("in") == "query" else "query"), needed, needed)
    for key in ("description", "deprecated", "x-added"):
        yield Edit(f"parameter {key}", put(key, "added" if key != "deprecated" else True), there=False, back=False)
    if node.get("in") == "header":
        yield Edit("header case", put("name", name.swapcase()), there=False, back=False)
    if node.get("in") == "query" and node.get("allowEmptyValue") is not True:
        yield Edit("empty value", put("allowEmptyValue", value=True), there=False, back=True)
    kind = mapping(node.get("schema")).get("type")
    if node.get("in") == "query" and not {"style", "explode"} & set(node) and isinstance(kind, str):
        compound = kind in {"array", "object"}
        yield Edit("parameter in pipes", put("style", "pipeDelimited"), there=compound, back=compound)
        yield Edit("parameter unexploded", put("explode", value=False), there=compound, back=compound)
        yield Edit("parameter as document", _as_document, there=True, back=True)


def _as_document(node: Node) -> None:
    node["content"] = {"application/json": {"schema": node.pop("schema")}}


def body_edits(node: Node) -> Iterator[Edit]:
    """Edit the body of one request."""
    needed, content = node.get("required") is True, mapping(node.get("content"))
    yield Edit("body required", flipped("required"), there=not needed, back=needed)
    yield Edit("body description", put("description", "added"), there=False, back=False)
    yield from _media_edits(content, there=True)
    if _FORM in content and "encoding" not in mapping(content[_FORM]):
        names = mapping(mapping(mapping(content[_FORM]).get("schema")).get("properties"))
        for name in list(names)[:1]:
            yield from _part_edits(name)


def _part_edits(name: str) -> Iterator[Edit]:
    """Edit how one part of a form is written."""
    styled: Node = {name: {"style": "spaceDelimited"}}
    needed: Node = {"required": True, "schema": {"type": "string"}}
    headed: Node = {name: {"headers": {"X-Added": needed}}}
    yield Edit("part style", _inner("content", _inner(_FORM, put("encoding", styled))), there=True, back=True)
    yield Edit("part header", _inner("content", _inner(_FORM, put("encoding", headed))), there=True, back=False)


def _media_edits(content: Node, *, there: bool) -> Iterator[Edit]:
    if not content or any("*" in media for media in content):
        return
    other: Node = {f"application/x-{media.rpartition('/')[2]}-2": value for media, value in content.items()}
    marked: Node = {f"{media}; charset=utf-8": value for media, value in content.items() if ";" not in media}
    yield Edit("media types renamed", put("content", other), there=there, back=there)
    yield Edit("media type added", put("content", {**content, "application/x-added": {}}), there=False, back=True)
    if len(marked) == len(content):
        yield Edit("media type with charset", put("content", marked), there=False, back=False)


def answer_edits(node: Node) -> Iterator[Edit]:
    """Edit one answer: its media types and its headers."""
    yield Edit("answer described", put("description", "other"), there=False, back=False)
    yield Edit("link added", put("links", {"added": {"operationId": "x"}}), there=False, back=False)
    if node.get("content"):
        yield Edit("answer's body removed", removed("content"), there=True, back=False)
    yield from _media_edits(mapping(node.get("content")), there=True)
    headers = mapping(node.get("headers"))
    more: Node = {"schema": {"type": "string"}}
    yield Edit("header added", put("headers", {**headers, "X-Added": more}), there=False, back=False)
    promised: Node = {**more, "required": True}
    yield Edit("header promised", put("headers", {**headers, "X-Added": promised}), there=False, back=True)
    for name, header in headers.items():
        if isinstance(header, dict) and "$ref" not in header:
            needed = header.get("required") is True
            yield Edit("header removed", _inner("headers", removed(name)), there=needed, back=False)
            yield Edit("header case", _inner("headers", renamed(name, name.swapcase())), there=False, back=False)
            yield Edit("header required", _inner("headers", _inner(name, flipped("required"))), needed, not needed)


def scheme_edits(node: Node, *, used: bool) -> Iterator[Edit]:
    """Edit one kind of credentials."""
    yield Edit("scheme described", put("description", "added"), there=False, back=False)
    match node.get("type"):
        case "apiKey":
            yield Edit("key renamed", put("name", "added-by-mutation"), there=used, back=used)
            yield Edit("key elsewhere", put("in", "query" if node.get("in") != "query" else "cookie"), used, used)
        case "http":
            yield Edit("bearer format", put("bearerFormat", "added"), there=False, back=False)
            yield Edit("scheme changed", put("scheme", "added-by-mutation"), there=used, back=used)
        case "oauth2":
            for flow in mapping(node.get("flows")):
                yield Edit("flow removed", _inner("flows", removed(flow)), there=used, back=False)
                yield Edit(
                    "token address", _inner("flows", _inner(flow, put("tokenUrl", "/x"))), there=False, back=False
                )
        case _:
            pass


def document_edits(node: Node) -> Iterator[Edit]:
    """Edit what belongs to no operation."""
    info: Node = {"title": "other", "version": "other", "description": "added"}
    yield Edit("title and version", put("info", info), there=False, back=False)
    yield Edit("tags", put("tags", [{"name": "added"}]), there=False, back=False)
    known = sequence(node.get("servers")) or [{"url": "/"}]
    answering = any("servers" not in {**item, **operation} for item, operation in _called(node))
    yield Edit("server added", put("servers", [*known, {"url": "/added-by-mutation"}]), there=False, back=answering)
    call: Node = {"added": {"post": {"responses": {"200": {"description": "seen"}}}}}
    if "webhooks" not in node and text(node.get("openapi")).startswith("3.1"):
        yield Edit("webhook added", put("webhooks", call), there=False, back=True)


def _called(document: Node) -> Iterator[tuple[Node, Node]]:
    """Give all operations with the path that holds them."""
    known = mapping(mapping(document.get("components")).get("pathItems"))
    for item in map(mapping, (*mapping(document.get("paths")).values(), *known.values())):
        yield from ((item, mapping(item[method])) for method in METHODS if method in item)


def _inner(key: str, change: Change) -> Change:
    def apply(node: Node) -> None:
        change(mapping(node[key]))

    return apply
