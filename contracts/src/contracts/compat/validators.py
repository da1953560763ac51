"""The judge: jsonschema-rs over one registry per view, offline, patterns bounded."""

import jsonschema_rs

from contracts.compat.values import Json
from contracts.compat.views import View

_URI = "urn:view"
_REGEX = jsonschema_rs.FancyRegexOptions(backtrack_limit=200_000)


class Validators:
    """One compiled validator for each root schema of a view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._registry: jsonschema_rs.Registry | None = None
        self._known: dict[int, tuple[Json, jsonschema_rs.Draft202012Validator | None]] = {}

    def of(self, schema: Json) -> jsonschema_rs.Draft202012Validator | None:
        """Compile a schema, or give None where the validator cannot read it."""
        key = id(schema)
        if key not in self._known:
            self._known[key] = schema, self._compiled(schema)
        return self._known[key][1]

    def canonical(self, schema: Json) -> jsonschema_rs.CanonicalSchema | None:
        """Give the canonical form of a schema, by which jsonschema-rs decides inclusion in its own way."""
        self.of(schema)  # makes the registry
        try:
            return jsonschema_rs.canonicalize(
                schema if isinstance(schema, dict | bool) else True,
                validate_formats=True, registry=self._registry, offline=True,
            )  # fmt: skip
        except (ValueError, TypeError, jsonschema_rs.ReferencingError):
            return None

    def _compiled(self, schema: Json) -> jsonschema_rs.Draft202012Validator | None:
        known = schema if isinstance(schema, dict | bool) else True
        try:
            if self._registry is None:
                resources: list[tuple[str, jsonschema_rs.JSONType]] = [(_URI, self.view.registry())]
                self._registry = jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft202012)
            return jsonschema_rs.Draft202012Validator(
                known, validate_formats=True, registry=self._registry, offline=True, pattern_options=_REGEX
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return None
