"""The API's specification: OpenAPI 3.1, made from the law, and true of what is answered."""

from __future__ import annotations

import copy
from typing import Any

from openfisca_bergen_hbt.analysis.asking import Question
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.text.language import ENGLISH, NORWEGIAN
from openfisca_bergen_hbt.web.api import calculation
from openfisca_bergen_hbt.web.api.catalogue import Catalogue
from openfisca_bergen_hbt.web.api.questions import body_of
from openfisca_bergen_hbt.web.api.schemas import ref, schemas
from openfisca_bergen_hbt.web.api.situations import Limits

#: The versions of OpenAPI that the specification is written in.
VERSIONS = ("3.1", "3.0")
#: The header of errors that says their language.
LANGUAGE = {
    "Content-Language": {
        "description": "The language of the message: that of Accept-Language, of these two; else English.",
        "schema": {"type": "string", "enum": [ENGLISH, NORWEGIAN]},
    }
}
#: What operations are sorted by, and what each kind does.
TAGS = {
    "situations": "What a situation comes to.",
    "questions": "What the commands of the same names answer.",
    "law": "What the law holds.",
    "server": "The server itself.",
}


def specification(system: Any, catalogue: Catalogue) -> dict[str, Any]:
    """Return the specification, without the address of the server."""
    example = system.open_api_config["simulation_example"]
    found = schemas(system, catalogue)
    found["Situation"]["examples"] = [example]
    answered = calculation.calculate(copy.deepcopy(example), system, Limits())
    found["Answer"]["examples"] = [{**answered, "regulation": in_force().id}]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "openfisca-bergen-hbt",
            "version": catalogue.package["version"],
            "description": "How Bergen kommune funds its home-care units, before and after each decision 2017-2021. "
            "Errors say what is wrong, and where in the body: in English, and in Norwegian (bokmål) with the header "
            "Accept-Language: nb.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "security": [],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": _paths(),
        "components": {"schemas": found},
    }


def _json(content: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": content}}


def _responses(name: str, *errors: int) -> dict[str, Any]:
    texts = {
        400: "The request can't be carried out; the body says where and why.",
        404: "There is no such thing.",
        413: "The body is too long.",
        415: "The body is not sent as application/json.",
    }
    found: dict[str, Any] = {"200": {"description": "OK", "content": _json(ref(name))}}
    for status in errors:
        found[str(status)] = {"description": texts[status], "headers": LANGUAGE, "content": _json(ref("Error"))}
    return found


def _get(tag: str, name: str, summary: str, answered: str, known: str = "") -> dict[str, Any]:
    """Return what a route answers; of one of the things ``known`` (a schema of names), where one is named."""
    operation: dict[str, Any] = {"operationId": name, "tags": [tag], "summary": summary}
    operation["responses"] = _responses(answered, 400, *([404] if known else []))
    if known:
        operation["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": ref(known)}]
    return {"get": operation}


def _post(tag: str, name: str, summary: str, body: str, answered: str) -> dict[str, Any]:
    return {
        "post": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "requestBody": {"required": True, "content": _json(ref(body))},
            "responses": _responses(answered, 400, 404, 413, 415),
        }
    }


def _situation(name: str, summary: str, answered: str) -> dict[str, Any]:
    found = _post("situations", name, summary, "Situation", answered)
    about = "The regulation, where the body names none. Default: the law in force."
    chosen = {"name": "regulation", "in": "query", "description": about, "schema": ref("RegulationId")}
    found["post"]["parameters"] = [chosen]
    return found


def _question(question: Question) -> dict[str, Any]:
    answered = "Compared" if question.name == "compare" else "Answered"
    name, summary = question.name.replace("-", "_"), question.about.partition("\n")[0]
    return _post("questions", name, summary, body_of(question).__name__, answered)


def _specification() -> dict[str, Any]:
    found = _get("server", "get_specification", "This specification", "Specification")
    about = "The version of OpenAPI, for tools that do not know 3.1."
    kind = {"type": "string", "enum": list(VERSIONS), "default": VERSIONS[0]}
    found["get"]["parameters"] = [{"name": "openapi", "in": "query", "description": about, "schema": kind}]
    return found


def _paths() -> dict[str, Any]:
    about_parameter = "A number of the law, with the source of each dated value"
    about_regulation = "A regulation: its decisions and numbers, by id or date"
    return {
        "/calculate": _situation("calculate", "Answer a situation's questions: each null", "Answer"),
        "/trace": _situation("trace", "How the answers are computed", "Trace"),
        **{f"/{name}": _question(questions.question(name)) for name in questions.names()},
        "/variables": _get("law", "list_variables", "The variables", "List"),
        "/variable/{id}": _get("law", "get_variable", "A variable, with its formulas", "Variable", "VariableId"),
        "/parameters": _get("law", "list_parameters", "The numbers of the law", "List"),
        "/parameter/{id}": _get("law", "get_parameter", about_parameter, "Parameter", "ParameterId"),
        "/entities": _get("law", "list_entities", "The entities", "Entities"),
        "/decisions": _get("law", "list_decisions", "The decisions, in order", "Decisions"),
        "/regulations/{id}": _get("law", "get_regulation", about_regulation, "Regulation", "RegulationId"),
        "/spec": _specification(),
        "/health": _get("server", "get_health", "Whether the server is well", "Health"),
    }
