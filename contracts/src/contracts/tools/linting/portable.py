"""The portable subset: what an Api may say so that nothing is lost between it, its schema and other languages."""

import json

from contracts.compat.document import Document
from contracts.operation import Api
from contracts.tools.documents import Json
from contracts.tools.linting.breach import Breach
from contracts.tools.linting.models import model_breaches
from contracts.tools.linting.schemas import schema_breaches
from contracts.tools.models import forms, models
from contracts.tools.promise import promise

__all__ = ["breaches", "portability_faults"]


def breaches(api: type[Api]) -> list[Breach]:
    """Find what in an Api's models and parameters is outside the subset, each with a payload that shows it."""
    whole: Json = json.loads(json.dumps(promise(api)))
    found = [*schema_breaches(Document.checked(json.loads(json.dumps(whole)), api.__name__), whole)]
    found += [breach for model in models(api) for breach in model_breaches(model, textual=model in forms(api))]
    return list({(breach.place, breach.advice): breach for breach in reversed(found)}.values())[::-1]


def portability_faults(api: type[Api]) -> list[str]:
    """Say the same, each in a sentence."""
    return [f"{api.service} {api.version}: {breach.sentence}" for breach in breaches(api)]
