"""Numbers from budget letters: letters made of known numbers give them back, and a wrong one is named."""

import json
from dataclasses import replace

import numpy
import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.fit import OPEN, QUESTION
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.report.subjects import fit as subject
from openfisca_bergen_hbt.web.app import create_app
from tests import independent
from tests.commands import as_json, rows, run

WEIGHTS = OPEN[:5]
#: The numbers that the letters are made of: none of them is the law's. (The share that changes, 4.66 %, is no material
#: change by the law's own threshold.)
KNOWN = dict(zip(OPEN, (0.6, 4, 11, 21, 50, 0.03, 0.02, 0.015, 0.04), strict=True))
UNITS = 24


def population(*, moving=False):
    """24 units of 100 users; where it moves two drive, and the first ten grow in May, which is a material change."""
    random = numpy.random.default_rng(1)
    hours = numpy.minimum(random.lognormal(1.2, 1.4, 100 * UNITS) + 0.01, 168).round(2)
    grown = numpy.minimum(numpy.where(numpy.arange(len(hours)) < 1000, hours * 1.35, hours), 168)
    return from_table(
        {
            "enhet": numpy.repeat([f"E{number:02}" for number in range(UNITS)], 100),
            "vurdert_timer_per_uke": [hours] * 4 + [grown] * 8 if moving else hours,
            "besoek_per_uke": 0 * hours,
            "normtid_minutter_per_besoek": 0 * hours,
        },
        regelverk(),
        units={f"E{number:02}": {"enhet_kjoeretid_per_uke": 10.0 * number} for number in (3, 9)} if moving else {},
        agencies={"etat": {"etat_budsjettramme": 400_000_000, "etat_tillitsreform_styrking": 0}},
    )


def letters(people, known):
    """What the rules written once more, in plain Python, give each unit by other numbers."""
    others = {"reserve.andel": "RESERVE", "reserve.toleranse": "TOLERANCE"}
    others |= {"avstand.andel": "DISTANCE", "omfordeling.terskel": "THRESHOLD"}
    weights = {int(name[-1]): value for name, value in known.items() if name in WEIGHTS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(independent, "MIDPOINT", independent.MIDPOINT | weights)
        for name in known.keys() & others:
            patch.setattr(independent, others[name], known[name])
        found = independent.all_agencies(people, 2019, decisions={1, 2, 3, 4, 5, 6})
    return dict(zip(people.unit_names, map(int, found["enhet_samlet_tildeling"]), strict=True))


def fitted(people, allocations, *parameters):
    options = {"allocations": allocations} | ({"parameter": list(parameters)} if parameters else {})
    return QUESTION.run(prepare(QUESTION, Request(question="fit", options=options), lambda _year: people))


def test_letters_made_of_known_numbers_give_them_back():
    people = population(moving=True)
    found = fitted(people, letters(people, KNOWN))
    assert found.fits
    assert max(map(abs, found.misses.values())) <= 1
    for name in ("reserve.andel", "reserve.toleranse", "avstand.andel"):
        assert found.values[name] == pytest.approx(KNOWN[name], abs=1e-5)
        assert name not in (*found.told.silent, *found.told.apart)
    # only how the weights stand to each other: all of them times 15 / 21 (category 4 begins at 15) to 15 / 11 do, too
    factor = found.values[WEIGHTS[4]] / 50
    for name in WEIGHTS:
        assert found.values[name] == pytest.approx(KNOWN[name] * factor, rel=1e-3)
        assert found.told.apart[name] == pytest.approx((KNOWN[name] * 15 / 21, KNOWN[name] * 15 / 11), rel=2e-3)
    # every threshold up to the share that changes is the same, of those tried at each hundredth
    assert found.told.apart["omfordeling.terskel"] == pytest.approx((0.01, 0.04))
    assert found.values["omfordeling.terskel"] <= 0.0466
    assert found.told.silent == []


@pytest.mark.parametrize("numbers", [(*WEIGHTS, "reserve.andel"), OPEN])
def test_one_wrong_letter_is_named(numbers):
    people = population(moving=numbers == OPEN)
    allocations = letters(people, {name: KNOWN[name] for name in numbers})
    allocations["E05"] += 250_000
    found = fitted(people, allocations, *numbers)
    assert not found.fits
    assert found.wrong == ("E05",)
    assert found.misses["E05"] == pytest.approx(-250_000, abs=2)
    assert found.values["reserve.andel"] == pytest.approx(0.03, abs=1e-5)
    said = subject.paper(found).headlines[0].replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Ingen tall gir alle tilbake, men alle unntatt E05")


def test_what_nothing_gives_is_the_best_miss_by_unit():
    people = population()
    allocations = {name: 1_000_000 * (1 + number % 7) for number, name in enumerate(people.unit_names)}
    found = fitted(people, allocations, "reserve.andel")
    assert (found.fits, found.wrong, found.told) == (False, (), None)
    worst = max(found.misses, key=lambda name: abs(found.misses[name]))
    said = " ".join(subject.paper(found).headlines)
    assert "Ingen tall innenfor spennene ble funnet som gjør det" in said
    assert worst in said
    few = replace(found, letters={worst: found.letters[worst]})
    assert subject.FEW not in subject.paper(few).headlines  # that almost any letters fit, is not said where none do
    assert subject.FEW in subject.paper(replace(few, fits=True)).headlines


def test_numbers_that_do_nothing_are_named():
    people = population()
    found = fitted(people, letters(people, {"reserve.andel": 0.03}), "reserve.andel", "avstand.andel")
    assert found.told.silent == ["avstand.andel"]  # nobody drives
    assert found.values["reserve.andel"] == pytest.approx(0.03, abs=1e-6)


@pytest.fixture
def files(tmp_path):
    """Users of 5 and 10 hours in A and B; 1 000 000 less a reserve of 3 %, 970 000 by 4.5 and 11.25 points."""
    users = "enhet;timer_per_uke\n" + "A;5\n" * 10 + "B;10\n" * 10
    (tmp_path / "brukere.csv").write_text(users, encoding="utf-8")
    etat = "etat;budsjettramme;tillitsreform_styrking\nT;1000000;0\n"
    (tmp_path / "etat.csv").write_text(etat, encoding="utf-8")

    def ask(allocations, *more):
        (tmp_path / "tildelt.csv").write_text(allocations, encoding="utf-8")
        data = ("--data", str(tmp_path / "brukere.csv"), "--agency", str(tmp_path / "etat.csv"))
        fit = ("fit", "--allocations", str(tmp_path / "tildelt.csv"), *data, "--parameter", "reserve.andel")
        return fit, more, data

    return ask


def test_files_a_proposal_and_its_record(files, tmp_path):
    # A: 277 143, and what it lacks of 95 % of its third of the hours: 970 000 / 3 · 0.95 - 277 143 = 30 024, but 30 000
    # is all there is
    fit, _, data = files("Enhet;Kroner\nA;307 143\nB;692 857\n")
    found = as_json(*fit)
    assert found["fits"]
    assert found["values"]["reserve.andel"] == pytest.approx(0.03, abs=1e-4)
    proposal = tmp_path / "tilpasset.yaml"
    assert run(*fit, "--output", str(proposal)).exit_code == 0
    figures = rows(as_json("compare", *data, "--proposal", str(proposal)))
    given = {
        row["id"]: row["value"]
        for row in figures
        if (row["regulation"], row["variable"], row["level"]) == ("tilpasset", "enhet_samlet_tildeling", "enhet")
    }
    assert given == pytest.approx({"A": 307_143, "B": 692_857}, abs=1)
    record = json.loads((tmp_path / "tilpasset.yaml.record.json").read_text(encoding="utf-8"))
    assert record["request"]["options"]["allocations"] == {"A": 307_143, "B": 692_857}
    assert run("verify", str(proposal), *data).exit_code == 0


@pytest.mark.parametrize(
    ("allocations", "said"),
    [
        ("enhet;kroner\nA;1\nA;2\nB;3\n", "stands here twice"),
        ("enhet;kroner\nA;1,5\nB;3\n", "not whole kroner"),
        ("enhet;kroner\nA;\nB;3\n", "missing"),
        ("enhet;kroner\nA;-1\nB;3\n", "below 0"),
        ("enhet;belop\nA;1\nB;3\n", "no column 'kroner'"),
        ("enhet;kroner\nA;1\n", "No amount is given for: B"),
        ("enhet;kroner\nA;1\nB;2\nC;3\n", "There is no unit 'C'"),
        ("enhet;kroner;aar\nA;1;2018\nB;2;2018\n", "no rows of 2019"),
    ],
)
def test_letters_are_checked_as_strictly_as_users(files, allocations, said):
    fit, _, _ = files(allocations)
    result = run(*fit)
    assert result.exit_code == 2
    assert said in result.stderr


def test_over_the_web():
    client = create_app().test_client()
    (body,) = QUESTION.bodies
    found = client.post("/fit", json=body).json
    assert found["fits"]
    assert found["values"]["reserve.andel"] == pytest.approx(0.03, abs=1e-4)
    without = client.post("/fit", json={**body, "allocations": {"A": 1}})
    assert (without.status_code, "No amount is given for: B" in without.text) == (400, True)
    assert client.post("/fit", json={**body, "allocations": [1]}).status_code == 400
