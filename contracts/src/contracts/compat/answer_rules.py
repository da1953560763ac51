"""The rules of what the service sends: answers to its callers, and calls of its own."""

from contracts.compat.rules import Change, Rule, posting
from contracts.compat.values import Json, Node

_TEXT: Node = {"type": "string"}
_LIST: Node = {"type": "array", "items": _TEXT}
_DONE: Node = {"description": "done"}


def _answers(**statuses: Json) -> Node:
    return posting(responses={status.removeprefix("s"): answer for status, answer in statuses.items()})


def _with_header(**members: Json) -> Node:
    return _answers(s200={**_DONE, "headers": {"ETag": {"schema": _LIST, **members}}})


def _calling(call: Node | None = None) -> Node:
    told: Node = {"responses": {"200": _DONE}, **(call or {})}
    return posting(callbacks={"told": {"{$request.query.to}": {"post": told}}})


def _told(media: str, *more: str) -> Node:
    return {"requestBody": {"required": True, "content": {name: {"schema": _TEXT} for name in (media, *more)}}}


ANSWER_RULES = (
    Rule(
        "response.status-added",
        "A success that old clients do not know.",
        "Answer as before, or publish a new version.",
        Change(_answers(s200=_DONE), _answers(s200=_DONE, s202=_DONE)),
    ),
    Rule(
        "response.status-removed",
        "A success that old clients wait for never comes.",
        "Keep answering it.",
        Change(_answers(s200=_DONE, s202=_DONE), _answers(s200=_DONE)),
    ),
    Rule(
        "response.error-added",
        "An error that old clients do not know by number; they know its class.",
        "Announce it.",
        Change(_answers(s200=_DONE), _answers(s200=_DONE, s409=_DONE)),
    ),
    Rule(
        "response.error-removed",
        "An error is no longer answered.",
        "Nothing to do.",
        Change(_answers(s200=_DONE, s409=_DONE), _answers(s200=_DONE)),
    ),
    Rule(
        "response.body-removed",
        "An answer has lost its body.",
        "Keep sending it.",
        Change(_answers(s200={**_DONE, "content": {"application/json": {"schema": _TEXT}}}), _answers(s200=_DONE)),
    ),
    Rule(
        "response.media-type-removed",
        "An answer is no longer available in a format.",
        "Keep offering it.",
        Change(
            _answers(s200={**_DONE, "content": {"text/csv": {}}}),
            _answers(s200={**_DONE, "content": {"text/html": {}}}),
        ),
    ),
    Rule(
        "response.header-dropped",
        "A promised header may be missing.",
        "Keep sending it.",
        Change(_with_header(required=True), _answers(s200=_DONE)),
    ),
    Rule(
        "response.header-style",
        "A list or object in a header is written another way.",
        "Use another header.",
        Change(_with_header(), _with_header(explode=True, schema={"type": "object"})),
    ),
    Rule(
        "response.header-undeclared",
        "A header that was never promised is no longer declared.",
        "Announce it.",
        Change(_with_header(), _answers(s200=_DONE)),
    ),
    Rule(
        "callback.removed",
        "A call that clients wait for is never made.",
        "Keep making it until nobody listens.",
        Change(_calling(), posting()),
    ),
    Rule(
        "callback.body-dropped",
        "A call may come without the body that it promised.",
        "Keep sending it.",
        Change(_calling(_told("application/json")), _calling()),
    ),
    Rule(
        "callback.media-type-added",
        "A call comes in a format that receivers do not read.",
        "Ask for it first.",
        Change(_calling(_told("application/json")), _calling(_told("application/json", "text/csv"))),
    ),
    Rule(
        "callback.parameter-dropped",
        "A call may come without a promised parameter.",
        "Keep sending it.",
        Change(_calling({"parameters": [{"name": "q", "in": "query", "required": True, "schema": _TEXT}]}), _calling()),
    ),
    Rule(
        "callback.reply-removed",
        "A reply of the client is no longer understood.",
        "Keep accepting it.",
        Change(_calling({"responses": {"200": _DONE, "202": _DONE}}), _calling()),
    ),
)
