"""The specification says all that is answered, names each thing, and says the same in OpenAPI 3.0."""

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.web.bad_bodies import GOOD


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.fixture(scope="module")
def spec(client):
    return client.get("/spec").json


def below(content):
    """Yield the objects of a document."""
    inside = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    if isinstance(content, dict):
        yield content
    for inner in inside:
        yield from below(inner)


def operations(spec):
    return [operation for path in spec["paths"].values() for operation in path.values()]


def test_each_operation_has_a_name_and_a_tag(spec):
    names = [operation["operationId"] for operation in operations(spec)]
    assert len(set(names)) == len(names) > 15
    assert {"calculate", "trace", "compare", "check_data", "get_variable"} <= set(names)
    tags = {tag["name"] for tag in spec["tags"]}
    assert {tag for operation in operations(spec) for tag in operation["tags"]} == tags


def test_names_are_told_by_the_specification(client, spec):
    schemas = spec["components"]["schemas"]
    assert schemas["VariableId"]["enum"] == sorted(client.get("/variables").json)
    assert schemas["NumberId"]["enum"] == sorted(client.get("/parameters").json)
    assert set(schemas["NumberId"]["enum"]) < set(schemas["ParameterId"]["enum"])  # nodes, too
    for kind, known in (("parameter", "ParameterId"), ("regulations", "Decision")):
        assert all(client.get(f"/{kind}/{name}").status_code == 200 for name in schemas[known]["enum"])


@pytest.mark.parametrize(
    ("question", "body", "right"),
    [
        ("Compare", {"regulations": ["grunnregelverk", "2018-06"]}, True),
        ("Compare", {"regulations": ["modellen"]}, False),
        ("Compare", {"without": ["2018-06"]}, False),  # a decision, and no date
        ("Compare", {"readings": ["lesning_t04_gjennomsnitt"]}, True),
        ("Compare", {"readings": ["t04"]}, False),
        ("Explain", {"variable": "enhet_samlet_tildeling", "id": "Bergenhus", "regulation": "2018-06"}, True),
        ("Explain", {"variable": "tildeling", "id": "Bergenhus"}, False),
        ("Solve", {"parameter": "reserve.andel", "until": "sum(change) = 0"}, True),
        ("Solve", {"parameter": ["reserve"], "until": "sum(change) = 0"}, False),
        ("Diff", {"one": "2019-04", "other": "modellen"}, False),
    ],
)
def test_names_in_bodies_are_told(question, body, right, client, spec):
    schema = {"$ref": f"#/components/schemas/{question}Request", "components": spec["components"]}
    assert Draft202012Validator(schema).is_valid(body) == right
    if not right:
        assert client.post(f"/{question.lower()}", json=body).status_code == 400


def test_nothing_that_is_answered_is_left_unsaid(client, spec):
    """Every key of each answer about the law is specified: the schemas let no other through."""
    schemas = spec["components"]["schemas"]

    def check(name, content):
        schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        Draft202012Validator(schema).validate(content)

    for name in schemas["VariableId"]["enum"]:
        check("Variable", client.get(f"/variable/{name}").json)
    for name in schemas["ParameterId"]["enum"]:
        check("Parameter", client.get(f"/parameter/{name}").json)
    for name in schemas["Decision"]["enum"]:
        check("Regulation", client.get(f"/regulations/{name}").json)
    check("Decisions", client.get("/decisions").json)
    check("Entities", client.get("/entities").json)
    check("Specification", spec)
    changes = [{"parameter": "reserve.andel", "from": "2019-01-01", "value": 0.03}]
    check("Trace", client.post("/trace", json={**GOOD, "changes": changes}).json)
    closed = (
        "Variable",
        "Formula",
        "Parameter",
        "Metadata",
        "Entity",
        "DecisionOfTheLog",
        "Regulation",
        "Step",
        "Trace",
    )
    assert all(schemas[name]["additionalProperties"] is False for name in closed)


def test_generators_of_clients_know_every_word(spec):
    assert not [schema for schema in below(spec) if "patternProperties" in schema or "prefixItems" in schema]


@pytest.mark.parametrize(
    ("hours", "right"),
    [({"2019": 5}, True), ({"2019-02": None}, True), ({}, False), ({"2019-13": 5}, False), ({"2019": "5"}, False)],
)
def test_hours_by_period(hours, right, spec):
    schema = {"$ref": "#/components/schemas/Situation", "components": spec["components"]}
    body = {"brukere": {"a": {"vurdert_timer_per_uke": hours}}}
    assert Draft202012Validator(schema).is_valid(body) == right


def test_in_openapi_30(client, spec):
    older = client.get("/spec?openapi=3.0").json
    assert older["openapi"].startswith("3.0")
    validate(older, cls=OpenAPIV30SpecValidator)
    assert client.get("/spec?openapi=3.1").json == spec
    assert older["paths"].keys() == spec["paths"].keys()
    of_one, of_other = (found["components"]["schemas"] for found in (older, spec))
    assert {name: schema.get("properties", {}).keys() for name, schema in of_one.items()} == {
        name: schema.get("properties", {}).keys() for name, schema in of_other.items()
    }
    # a null, which asks, and an answer among others: as 3.0 writes them
    assert of_one["NumberByYear"]["additionalProperties"] == {"type": "number", "nullable": True}
    assert of_one["Variable"]["properties"]["defaultValue"]["anyOf"] == [
        {"type": "number"},
        {"type": "boolean"},
        {"type": "string"},
    ]


@pytest.mark.parametrize("version", ["2.0", "3", "", "3.0.3"])
def test_another_version_is_refused(version, client):
    answer = client.get(f"/spec?openapi={version}")
    assert answer.status_code == 400
    assert "is written in OpenAPI 3.1 and 3.0" in answer.json["error"]
