"""The JSON Schema of the gate's own report, so that a program that reads it can rely on it."""

import json

from contracts.compat.findings import Report

TITLE = "Findings of the compatibility gate"


def report_schema() -> str:
    """Write the schema as it is committed under docs/schemas/findings.schema.json."""
    schema = Report.model_json_schema(mode="serialization") | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
    }
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"
