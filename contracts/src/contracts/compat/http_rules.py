"""The rules of HTTP: what the same request shows before and after."""

from contracts.compat.rules import Change, Rule, Told, posting
from contracts.compat.values import Json, Node

_TEXT: Node = {"type": "string"}
_LIST: Node = {"type": "array", "items": _TEXT}
_DONE: Node = {"description": "done"}


def _asking(**members: Json) -> Node:
    return posting(parameters=[{"name": "q", "in": "query", "schema": _TEXT, **members}])


def _body(media: str = "application/json", schema: Json = None, **members: Json) -> Node:
    content: Node = {media: {"schema": schema or _TEXT, **members}}
    return posting(requestBody={"content": content})


def _form(**encoding: Json) -> Node:
    things: Node = {"type": "object", "properties": {"a": _LIST}}
    if not encoding:
        return _body("multipart/form-data", things)
    return _body("multipart/form-data", things, encoding={"a": encoding})


def _secured(flows: Node) -> Node:
    scheme: Node = {"type": "oauth2", "flows": flows}
    return {**posting(security=[{"o": []}]), "components": {"securitySchemes": {"o": scheme}}}


def _flow(address: str) -> Node:
    return {"clientCredentials": {"tokenUrl": address, "scopes": {}}}


HTTP_RULES = (
    Rule(
        "document.removed",
        "A whole document is gone.",
        "Keep publishing it until its clients are gone.",
        Told("users.v1.json is published", "it is not", "every operation of it was answered, and is 404 now"),
    ),
    Rule(
        "operation.removed",
        "An operation is gone: its callers get 404 or 405.",
        "Deprecate it with a sunset date first.",
        Change(posting(), {"paths": {}}),
    ),
    Rule(
        "operation.id-changed",
        "Generated clients name the call after the operation id.",
        "Keep the id.",
        Change(posting(operationId="add"), posting(operationId="create")),
    ),
    Rule(
        "operation.deprecated-without-sunset",
        "Callers are told to leave, not until when.",
        "Name the date: `x-sunset` or a Sunset header.",
        Change(posting(), posting(deprecated=True)),
    ),
    Rule(
        "parameter.required-added",
        "A parameter that old clients do not know is required.",
        "Make it optional, with a default.",
        Change(posting(), _asking(required=True)),
    ),
    Rule(
        "parameter.became-required",
        "A parameter that may be left out is required.",
        "Give it a default instead.",
        Change(_asking(), _asking(required=True)),
    ),
    Rule(
        "parameter.removed",
        "A parameter is ignored: the call works and may mean something else.",
        "Announce it.",
        Change(_asking(), posting()),
    ),
    Rule(
        "parameter.style-changed",
        "A list or object is written another way.",
        "Accept both, or use another name.",
        Change(_asking(schema=_LIST), _asking(schema=_LIST, style="pipeDelimited", explode=False)),
    ),
    Rule(
        "parameter.empty-value",
        "An empty value is no longer allowed.",
        "Keep accepting it.",
        Change(_asking(allowEmptyValue=True), _asking()),
    ),
    Rule(
        "body.required-added",
        "A body is required where none was known.",
        "Make it optional.",
        Change(posting(), posting(requestBody={"required": True, "content": {"application/json": {}}})),
    ),
    Rule(
        "body.became-required",
        "A body that may be left out is required.",
        "Keep it optional.",
        Change(_body(), posting(requestBody={"required": True, "content": {"application/json": {"schema": _TEXT}}})),
    ),
    Rule("body.removed", "A body is ignored.", "Announce it.", Change(_body(), posting())),
    Rule(
        "body.part-type-removed",
        "A part of a form is no longer accepted as a media type.",
        "Keep accepting it.",
        Change(_form(contentType="text/plain, image/png"), _form(contentType="image/png")),
    ),
    Rule(
        "body.part-style-changed",
        "A part of a form is written another way.",
        "Accept both, or use another name.",
        Change(_form(style="form"), _form(style="pipeDelimited")),
    ),
    Rule(
        "body.part-header-required",
        "A part of a form needs a header.",
        "Do without where it is missing.",
        Change(_form(), _form(headers={"X-A": {"required": True, "schema": _TEXT}})),
    ),
    Rule(
        "body.xml-changed",
        "The same value is written in XML another way.",
        "Keep names, attributes and wrappers.",
        Change(
            _body("application/xml", {**_TEXT, "xml": {"name": "a"}}),
            _body("application/xml", {**_TEXT, "xml": {"name": "b"}}),
        ),
    ),
    Rule(
        "body.media-type-removed",
        "Bodies of a media type are answered by 415.",
        "Keep accepting it.",
        Change(_body("text/csv"), _body("application/json")),
    ),
    Rule(
        "security.tightened",
        "Credentials that were enough are not.",
        "Grant the new scope to old clients first.",
        Change(_secured(_flow("/token")), {**_secured(_flow("/token")), **posting(security=[{"o": ["admin"]}])}),
    ),
    Rule(
        "security.flow-removed",
        "Tokens are no longer issued the way clients get them.",
        "Keep the flow.",
        Change(
            _secured({**_flow("/token"), "password": {"tokenUrl": "/token", "scopes": {}}}), _secured(_flow("/token"))
        ),
    ),
    Rule(
        "security.address-changed",
        "Tokens are issued at another address.",
        "Keep answering at the old one.",
        Change(_secured(_flow("/token")), _secured(_flow("/oauth/token"))),
    ),
    Rule(
        "server.path-removed",
        "Nothing answers under a path of the server.",
        "Keep the old path as a second server.",
        Change({**posting(), "servers": [{"url": "/v1"}]}, {**posting(), "servers": [{"url": "/v2"}]}),
    ),
)
