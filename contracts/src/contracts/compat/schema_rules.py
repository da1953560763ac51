"""The rules of schemas: what a payload shows."""

from contracts.compat.rules import Change, Example, Rule, posting
from contracts.compat.values import Json, Node

_NEW_VERSION = "Publish it in a new version, and translate the old one."
_KEEP = "Keep accepting what was accepted; refuse by an error code of the service where a rule needs it."
_TEXT: Node = {"type": "string"}
_PET: Node = {"$ref": "#/components/schemas/Pet"}
_WHOLE: Node = {"type": "integer"}


def _object(required: list[Json], **properties: Json) -> Node:
    return {"type": "object", "properties": properties, "required": required}


def _sharing(name: str) -> Node:
    body: Node = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    return {**posting(requestBody=body), "components": {"schemas": {name: _object([], a=_TEXT)}}}


def _answering(schema: Json) -> Node:
    done: Node = {"description": "done", "content": {"application/json": {"schema": schema}}}
    return posting(responses={"200": done})


def _family(*names: str) -> Node:
    children: Node = {name: {"allOf": [_PET, _object([], a=_TEXT)]} for name in names}
    tags: Node = {name: f"#/components/schemas/{name}" for name in names}
    base: Node = {**_object(["kind"], kind=_TEXT), "discriminator": {"propertyName": "kind", "mapping": tags}}
    schemas: Node = {"Pet": base, **children}
    return {**_answering(_PET), "components": {"schemas": schemas}}


SCHEMA_RULES = (
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
        Change(_sharing("Thing"), _sharing("Item")),
    ),
    Rule(
        "discriminator.tag-unknown",
        "A base class has lost or won a subclass; generated code refuses tags that it does not know.",
        "List the subclasses in a `oneOf`, and announce new ones.",
        Change(_family("Cat"), _family("Cat", "Dog")),
    ),
    Rule(
        "default.changed",
        "What an absent value means has changed.",
        "Keep the default, or send the value.",
        Example({**_WHOLE, "default": 20}, {**_WHOLE, "default": 50}),
    ),
    Rule(
        "property.optional-dropped",
        "A member that old clients may show is no longer sent.",
        "Announce it; nobody may rely on it.",
        Change(_answering(_object([], a=_TEXT, b=_TEXT)), _answering(_object([], a=_TEXT))),
    ),
)
