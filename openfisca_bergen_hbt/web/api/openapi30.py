"""The specification in OpenAPI 3.0, for tools that do not know 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What 3.0 has no word for, and loses nothing that a client of ours needs by.
UNKNOWN = ("propertyNames", "identifier", "$schema")


def in_30(specification: dict[str, Any]) -> dict[str, Any]:
    """Return a specification of OpenAPI 3.1 in OpenAPI 3.0."""
    return {**_in_30(specification, specification["components"]["schemas"]), "openapi": "3.0.3"}


def _in_30(found: Any, schemas: Mapping[str, Any]) -> Any:
    """Return a part of it; ``schemas`` are what it refers to, by name."""
    if isinstance(found, list):
        return [_in_30(inner, schemas) for inner in found]
    if not isinstance(found, dict):
        return found
    known = {key: _in_30(inner, schemas) for key, inner in found.items() if key not in UNKNOWN}
    if isinstance(known.get("examples"), list):
        known["example"] = known.pop("examples")[0]
    if isinstance(known.get("type"), list):
        kinds = known.pop("type")
        others = [kind for kind in kinds if kind != "null"]
        known |= {"type": others[0]} if len(others) == 1 else {"anyOf": [{"type": kind} for kind in others]}
        known |= {"nullable": True} if others != kinds else {}
    choices = known.get("anyOf", [])
    if {"type": "null"} in choices:
        others = [choice for choice in choices if choice != {"type": "null"}]
        del known["anyOf"]
        known |= {"nullable": True, **(others[0] if len(others) == 1 else {"anyOf": others})}
    if known.get("required") == []:
        del known["required"]
    if "default" in known and known["default"] is None:
        del known["default"]  # what is left out; the schema that is referred to has no null
    if "$ref" in known and len(known) > 1:
        known["allOf"] = [{"$ref": known.pop("$ref")}]  # beside a reference 3.0 reads nothing
    return _typed(known, found, schemas) if known.get("nullable") and "type" not in known else known


def _typed(known: dict[str, Any], found: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be null with a type; where it is of several, one of these may be null."""
    if kind := _type_of(found, schemas):
        return {**known, "type": kind}
    first, *others = known.get("anyOf", [{}])
    if "type" not in first:
        return known
    del known["nullable"]
    return {**known, "anyOf": [{**first, "nullable": True}, *others]}


def _type_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str | None:
    """Return the type of a schema's values beside null; None where they are of several."""
    if "$ref" in schema:
        return _type_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "enum" in schema:
        return "string" if all(isinstance(value, str) for value in schema["enum"]) else None
    kinds = {_type_of(choice, schemas) for choice in schema.get("anyOf", []) if choice != {"type": "null"}}
    kind = kinds.pop() if len(kinds) == 1 else schema.get("type")
    return kind if isinstance(kind, str) else None
