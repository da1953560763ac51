"""A package of contracts as code meets it, told as lines of JSON: a program of its own, run by its path.

It imports nothing of ours before it knows which package it speaks for, so that today's program can speak for the
wheel of any release. Its one argument is what to import from first: a folder or a wheel; none for what is installed.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from types import ModuleType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

_NO_DECLARATIONS = ("contracts.compat", "contracts.tools")
_Answers = dict[str, Callable[[Any], Any]]


def modules() -> Iterator[ModuleType]:
    """Import every module that callers of the package may import."""
    package = importlib.import_module("contracts")
    yield package
    for entry in pkgutil.walk_packages(package.__path__, "contracts."):
        if not entry.name.startswith(_NO_DECLARATIONS):
            yield importlib.import_module(entry.name)


def describe(_: Any = None) -> dict[str, Any]:
    """Tell what every public name is, by `module:name`."""
    found: dict[str, Any] = {}
    for module in modules():
        for name in getattr(module, "__all__", ()):
            found[f"{module.__name__}:{name}"] = _described(getattr(module, name))
    return found


def _described(value: Any) -> dict[str, Any]:
    if isinstance(value, type):
        if issubclass(value, Enum):
            return {"kind": "enum", "members": {member.name: member.value for member in value}}
        if issubclass(value, BaseModel):
            fields = {name: _field(field) for name, field in value.model_fields.items()}
            return {"kind": "model", "fields": fields, "sent": value.model_config.get("extra") == "forbid"}
        if issubclass(value, Exception):
            bases = [base for base in value.__mro__[1:] if base.__module__.startswith("contracts")]
            return {"kind": "error", "bases": [f"{base.__module__}:{base.__name__}" for base in bases]}
        if operations := _operations(value):
            return {"kind": "api", "operations": {op.name: _called(op.stub) for op in operations}}
        return {"kind": "class"}
    return {"kind": "function", **_called(value, method=False)} if inspect.isfunction(value) else {"kind": "value"}


def _field(field: Any) -> dict[str, Any]:
    return {"required": field.is_required(), "type": _spelled(field.annotation)}


def _called(function: Any, *, method: bool = True) -> dict[str, Any]:
    signature = inspect.signature(function)
    arguments = list(signature.parameters.values())[1 if method else 0 :]
    return {
        "arguments": [
            {"name": one.name, "default": None if one.default is one.empty else repr(one.default)} for one in arguments
        ],
        "result": _spelled(signature.return_annotation),
    }


def _spelled(annotation: Any) -> str:
    """Write a type as its bare names: what it is held to is the wire's affair."""
    if hasattr(annotation, "__metadata__"):
        return _spelled(get_args(annotation)[0])
    origin, parts = get_origin(annotation), get_args(annotation)
    if parts:
        return f"{_spelled(origin)}[{', '.join(map(_spelled, parts))}]"
    return getattr(annotation, "__qualname__", str(annotation))


def _operations(api: Any) -> list[Any]:
    listed = getattr(api, "operations", None)
    return list(listed()) if listed is not None and hasattr(api, "service") else []


def _apis() -> Iterator[Any]:
    for module in modules():
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__ and _operations(value):
                yield value


def models() -> dict[str, tuple[TypeAdapter[Any], str]]:
    """Give what reads each body, parameter and answer, and how it reads; by `document operation part`."""
    found: dict[str, tuple[TypeAdapter[Any], str]] = {}
    for api in _apis():
        for op in api.operations():
            label = f"{api.service}.{api.version}.json {op.name}"
            for parameter in op.parameters:
                part = {"body": "body", "query": f"query {parameter.wire_name}"}.get(parameter.place.value)
                if part:
                    found[f"{label} {part}"] = TypeAdapter(parameter.annotation), "request"
            if op.reply is not None and op.kind == "json":
                found[f"{label} answer"] = TypeAdapter(op.reply), "response"
    return found


KNOWN: dict[str, tuple[TypeAdapter[Any], str]] = {}


def judge(asked: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Read payloads as service and client do: `[written again, why not, where]` for each."""
    KNOWN.update({} if KNOWN else models())
    return {key: [_judged(*KNOWN[key], payload) for payload in asked[key]] for key in asked if key in KNOWN}


def _judged(adapter: TypeAdapter[Any], direction: str, payload: Any) -> tuple[Any, str, list[Any]]:
    try:
        if direction == "request":
            value = adapter.validate_python(payload)
        else:
            value = adapter.validate_json(json.dumps(payload), extra="ignore")
        return json.loads(adapter.dump_json(value)), "", []
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return None, f"{error.title}: {first['msg']}", list(first["loc"])
    except Exception as error:  # noqa: BLE001 -- a model that falls over refuses, and the report says how
        return None, f"{type(error).__name__}: {error}", []


def perform(programs: list[str]) -> list[str]:
    """Run small programs; say of each why it failed, or nothing."""
    return [_performed(program) for program in programs]


def _performed(program: str) -> str:
    try:
        exec(program, {})  # noqa: S102 -- two lines that `source.py` writes, in a process of its own
    except Exception as error:  # noqa: BLE001 -- how it fails is the answer
        return f"{type(error).__name__}: {str(error).partition(' (/')[0]}"  # not where it lies on this machine
    return ""


ANSWERS: _Answers = {"describe": describe, "judge": judge, "perform": perform}


def main() -> None:
    """Answer each line of input, `[question, argument]`, by one line."""
    sys.path[:0] = sys.argv[1:]
    for line in sys.stdin:
        question, argument = json.loads(line)
        sys.stdout.write(json.dumps(ANSWERS[question](argument)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":  # pragma: no cover (in a process of its own, which isolation keeps from being measured)
    main()
