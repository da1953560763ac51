"""What both documents have is tried on the models, and values are varied around what a document allows."""

from typing import Any

from contracts.compat.document import Document
from contracts.compat.shapes import Shapes
from contracts.compat.views import Stance, View
from contracts.tools.trials import trials
from contracts.tools.variety import varied

BODY = "application/json"


def published(**operations: Any) -> Document:
    """Write a document with a POST for each name, and the media types of its body."""
    paths: Any = {
        f"/{name}": {
            "post": {
                "operationId": name,
                "requestBody": {"content": {media: {"schema": schema} for media, schema in bodies.items()}},
                "responses": {"204": {"description": "done"}},
            }
        }
        for name, bodies in operations.items()
    }
    return Document.checked({"openapi": "3.1.0", "paths": paths}, "test")


def test_what_only_one_side_publishes_is_not_tried() -> None:
    text = {"type": "string"}

    found = trials("a.v1.json", published(a={BODY: text, "text/csv": text}, b={BODY: text}), published(a={BODY: text}))

    assert [(trial.key, trial.where, trial.direction) for trial in found] == [
        ("a.v1.json a body", "body application/json", "request")
    ]


def test_there_is_nothing_to_vary_around_what_no_value_meets() -> None:
    document = published(a={BODY: {"allOf": [{"type": "string"}, {"type": "integer"}]}})
    place = document.at("paths", "/a", "post", "requestBody", "content", BODY, "schema")

    made = list(varied(Shapes(View(document, Stance("request", "sender"))), place, set()))

    assert made == []
