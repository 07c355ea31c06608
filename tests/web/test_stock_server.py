"""The stock web API on the law in force, and on the foundation with a decision."""

import copy

import pytest
from openfisca_core.scripts import build_tax_benefit_system
from openfisca_web_api.app import create_app

from openfisca_bergen_hbt.grunnregelverk import folder

MODEL = "openfisca_bergen_hbt.reforms.vedtak_2018_01_kategorimodell.Kategorimodell"


@pytest.fixture(scope="module", params=["law", "foundation", "foundation with a decision"])
def client(request):
    package = "openfisca_bergen_hbt" if request.param == "law" else "openfisca_bergen_hbt.grunnregelverk"
    reforms = [MODEL] if "decision" in request.param else None
    return create_app(build_tax_benefit_system(package, None, reforms)).test_client()


def test_the_example_of_the_specification_runs(client):
    schemas = client.get("/spec").json["components"]["schemas"]
    asked, expected = schemas["SituationInput"]["example"], schemas["SituationOutput"]["example"]
    assert client.post("/calculate", json=asked).json == expected
    assert "enhet_samlet_tildeling<2019>" in client.post("/trace", json=asked).json["trace"]


def test_variables_and_parameters(client):
    names = client.get("/variables").json
    assert "enhet_samlet_tildeling" in names
    about = client.get("/variable/enhet_samlet_tildeling").json
    assert about["entity"] == "enhet"
    assert client.get("/parameters").json["budsjett.ramme"]["description"]
    parameter = client.get("/parameter/kategorimodell.vekt.kategori_2").json
    assert parameter["values"] == {"2018-01-01": 4.5}
    assert parameter["metadata"]["basis"] == "assumption"
    assert set(client.get("/entities").json) == {"bruker", "enhet", "byomraade", "etat"}


def test_source_links_point_into_the_repository(client):
    source = client.get("/variable/etat_kategoripott").json["source"]
    path, lines = source.split("/blob/")[1].split("/", 1)[1].split("#")
    assert path == "variables/ramme.py"
    first = int(lines.split("-")[0].lstrip("L"))
    text = (folder("variables") / "ramme.py").read_text(encoding="utf-8").splitlines()
    assert text[first].startswith("class etat_kategoripott")
    assert "/parameters/budsjett/ramme.yaml" in client.get("/parameter/budsjett.ramme").json["source"]


def test_a_formula_that_a_decision_brought_links_to_the_decision(law):
    about = create_app(law).test_client().get("/variable/enhet_samlet_tildeling").json
    assert "/reforms/vedtak_2018_01_kategorimodell.py#" in about["formulas"]["2018-01-01"]["source"]


def test_what_the_api_answers_is_what_it_was_asked(client):
    asked = copy.deepcopy(client.get("/spec").json["components"]["schemas"]["SituationInput"]["example"])
    asked["etater"]["etaten"]["etat_samlet_tildeling"] = {"2019": None}
    answer = client.post("/calculate", json=asked).json
    units = [unit["enhet_samlet_tildeling"]["2019"] for unit in answer["enheter"].values()]
    assert answer["etater"]["etaten"]["etat_samlet_tildeling"]["2019"] == sum(units)


def test_an_unknown_variable_is_a_404(client):
    assert client.post("/calculate", json={"brukere": {"a": {"ukjent": {"2019": 1}}}}).status_code == 404
