"""One OpenAPI document -> the source of Pydantic models, by datamodel-code-generator; what it would drop is a fault."""

import json
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, JsonValue

from contracts.tools.documents import Json, at

__all__ = ["Generated", "NotGenerated", "generate"]

_HEADER = '"""{title}, version {version}: models made from its OpenAPI document; edit the document, not this file."""'
_LINE = 120
_SCALAR = ("string", "integer")


class NotGenerated(Exception):
    """The generator cannot say all that a document says."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The source of a module, and the name in it of each component's model."""

    source: str
    names: dict[str, str]


class _Origin(BaseModel):
    class_name: str
    source_path: list[str]


class _Origins(BaseModel):
    models: list[_Origin]


def generate(document: Json) -> Generated:
    """Make the models of a document's components; raises NotGenerated instead of losing a constraint."""
    with tempfile.TemporaryDirectory() as folder:
        origins = Path(folder, "origins.json")
        source = _source(document, origins)
        found = _Origins.model_validate_json(origins.read_bytes()).models if origins.exists() else []
    names = {origin.source_path[2]: origin.class_name for origin in found if len(origin.source_path) == 3}
    if lost := at(document, "components", "schemas").keys() - names.keys():
        raise NotGenerated(f"it made no model of {', '.join(sorted(lost))}")
    return Generated(source, names)


def _source(document: Json, origins: Path) -> str:
    import datamodel_code_generator as codegen  # noqa: PLC0415 -- takes half a second that other commands need not pay
    from datamodel_code_generator.enums import StrictTypes  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            made = codegen.generate(
                json.dumps(_flattened(document)),
                input_file_type=codegen.InputFileType.OpenAPI,
                preset="standard-py311-20261027",
                target_pydantic_version=codegen.TargetPydanticVersion.V2_14,
                builtin_format_line_length=_LINE,
                custom_file_header=_header(document),
                enum_field_as_literal=codegen.LiteralType.Off,
                collapse_root_models=False,
                emit_model_metadata=origins,
                strict_types=[StrictTypes.int, StrictTypes.bool],
                allow_remote_refs=False,
                capitalise_enum_members=True,
                strict_refs=True,
                use_double_quotes=True,
                use_missing_sentinel=True,
                use_schema_description=True,
                use_single_line_docstring=True,
                use_single_value_enum_as_const=False,
                use_type_alias=True,
            )
        except Exception as found:
            raise NotGenerated(f"{type(found).__name__}: {' '.join(str(found).split())}") from found
    return f"{str(made).rstrip()}\n"


def _flattened(node: JsonValue) -> JsonValue:
    """Say `anyOf: [{type: T, ...}, {type: null}]` as `type: [T, null]`: the same, and no name is made up for it."""
    if isinstance(node, list):
        return [_flattened(item) for item in node]
    if not isinstance(node, dict):
        return node
    seen: Json = {name: _flattened(value) for name, value in node.items()}
    match seen.get("anyOf"):
        case [{"type": str(kind)} as said, {"type": "null"} as nothing] if kind in _SCALAR and len(nothing) == 1:
            del seen["anyOf"]
            return {**said, **seen, "type": [kind, "null"]}
        case _:
            return seen


def _header(document: Json) -> str:
    info = at(document, "info")
    said = {name: str(info.get(name, "?")).replace("\\", "/").replace('"', "'") for name in ("title", "version")}
    return _HEADER.format(**said)
