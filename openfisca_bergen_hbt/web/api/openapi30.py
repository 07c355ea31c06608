"""The specification in OpenAPI 3.0, for tools that do not know 3.1."""

from __future__ import annotations

from typing import Any

#: What 3.0 has no word for, and loses nothing that a client of ours needs by.
UNKNOWN = ("propertyNames", "identifier", "$schema")


def in_30(specification: dict[str, Any]) -> dict[str, Any]:
    """Return a specification of OpenAPI 3.1 in OpenAPI 3.0."""
    return {**_in_30(specification), "openapi": "3.0.3"}


def _in_30(found: Any) -> Any:
    if isinstance(found, list):
        return [_in_30(inner) for inner in found]
    if not isinstance(found, dict):
        return found
    known = {key: _in_30(inner) for key, inner in found.items() if key not in UNKNOWN}
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
    if "$ref" in known and len(known) > 1:
        known["allOf"] = [{"$ref": known.pop("$ref")}]  # beside a reference 3.0 reads nothing
    return known
