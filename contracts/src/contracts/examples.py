"""One example value of any type that a contract uses, from what its models say of themselves."""

from copy import deepcopy
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from contracts.places import bare

__all__ = ["example", "example_json"]


def example(annotation: Any) -> Any:
    """Make an example of a model, or of a list of one; raises LookupError where a model has none."""
    return TypeAdapter(annotation).validate_python(example_json(annotation))


def example_json(annotation: Any) -> Any:
    """The same, as JSON data that the caller may change."""
    kind = bare(annotation)
    if get_origin(kind) is list:
        return [example_json(get_args(kind)[0])]
    if type(None) in get_args(kind):
        return None
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _of_model(kind)
    raise LookupError(f"{kind!r} has no example: give one to the model that holds it")


def _of_model(model: type[BaseModel]) -> Any:
    extra: Any = model.model_config.get("json_schema_extra") or {}
    if extra.get("examples"):
        return deepcopy(extra["examples"][0])
    raise LookupError(f"{model.__name__} has no example: add one to its `json_schema_extra`")
