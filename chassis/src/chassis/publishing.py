"""The OpenAPI 3.1 document that a service publishes for one of its APIs."""

import inspect
import json
from typing import Any

from contracts.operation import Api
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from chassis.binding import ApiRouter
from chassis.documenting import dress

__all__ = ["publish", "written"]

_FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")  # of the 422 that FastAPI adds by itself
_REFERENCE = "#/components/schemas/{model}"


def publish(router: ApiRouter) -> dict[str, Any]:
    """Make the document of a router's API: what FastAPI says of its routes, and what it cannot say.

    Raises ContractError when an operation is not served.
    """
    router.check()
    api = router.api
    document = get_openapi(
        title=api.__name__, version=api.version, description=inspect.getdoc(api), routes=router.routes
    )
    document = _with_integers(document)
    for op in api.operations():
        dress(op, document["paths"][op.path][op.method.lower()])
    schemas = document["components"]["schemas"]
    for name in _FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schemas |= {name: schema for name, schema in _definitions(api).items() if name in schemas}
    return document


def written(document: dict[str, Any]) -> bytes:
    """Write a document as it is committed and served: the same bytes every time."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _definitions(api: type[Api]) -> dict[str, Any]:
    """Ask Pydantic itself for the components: FastAPI drops nulls from them, and makes integers floats."""
    asked = [
        parameter.annotation for op in api.operations() for parameter in op.parameters if parameter.place != "file"
    ]
    said = [op.reply for op in api.operations() if op.reply]
    said += [api.dialect.failure(error) for op in api.operations() for error in op.errors]
    inputs = [*_inputs(asked, "validation"), *_inputs(said, "serialization")]
    _, written = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE)
    return written.get("$defs", {})


def _inputs(kinds: list[Any], mode: JsonSchemaMode) -> list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]]:
    return [(f"{mode} {index}", mode, TypeAdapter(kind)) for index, kind in enumerate(kinds)]


def _with_integers(said: Any) -> Any:
    """Turn the bounds that FastAPI made floats into the integers they were."""
    if isinstance(said, dict):
        return {name: _with_integers(value) for name, value in said.items()}  # pyright: ignore[reportUnknownVariableType]  # JSON
    if isinstance(said, list):
        return [_with_integers(value) for value in said]  # pyright: ignore[reportUnknownVariableType]  # JSON
    return int(said) if isinstance(said, float) and said.is_integer() else said
