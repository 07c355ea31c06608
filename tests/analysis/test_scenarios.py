"""Scenarios beside each other: differences worked out by hand, and the same figures as ``compare`` gives."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from openfisca_bergen_hbt.analysis.scenarios.differing import differing
from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenarios import Plan, Scenario, versions
from tests.commands import as_json, rows, run

#: With a frame of 1 000 000 the units share 15 000 000, less the reserve: A has 45 points of 157.5, B has 112.5.
USERS = "enhet;timer_per_uke\n" + "A;5\n" * 10 + "B;10\n" * 10
#: Nobody is compensated from the reserve, so that the points alone count.
PLAN = """
scenarios:
  - name: I dag
    readings: [lesning_t05_skjoenn]
  - name: Større reserve
    readings: [lesning_t05_skjoenn]
    changes:
      - {parameter: reserve.andel, from: 2019-01-01, value: 0.04}
  - name: Som i dag
    readings: [lesning_t05_skjoenn]
"""
ON_OWN = ("scenarios", "plan.yaml", "--data", "brukere.csv", "--frame", "1000000")
#: 14 700 000 * 45 / 157.5 and the rest of it; 14 400 000 * 45 / 157.5 = 4 114 285.71, and 10 285 714.29: the krone
#: that is left goes to the larger fraction.
GIVEN = {"I dag": (4_200_000, 10_500_000), "Større reserve": (4_114_286, 10_285_714)}


@pytest.fixture
def plan(folder):
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "brukere.csv").write_text(USERS, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("plan")
def test_differences_by_hand():
    content = as_json(*ON_OWN)
    given = {
        (row["regulation"], row["id"]): row["value"]
        for row in rows(content)
        if (row["level"], row["variable"]) == ("enhet", "enhet_samlet_tildeling")
    }
    for name, (a, b) in GIVEN.items():
        assert (given[name, "A"], given[name, "B"]) == (a, b)
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in content["headlines"]] == [
        # 14 700 000 - 14 400 000; 4 % of 15 000 000; 10 500 000 - 10 285 714
        (
            "«Større reserve» mot «I dag»: 300 000 kr mindre deles ut, og 600 000 kr blir igjen sentralt. "
            "Mest mindre: B (-214 286 kr)."
        ),
        "«Som i dag» mot «I dag»: ingen krone flyttes mellom enhetene; 300 000 kr blir igjen sentralt.",
    ]


@pytest.mark.usefixtures("plan")
def test_the_workbook_has_them_too_and_is_verified():
    assert run(*ON_OWN, "--output", "resultat.xlsx").exit_code == 0
    book = openpyxl.load_workbook("resultat.xlsx")
    apart = [[cell.value for cell in row] for row in book["Enhet, forskjell"].iter_rows(min_row=2)]
    assert apart[0][:3] == ["Enhet", "Større reserve", "Større reserve, %"]
    by_unit = {row[0]: row[1:] for row in apart[1:3]}
    assert by_unit["A"][0] == -85_714
    assert by_unit["A"][1] == pytest.approx(-85_714 / 4_200_000)
    assert by_unit["B"] == [-214_286, pytest.approx(-214_286 / 10_500_000), 0, 0]
    changes = {row[0]: row[1:] for row in book["Forskjell"].iter_rows(min_row=3, values_only=True)}
    # cost and frame are the same; so is what they differ by; 300 000 less is handed out and more is left
    assert changes["Større reserve"][:5] == (0, 0, 0, -300_000, 300_000)
    gains = {row[0]: row[1:] for row in book["Vinnere og tapere"].iter_rows(min_row=3, values_only=True)}
    assert gains["Større reserve"][:7] == (0, 0, "", 2, -300_000, "B", 0)
    verified = run("verify", "resultat.xlsx", "--data", "brukere.csv")
    assert verified.exit_code == 0, verified.stdout + verified.stderr
    assert "Same to the krone" in verified.stdout


@pytest.mark.usefixtures("plan")
def test_the_other_forms_hold_the_same():
    figures = {tuple(row.values()) for row in rows(as_json(*ON_OWN))}
    csv = run(*ON_OWN, "--format", "csv").stdout.splitlines()
    assert len(csv) == len(figures) + 1
    assert "Større reserve,enhet,A,enhet_samlet_tildeling,2019,4114286" in csv
    shown = run(*ON_OWN).text
    assert "-85 714" in shown
    assert "lest" not in shown.partition("Vedtak, lesninger og tall som skiller")[2]  # all are read alike
    assert "2 % fra 1.1.2018" in shown


def test_small_counts_are_held_back_as_compare_does(plan):
    """Three users of C: no count of theirs is shown under any scenario, nor one that would give it back."""
    (plan / "brukere.csv").write_text(USERS + "C;20\n" * 3, encoding="utf-8")

    def shown(content, regulation):
        return {
            (row["level"], row["id"], row["variable"], row["period"]): row["value"]
            for row in rows(content)
            if row["regulation"] == regulation
        }

    law = ("--regulation", "vedtak_2021_06_statusrapport", "--reading", "lesning_t05_skjoenn")
    compared = as_json("compare", "--data", "brukere.csv", "--frame", "1000000", *law)
    users = ("enhet", "C", "enhet_antall_brukere", "2019")
    for scenario in ("I dag", "Som i dag"):
        one = shown(as_json(*ON_OWN), scenario)
        assert one == shown(compared, "vedtak_2021_06_statusrapport")
        assert one[users] is None
    assert shown(as_json(*ON_OWN, "--no-suppression"), "I dag")[users] == 3


def test_what_differs_is_said(plan):
    (plan / "plan.yaml").write_text(
        "against: Uten\nscenarios:\n  - name: Lest\n    readings: [lesning_t05_skjoenn]\n  - name: Uten\n"
        "    regulation: 2021-12\n    without: [vedtak_2019_09_politisk_plattform]\n",
        encoding="utf-8",
    )
    content = as_json("scenarios", "plan.yaml")
    assert (content["against"], list(content["differences"])) == ("Uten", ["Lest"])
    found = content["differences"]["Lest"]
    assert [decision["id"] for decision in found["decisions"]] == ["vedtak_2019_09_politisk_plattform"]
    assert (found["readings"], found["values"]) == (["lesning_t05_skjoenn"], [])
    brought = {rule["variable"]: rule["b"]["decision"] for rule in found["rules"]}
    assert "lesning_t05_skjoenn" in brought.values()
    assert "vedtak_2019_09_politisk_plattform" in brought.values()


def test_a_number_that_differs_in_a_part_of_the_year_is_told():
    changes = (Change("reserve.andel", date(2019, 3, 1), 0.04, date(2019, 6, 30)),)
    one, other = versions(Plan((Scenario("A"), Scenario("B", changes=changes))))
    ((name, before, after),) = differing(one, other, 2019).values
    assert (name, before.value, after.value, after.start) == ("reserve.andel", 0.02, 0.04, "2019-03-01")
    assert differing(one, other, 2020).values == []


@pytest.mark.usefixtures("plan")
def test_bands_stand_beside_the_amounts():
    content = as_json(*ON_OWN, "--samples", "4")
    assert content["sureness"]["samples"] == 4
    assert {band["regulation"] for band in content["sureness"]["bands"]} == {"I dag", "Større reserve"}  # one is alike


@pytest.mark.usefixtures("plan")
def test_each_scenario_says_from_when_its_numbers_act():
    shown = run("scenarios", "plan.yaml").text
    assert "Når tallene virker: «Større reserve»: reserve.andel virker fra 01.01.2019." in " ".join(shown.split())


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan.yaml", "--against", "I går"), "There is no scenario 'I går'."),
        (("plan.yaml", "--year", "2023"), "There are no published figures for 2023."),
        (("borte.yaml",), "does not exist"),
        (("brukere.csv",), "brukere.csv"),
        (("plan.yaml", "--data", "brukere.csv"), "--frame"),
        ((), "Missing argument 'FILE'"),
    ],
)
def test_what_cant_be_asked(arguments, message):
    result = run("scenarios", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_scenarios_that_lack_inputs_are_refused(plan):
    (plan / "brukere.csv").write_text("enhet;vurdert_timer_per_uke\nA;5\n", encoding="utf-8")
    (plan / "plan.yaml").write_text("scenarios: [{name: A}, {name: B, regulation: grunnregelverk}]", encoding="utf-8")
    result = run(*ON_OWN)
    assert result.exit_code == 2
    assert "The data lack besoek_per_uke, from which 'B' counts the hours of 2019." in result.stderr


@pytest.mark.usefixtures("plan")
def test_a_record_holds_the_scenarios_and_no_name_of_a_file():
    assert run(*ON_OWN, "--output", "ut.md", "--record", "kjoering.json").exit_code == 0
    text = Path("kjoering.json").read_text(encoding="utf-8")
    assert "plan.yaml" not in text
    assert "brukere.csv" not in text
    kept = json.loads(text)
    assert [one["name"] for one in kept["request"]["options"]["scenarios"]] == ["I dag", "Større reserve", "Som i dag"]
    kroner = kept["result"]["kroner"]
    assert kroner["Større reserve"]["A"]["enhet_samlet_tildeling"] == 4_114_286
