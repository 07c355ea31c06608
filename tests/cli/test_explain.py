"""``bergen-hbt explain``: the calculation as a tree, from core's tracer."""

import pytest

from tests.commands import all_steps, as_json, run

ETAT = "Etat for hjemmetjenester"


def explained(*arguments):
    return as_json("explain", *arguments)["explanation"]


def test_the_parts_of_what_a_unit_gets_add_up():
    step = explained("enhet_samlet_tildeling", "--id", "Bergenhus")
    assert step["value"] == 162_200_268
    assert step["decision"] == "vedtak_2018_01_kategorimodell"
    assert sum(below["value"] for below in step["steps"]) == step["value"]
    assert {below["variable"] for below in step["steps"]} == {
        "enhet_kategoriramme",
        "enhet_avstandstilskudd",
        "enhet_tildeling_over_80",
        "enhet_reservekompensasjon",
        "enhet_etatsdirektoer_omfordeling",
        "enhet_reserve_ved_aarets_slutt",
        "enhet_overfoert_fra_i_fjor",
    }


def test_it_goes_down_to_inputs_and_parameters_with_their_sources():
    steps = list(all_steps(explained("enhet_samlet_tildeling", "--id", "Bergenhus")))
    inputs = {step["variable"] for step in steps if step["decision"] == "inndata"}
    assert {"vurdert_timer_per_uke", "enhet_kjoeretid_per_uke"} <= inputs
    read = {parameter["parameter"]: parameter for step in steps for parameter in step["parameters"]}
    assert read["reserve.andel"]["basis"] == "assumption"
    assert read["budsjett.tillitsreform_styrking"]["basis"] == "adopted"
    assert all(parameter["reference"][0]["place"] for parameter in read.values())
    assert all(step["label"] and step["reference"] for step in steps)
    hours = next(step for step in steps if step["variable"] == "timer_per_uke")
    assert hours["decision"] == "vedtak_2017_10_normtid_avviklet"


def test_users_show_as_counts_and_sums():
    steps = list(all_steps(explained("enhet_kategoripoeng", "--id", "Bergenhus", "--month", "1")))
    category = next(step for step in steps if step["variable"] == "loepende_kategori")
    assert category["of"] == "578 brukere"  # as published for Bergenhus in 2019
    assert sum(category["value"].values()) == 578
    hours = next(step for step in steps if step["variable"] == "timer_per_uke")
    assert hours["value"] == pytest.approx(177_135 / 52)
    weights = {"KATEGORI_1": 0.75, "KATEGORI_2": 4.5, "KATEGORI_3": 11.25, "KATEGORI_4": 22.5, "KATEGORI_5": 55}
    points = sum(weights.get(name, 0) * count for name, count in category["value"].items())
    assert steps[0]["value"] == points


def test_from_the_agency_all_its_units_are_seen():
    step = explained("etat_vedtakstimer", "--id", ETAT, "--regulation", "grunnregelverk", "--year", "2017")
    units, home_care = step["steps"]
    assert home_care["variable"] == "enhet_i_hjemmetjenestene"
    assert units["of"] == "6 enheter"
    assert units["value"] == pytest.approx(993_272)  # the published sum
    assert {below["decision"] for below in all_steps(step)} == {"grunnregelverk", "inndata"}


def test_an_area_is_explained_from_its_published_figures():
    step = explained("timer_per_bruker", "--id", "Årstad", "--year", "2018")
    assert step["value"] == pytest.approx(151_944 / 632)
    assert [below["value"] for below in step["steps"]] == [151_944, 632]


def test_the_unit_s_value_stands_beside_the_agency_s_sum():
    step = explained("enhet_kategoritildeling", "--id", "Årstad")
    points = next(below for below in step["steps"] if below["variable"] == "enhet_kategoripoeng")
    pot = next(below for below in step["steps"] if below["variable"] == "etat_kategoripott")
    assert step["value"] == pytest.approx(pot["value"] * points["value"] / points["of_agency"], abs=1)


def test_depth():
    assert explained("enhet_samlet_tildeling", "--id", "Årstad", "--depth", "0")["steps"] == []
    steps = explained("enhet_samlet_tildeling", "--id", "Årstad", "--depth", "1")["steps"]
    assert steps
    assert all(step["steps"] == [] for step in steps)


def test_what_it_rests_on():
    content = as_json("explain", "enhet_aktivitetsbasert_inntekt", "--id", "Årstad", "--regulation", "grunnregelverk")
    assert [assumption["parameter"] for assumption in content["assumptions"]] == [
        "aktivitetsbasert.timepris",
        "tid.uker_per_aar",
    ]
    assert "T-12" in content["interpretations"]
    assert "Syntetisk" in content["population"]


def test_text_markdown_and_html(tmp_path):
    arguments = ("explain", "enhet_samlet_tildeling", "--id", "Laksevåg", "--example", "bevegelse")
    text = run(*arguments).text
    assert max(map(len, text.splitlines())) <= 100
    assert "Etatsdirektørens omfordeling (Laksevåg, 2019): 1 500 000 kr" in text
    assert "Syntetisk befolkning" in text
    assert run(*arguments, "--format", "markdown").text.startswith("# Samlet tildeling, Laksevåg, 2019")
    target = tmp_path / "x.html"
    assert run(*arguments, "--format", "html", "--output", str(target)).exit_code == 0
    page = target.read_text(encoding="utf-8")
    assert '<html lang="nb">' in page
    assert "<details" in page
    assert "://" not in page  # nothing is fetched,
    assert "default-src 'none'" in page  # nor could be


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["enhet_samlet_tildelin", "--id", "Bergenhus"], "enhet_samlet_tildeling"),
        (["enhet_samlet_tildeling", "--id", "Bergen"], "Bergenhus"),
        (["enhet_samlet_tildeling", "--id", "Bergenhus", "--month", "1"], "is yearly"),
        (["enhet_maanedsramme", "--id", "Bergenhus"], "is monthly"),
        (["vedtakstimer", "--id", "Bergenhus"], "single users, who are never shown"),
        (["enhet_samlet_tildeling", "--id", "Bergenhus", "--regulation", "x"], "grunnregelverk"),
        (["etat_kategoripott", "--id", "Bergenhus"], ETAT),
    ],
)
def test_a_wrong_question_is_refused(arguments, message):
    result = run("explain", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_a_regulation_has_not_brought_is_no_part_of_it():
    result = run("explain", "enhet_kategoriramme", "--id", "Bergenhus", "--regulation", "grunnregelverk")
    assert (result.exit_code, "does not contain" in result.stderr) == (2, True)
