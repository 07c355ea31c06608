"""What has changed since an earlier forecast: everything that two records hold, each change made on purpose."""

import json

import pytest

from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, run
from tests.intake.files import HEADS, users_by_month

FRAME = ("--frame", "90000000")


@pytest.fixture
def march(folder):
    (folder / "mars.csv").write_text(HEADS + users_by_month(1, 3), encoding="utf-8")
    (folder / "april.csv").write_text(HEADS + users_by_month(1, 3) + users_by_month(4, 4, 25), encoding="utf-8")
    (folder / "resten.csv").write_text(HEADS + users_by_month(4, 12), encoding="utf-8")
    (folder / "andre.csv").write_text(HEADS + users_by_month(4, 12, 25), encoding="utf-8")
    (folder / "tillegg.csv").write_text("etat;maaned;kroner\netat;2019-05;1000\n", encoding="utf-8")
    (folder / "enheter.csv").write_text("enhet;overfoert_fra_i_fjor\nA;5\nB;0\n", encoding="utf-8")
    costs = [f"{unit};2019-{month:02};1000" for unit in "AB" for month in (1, 2, 3)]
    (folder / "regnskap.csv").write_text("\n".join(["enhet;maaned;kroner", *costs]), encoding="utf-8")
    assert run("forecast", "--data", "mars.csv", *FRAME, "--record", "mars.json").exit_code == 0
    return folder


def since(*options, data="mars.csv", frame=FRAME, earlier="mars.json"):
    found = as_json("forecast", "--data", data, *frame, *options, "--since", earlier)
    return {(one["kind"], one["part"]): (one["then"], one["now"]) for one in found["also_changed"]}


@pytest.mark.usefixtures("march")
def test_nothing_else_has_changed():
    assert since() == {}
    said = run("forecast", "--data", "mars.csv", *FRAME, "--since", "mars.json").text
    assert "Ingen beløp er endret siden prognosen" in said
    assert "med 3 kjente måneder" in said
    assert "verken brukere, valg, regelverk eller programvare" in said


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (["--method", "held"], {("option", "method"): ("trend", "held")}),
        (["--months", "2"], {("option", "months"): (3, 2)}),
        (["--samples", "4"], {("option", "samples"): (None, 4)}),
        (["--seed", "4"], {("option", "seed"): (None, 4)}),
        (["--no-suppression"], {("request", "suppression"): (True, False)}),
        (["--hours", "performed"], {("request", "hours"): (None, "performed")}),
        (["--decimal", "comma"], {("request", "decimal"): (None, "comma")}),
    ],
)
def test_what_was_asked_otherwise_is_named(options, changed):
    assert since(*options) == changed


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--extra", "tillegg.csv"], ["extra"]),
        (["--units", "enheter.csv"], ["units"]),
        (["--expected", "resten.csv"], ["users", "expected", "method"]),
        (["--accounts", "regnskap.csv"], ["accounts"]),
    ],
)
def test_files_that_are_others_are_named(options, parts):
    assert [part for _kind, part in since(*options)] == parts


@pytest.mark.usefixtures("march")
def test_a_month_more_and_another_frame_are_named():
    found = since(data="april.csv", frame=("--frame", "90000001"))
    assert list(found) == [("input", "users"), ("input", "frames"), ("option", "months"), ("request", "frame")]
    assert found["option", "months"] == (3, 4)


@pytest.mark.usefixtures("march")
def test_expected_users_are_told_from_those_known():
    given = ("forecast", "--data", "mars.csv", "--expected", "resten.csv", *FRAME, "--record", "ventet.json")
    assert run(*given).exit_code == 0
    assert run("verify", "ventet.json", "--data", "mars.csv", "--expected", "resten.csv").exit_code == 0
    assert list(since("--expected", "andre.csv", earlier="ventet.json")) == [("input", "expected")]
    others = run("verify", "ventet.json", "--data", "mars.csv", "--expected", "andre.csv")
    assert others.exit_code == 1
    assert "the expected users are other than recorded" in others.stdout + others.stderr


def test_another_law_and_package_are_named_and_verify_holds_them_apart(march):
    record = json.loads((march / "mars.json").read_text(encoding="utf-8"))
    own = record["software"]["openfisca-bergen-hbt"]
    record["software"]["openfisca-bergen-hbt"] = "0.4.0"
    record["law"]["parameters"] = "0" * 64
    record["law"]["decisions"]["vedtak_2018_01_kategorimodell"] = "0" * 64
    (march / "eldre.json").write_text(json.dumps(record), encoding="utf-8")
    assert since(earlier="eldre.json") == {
        ("parameters", ""): (None, None),
        ("decision", "vedtak_2018_01_kategorimodell"): (
            "0" * 64,
            hashes.decisions()["vedtak_2018_01_kategorimodell"],
        ),
        ("software", "openfisca-bergen-hbt"): ("0.4.0", own),
    }
    given = ("--data", "mars.csv", *FRAME, "--since", "eldre.json", "--output", "igjen.html")
    assert run("forecast", *given).exit_code == 0
    page = (march / "igjen.html").read_text(encoding="utf-8")
    for said in ("Regelverkets tall", "Vedtaket vedtak_2018_01_kategorimodell", "Programvaren openfisca-bergen-hbt"):
        assert said in page
    # Run again with another version of the package: that is said, and the report is still what the run wrote.
    newer = page.replace(own, "0.4.9")
    assert newer != page
    (march / "igjen.html").write_text(newer, encoding="utf-8")
    verified = run("verify", "igjen.html", "--data", "mars.csv")
    assert "openfisca-bergen-hbt 0.4.9 then" in verified.stdout + verified.stderr
    assert "The file is not what the run writes" not in verified.stdout


@pytest.mark.usefixtures("march")
def test_a_chain_of_forecasts_holds_the_last_one_alone():
    first = ("forecast", "--data", "mars.csv", *FRAME, "--since", "mars.json", "--record", "igjen.json")
    assert run(*first).exit_code == 0
    content = as_json("forecast", "--data", "mars.csv", *FRAME, "--since", "igjen.json")
    assert "since" not in content["record"]["request"]["options"]["since"]["request"]["options"]
    assert content["also_changed"] == []


def test_amounts_that_only_one_shows_are_counted(folder):
    """Of two users what A is given is held back, and with it what another is."""
    lines = [
        f"b{place};{unit};2019-{month:02};20\n" for month in (1, 2) for place, unit in enumerate("AABB" + "C" * 20)
    ]
    (folder / "faa.csv").write_text(HEADS + "".join(lines), encoding="utf-8")
    given = ("forecast", "--data", "faa.csv", "--frame", "60000000", "--samples", "2")
    assert run(*given, "--no-suppression", "--record", "aapen.json").exit_code == 0
    found = as_json(*given, "--since", "aapen.json")
    lost = [one["name"] for one in found["changed"] if one["now"] is None]
    assert set(lost) == {name for name, of in found["units"].items() if of["value"] is None}
    assert lost
    said = run(*given, "--since", "aapen.json").text
    assert f"{len(lost)} beløp fra den gangen er ikke vist nå, og 0 som er vist nå, var ikke vist da." in said


def test_over_the_web_the_record_of_an_answer_is_sent_back():
    client = create_app().test_client()
    body = {"population": "bevegelse", "months": 5, "samples": 2}
    first = client.post("/forecast", json=body).json["record"]
    found = client.post("/forecast", json={**body, "method": "held", "since": first}).json
    asked = {(one["kind"], one["part"]) for one in found["also_changed"]}
    assert asked == {("option", "method")}
    assert found["since"] == first["date"]
    assert client.post("/forecast", json={**body, "since": found["record"]}).status_code == 200
    for wrong in (
        {},
        {"date": "2019"},
        {**first, "date": "2019-13-45"},
        {**first, "command": "compare"},
        {**first, "law": {}},
        {**first, "inputs": {}},
    ):
        refused = client.post("/forecast", json={**body, "since": wrong})
        assert refused.status_code == 400
        assert refused.json["path"][0] == "since"
