"""Every rule by name: what it means, the smallest change that shows it, and how to make the change safely."""

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
        return compare(_document(self.before), _document(self.after))


@dataclass(frozen=True)
class Rule:
    """What a finding of this name says."""

    name: str
    meaning: str
    safely: str
    example: Example | None = None


def _document(schema: Json) -> Document:
    body: Node = {"content": {"application/json": {"schema": schema}}}
    operation: Node = {"requestBody": body, "responses": {"200": {"description": "done"}}}
    raw: Node = {"openapi": "3.1.0", "info": {"title": "example", "version": "1"}}
    raw["paths"] = {"/things": {"post": operation}}
    return Document.checked(raw, "example")


_NEW_VERSION = "Publish it in a new version, and translate the old one."
_KEEP = "Keep accepting what was accepted; refuse by an error code of the service where a rule needs it."
_TEXT: Node = {"type": "string"}
_WHOLE: Node = {"type": "integer"}


def _object(required: list[Json], **properties: Json) -> Node:
    return {"type": "object", "properties": properties, "required": required}


def _list(**keywords: Json) -> Node:
    return {"type": "array", "items": _TEXT, **keywords}


_SCHEMA_RULES = (
    Rule("type.narrowed", "A JSON type that may be sent is no longer accepted.", _KEEP, Example({}, _TEXT)),
    Rule(
        "type.number-to-integer",
        "Fractions may be sent and are no longer accepted.",
        _KEEP,
        Example({"type": "number"}, _WHOLE),
    ),
    Rule(
        "union.branch-removed",
        "What may be sent fits no branch that is accepted.",
        _NEW_VERSION,
        Example(
            {"anyOf": [_object(["a"], a=_TEXT), _object(["b"], b=_TEXT)]},
            {"anyOf": [_object(["a"], a=_TEXT), _object(["c"], c=_TEXT)]},
        ),
    ),
    Rule(
        "union.overlap",
        "A value may fit two branches of a `oneOf`, which then refuses it.",
        "Give each branch a required tag with values of its own.",
        Example({"oneOf": [_TEXT, _WHOLE]}, {"oneOf": [_TEXT, {"type": ["string", "integer"]}]}),
    ),
    Rule(
        "enum.narrowed",
        "A listed value may be sent and is no longer accepted.",
        "In requests keep the old value and treat it as another; in answers declare the enumeration open first.",
        Example({"enum": ["a", "b"]}, {"enum": ["a"]}),
    ),
    Rule(
        "enum.added",
        "Anything could be sent, now only listed values are accepted.",
        _KEEP,
        Example(_TEXT, {"enum": ["a"]}),
    ),
    Rule(
        "number.minimum-raised",
        "Smaller numbers may be sent than are accepted.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "minimum": 1}),
    ),
    Rule(
        "number.maximum-lowered",
        "Greater numbers may be sent than are accepted.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "maximum": 9}),
    ),
    Rule(
        "number.multipleOf",
        "Numbers off the accepted grid may be sent.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "multipleOf": 5}),
    ),
    Rule(
        "number.format",
        "The format promises fewer bits than may be sent; validators do not check it, generated code does.",
        _NEW_VERSION,
        Example({**_WHOLE, "format": "int64"}, {**_WHOLE, "format": "int32"}),
    ),
    Rule(
        "string.minLength-raised",
        "Shorter texts may be sent than are accepted.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "minLength": 2}),
    ),
    Rule(
        "string.maxLength-lowered",
        "Longer texts may be sent than are accepted.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "maxLength": 9}),
    ),
    Rule(
        "string.pattern",
        "Texts may be sent that the pattern refuses.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "pattern": "^[a-z]+$"}),
    ),
    Rule(
        "string.format", "Texts may be sent that lack the format.", _KEEP, Example(_TEXT, {**_TEXT, "format": "date"})
    ),
    Rule(
        "array.minItems-raised",
        "Shorter lists may be sent than are accepted.",
        _KEEP,
        Example(_list(), _list(minItems=1)),
    ),
    Rule(
        "array.maxItems-lowered",
        "Longer lists may be sent than are accepted.",
        _KEEP,
        Example(_list(), _list(maxItems=3)),
    ),
    Rule(
        "array.uniqueItems",
        "Equal items may be sent and are no longer accepted.",
        _KEEP,
        Example(_list(), _list(uniqueItems=True)),
    ),
    Rule(
        "object.minProperties-raised",
        "Objects with fewer members may be sent than are accepted.",
        _KEEP,
        Example(_object([], a=_TEXT), {**_object([], a=_TEXT), "minProperties": 1}),
    ),
    Rule(
        "object.maxProperties-lowered",
        "Objects with more members may be sent than are accepted.",
        _KEEP,
        Example(_object([], a=_TEXT, b=_TEXT), {**_object([], a=_TEXT, b=_TEXT), "maxProperties": 1}),
    ),
    Rule(
        "property.became-required",
        "A member that may be left out is required.",
        "Make it optional with a default, or require it in a new version.",
        Example(_object([], a=_TEXT), _object(["a"], a=_TEXT)),
    ),
    Rule(
        "property.required-missing",
        "A member that is not sent is required.",
        "Add it as optional, or keep sending it.",
        Example(_object([]), _object(["a"], a=_TEXT)),
    ),
    Rule(
        "property.forbidden",
        "A member that may be sent is refused.",
        "Keep it declared and ignore it.",
        Example(_object([], a=_TEXT), {**_object([]), "additionalProperties": False}),
    ),
    Rule(
        "additional.forbidden",
        "Members that nothing declares may be sent and are refused.",
        _KEEP,
        Example({"type": "object"}, {"type": "object", "additionalProperties": False}),
    ),
    Rule(
        "keyword.unmodelled",
        "A keyword decides that the gate cannot derive from; payloads were searched, which proves no safety.",
        "Say it with keywords that can be derived, or judge it yourself and waive it.",
        Example(_TEXT, {**_TEXT, "not": {"const": "x"}}),
    ),
    Rule(
        "keyword.content",
        "A text is encoded in another way; validators do not look inside.",
        "Send it under another name, or in a new version.",
        Example({**_TEXT, "contentEncoding": "base64"}, {**_TEXT, "contentEncoding": "base32"}),
    ),
    Rule(
        "keyword.misplaced",
        "A keyword was tightened on a type it does not apply to: whoever wrote it meant something.",
        "Write it where it applies, or leave it out.",
        Example({"type": "object", "maxLength": 9}, {"type": "object", "maxLength": 3}),
    ),
    Rule(
        "schema.unsatisfiable",
        "No payload fits the sender's schema, so that all is true of it and nothing is known.",
        "Mend the schema.",
        Example({**_TEXT, "minLength": 3, "maxLength": 2}, _WHOLE),
    ),
    Rule(
        "schema.renamed",
        "A component has another name; payloads are the same, generated code is not.",
        "Keep the name, or announce it.",
    ),
    Rule(
        "discriminator.tag-unknown",
        "A base class has lost or won a subclass; generated code refuses tags that it does not know.",
        "List the subclasses in a `oneOf`, and announce new ones.",
    ),
    Rule("default.changed", "What an absent value means has changed.", "Keep the default, or send the value."),
    Rule(
        "property.optional-dropped",
        "A member that old clients may show is no longer sent.",
        "Announce it; nobody may rely on it.",
    ),
)
_HTTP_RULES = (
    Rule("document.removed", "A whole document is gone.", "Keep publishing it until its clients are gone."),
    Rule(
        "operation.removed",
        "An operation is gone: its callers get 404 or 405.",
        "Deprecate it with a sunset date first.",
    ),
    Rule("operation.id-changed", "Generated clients name the call after the operation id.", "Keep the id."),
    Rule(
        "operation.deprecated-without-sunset",
        "Callers are told to leave, not until when.",
        "Name the date: `x-sunset` or a Sunset header.",
    ),
    Rule(
        "parameter.required-added",
        "A parameter that old clients do not know is required.",
        "Make it optional, with a default.",
    ),
    Rule("parameter.became-required", "A parameter that may be left out is required.", "Give it a default instead."),
    Rule("parameter.removed", "A parameter is ignored: the call works and may mean something else.", "Announce it."),
    Rule("parameter.style-changed", "A list or object is written another way.", "Accept both, or use another name."),
    Rule("parameter.empty-value", "An empty value is no longer allowed.", _KEEP),
    Rule("body.required-added", "A body is required where none was known.", "Make it optional."),
    Rule("body.became-required", "A body that may be left out is required.", "Keep it optional."),
    Rule("body.removed", "A body is ignored.", "Announce it."),
    Rule("body.part-type-removed", "A part of a form is no longer accepted as a media type.", "Keep accepting it."),
    Rule("body.part-style-changed", "A part of a form is written another way.", "Accept both, or use another name."),
    Rule("body.part-header-required", "A part of a form needs a header.", "Do without where it is missing."),
    Rule("body.xml-changed", "The same value is written in XML another way.", "Keep names, attributes and wrappers."),
    Rule("body.media-type-removed", "Bodies of a media type are answered by 415.", "Keep accepting it."),
    Rule(
        "response.status-added",
        "A success that old clients do not know.",
        "Answer as before, or publish a new version.",
    ),
    Rule("response.status-removed", "A success that old clients wait for never comes.", "Keep answering it."),
    Rule(
        "response.error-added", "An error that old clients do not know by number; they know its class.", "Announce it."
    ),
    Rule("response.error-removed", "An error is no longer answered.", "Nothing to do."),
    Rule("response.body-removed", "An answer has lost its body.", "Keep sending it."),
    Rule("response.media-type-removed", "An answer is no longer available in a format.", "Keep offering it."),
    Rule("response.header-dropped", "A promised header may be missing.", "Keep sending it."),
    Rule("response.header-style", "A list or object in a header is written another way.", "Use another header."),
    Rule("response.header-undeclared", "A header that was never promised is no longer declared.", "Announce it."),
    Rule("security.tightened", "Credentials that were enough are not.", "Grant the new scope to old clients first."),
    Rule("security.flow-removed", "Tokens are no longer issued the way clients get them.", "Keep the flow."),
    Rule("security.address-changed", "Tokens are issued at another address.", "Keep answering at the old one."),
    Rule("server.path-removed", "Nothing answers under a path of the server.", "Keep the old path as a second server."),
    Rule("callback.removed", "A call that clients wait for is never made.", "Keep making it until nobody listens."),
    Rule("callback.body-dropped", "A call may come without the body that it promised.", "Keep sending it."),
    Rule("callback.media-type-added", "A call comes in a format that receivers do not read.", "Ask for it first."),
    Rule("callback.parameter-dropped", "A call may come without a promised parameter.", "Keep sending it."),
    Rule("callback.reply-removed", "A reply of the client is no longer understood.", "Keep accepting it."),
)

RULES = {rule.name: rule for rule in (*_SCHEMA_RULES, *_HTTP_RULES)}
