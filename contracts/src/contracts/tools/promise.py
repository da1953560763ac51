"""What a service promises: the OpenAPI 3.1 document of one Api, from its declarations and Pydantic alone.

What the service publishes must be equal to it, member by member (`contracts verify`). Where FastAPI has a natural
shape, that shape is the promise. Whatever is not mentioned here is absent. The order of object members is free, and
so is that of parameters, of `required` and of security scopes; every other list is ordered.

Document
    openapi      "3.1.0"
    info         title = `api.__name__`, version = `api.version`, description = `inspect.getdoc(api)`
    paths        as declared, one member for each method in lower case
    components   schemas: what `TypeAdapter.json_schemas(..., ref_template="#/components/schemas/{model}")` defines for
                 every schema below, asked for in one go, so that a model is split into -Input and -Output only where
                 the two differ: requests and parameters in validation mode, replies, events and errors in
                 serialization mode. `default: null` and `data: null` in examples stay, bounds are integers.
                 securitySchemes: absent when no operation has a scope, else {"bearer": {type "http", scheme
                 "bearer", bearerFormat "JWT", description "An access token from `POST /oauth/token` of the users
                 service."}}

Operation
    tags         [`api.service`]
    summary      `op.summary`
    description  `op.description`, absent when empty
    operationId  `op.name`
    deprecated   true when the api has a retirement, else absent
    security     [{"bearer": [`op.scope`]}], absent without a scope
    parameters   see below, absent when there are none
    requestBody  see below, absent when there is none
    responses    see below; no 422 unless an error of `op.errors` has that status
    x-repeatable `op.repeatable`, always there
    x-max-bytes  `op.max_bytes`, with a body only

Parameter (a query model counts as one parameter for each of its fields)
    name         the wire name
    in           "path", "query" or "header"
    required     true or false, always there
    schema       Pydantic's, in validation mode, of the annotation with its default, and, unless it is a bare $ref, a
                 title: `name.title().replace("_", " ")`. A default of null is left out: nobody can send null here, so
                 it only says what `required` says; `anyOf` with null stays.
    description  the field's description, where it has one (it stands in the schema as well)
    deprecated   true where the field is, else absent
    An operation with `op.conditional` has one more, and it is exactly:
        {"name": "If-None-Match", "in": "header", "required": false,
         "description": "The ETag that was read (RFC 9110 13.1.2); the answer is 304 while it still holds.",
         "schema": {"type": "string", "title": "If-None-Match"}}

Request body, always `required: true`, and nothing else beside `content`
    body         application/json: {schema: a $ref, or an array of them with the name's title, as for parameters}
    form         application/x-www-form-urlencoded: {schema: $ref}
    file         multipart/form-data: {schema: $ref to the component `Body_<operationId>`}, an object whose one
                 required property, named as the parameter, is {type "string", contentMediaType
                 "application/octet-stream", title}

Response to each of `op.successes`
    description  the phrase of the status: "OK", "Created", "Accepted", "No Content"
    headers      the declared ones, Cache-Control {description "How long this may be kept (RFC 9111).", required true,
                 schema {type "string", const `op.cache_control`}}, and those of every response (below)
    content      json: application/json: {schema of `op.reply`; inline ones (arrays) are titled
                 "Response Get People", for a second success "Response 202 Get People"}
                 events: text/event-stream: {x-event-schema: the schema of `op.reply`, which each event's data is JSON
                 of} and no schema, since OpenAPI 3.1 has no words for a stream (3.2 has: itemSchema)
                 download: each of `op.media`: {schema {type "string", contentMediaType the media type}}
                 empty: absent
    No examples: the components have them.

Response 304, where `op.conditional`: description "Not Modified", headers as the success that it stands for.

Response to each status of `op.errors`
    description    one line for each error, in their order: "- `code`: title", joined by a newline
    headers        401: WWW-Authenticate {description "How to authenticate (RFC 9110 11.6.1).", required true, schema
                   {type "string", pattern "^(?:Bearer|Basic)"}}; 429 and 503: RETRY_AFTER; those of every response
    content        `dialect.media_type`: {schema, examples}
      schema       $ref to `dialect.failure(error)`; {anyOf: [$ref, ...]} where the errors have several, in their order
      examples     {code: {summary: title, value: `dialect.word(error(title, **members), op.path, trace_id)` as JSON}}
                   with trace_id "4bf92f3577b34da6a3ce929d0e0e4736", and as members those of `example_json(
                   error.problem)` that `Problem` does not have
    x-error-codes  [code, ...], in their order

Header of a response
    a ResponseHeader: {description `meaning`, required `always`, schema {type "string", pattern, examples [example]}}
    on every response of an api with a retirement, each of `retirement.headers`: {description, required true, schema
    {type "string", const the value}}, with the descriptions "When this version was deprecated (RFC 9745).", "When
    this version will be gone (RFC 8594)." and "Where the version that follows lives (RFC 8288)."
    `headers` is absent where there are none. Those of the infrastructure (X-Request-Id, X-Process-Time, RateLimit,
    traceparent) are no part of a contract.
"""

import inspect
from typing import Any

from pydantic import JsonValue

from contracts.operation import Api, Operation
from contracts.places import Parameter, Place
from contracts.tools.documents import Json, at
from contracts.tools.responses import responses
from contracts.tools.schemas import Schemas

__all__ = ["promise"]

_BEARER: Json = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token from `POST /oauth/token` of the users service.",
}
_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was read (RFC 9110 13.1.2); the answer is 304 while it still holds.",
    "schema": {"type": "string", "title": "If-None-Match"},
}
_MEDIA = {
    Place.BODY: "application/json",
    Place.FORM: "application/x-www-form-urlencoded",
    Place.FILE: "multipart/form-data",
}


def promise(api: type[Api]) -> Json:
    """Compute the document that the service of this Api must publish."""
    schemas = Schemas(api)
    secured: Json = {"securitySchemes": {"bearer": _BEARER}} if any(op.scope for op in api.operations()) else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": api.__name__, "version": api.version, "description": inspect.getdoc(api)},
        "paths": _paths(api, schemas),
        "components": {"schemas": schemas.components, **secured},
    }


def _paths(api: type[Api], schemas: Schemas) -> Json:
    paths: dict[str, JsonValue] = {}
    for op in api.operations():
        paths[op.path] = {**at(paths, op.path), op.method.lower(): _operation(op, schemas)}
    return paths


def _operation(op: Operation[..., Any], schemas: Schemas) -> Json:
    optional: Json = {
        "description": op.description,
        "deprecated": op.api.retirement is not None,
        "security": [{"bearer": [op.scope.value]}] if op.scope else [],
        "parameters": _parameters(op, schemas),
        "requestBody": _body(op, op.body, schemas) if op.body else None,
        "x-max-bytes": op.max_bytes if op.body else None,
    }
    return {
        "tags": [op.api.service],
        "summary": op.summary,
        "operationId": op.name,
        **{name: value for name, value in optional.items() if value},
        "responses": responses(op, schemas),
        "x-repeatable": op.repeatable,
    }


def _parameters(op: Operation[..., Any], schemas: Schemas) -> list[JsonValue]:
    schema = schemas.parameters(op)
    required = schema.get("required")
    promised: list[JsonValue] = [
        _parameter(key, isinstance(required, list) and key in required, at(schema, "properties", key))
        for key in at(schema, "properties")
    ]
    return [*promised, _IF_NONE_MATCH] if op.conditional else promised


def _parameter(key: str, required: bool, schema: Json) -> Json:
    place, _, name = key.partition(" ")
    said = {member: schema[member] for member in ("description", "deprecated") if member in schema}
    return {"name": name, "in": place, "required": required, "schema": _titled(schema, name), **said}


def _body(op: Operation[..., Any], body: Parameter, schemas: Schemas) -> Json:
    return {"required": True, "content": {_MEDIA[body.place]: {"schema": _titled(schemas.body(op), body.wire_name)}}}


def _titled(schema: Json, name: str) -> Json:
    """Give an inline schema its title, and leave out a default that nobody can send."""
    kept = {member: value for member, value in schema.items() if (member, value) != ("default", None)}
    return kept if "$ref" in kept else {**kept, "title": name.title().replace("_", " ")}
