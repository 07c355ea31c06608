"""``--public``: what can be published of own data, in every form; all else refuses it."""

import csv
import io
import json
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import polars
import pytest
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import run
from tests.privacy.random_users import random_people

ENDINGS = (".html", ".xlsx", ".md", ".json", ".csv", ".parquet", ".txt")
#: What would tell of users: pots, counts by category, hours.
SECRET = ("enhet_kategoriramme", "antall_kategori_1", "enhet_vedtakstimer", "etat_pott_over_80", "enhet_timer_over_80")


@pytest.fixture(scope="module")
def users(tmp_path_factory):
    people = random_people(4)
    file = tmp_path_factory.mktemp("egne") / "brukere.csv"
    polars.DataFrame(
        {
            "enhet": [people.unit_names[unit] for unit in people.unit_of_user],
            "byomraade": [people.area_names[people.area_of_unit[unit]] for unit in people.unit_of_user],
            "timer_per_uke": people.users["timer_per_uke"],
        }
    ).write_csv(file)
    return file


def asked(users, *arguments):
    frame = ("--frame", "400000000", "--regulation", "grunnregelverk", "--regulation", "2019-06")
    return run("compare", "--data", str(users), *frame, "--public", *arguments)


def test_it_closes_to_the_frame_and_tells_no_pot(users):
    made = asked(users, "--format", "json")
    assert made.exit_code == 0, made.stderr
    content = json.loads(made.stdout)
    step = content["public"]["step"]
    assert step in (50_000, 100_000, 200_000, 500_000, 1_000_000)
    assert f"avrundet til nærmeste {step:,} kr".replace(",", "\N{NO-BREAK SPACE}") in content["first_lines"][0]
    figures = {(of["regulation"], of["level"], of["variable"]): of["values"] for of in content["figures"]}
    assert {name for _, level, name in figures if level == "enhet"} == {
        "enhet_antall_brukere",
        "enhet_samlet_tildeling",
    }
    assert not any(name in made.stdout for name in SECRET)
    assert content["public"]["off_kr"] == step / 2  # how far an amount is off would tell it
    for regulation in ("grunnregelverk", "2019-06"):
        given = figures[regulation, "enhet", "enhet_samlet_tildeling"]
        (left,), (rounding,), (frame,) = (
            figures[regulation, "etat", name] for name in ("etat_igjen_sentralt", "avrunding", "etat_ramme_i_alt")
        )
        assert all(amount % step == 0 for amount in (*given, left))
        assert sum(given) + left + rounding == frame
        assert frame == 400_000_000 + (0 if regulation == "grunnregelverk" else 14_000_000)
    assert "users" not in content["record"]["inputs"]["hashes"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_form_holds_the_same_and_no_more(users, ending, tmp_path):
    output = tmp_path / f"ut{ending}"
    made = asked(users, "--output", str(output))
    assert made.exit_code == 0, made.stderr
    if ending == ".xlsx":
        sheets = openpyxl.load_workbook(output).sheetnames
        assert sheets[:2] == ["Enheter", "Etater"]
        return
    if ending == ".parquet":
        names = set(polars.read_parquet(output)["variable"])
        assert not names & {*SECRET}
        return
    text = output.read_text(encoding="utf-8")
    assert not any(name in text for name in SECRET)
    if ending == ".csv":
        assert {row["level"] for row in csv.DictReader(io.StringIO(text))} == {"enhet", "etat"}
        assert "Til publisering" in made.stderr
    else:
        assert "Til publisering" in text


def test_what_is_published_can_be_verified(users, tmp_path):
    output = tmp_path / "ut.html"
    assert asked(users, "--output", str(output)).exit_code == 0
    again = run("verify", str(output), "--data", str(users), "--frame", "400000000")
    assert again.exit_code == 0, again.stdout + again.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("explain", "enhet_samlet_tildeling", "--id", "Enhet 01"), "shows the counts, hours and pots"),
        (("readings",), "Publish others with compare --reading"),
        (("incentives",), "one user more or less"),
        (("compare", "--no-suppression"), "exclude each other"),
        (("compare", "--years", "2018-2019"), "goes with one year"),
        (("compare", "--samples", "8"), "goes with none of"),
        (("compare", "--max-loss", "2%"), "goes with none of"),
        (("compare", "--reading", "lesning_t05_skjoenn"), "otherwise than by points and hours"),
    ],
)
def test_what_cannot_be_published_is_refused(users, arguments, why):
    made = run(*arguments, "--data", str(users), "--frame", "400000000", "--public")
    assert made.exit_code == 2
    assert why in made.stderr


def test_each_question_about_users_publishes_or_says_why_it_does_not():
    client = create_app().test_client()
    users = {"enhet": ["A", "A", "B"], "timer_per_uke": [5, 20, 100]}
    for name in questions.names():
        question = questions.question(name)
        if "suppression" not in question.takes:
            assert not question.public
            continue
        assert question.public == (not question.not_public), name
        body = {key: value for key, value in question.bodies[0].items() if key not in ("population", "users", "years")}
        found = client.post(f"/{name}", json={**body, "users": users, "public": True})
        assert found.status_code == 400
        if question.not_public:
            assert question.not_public.replace("--reading", "'reading'") in found.json["error"]


def test_a_reading_can_be_published(users):
    content = json.loads(asked(users, "--reading", "lesning_t10_maanedsrater", "--format", "json").stdout)
    assert content["public"]["step"]
    assert [of["readings"] for of in content["regulations"]] == [["lesning_t10_maanedsrater"]] * 2


PLAN = """
scenarios:
  - {name: I dag, regulation: 2019-06}
  - name: Større reserve
    regulation: 2019-06
    changes: [{parameter: reserve.andel, from: 2019-01-01, value: 0.04}]
"""


def test_scenarios_are_published_side_by_side(users, tmp_path):
    plan, output = tmp_path / "plan.yaml", tmp_path / "ut.html"
    plan.write_text(PLAN, encoding="utf-8")
    data = ("--data", str(users), "--frame", "400000000")
    made = run("scenarios", str(plan), *data, "--public", "--format", "json")
    assert made.exit_code == 0, made.stderr
    content = json.loads(made.stdout)
    step, figures = content["public"]["step"], content["figures"]
    given = [of["values"] for of in figures if of["variable"] == "enhet_samlet_tildeling"]
    assert len(given) == 2
    assert all(amount % step == 0 for amounts in given for amount in amounts)
    assert content["headlines"] == []
    assert not any(name in made.stdout for name in SECRET)
    assert run("scenarios", str(plan), *data, "--public", "--output", str(output)).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "Til publisering" in text
    assert "Det som skiller regelverkene" in text
    again = run("verify", str(output), "--data", str(users), "--frame", "400000000")
    assert again.exit_code == 0, again.stdout + again.stderr


@pytest.mark.parametrize("place", ["/", "/scenarioer"])
def test_the_page_publishes_too(users, place):
    client = create_app().test_client()

    def posted(address, **fields):
        sent = {"brukere": (io.BytesIO(users.read_bytes()), "brukere.csv"), "ramme": "400000000", **fields}
        return client.post(address, data={"aar": "2019", **sent}, content_type="multipart/form-data")

    fields = {"regelverk": "2019-06"}
    if place == "/scenarioer":
        at = client.post(place, data={"fil": (io.BytesIO(PLAN.encode()), "plan.yaml")}).headers["Location"]
        fields = dict(MultiDict(parse_qsl(urlsplit(at).query)).lists())
    page = posted(place, offentlig="1", **fields)
    assert page.status_code == 200, page.text
    assert "Til publisering: beløpene er avrundet" in page.text
    assert "Samlet tildeling, nærmeste" in page.text
    assert not any(shown in page.text for shown in ("Kategori 1", "holdt tilbake", "Vedtakstimer"))
    assert "Til publisering" not in posted(place, **fields).text.replace("Til publisering: compare --public", "")
    report = "/last-ned/rapport.html" if place == "/" else "/scenarioer/last-ned/scenarioer.html"
    assert "Til publisering: beløpene er avrundet" in posted(report, offentlig="1", **fields).text
    assert posted(place, offentlig="1", spenn="1", **fields).status_code == 400
    if place == "/":
        assert client.get("/?offentlig=1").status_code == 400


def test_the_embedded_population_is_public_already():
    assert "all of the embedded ones is public" in run("compare", "--public").stderr


def test_a_unit_with_few_users_is_shown_together_with_another(users, tmp_path):
    more = tmp_path / "brukere.csv"
    more.write_text(users.read_text() + "Liten,Område 0,12\nLiten,Område 0,20\n", encoding="utf-8")
    content = json.loads(asked(more, "--format", "json").stdout)
    (together,) = [name for name in content["ids"]["enhet"] if "Liten" in name]
    assert " + " in together
    assert together in content["public"]["shown_together"]


def test_the_api_publishes_too(users):
    table = polars.read_csv(users).to_dict(as_series=False)
    body = {"users": table, "etater": {"etat": {"etat_budsjettramme": 400_000_000}}, "regulations": ["2019-06"]}
    client = create_app().test_client()
    found = client.post("/compare", json={**body, "public": True})
    assert found.status_code == 200, found.json
    assert found.json["public"]["step"]


@pytest.mark.parametrize("arguments", [*(("--variable", name) for name in SECRET), ("--level", "byomraade")])
def test_what_is_not_published_is_refused(users, arguments):
    refused = asked(users, "--format", "csv", *arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"'{arguments[1]}' is not published with --public. Ask for" in refused.stderr


def test_a_figure_that_is_published_can_be_asked_for(users):
    made = asked(users, "--format", "csv", "--variable", "etat_ramme_i_alt", "--level", "etat")
    amounts = [row["value"] for row in csv.DictReader(io.StringIO(made.stdout))]
    assert amounts == ["400000000", "414000000"]
