"""Hundreds of etater and thousands of units: reports stay readable, and say what they leave out and where it stands."""

import re
from dataclasses import replace

import numpy
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.country import country
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.report.forms import markdown, screen
from openfisca_bergen_hbt.report.subjects.compare import brief, paper
from openfisca_bergen_hbt.simulate import simulate
from tests.commands import run

ETATER, YEAR = 356, 2019


@pytest.fixture(scope="module")
def people():
    return replace(country(ETATER), personal=True)


@pytest.fixture(scope="module")
def compared(people):
    return Comparison(people, YEAR, versions(["grunnregelverk", "2018-06"]))


@pytest.fixture(scope="module")
def said(compared):
    return paper(compared)


def test_the_envelope_of_each_of_hundreds_of_etater_closes_to_the_krone(people, law):
    results = simulate(people, law, YEAR)
    handed_out = numpy.zeros(ETATER)
    numpy.add.at(handed_out, people.agency_of_unit, results.value("enhet_samlet_tildeling"))
    rest = [results.value("etat_reserve_saldo"), results.value("etat_rest_pott_over_80", 12)]
    given = people.agencies["etat_budsjettramme"] + people.agencies["etat_tillitsreform_styrking"]
    numpy.testing.assert_array_equal(handed_out + sum(rest) + results.value("etat_ufordelt"), given)


@settings(max_examples=15, deadline=None)
@given(etat=st.integers(0, ETATER - 1))
def test_an_etat_gets_what_it_gets_alone(etat, people, compared):
    mine = people.agency_of_unit == etat
    users = mine[people.unit_of_user]
    number = numpy.cumsum(mine) - 1
    alone = replace(
        people,
        unit_names=[name for name, is_mine in zip(people.unit_names, mine, strict=True) if is_mine],
        unit_of_user=number[people.unit_of_user[users]],
        agency_names=[people.agency_names[etat]],
        agency_of_unit=numpy.zeros(int(mine.sum()), dtype=numpy.intp),
        users={name: values[users] for name, values in people.users.items()},
        units={name: values[mine] for name, values in people.units.items()},
        agencies={name: values[[etat]] for name, values in people.agencies.items()},
    )
    for together in compared.runs:
        own = simulate(alone, together.results.system, YEAR)
        for name, variable in own.system.variables.items():
            if variable.unit != "kr" or variable.definition_period != "year":
                continue
            of_all = together.results.value(name)
            if variable.entity.key == "enhet":
                numpy.testing.assert_array_equal(own.value(name), of_all[mine], err_msg=name)
            elif variable.entity.key == "etat":
                numpy.testing.assert_array_equal(own.value(name), of_all[[etat]], err_msg=name)


def test_the_ends_are_those_that_gain_and_lose_most_and_the_rest_is_accounted_for(compared, said):
    first, last = (run.results.value("etat_samlet_tildeling") for run in compared.runs)
    order = numpy.argsort((first - last) / first)
    top, bottom = (
        [compared.population.agency_names[place] for place in places] for places in (order[:10], order[-10:])
    )
    for text in (markdown.write(said).decode(), screen.write(brief(compared)).decode()):
        shown = text.partition("Samlet tildeling etter etat")[2].partition("Vist er")[0]
        assert [name for name in compared.population.agency_names if name in shown] == sorted(top + bottom)
        assert "De 336 andre står hele i arbeidsboken (.xlsx, arket «Etter etat»)" in " ".join(text.split())
        assert max(map(len, screen.write(brief(compared)).decode().splitlines())) <= 100


def test_what_the_ends_have_in_common_is_the_median_of_what_is_shown(compared, said):
    first, last = (run.results for run in compared.runs)
    change = last.value("etat_samlet_tildeling") / first.value("etat_samlet_tildeling")
    covered = last.value("etat_ramme_i_alt") / last.value("etat_aktivitetskostnad")
    order = numpy.argsort(-change, kind="stable")
    table = said.table("common-etat")
    place = [column.heading for column in table.columns].index("Ramme av det aktiviteten koster")
    expected = [numpy.median(covered[members]) for members in (order[:10], order[-10:], order)]
    assert [row[place] for row in table.rows] == pytest.approx(expected)
    assert expected[0] > expected[2] > expected[1]
    assert "Ramme av det aktiviteten koster" in table.notes[0]


def test_no_small_count_of_an_etat_is_shown(compared, people):
    users = numpy.bincount(people.agency_of_unit[people.unit_of_user])
    assert users.min() >= LEAST
    blocks = [block for block in compared.blocks() if block.level == "etat" and block.variable.startswith("antall_")]
    assert len(blocks) == 6
    for block in blocks:
        shown = [value for value in block.shown() if value is not None]
        assert None in block.shown()
        assert all(value == 0 or value >= LEAST for value in shown)
        assert sum(shown) > 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the files of the country, and what compare makes of them."""
    made = tmp_path_factory.mktemp("country")
    users, units, etater = (str(made / name) for name in ("land.parquet", "enheter.csv", "etater.csv"))
    written = ("--output", users, "--units-output", units, "--agency-output", etater)
    assert run("population", "--municipalities", str(ETATER), *written).exit_code == 0
    for form in ("html", "xlsx"):
        asked = ("--data", users, "--units", units, "--agency", etater, "--output", str(made / f"land.{form}"))
        assert run("compare", *asked).exit_code == 0
    return made


def test_the_page_of_a_country_is_small_and_has_every_etat(folder):
    page = (folder / "land.html").read_bytes()
    assert len(page) < 10_000_000
    assert all(f">Kommune {number:03}<".encode() in page for number in range(1, ETATER + 1))


def test_the_rows_to_choose_from_stand_as_they_are_ranked(compared, folder):
    page = (folder / "land.html").read_text(encoding="utf-8")
    table = page.partition("<caption>Samlet tildeling etter etat</caption>")[2].partition("</table>")[0]
    names = re.findall(r"<th scope=\"row\">(Kommune \d+)</th>", table)
    first, last = (run.results.value("etat_samlet_tildeling") for run in compared.runs)
    order = numpy.argsort((first - last) / first, kind="stable")
    assert names == [compared.population.agency_names[place] for place in order]
    assert table.rindex(">Sum<") > table.rindex(f">{names[-1]}<")


def test_the_record_of_a_country_takes_little_of_its_page_and_still_names_what_differs(folder):
    page = (folder / "land.html").read_text(encoding="utf-8")
    text = re.search(r'id="run-record">(.*?)</script>', page, re.DOTALL)[1]
    assert len(text) < 500_000  # 7 regulations of 3 844 names, each with an amount or more: 2.7 MB as they are
    given = ("--units", str(folder / "enheter.csv"), "--agency", str(folder / "etater.csv"))
    same = run("verify", str(folder / "land.html"), "--data", str(folder / "land.parquet"), *given)
    assert same.exit_code == 0, same.stdout + same.stderr
    users = polars.read_parquet(folder / "land.parquet")
    hours = polars.col("besoek_per_uke")
    of_one = (polars.col("bruker") == users["bruker"][0]) * 100.0
    users.with_columns(hours + of_one).write_parquet(folder / "andre.parquet")
    other = run("verify", str(folder / "land.html"), "--data", str(folder / "andre.parquet"), *given)
    assert other.exit_code == 1
    # 100 visits a week of 27 minutes, 52 weeks, at 987.6216269 kr: 2 311 034.6 kr more, under the foundation alone
    differing = [line for line in other.stdout.splitlines() if " then, " in line]
    assert {line.split(", ")[0].strip() for line in differing} == {"grunnregelverk"}
    assert any(
        "Kommune 001 enhet 001, enhet_samlet_tildeling" in line and re.search(r"\(\+2 311 03[45]\)", line)
        for line in differing
    )


def test_the_workbook_has_every_etat_and_every_unit(folder, compared, people):
    content = (folder / "land.xlsx").read_bytes()
    etater = polars.read_excel(content, sheet_name="Etter etat", read_options={"header_row": 1})
    units = polars.read_excel(content, sheet_name="Enheter", read_options={"header_row": 1})
    assert etater["Etat"].to_list()[:ETATER] == list(people.agency_names)
    assert units["Enhet"].to_list()[: len(people.unit_names)] == list(people.unit_names)
    assert len(people.unit_names) > 3000
    before, after = (run.results.value("etat_samlet_tildeling") for run in compared.runs)
    assert etater["Endring, kr"].to_list()[:ETATER] == (after - before).tolist()
