"""A JSON Schema of test cases, generated from the law: an editor completes names by it, and marks what is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.audit.cases.reader import KEYS
from openfisca_bergen_hbt.audit.cases.regulations import DECISIONS_ONLY, decisions_by_path
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.text.spelling import ROLE

#: How periods are written: a year, a month, or either.
YEAR, MONTH = r"(year:)?\d{4}", r"(month:)?\d{4}-(0[1-9]|1[0-2])"
PATTERNS = {DateUnit.YEAR: f"^{YEAR}$", DateUnit.MONTH: f"^{MONTH}$"}
EITHER = f"^({YEAR}|{MONTH})$"
TEXTS = {
    "name": "What the test is about, in a line.",
    "description": "More about the test.",
    "period": "The period of what has none of its own: a year (2019) or a month (2019-01).",
    "input": "What is given: brukere, enheter, byomraader and etater by name, or variables alone.",
    "output": "What is expected: variables, with a value for each member, or under the member that it is about.",
    "reforms": f"Decisions on top of the foundation. {DECISIONS_ONLY}",
    "absolute_error_margin": "How far a value may lie from the expected one. None: exact.",
    "relative_error_margin": "How far a value may lie from the expected one, as a share of it. None: exact.",
    "waiver": "Why a margin is wider than half a krone or 0.1 %. Better as a comment: core does not take the key.",
    "keywords": "Words to find the test by.",
}


def schema() -> dict[str, Any]:
    """Return the schema of a file of test cases."""
    system = SYSTEMS.system(in_force())
    test = {
        "type": "object",
        "additionalProperties": False,
        "required": ["output"],
        "properties": {key: {**kind, "description": TEXTS[key]} for key, kind in _keys(system).items()},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Test cases of openfisca-bergen-hbt",
        "definitions": {"test": test},
        "oneOf": [
            {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/test"}},
            {"$ref": "#/definitions/test"},
        ],
    }


def _keys(system: Any) -> Mapping[str, dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    reform = {"enum": list(decisions_by_path())}
    margin = {"type": "number", "minimum": 0}
    by_variable = {
        "type": "object",
        "required": ["default"],
        "propertyNames": {"enum": ["default", *sorted(system.variables)]},
        "additionalProperties": margin,
    }
    kinds: dict[str, dict[str, Any]] = {
        "name": text,
        "description": text,
        "keywords": {"anyOf": [text, {"type": "array", "items": text}]},
        "period": {"anyOf": [{"type": "integer", "minimum": 2017}, {"type": "string", "pattern": EITHER}]},
        "input": _situation(system, given=True),
        "output": _situation(system, given=False),
        "reforms": {"anyOf": [reform, {"type": "array", "minItems": 1, "items": reform}]},
        "absolute_error_margin": {"anyOf": [margin, by_variable]},
        "relative_error_margin": {"anyOf": [margin, by_variable]},
        "waiver": text,
    }
    return {key: kinds[key] for key in KEYS}


def _situation(system: Any, *, given: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for entity in system.entities:
        one = _instance(system, entity, given=given)
        properties[entity.plural] = {
            "type": "object",
            "description": entity.label,
            "minProperties": 1,
            "additionalProperties": one,
        }
        properties[entity.key] = {**one, "description": entity.label}
    for name, variable in sorted(system.variables.items()):
        if given or variable.formulas:
            properties[name] = _described(variable, _dated(variable, _of_all(variable), given=given))
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({} if given else {"minProperties": 1}),
    }


def _instance(system: Any, entity: Any, *, given: bool) -> dict[str, Any]:
    properties = {
        name: _described(variable, _dated(variable, _of_one(variable), given=given))
        for name, variable in sorted(system.variables.items())
        if variable.entity.key == entity.key and (given or variable.formulas)
    }
    if given and not entity.is_person:
        names = {"type": ["string", "integer"]}
        users = {"anyOf": [{"type": "array", "items": names}, names]}
        properties[ROLE] = {**users, "description": "The users that belong to it."}
    least = {} if given else {"minProperties": 1}
    return {"type": "object", "additionalProperties": False, "properties": properties, **least}


def _described(variable: Any, kind: dict[str, Any]) -> dict[str, Any]:
    unit = data.units()[variable.unit]["label"]
    return {**kind, "title": f"{variable.label} ({unit})", "description": variable.documentation}


def _dated(variable: Any, kind: dict[str, Any], *, given: bool) -> dict[str, Any]:
    """Return a value, or values by period; what is given for a year holds for each of its months."""
    monthly = variable.definition_period == DateUnit.MONTH
    pattern = EITHER if given and monthly else PATTERNS[variable.definition_period]
    by_period = {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {pattern: kind},
        "additionalProperties": False,
    }
    return {"anyOf": [kind, by_period]}


def _of_all(variable: Any) -> dict[str, Any]:
    one = _of_one(variable)
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def _of_one(variable: Any) -> dict[str, Any]:
    if hasattr(variable, "possible_values"):
        return {"enum": list(variable.possible_values.names)}
    return {"type": {bool: "boolean", int: "integer"}.get(variable.value_type, "number")}
