"""What the API takes and answers, as JSON Schema: situations and the law's own descriptions, made from the law."""

from __future__ import annotations

from typing import Any, get_type_hints

import msgspec

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.comparison import COLUMN
from openfisca_bergen_hbt.regelverk import FOUNDATION, applied_like_readings, decisions
from openfisca_bergen_hbt.situation import schema
from openfisca_bergen_hbt.web.api import questions
from openfisca_bergen_hbt.web.api.catalogue import Catalogue
from openfisca_bergen_hbt.web.api.columns import NAME
from openfisca_bergen_hbt.web.api.regulations import MOST_CHANGES

TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
NUMBER_OR_NULL = {"type": ["number", "null"]}
NUMBER = {"type": "number"}
DATE = {"type": "string", "format": "date"}
#: An object whose keys are told elsewhere: what a command answers with ``--format json``.
ANYTHING: dict[str, Any] = {"type": "object", "additionalProperties": True}


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": questions.REF.format(name=name)}


def schemas(system: Any, catalogue: Catalogue) -> dict[str, Any]:
    """Return the schemas of all bodies and answers, by name."""
    ids = [FOUNDATION, *(decision.id() for decision in decisions())]
    adopted_by = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}){1,2}$", "examples": ["2019-06"]}
    return {
        **_situations(system),
        "VariableId": {"type": "string", "enum": sorted(catalogue.variables)},
        "ParameterId": {"type": "string", "enum": sorted(found["id"] for found in catalogue.parameters.values())},
        "NumberId": {"type": "string", "enum": sorted(catalogue.list_of_parameters(""))},
        "ReadingId": {"type": "string", "enum": list(applied_like_readings())},
        "Decision": {"type": "string", "enum": ids, "description": "A decision, with all before it."},
        "RegulationId": {
            "anyOf": [ref("Decision"), adopted_by],
            "description": "The law of a decision, of the foundation, or as adopted by a date or a month.",
        },
        **{name: _without_tuples(found) for name, found in questions.schemas().items()},
        "Change": _object(
            {"parameter": ref("NumberId"), "from": DATE, "to": {**TEXT_OR_NULL, "format": "date"}, "value": NUMBER},
            ["parameter", "from", "value"],
        ),
        "Changes": {"type": "array", "minItems": 1, "maxItems": MOST_CHANGES, "items": ref("Change")},
        "Error": _object({"error": TEXT, "path": _list(TEXT)}, ["error", "path"]),
        "Answered": {"anyOf": [ANYTHING, _list(ANYTHING)]},
        "Compared": _compared(),
        **_descriptions(),
    }


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    """Return the schema of an object with known keys, all of them required unless some are named."""
    needed = list(properties) if required is None else required
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _row(kind: type, **dates: Any) -> dict[str, Any]:
    """Return the schema of a dataclass, each field as its type has it, but for the texts that are dates."""
    fields = {name: msgspec.json.schema(of) for name, of in get_type_hints(kind).items()}
    for found in fields.values():
        if "anyOf" in found:
            some, _ = found.pop("anyOf")
            found |= {**some, "type": [some["type"], "null"]}
    return _object(fields | dates)


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _by_name(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _without_tuples(found: Any) -> Any:
    """Return a schema with lists in place of tuples of one kind of value, which generators of clients do not know."""
    if isinstance(found, list):
        return [_without_tuples(inner) for inner in found]
    if not isinstance(found, dict):
        return found
    items = found.get("prefixItems", [])
    same = {"items": items[0]} if items and all(other == items[0] for other in items) else {}
    return {
        key: _without_tuples(inner) for key, inner in {**found, **same}.items() if not (same and key == "prefixItems")
    }


def _situations(system: Any) -> dict[str, Any]:
    """Return the schemas of situations, asked and answered, of their members, and of values by period."""
    found: dict[str, Any] = {}
    for kind in ("", "Answered"):
        for entity in system.entities:
            found[f"{entity.key.title()}{kind}"] = _member(system, entity, kind, found)
    return {**found, "Situation": _situation(system, ""), "Answer": _situation(system, "Answered")}


def _situation(system: Any, kind: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        entity.plural: {
            "type": "object",
            "propertyNames": {"pattern": NAME},
            "additionalProperties": ref(f"{entity.key.title()}{kind}"),
        }
        for entity in system.entities
    }
    users = system.person_entity.plural
    properties[users]["minProperties"] = 1
    properties |= {"regulation": ref("RegulationId"), "changes": ref("Changes")}
    if kind:
        properties["acts_from"] = _by_name({**TEXT_OR_NULL, "format": "date"})
    return _object(properties, [users, "regulation"] if kind else [users])


def _member(system: Any, entity: Any, kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a member, each variable by period, which are found under names of their own; null asks."""

    def values(variable: Any) -> dict[str, Any]:
        of_one = schema.value(variable)
        answers = getattr(variable, "possible_values", None)
        name = answers.__name__ if answers else of_one["type"].title()
        name += f"By{variable.definition_period.title()}{kind}"
        if not kind:
            of_one["type"] = [of_one["type"], "null"]
            if answers:
                of_one["enum"] = [*of_one["enum"], None]
        found[name] = schema.by_period(variable, of_one, given=True)
        return {**ref(name), "title": schema.title(variable)}

    return _object(schema.properties_of(entity, schema.variables(system), values, TEXT), [])


def _compared() -> dict[str, Any]:
    column = {**dict.fromkeys(COLUMN, TEXT), "values": _list(NUMBER_OR_NULL), "ids": _list(TEXT)}
    return _object(
        {
            "ids": _by_name(_list(TEXT)),
            "figures": _list(_object(column, [*COLUMN, "values"])),
            "year": {"type": "integer"},
            "years": _list(ANYTHING),
            "transition": ANYTHING,
            "population": ANYTHING,
            "regulations": _list(ANYTHING),
            "left_out": _by_name(TEXT),
            "not_computable": _by_name(TEXT),
            "assumptions": _list(ANYTHING),
            "interpretations": _by_name(TEXT),
            "version": TEXT,
            "first_lines": _list(TEXT),
            "notes": _by_name(TEXT),
            "statements": _list(ANYTHING),
            "sureness": ANYTHING,
            "record": ANYTHING,
        },
        ["figures", "population", "first_lines", "version", "record"],
    )


def _descriptions() -> dict[str, Any]:
    """Return the schemas of what the law holds."""
    described = _object({"description": TEXT})
    formula = _object({"content": TEXT, "source": TEXT, "documentation": TEXT}, ["content", "source"])
    role = _object({"plural": TEXT, "description": TEXT})
    return {
        "DatedValue": _row(history.Value, start=DATE),
        "List": _by_name(_object({"description": TEXT, "href": TEXT})),
        "Formula": {**formula, "type": ["object", "null"]},
        "Variable": _object(
            {
                "id": TEXT,
                "description": TEXT,
                "entity": TEXT,
                "definitionPeriod": {"type": "string", "enum": ["YEAR", "MONTH"]},
                "valueType": {"type": "string", "enum": ["Float", "Int", "Boolean", "String"]},
                "defaultValue": {"type": ["number", "boolean", "string"]},
                "possibleValues": _by_name(TEXT),
                "documentation": TEXT,
                "references": _list(TEXT),
                "source": TEXT,
                "formulas": _by_name(ref("Formula")),
            },
            ["id", "description", "entity", "definitionPeriod", "valueType", "defaultValue"],
        ),
        "Metadata": _object(
            {
                "unit": TEXT,
                "basis": TEXT,
                "interpretation": TEXT,
                "decision": TEXT,
                "range": _list(NUMBER),
                "range_reason": TEXT,
                "derived_from": _list(TEXT),
                "bound": TEXT,
                "reference": _list(_by_name(TEXT)),
            },
            [],
        ),
        "Parameter": _object(
            {
                "id": TEXT,
                "description": TEXT,
                "documentation": TEXT,
                "metadata": ref("Metadata"),
                "source": TEXT,
                "values": _by_name(NUMBER_OR_NULL),
                "dated_values": _list(ref("DatedValue")),
                "subparams": _by_name(described),
            },
            ["id", "description", "metadata", "source"],
        ),
        "Entity": _object(
            {"plural": TEXT, "description": TEXT, "documentation": TEXT, "roles": _by_name(role)},
            ["plural", "description", "documentation"],
        ),
        "Entities": _by_name(ref("Entity")),
        "DecisionOfTheLog": _row(history.Decision, in_force=DATE, re_points=_by_name(_list(DATE))),
        "Decisions": _list(ref("DecisionOfTheLog")),
        "Regulation": _object(
            {
                "id": TEXT,
                "title": TEXT,
                "on": DATE,
                "decisions": _list(TEXT),
                "hash": TEXT,
                "numbers": _list(ref("DatedValue")),
            }
        ),
        "Step": _object(
            {
                "dependencies": _list(TEXT),
                "parameters": ANYTHING,
                "value": _list({}),
                "calculation_time": NUMBER,
                "formula_time": NUMBER,
            }
        ),
        "Trace": _object(
            {
                "trace": _by_name(ref("Step")),
                "entitiesDescription": _by_name(_list(TEXT)),
                "requestedCalculations": _list(TEXT),
                "regulation": ref("RegulationId"),
                "changes": ref("Changes"),
                "acts_from": _by_name({**TEXT_OR_NULL, "format": "date"}),
            },
            ["trace", "entitiesDescription", "requestedCalculations", "regulation"],
        ),
        "Specification": {
            "type": "object",
            "required": ["openapi", "info", "paths", "components", "servers"],
            "properties": {
                "openapi": TEXT,
                "info": ANYTHING,
                "paths": ANYTHING,
                "components": ANYTHING,
                "servers": _list(ANYTHING),
            },
        },
        "Health": _object({"status": {"type": "string", "enum": ["ok"]}, "version": TEXT}),
    }
