"""Ways in which a published document may drift from its promise, and how each must be named."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

__all__ = ["DRIFTS", "Drift"]

Document = dict[str, Any]
GET_USER = ("paths", "/v2/users/{user_id}", "get")
LIST = ("paths", "/v2/users", "get")
REGISTER = ("paths", "/v2/users", "post")
UPDATE = ("paths", "/v2/users/{user_id}", "patch")
SCHEMAS = ("components", "schemas")


@dataclass(frozen=True, slots=True)
class Drift:
    """One change to the published document of users v2, and the sentence that names it."""

    name: str
    change: Callable[[Document], object]
    sentence: str

    def of(self, document: Document) -> Document:
        """Change a copy."""
        drifted = deepcopy(document)
        self.change(drifted)
        return drifted


def inside(document: Document, *steps: str | int) -> Any:
    node: Any = document
    for step in steps:
        node = node[step]
    return node


def put(*steps: str | int, to: Any) -> Callable[[Document], object]:
    """Make the change that sets what lies at the end of the steps."""
    return lambda document: inside(document, *steps[:-1]).__setitem__(steps[-1], to)


def drop(*steps: str | int) -> Callable[[Document], object]:
    """Make the change that takes away what lies at the end of the steps."""
    return lambda document: inside(document, *steps[:-1]).pop(steps[-1])


def rename(*steps: str, to: str) -> Callable[[Document], object]:
    """Make the change that gives what lies at the end of the steps another name."""

    def change(document: Document) -> None:
        holder = inside(document, *steps[:-1])
        holder[to] = holder.pop(steps[-1])

    return change


def loosen(component: str, member: str) -> Callable[[Document], object]:
    """Make the change that lets a required member be absent."""
    return lambda document: inside(document, *SCHEMAS, component, "required").remove(member)


LIMIT = (*LIST, "parameters", 2)
USER = (*SCHEMAS, "User")
STATUS = (*SCHEMAS, "AccountStatus")

DRIFTS = (
    Drift(
        "a parameter dropped",
        drop(*LIMIT),
        'users v2 list_users: query parameter limit: promised {"name": "limit"',
    ),
    Drift(
        "a parameter renamed",
        put(*LIMIT, "name", to="size"),
        'users v2 list_users: query parameter size: promised nothing, published {"name": "size"',
    ),
    Drift(
        "a parameter's type",
        put(*LIMIT, "schema", "type", to="string"),
        'users v2 list_users: query parameter limit: schema/type: promised "integer", published "string"',
    ),
    Drift(
        "a parameter's bound",
        put(*LIMIT, "schema", "maximum", to=50),
        "users v2 list_users: query parameter limit: schema/maximum: promised 100, published 50",
    ),
    Drift(
        "a bound that became a float",
        put(*LIMIT, "schema", "maximum", to=100.0),
        "users v2 list_users: query parameter limit: schema/maximum: promised 100, published 100.0",
    ),
    Drift(
        "a parameter's default",
        put(*LIMIT, "schema", "default", to=10),
        "users v2 list_users: query parameter limit: schema/default: promised 20, published 10",
    ),
    Drift(
        "a parameter that became required",
        put(*LIMIT, "required", to=True),
        "users v2 list_users: query parameter limit: required: promised false, published true",
    ),
    Drift(
        "a parameter in another place",
        put(*LIMIT, "in", to="header"),
        "users v2 list_users: header parameter limit: promised nothing, published",
    ),
    Drift(
        "a request header dropped",
        drop(*UPDATE, "parameters", 1),
        'users v2 update_user: header parameter If-Match: promised {"name": "If-Match"',
    ),
    Drift(
        "a body field dropped",
        drop(*SCHEMAS, "NewUser", "properties", "name"),
        'users v2: component NewUser (of register): properties/name: promised {"$ref": "#/components/schemas/Name"}',
    ),
    Drift(
        "a body field's bound",
        put(*SCHEMAS, "NewUser", "properties", "password", "minLength", to=8),
        "users v2: component NewUser (of register): properties/password/minLength: promised 12, published 8",
    ),
    Drift(
        "a body field no longer required",
        loosen("NewUser", "email"),
        'users v2: component NewUser (of register): required: promised ["email", "name", "password"], published',
    ),
    Drift(
        "a request that takes unknown members",
        drop(*SCHEMAS, "NewUser", "additionalProperties"),
        "users v2: component NewUser (of register): additionalProperties: promised false, published nothing",
    ),
    Drift(
        "a body that may be absent",
        put(*REGISTER, "requestBody", "required", to=False),
        "users v2 register: request body: required: promised true, published false",
    ),
    Drift(
        "a body's media type",
        rename(*REGISTER, "requestBody", "content", "application/json", to="text/json"),
        "users v2 register: request body application/json: promised",
    ),
    Drift(
        "a body that is gone",
        drop(*REGISTER, "requestBody"),
        'users v2 register: request body: promised {"required": true}, published nothing',
    ),
    Drift(
        "a response's media type",
        rename(*GET_USER, "responses", "404", "content", "application/problem+json", to="application/json"),
        "users v2 get_user: response 404 application/problem+json: promised",
    ),
    Drift(
        "a response's schema",
        put(
            *(*GET_USER, "responses", "404", "content", "application/problem+json", "schema", "$ref"),
            to="#/components/schemas/User",
        ),
        "users v2 get_user: response 404 application/problem+json: schema/$ref: promised",
    ),
    Drift(
        "a status missing",
        drop(*GET_USER, "responses", "404"),
        "users v2 get_user: response 404: promised",
    ),
    Drift(
        "a status too many",
        put(*GET_USER, "responses", "418", to={"description": "I am a teapot"}),
        'users v2 get_user: response 418: promised nothing, published {"description": "I am a teapot"}',
    ),
    Drift(
        "a response header missing",
        drop(*GET_USER, "responses", "200", "headers", "ETag"),
        "users v2 get_user: response 200 header ETag: promised",
    ),
    Drift(
        "a response header no longer certain",
        put(*GET_USER, "responses", "200", "headers", "ETag", "required", to=False),
        "users v2 get_user: response 200 header ETag: required: promised true, published false",
    ),
    Drift(
        "a scope",
        put(*GET_USER, "security", to=[{"bearer": ["users:admin"]}]),
        'users v2 get_user: security: 0/bearer/0: promised "users:read", published "users:admin"',
    ),
    Drift(
        "no scope at all",
        drop(*GET_USER, "security"),
        'users v2 get_user: security: promised [{"bearer": ["users:read"]}], published nothing',
    ),
    Drift(
        "security that needs no scope",
        put(*GET_USER, "security", to=[{"bearer": None}]),
        'users v2 get_user: security: 0/bearer: promised ["users:read"], published null',
    ),
    Drift(
        "a security scheme",
        put("components", "securitySchemes", "bearer", "scheme", to="basic"),
        'users v2: securitySchemes bearer: scheme: promised "bearer", published "basic"',
    ),
    Drift(
        "a deprecation",
        put(*GET_USER, "deprecated", to=True),
        "users v2 get_user: deprecated: promised nothing, published true",
    ),
    Drift(
        "an enum member",
        put(*STATUS, "enum", to=["active", "closed"]),
        "users v2: component AccountStatus (of list_users, register, get_me, ...): enum: promised",
    ),
    Drift(
        "an enum member's name",
        put(*STATUS, "x-enum-varnames", 0, to="OPEN"),
        'x-enum-varnames/0: promised "ACTIVE", published "OPEN"',
    ),
    Drift(
        "a component's example",
        put(*USER, "examples", 0, "email", to="bob@example.com"),
        'examples/0/email: promised "ada@example.com", published "bob@example.com"',
    ),
    Drift(
        "an error's example",
        drop(*GET_USER, "responses", "404", "content", "application/problem+json", "examples", "user_not_found"),
        "users v2 get_user: response 404 application/problem+json: examples/user_not_found: promised",
    ),
    Drift(
        "an error's code",
        put(*GET_USER, "responses", "404", "x-error-codes", to=["not_found"]),
        'users v2 get_user: response 404: x-error-codes/0: promised "user_not_found", published "not_found"',
    ),
    Drift(
        "an operationId",
        put(*GET_USER, "operationId", to="read_user"),
        'users v2 get_user: operationId: promised "get_user", published "read_user"',
    ),
    Drift(
        "a summary",
        put(*GET_USER, "summary", to="Get"),
        'users v2 get_user: summary: promised "Fetch one account", published "Get"',
    ),
    Drift(
        "a component missing",
        drop(*SCHEMAS, "RoleChange"),
        "users v2: component RoleChange (of set_role): promised",
    ),
    Drift(
        "a component too many",
        put(*SCHEMAS, "HTTPValidationError", to={"type": "object"}),
        'users v2: component HTTPValidationError: promised nothing, published {"type": "object"}',
    ),
    Drift(
        "a path",
        rename("paths", "/v2/people", to="/v2/persons"),
        'users v2 get_people: path: promised "/v2/people", published "/v2/persons"',
    ),
    Drift(
        "a method",
        rename("paths", "/v2/people", "get", to="post"),
        'users v2 get_people: method: promised "GET", published "POST"',
    ),
    Drift(
        "an operation missing",
        drop("paths", "/v2/people"),
        "users v2 get_people: operation: promised GET /v2/people, published nothing",
    ),
    Drift(
        "an operation too many",
        put("paths", "/v2/secrets", to={"get": {"operationId": "list_secrets"}}),
        "users v2 list_secrets: operation: promised nothing, published GET /v2/secrets",
    ),
    Drift(
        "a parameter of a whole path",
        put("paths", "/v2/people", "parameters", to=[]),
        'users v2: path /v2/people: promised nothing, published {"parameters": []}',
    ),
    Drift(
        "a bound on the body",
        put(*REGISTER, "x-max-bytes", to=1),
        "users v2 register: x-max-bytes: promised 65536, published 1",
    ),
    Drift(
        "the title",
        put("info", "title", to="FastAPI"),
        'users v2: info: title: promised "Users", published "FastAPI"',
    ),
    Drift(
        "the version of OpenAPI",
        put("openapi", to="3.2.0"),
        'users v2: openapi: promised "3.1.0", published "3.2.0"',
    ),
)
