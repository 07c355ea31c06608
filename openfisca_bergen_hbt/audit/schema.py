"""A JSON Schema of test cases, generated from the law: an editor completes names by it, and marks what is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.audit.cases.reader import KEYS
from openfisca_bergen_hbt.audit.cases.regulations import DECISIONS_ONLY, reforms_by_path
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.situation import schema
from openfisca_bergen_hbt.text.language import _, marked, say

TEXTS = {
    "name": marked("What the test is about, in a line."),
    "description": marked("More about the test."),
    "period": marked("The period of what has none of its own: a year (2019) or a month (2019-01)."),
    "input": marked("What is given: 'brukere', 'enheter', 'byomraader' and 'etater' by name, or variables alone."),
    "output": marked(
        "What is expected: variables, with a value for each member, or under the member that it is about."
    ),
    "reforms": marked("Decisions on top of the foundation."),
    "absolute_error_margin": marked("How far a value may lie from the expected one. None: exact."),
    "relative_error_margin": marked("How far a value may lie from the expected one, as a share of it. None: exact."),
    "waiver": marked(
        "Why a margin is wider than half a krone or 0.1 %. Better as a comment: core does not take the key."
    ),
    "keywords": marked("Words to find the test by."),
}


def schema_of_cases() -> dict[str, Any]:
    """Return the schema of a file of test cases."""
    system = SYSTEMS.system(in_force())
    test = {
        "type": "object",
        "additionalProperties": False,
        "required": ["output"],
        "properties": {key: {**kind, "description": _said(key)} for key, kind in _keys(system).items()},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": _("Test cases of openfisca-bergen-hbt"),
        "definitions": {"test": test},
        "oneOf": [
            {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/test"}},
            {"$ref": "#/definitions/test"},
        ],
    }


def _said(key: str) -> str:
    return f"{_(TEXTS[key])} {_(DECISIONS_ONLY)}" if key == "reforms" else _(TEXTS[key])


def _keys(system: Any) -> Mapping[str, dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    reform = {"enum": list(reforms_by_path())}
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
        "period": {"anyOf": [{"type": "integer", "minimum": 2017}, {"type": "string", "pattern": schema.EITHER}]},
        "input": _situation(system, given=True),
        "output": _situation(system, given=False),
        "reforms": {"anyOf": [reform, {"type": "array", "minItems": 1, "items": reform}]},
        "absolute_error_margin": {"anyOf": [margin, by_variable]},
        "relative_error_margin": {"anyOf": [margin, by_variable]},
        "waiver": text,
    }
    return {key: kinds[key] for key in KEYS}


def _situation(system: Any, *, given: bool) -> dict[str, Any]:
    """Return the schema of users and groups by name, of one of each under its key, and of variables alone."""
    least = {} if given else {"minProperties": 1}
    known = [variable for variable in schema.variables(system) if given or variable.formulas]
    names = {"type": "string"} if given else None

    def dated_or_plain(variable: Any, kind: dict[str, Any] | None = None) -> dict[str, Any]:
        kind = kind or schema.value(variable)
        dated = schema.by_period(variable, kind, given=given)
        title = f"{say(variable.label)} ({data.unit_label(variable.unit)})"
        return {"anyOf": [kind, dated], "title": title, "description": say(variable.documentation)}

    properties: dict[str, Any] = {}
    for entity in system.entities:
        under = schema.properties_of(entity, known, dated_or_plain, names)
        one = {"type": "object", "additionalProperties": False, "properties": under, **least}
        properties[entity.plural] = {
            "type": "object",
            "description": say(entity.label),
            "minProperties": 1,
            "additionalProperties": one,
        }
        properties[entity.key] = {**one, "description": say(entity.label)}
    for variable in known:
        each = schema.value(variable)
        properties[variable.name] = dated_or_plain(
            variable, {"anyOf": [each, {"type": "array", "minItems": 1, "items": each}]}
        )
    return {"type": "object", "additionalProperties": False, "properties": properties, **least}
