"""The API's specification: OpenAPI 3.1, made from the law, and true of what is answered."""

from __future__ import annotations

import copy
from typing import Any

from openfisca_bergen_hbt.analysis.asking import Question
from openfisca_bergen_hbt.analysis.comparison import COLUMN
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.situation import schema
from openfisca_bergen_hbt.web.api import calculation
from openfisca_bergen_hbt.web.api.catalogue import Catalogue
from openfisca_bergen_hbt.web.api.columns import NAME
from openfisca_bergen_hbt.web.api.questions import body_of, schemas
from openfisca_bergen_hbt.web.api.regulations import MOST_CHANGES
from openfisca_bergen_hbt.web.api.situations import Limits

TEXT = {"type": "string"}


def specification(system: Any, catalogue: Catalogue) -> dict[str, Any]:
    """Return the specification, without the address of the server."""
    example = system.open_api_config["simulation_example"]
    schemas = _schemas(system)
    schemas["Situation"]["examples"] = [example]
    answered = calculation.calculate(copy.deepcopy(example), system, Limits())
    schemas["Answer"]["examples"] = [{**answered, "regulation": in_force().id}]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "openfisca-bergen-hbt",
            "version": catalogue.package["version"],
            "description": "How Bergen kommune funds its home-care units, before and after each decision 2017-2021. "
            "Errors say what is wrong, and where in the body.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "paths": _paths(),
        "components": {"schemas": schemas},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(content: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": content}}


def _responses(name: str, *errors: int) -> dict[str, Any]:
    texts = {
        400: "The request can't be carried out; the body says where and why.",
        404: "There is no such thing.",
        413: "The body is too long.",
        415: "The body is not sent as application/json.",
    }
    found: dict[str, Any] = {"200": {"description": "OK", "content": _json(_ref(name))}}
    for status in errors:
        found[str(status)] = {"description": texts[status], "content": _json(_ref("Error"))}
    return found


def _get(summary: str, name: str, parameter: str = "") -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": summary, "responses": _responses(name, 400, *([404] if parameter else []))}
    if parameter:
        operation["parameters"] = [{"name": parameter, "in": "path", "required": True, "schema": TEXT}]
    return {"get": operation}


def _post(summary: str, body: str, name: str, *, regulation: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "requestBody": {"required": True, "content": _json(_ref(body))},
        "responses": _responses(name, 400, 404, 413, 415),
    }
    if regulation:
        about = "The regulation: grunnregelverk, a decision's id, or a date. Default: the law in force."
        operation["parameters"] = [{"name": "regulation", "in": "query", "description": about, "schema": TEXT}]
    return {"post": operation}


def _question(question: Question) -> dict[str, Any]:
    answer = "Compared" if question.name == "compare" else "Answered"
    return _post(question.about.partition("\n")[0], body_of(question).__name__, answer, regulation=False)


def _paths() -> dict[str, Any]:
    return {
        "/calculate": _post("Answer a situation's questions: each null", "Situation", "Answer", regulation=True),
        "/trace": _post("How the answers are computed", "Situation", "Trace", regulation=True),
        **{f"/{name}": _question(questions.question(name)) for name in questions.names()},
        "/variables": _get("The variables", "List"),
        "/variable/{id}": _get("A variable, with its formulas", "Variable", "id"),
        "/parameters": _get("The numbers of the law", "List"),
        "/parameter/{id}": _get("A number of the law, with the source of each dated value", "Parameter", "id"),
        "/entities": _get("The entities", "Entities"),
        "/decisions": _get("The decisions, in order", "Decisions"),
        "/regulations/{id}": _get("A regulation: its decisions and numbers, by id or date", "Regulation", "id"),
        "/spec": _get("This specification", "Specification"),
        "/health": _get("Whether the server is well", "Health"),
    }


def _schemas(system: Any) -> dict[str, Any]:
    found = {entity.key.title(): _entity(system, entity, asked=True) for entity in system.entities}
    found |= {f"{entity.key.title()}Answered": _entity(system, entity, asked=False) for entity in system.entities}
    return {
        **found,
        "Situation": _situation(system, ""),
        "Answer": _situation(system, "Answered"),
        "Change": _object(
            {
                "parameter": TEXT,
                "from": {"type": "string", "format": "date"},
                "to": {"type": ["string", "null"], "format": "date"},
                "value": {"type": "number"},
            },
            ["parameter", "from", "value"],
        ),
        "Changes": {"type": "array", "minItems": 1, "maxItems": MOST_CHANGES, "items": _ref("Change")},
        "RegulationId": {
            "type": "string",
            "description": "A decision's id (with all before it), grunnregelverk, a date or a month (adopted by then).",
            "examples": [FOUNDATION, *(decision.id() for decision in decisions()), "2019-06"],
        },
        "Error": _object({"error": TEXT, "path": {"type": "array", "items": TEXT}}, ["error", "path"]),
        **schemas(),
        "Answered": {"type": ["object", "array"]},
        "Compared": _object(
            {
                "ids": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
                "figures": {"type": "array", "items": _column()},
                "year": {"type": "integer"},
                "years": {"type": "array", "items": {"type": "object"}},
                "population": {"type": "object"},
                "regulations": {"type": "array", "items": {"type": "object"}},
                "left_out": {"type": "object", "additionalProperties": TEXT},
                "not_computable": {"type": "object", "additionalProperties": TEXT},
                "assumptions": {"type": "array", "items": {"type": "object"}},
                "interpretations": {"type": "object", "additionalProperties": TEXT},
                "version": TEXT,
                "first_lines": {"type": "array", "items": TEXT},
                "notes": {"type": "object", "additionalProperties": TEXT},
                "record": {"type": "object"},
            },
            ["figures", "population", "first_lines", "version", "record"],
        ),
        **_descriptions(),
    }


def _descriptions() -> dict[str, Any]:
    """Return the schemas of what the law holds."""
    value = _object(
        {
            "parameter": TEXT,
            "description": TEXT,
            "start": {"type": "string", "format": "date"},
            "value": {"type": ["number", "null"]},
            "unit": TEXT,
            "basis": TEXT,
            "range": {"type": ["array", "null"], "items": {"type": "number"}},
            "interpretation": {"type": ["string", "null"]},
            "decision": TEXT,
            "reference": {"type": "array", "items": {"type": "object", "additionalProperties": TEXT}},
        },
        ["parameter", "start", "value", "unit", "basis", "reference"],
    )
    listed = _object({"description": {"type": ["string", "null"]}, "href": {"type": "string"}}, ["description", "href"])
    source = {
        "type": "object",
        "properties": {"description": {"type": ["string", "null"]}},
        "required": ["description"],
    }
    return {
        "DatedValue": value,
        "List": {"type": "object", "additionalProperties": listed},
        "Variable": {
            "type": "object",
            "required": ["id", "entity", "definitionPeriod", "valueType", "defaultValue"],
            "properties": {"id": TEXT, "entity": TEXT, "definitionPeriod": TEXT, "valueType": TEXT, "source": TEXT},
        },
        "Parameter": {
            **source,
            "required": ["id", "description", "metadata"],
            "properties": {"id": TEXT, "dated_values": {"type": "array", "items": _ref("DatedValue")}},
        },
        "Entities": {
            "type": "object",
            "additionalProperties": {"type": "object", "required": ["plural", "description"]},
        },
        "Decisions": {
            "type": "array",
            "items": {"type": "object", "required": ["id", "title", "adopted", "in_force", "re_points", "reference"]},
        },
        "Regulation": _object(
            {
                "id": TEXT,
                "title": TEXT,
                "on": {"type": "string", "format": "date"},
                "decisions": {"type": "array", "items": TEXT},
                "hash": TEXT,
                "numbers": {"type": "array", "items": _ref("DatedValue")},
            },
            ["id", "title", "on", "decisions", "hash", "numbers"],
        ),
        "Trace": {
            "type": "object",
            "required": ["trace", "entitiesDescription", "requestedCalculations", "regulation"],
            "properties": {
                "regulation": _ref("RegulationId"),
                "trace": {"type": "object"},
                "entitiesDescription": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
                "requestedCalculations": {"type": "array", "items": TEXT},
            },
        },
        "Specification": {"type": "object", "required": ["openapi", "paths", "servers"]},
        "Health": _object({"status": {"const": "ok"}, "version": TEXT}, ["status", "version"]),
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _column() -> dict[str, Any]:
    values = {"type": "array", "items": {"type": ["number", "null"]}}
    ids = {"type": "array", "items": TEXT}
    return _object({**dict.fromkeys(COLUMN, TEXT), "values": values, "ids": ids}, [*COLUMN, "values"])


def _situation(system: Any, kind: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        entity.plural: {
            "type": "object",
            "propertyNames": {"pattern": NAME},
            "additionalProperties": _ref(f"{entity.key.title()}{kind}"),
        }
        for entity in system.entities
    }
    properties[system.person_entity.plural]["minProperties"] = 1
    properties |= {"regulation": _ref("RegulationId"), "changes": _ref("Changes")}
    if kind:
        days = {"type": ["string", "null"], "format": "date"}
        properties["acts_from"] = {"type": "object", "additionalProperties": days}
    return _object(properties, [system.person_entity.plural, *(["regulation"] if kind else [])])


def _entity(system: Any, entity: Any, *, asked: bool) -> dict[str, Any]:
    """Return the schema of a member, each variable by period; null asks."""

    def values(variable: Any) -> dict[str, Any]:
        kind = schema.value(variable)
        if asked:
            kind = {key: [*allowed, None] if key == "enum" else [allowed, "null"] for key, allowed in kind.items()}
        return schema.by_period(variable, kind, given=True, title=schema.title(variable))

    return _object(schema.properties_of(entity, schema.variables(system), values, TEXT), [])
