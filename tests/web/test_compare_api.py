"""``/compare`` and what the law holds, over the web: the same as the command's, and true to the specification."""

import json
import re
import textwrap

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from openfisca_web_api.app import create_app as create_stock

from openfisca_bergen_hbt import grunnregelverk
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.web.api.catalogue import Catalogue
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, rows


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


@pytest.fixture(scope="module")
def spec(client):
    return client.get("/spec").json


@pytest.fixture(scope="module")
def valid(spec):
    def check(name, content):
        schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        Draft202012Validator(schema).validate(content)

    return check


def test_the_specification_is_valid_and_its_examples_are_true(client, spec, valid):
    validate(spec)
    assert spec["openapi"].startswith("3.1")
    for name, schema in spec["components"]["schemas"].items():
        for example in schema.get("examples", ()):
            valid(name, example)
    situation = spec["components"]["schemas"]["Situation"]["examples"][0]
    assert client.post("/calculate", json=situation).json == spec["components"]["schemas"]["Answer"]["examples"][0]
    for example in spec["components"]["schemas"]["CompareRequest"]["examples"]:
        answer = client.post("/compare", json=example)
        assert answer.status_code == 200, answer.json
        valid("Compared", answer.json)


def test_every_route_is_specified(client, spec):
    rules = {str(rule) for rule in client.application.url_map.iter_rules()}
    ours = {rule.replace("<path:name>", "{id}").replace("<name>", "{id}") for rule in rules}
    of_the_page = {"/", "/docs", "/docs/{id}", "/diagram/{id}", "/forklar", "/last-ned/{id}", "/fil/{id}"}
    of_the_page |= {
        "/sporsmaal",
        "/sporsmaal/{id}",
        "/scenarioer",
        "/scenarioer/last-ned/{id}",
        "/scenarioer/diagram/{id}",
    }
    assert ours == set(spec["paths"]) | of_the_page


def test_what_the_law_holds_is_as_the_stock_api_says(client, law, valid):
    stock = create_stock(law).test_client()
    for route in ("/variables", "/parameters", "/entities"):
        assert client.get(route).json == stock.get(route).json
    valid("List", client.get("/variables").json)
    valid("Entities", client.get("/entities").json)
    for name in law.variables:
        ours, theirs = (asked.get(f"/variable/{name}").json for asked in (client, stock))
        valid("Variable", ours)
        for formula in (*ours.get("formulas", {}).values(), *theirs.get("formulas", {}).values()):
            formula.pop("source")  # core's links lead into the variable's last file, whoever wrote the formula
        assert ours == within_the_repository(theirs)
    for name in ("reserve.andel", "kostra/helsefagutdanning/bergen", "kategorimodell", "kategorimodell.vekt"):
        ours, theirs = client.get(f"/parameter/{name}").json, stock.get(f"/parameter/{name}").json
        valid("Parameter", ours)
        ours.pop("dated_values", None)
        assert ours == within_the_repository(theirs)
    assert client.get("/variables/").headers["Location"] == "/variables"


def within_the_repository(described):
    """Return core's description with its link as a path: no address is set in tests."""
    return {**described, "source": described["source"].split("/", 3)[3]} if "source" in described else described


@pytest.mark.parametrize(
    ("variable", "start", "file"),
    [
        ("timer_per_uke", "2017-01-01", "variables/behov.py"),
        ("timer_per_uke", "2018-01-01", "reforms/vedtak_2017_10_normtid_avviklet.py"),
        ("enhet_samlet_tildeling", "2017-01-01", "variables/resultat.py"),
        ("enhet_samlet_tildeling", "2018-01-01", "reforms/vedtak_2018_01_kategorimodell.py"),
    ],
)
def test_a_formula_links_to_its_own_file_and_lines(client, variable, start, file):
    formula = client.get(f"/variable/{variable}").json["formulas"][start]
    path, first, last = re.fullmatch(r"(.+)#L(\d+)-L(\d+)", formula["source"]).groups()
    assert path == file
    folder, name = path.split("/")
    lines = (grunnregelverk.folder(folder) / name).read_text(encoding="utf-8").splitlines(keepends=True)
    assert textwrap.dedent("".join(lines[int(first) - 1 : int(last)])) == formula["content"]


def test_source_links_begin_with_the_address_that_is_set(monkeypatch, law):
    monkeypatch.setenv(grunnregelverk.REPOSITORY_URL, "https://git.example.org/hbt/")
    catalogue = Catalogue(law)
    for link in (
        catalogue.variables["timer_per_uke"]["formulas"]["2017-01-01"]["source"],
        catalogue.parameter("reserve.andel")["source"],
    ):
        assert link.startswith("https://git.example.org/hbt/blob/")


def test_a_number_comes_with_the_source_of_each_value(client):
    (value,) = client.get("/parameter/reserve.andel").json["dated_values"]
    assert (value["start"], value["value"], value["basis"], value["range"]) == (
        "2018-01-01",
        0.02,
        "assumption",
        [0, 0.05],
    )
    assert value["decision"] == "vedtak_2018_01_kategorimodell"
    assert "det settes av budsjettmidler" in value["reference"][0]["place"]
    dated = client.get("/parameter/kostra.helsefagutdanning.bergen").json["dated_values"]
    assert [(value["start"], value["value"]) for value in dated] == [("2018-01-01", 0.735), ("2019-01-01", 0.762)]


def test_decisions_and_regulations(client, valid):
    listed = client.get("/decisions").json
    valid("Decisions", listed)
    assert [decision["id"] for decision in listed] == [decision.id() for decision in decisions()]
    for name in ("grunnregelverk", "2019-06", "2019-06-01", listed[-1]["id"]):
        valid("Regulation", client.get(f"/regulations/{name}").json)
    assert client.get("/regulations/2019-06").json["decisions"] == [decision["id"] for decision in listed[:3]]
    assert client.get("/regulations/modellen").status_code == 404
    assert client.get("/regulations/2016-01").status_code == 404


@pytest.mark.parametrize("example", ["publisert", "bevegelse"])
def test_the_same_comparison_as_the_command_s(example, client):
    asked = ["grunnregelverk", "vedtak_2018_01_kategorimodell", "2021-06"]
    options = [option for name in asked for option in ("--regulation", name)]
    command = as_json("compare", "--year", "2018", "--example", example, *options)
    answer = client.post("/compare", json={"year": 2018, "population": example, "regulations": asked}).json
    assert answer == command


def test_changes_as_the_command_s_settings(client):
    command = as_json("compare", "--set", "reserve.andel=0.03@2019-01-01")
    changes = [{"parameter": "reserve.andel", "from": "2019-01-01", "value": 0.03}]
    answer = client.post("/compare", json={"regulations": ["vedtak_2021_06_statusrapport"], "changes": changes}).json

    def values(found, regulation):
        return [row["value"] for row in rows(found) if row["regulation"] == regulation]

    assert values(answer, "changes") == values(command, "set")


def test_users_in_columns_with_small_counts_held_back(client, valid):
    users = {"enhet": ["A"] * 9 + ["B"] * 8 + ["C"] * 3, "timer_per_uke": [5] * 9 + [20] * 8 + [100] * 3}
    body = {
        "users": users,
        "year": 2019,
        "regulations": ["2021-06"],
        "etater": {"etat": {"etat_budsjettramme": 3000000}},
    }
    answer = client.post("/compare", json=body).json
    valid("Compared", answer)
    counts = {row["id"]: row["value"] for row in rows(answer) if row["variable"] == "enhet_antall_brukere"}
    assert counts["C"] is None
    given = sum(r["value"] for r in rows(answer) if r["variable"] == "enhet_samlet_tildeling" and r["level"] == "enhet")
    # 3 000 000 + 14 000 000, less 2 %; the pool of 16 660 000 * 300 / 505 leaves a few kroner at most
    assert 0 <= 16_660_000 + 340_000 - given <= 340_000
    shown = client.post("/compare", json={**body, "suppression": False}).json
    assert {row["id"]: row["value"] for row in rows(shown) if row["variable"] == "enhet_antall_brukere"}["C"] == 3


USERS = {"enhet": ["A", "B"], "timer_per_uke": [5, 10]}
#: Bodies that are no comparison.
BAD = {
    "an unknown key": ({"aar": 2019}, "There is no 'aar'"),
    "a year as text": ({"year": "2019"}, "'year' is a whole number"),
    "a year before the law": ({"year": 2016}, "'year' is a whole number from 2017"),
    "a year that is true": ({"year": True}, "'year' is a whole number"),
    "a year with decimals": ({"year": 2019.5}, "'year' is a whole number"),
    "a year without figures": ({"year": 2023}, "The embedded populations are of 2017, 2018, 2019, 2020, 2021, 2022"),
    "an unknown population": ({"population": "bergen"}, "'population' is one of publisert, bevegelse"),
    "a population that is a list": ({"population": []}, "'population' is one of"),
    "two populations": ({"population": "publisert", "users": USERS}, "and not both"),
    "an unknown regulation": ({"regulations": ["modellen"]}, "There is no regulation 'modellen'"),
    "a regulation twice": ({"regulations": ["2019-06", "2019-06"]}, "is asked for twice"),
    "regulations as text": ({"regulations": "2019-06"}, "'regulations' is a list"),
    "regulations of numbers": ({"regulations": [2019]}, "'regulations' is a list"),
    "regulations without end": ({"regulations": [f"20{n}-01" for n in range(18, 40)]}, "has at most 12"),
    "left out twice": ({"without": ["vedtak_2018_01_kategorimodell"] * 2}, "is left out twice"),
    "no years": ({"years": []}, "'years' is a span such as 2017-2022, or a list of years in order."),
    "hours with an exponent without end": ('{"users": {"enhet": ["A"], "timer_per_uke": [1e-9999999999999999999999]}}', "an exponent that no number needs"),
    "asked for and left out": ({"regulations": ["vedtak_2018_01_kategorimodell"], "without": ["vedtak_2018_01_kategorimodell"]}, "left out at once"),
    "changes that are none": ({"changes": "reserve.andel=1"}, "'changes' is a list"),
    "a change outside the unit": ({"changes": [{"parameter": "reserve.andel", "from": "2019-01-01", "value": -1}]}, "must be from 0 to 1"),
    "suppression as text": ({"suppression": "no"}, "'suppression' is true or false"),
    "users as a list": ({"users": [USERS]}, "'users' is an object of columns"),
    "no columns": ({"users": {}}, "'users' is an object of columns"),
    "an unknown column": ({"users": {**USERS, "navn": ["a", "b"]}}, "There is no column 'navn'"),
    "a column that is a number": ({"users": {**USERS, "timer_per_uke": 5}}, "is a list, with a value for each user"),
    "columns of two lengths": ({"users": {**USERS, "timer_per_uke": [5]}}, "has 1 rows where 'enhet' has 2"),
    "columns without rows": ({"users": {"enhet": [], "timer_per_uke": []}}, "there are no users"),
    "no units": ({"users": {"timer_per_uke": [5]}}, "no column 'enhet'"),
    "no hours": ({"users": {"enhet": ["A"]}}, "no input of the users"),
    "hours as text": ({"users": {**USERS, "timer_per_uke": [5, "10"]}}, "timer_per_uke is a finite number"),
    "hours of null": ({"users": {**USERS, "timer_per_uke": [5, None]}}, "timer_per_uke is a finite number"),
    "hours that are true": ({"users": {**USERS, "timer_per_uke": [5, True]}}, "timer_per_uke is a finite number"),
    "hours above a week's": ({"users": {**USERS, "timer_per_uke": [5, 169]}}, "0 to 168"),
    "half a character as a unit": ({"users": {**USERS, "enhet": ["A", "\ud800"]}}, "half a character"),
    "a frame that a float does not tell apart": ({"users": USERS, "etater": {"etat": {"etat_budsjettramme": 2**53 + 1}}}, "16 digits"),
    "more kroner than are counted": ({"users": USERS, "etater": {"etat": {"etat_budsjettramme": 10**19}}}, "at most 9007199254740992"),
    "endless visits": ({"users": {"enhet": ["A"], "besoek_per_uke": [1e300]}, "regulations": ["grunnregelverk"]}, "from 0 to 10080"),
    "regulations that are null": ({"regulations": None}, "'regulations' is a list"),
    "a unit that is a number": ({"users": {**USERS, "enhet": ["A", 2]}}, "A name is a text without slashes"),
    "units in two spellings": ({"users": {**USERS, "enhet": ["A", "a"]}}, "Names differ in capitals or spaces alone: 'A' and 'a'"),
    "units with a space too many": ({"users": {**USERS, "enhet": ["A", "A "]}}, "capitals or spaces alone: 'A' and 'A '"),
    "a letter of one character and of two": ({"users": {**USERS, "enhet": ["\u00c5", "A\u030a"]}}, "capitals or spaces alone"),
    "a unit with something invisible": ({"users": {**USERS, "enhet": ["A", "A\u200b"]}}, "capitals or spaces alone"),
    "a unit of the inputs in another spelling": ({"users": USERS, "units": {"a": {"enhet_kjoeretid_per_uke": 1}}}, "capitals or spaces alone: 'A' and 'a'"),
    "etater in two spellings": ({"users": {**USERS, "etat": ["T", "t"]}}, "capitals or spaces alone: 'T' and 't'"),
    "a unit with a slash": ({"users": {**USERS, "enhet": ["A", "B/C"]}}, "A name is a text without slashes"),
    "a unit of two etater": ({"users": {"enhet": ["A", "A"], "etat": ["T", "U"], "timer_per_uke": [5, 10]}}, "lies in more than one agency"),
    "two etater without frames": ({"users": {"enhet": ["A", "B"], "etat": ["T", "U"], "timer_per_uke": [5, 10]}}, "The default frame is Bergen's"),
    "an unknown input of units": ({"users": USERS, "units": {"A": {"kjoeretid": 1}}}, "kjoeretid"),
    "an input of units as text": ({"users": USERS, "units": {"A": {"enhet_kjoeretid_per_uke": "1"}}}, "enhet_kjoeretid_per_uke"),
    "an unknown etat": ({"users": USERS, "etater": {"T": {"etat_ramme": 1}}}, "etat_ramme"),
    "an etat that no user is in": ({"users": {**USERS, "etat": ["S"] * len(USERS["enhet"])}, "etater": {"T": {"etat_budsjettramme": 1}}}, "There is no agency 'T'"),
    "units that are a list": ({"users": USERS, "units": []}, "'units' is an object"),
    "units of the embedded": ({"units": {}}, "'units' goes with 'users'"),
    "visits needed": ({"users": {"enhet": ["A"], "vurdert_timer_per_uke": [5]}, "regulations": ["grunnregelverk"]}, "The users lack besoek_per_uke"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad(name, client, valid):
    body, fragment = BAD[name]
    content = body if isinstance(body, str) else json.dumps(body)
    answer = client.post("/compare", data=content, content_type="application/json")
    assert answer.status_code == 400, answer.get_data(as_text=True)[:300]
    assert fragment in answer.json["error"], answer.json
    valid("Error", answer.json)


EXPLAIN = {"variable": "enhet_samlet_tildeling", "id": "Bergenhus"}
SOLVE = {"parameter": "reserve.andel", "until": "enhet_samlet_tildeling[Bergenhus] = 163000000"}


@pytest.mark.parametrize(
    ("route", "body", "path", "fragment"),
    [
        ("compare", {"regulations": ["grunnregelverk", "tull"]}, ["regulations", "1"], "no regulation 'tull'"),
        ("compare", {"without": ["tull"]}, ["without", "0"], "'tull' is no decision"),
        ("compare", {"readings": ["tull"]}, ["readings", "0"], "There is no reading 'tull'"),
        ("compare", {"years": "2017-2100"}, ["years"], "The embedded populations are of 2017"),
        ("compare", {"years": "2018-2019", "max_loss": "2%"}, ["max_loss"], "Leave 'years' out."),
        ("compare", {"max_loss": "200%"}, ["max_loss"], "'max_loss' '200%' is no percentage"),
        ("explain", {**EXPLAIN, "id": "bergenhus"}, ["id"], "Did you mean Bergenhus?"),
        ("explain", {**EXPLAIN, "variable": "tull"}, ["variable"], "There is no variable 'tull'"),
        ("explain", {**EXPLAIN, "regulation": "2018-13"}, ["regulation"], "'2018-13' is not a date"),
        ("solve", {**SOLVE, "between": [0.1, 0]}, ["between"], "'between' 0.1 0: the first must be the smaller."),
        ("solve", {**SOLVE, "parameter": ["reserve.andel", "tull"]}, ["parameter", "1"], "no parameter 'tull'"),
        ("diff", {"one": "2019-04", "other": "2021-06", "on": ""}, ["on"], "'' is not a date"),
        ("diff", {"one": "2019-04", "other": "2021-06", "on": "2020-01"}, ["on"], "'on' is the day of an id"),
        ("show", {"what": [], "adopted_by": "x"}, ["adopted_by"], "'x' is not a date"),
        ("causes", {"from": 2019, "to": 2018}, ["from"], "give 'from' and 'to' in order"),
        ("log", {"name": ""}, ["name"], "There is no variable or parameter ''"),
    ],
)
def test_where_in_the_body_and_in_its_words(route, body, path, fragment, client):
    answer = client.post(f"/{route}", json=body)
    assert (answer.status_code, answer.json["path"]) == (400, path)
    assert fragment in answer.json["error"]


def test_a_fault_beside_units_of_levels_without_end(client):
    units = '{"A": ' * 900 + "1" + "}" * 900
    body = f'{{"users": {{"enhet": ["A"], "timer_per_uke": [5]}}, "units": {units}, "regulations": ["tull"]}}'
    answer = client.post("/compare", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["path"]) == (400, ["regulations", "0"])


def test_the_figures_that_are_asked_for_are_those_of_all(client):
    body = {"year": 2019, "regulations": ["grunnregelverk", "2019-06"]}
    wanted = {"variables": ["enhet_samlet_tildeling", "enhet_kategoriramme"], "levels": ["byomraade"]}
    every = client.post("/compare", json=body).json["figures"]
    some = client.post("/compare", json=body | wanted).json
    assert some["figures"] == [
        one for one in every if one["variable"] in wanted["variables"] and one["level"] == "byomraade"
    ]
    assert len(some["figures"]) == 3  # the foundation has not brought the categories' frame
    assert some["ids"].keys() == {"byomraade"}
    years = client.post("/compare", json={"years": "2017-2018", "variables": ["enhet_kategoriramme"]}).json
    assert {one["period"] for one in years["figures"]} == {"2018"}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"variables": ["enhet_samlet_tildelin"]}, "Did you mean enhet_samlet_tildeling"),
        ({"variables": ["vurdert_timer_per_uke"]}, "single users"),
        ({"variables": ["etat_normtid_gjelder"]}, "no number"),
        ({"variables": ["enhet_kategoriramme"], "regulations": ["grunnregelverk"]}, "none of the regulations"),
        (
            {"variables": ["etat_merforbruk"], "levels": ["enhet"]},
            "'etat_merforbruk' by enhet. It has figures by etat.",
        ),
        ({"variables": ["etat_merforbruk"], "levels": ["etat", "enhet"]}, "no figures by enhet"),
        ({"years": "2018-2019", "variables": ["etat_merforbruk"], "levels": ["byomraade"]}, "It has figures by etat."),
        ({"users": {"enhet": ["A"], "timer_per_uke": [5]}, "levels": ["byomraade"]}, "no figures by byomraade"),
        ({"variables": "enhet_samlet_tildeling"}, "variables"),
        ({"levels": ["bruker"]}, "levels"),
    ],
)
def test_figures_that_there_are_not_are_refused(client, wanted, said):
    answer = client.post("/compare", json=wanted)
    assert answer.status_code == 400
    assert said in str(answer.json)
