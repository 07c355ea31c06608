"""What is set beside each other of two regulations: each amount is divided by the hours of its own."""

import json

import pytest

from tests.commands import run

FOUNDATION, MODEL, LAST = "grunnregelverk", "vedtak_2018_01_kategorimodell", "vedtak_2021_06_statusrapport"
GIVEN, HOURS = "enhet_samlet_tildeling", "enhet_vedtakstimer"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return the report of all regulations, and by regulation, figure and area what the JSON holds."""
    folder = tmp_path_factory.mktemp("alle")
    for name in ("ut.json", "ut.md"):
        assert run("compare", "--output", str(folder / name)).exit_code == 0
    content = json.loads((folder / "ut.json").read_text(encoding="utf-8"))
    areas = content["ids"]["byomraade"]
    figures = {
        (block["regulation"], block["variable"]): dict(zip(areas, block["values"], strict=True))
        for block in content["figures"]
        if block["level"] == "byomraade" and block["variable"] in (GIVEN, HOURS)
    }
    return tables((folder / "ut.md").read_text(encoding="utf-8")), figures


def tables(text):
    """Return the tables of a text in Markdown: by the first row's name, each cell by its column."""
    found = {}
    for part in text.split("\n\n"):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
        if lines:
            head, _, *rows = lines
            found[tuple(head)] = {row[0].strip("*"): dict(zip(head, row, strict=True)) for row in rows}
    return found


def number(cell):
    return float(cell.strip("*").replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-").replace(",", "."))


def table_with(told, heading):
    return next(rows for head, rows in told[0].items() if heading in head)


def test_kroner_per_hour_are_of_the_hours_of_their_own_regulation(told):
    rows, figures = table_with(told, "Kr per time, før"), told[1]
    moved = 0
    for area in figures[FOUNDATION, GIVEN]:
        for time, regulation in (("før", FOUNDATION), ("etter", LAST)):
            expected = figures[regulation, GIVEN][area] / figures[regulation, HOURS][area]
            assert number(rows[area][f"Kr per time, {time}"]) == pytest.approx(expected, abs=0.005)
        moved += figures[FOUNDATION, HOURS][area] != figures[LAST, HOURS][area]
    assert moved > 0  # else it would be the same whichever hours were taken


def test_what_each_decision_gives_each_area(told):
    rows, figures = table_with(told, "1–2. Normtid avviklet og Kategorimodell"), told[1]
    for area in figures[FOUNDATION, GIVEN]:
        expected = figures[MODEL, GIVEN][area] - figures[FOUNDATION, GIVEN][area]
        assert number(rows[area]["1–2. Normtid avviklet og Kategorimodell"]) == expected
    assert len(rows) == 6 + 1
    assert number(rows["Sum"]["1–2. Normtid avviklet og Kategorimodell"]) == 7_164_904  # 1 014 973 080 - 1 007 808 176


def test_what_units_had_an_hour_is_of_the_hours_that_they_had(folder):
    """27 minutes a visit make 4,5 hours of 10 visits; 9 are assessed. The foundation pays each of its own hours."""
    users = "".join(f"Enhet {number};10;9\n" for number in range(101))
    (folder / "mange.csv").write_text(f"enhet;besoek_per_uke;vurdert_timer_per_uke\n{users}", encoding="utf-8")
    arguments = ["compare", "--data", "mange.csv", "--frame", "bergen", "--no-suppression", "--output", "ut.md"]
    assert run(*arguments).exit_code == 0
    found = tables((folder / "ut.md").read_text(encoding="utf-8"))
    rows = next(rows for head, rows in found.items() if "Tildelt per time, før" in head)
    assert number(rows["Alle"]["Tildelt per time, før"]) == pytest.approx(987.62, abs=0.005)  # the price of an hour
