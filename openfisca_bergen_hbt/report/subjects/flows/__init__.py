"""Who goes from which category to which, and what a category is worth, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openfisca_bergen_hbt.analysis.flows import Flows, Matrix
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table, Tidy
from openfisca_bergen_hbt.report.subjects.flows.figures import figures
from openfisca_bergen_hbt.text import numbers

#: What the categories are called, the first being nobody's: before, one who is yet to come; after, one who has gone.
BEFORE = ("Ny", *(f"Kategori {number}" for number in range(1, 7)))
AFTER = ("Ute", *(f"Kat. {number}" for number in range(1, 7)))
KINDS = {"come": "Nye", "go": "Går ut", "up": "Opp", "down": "Ned", "stay": "Som før"}
#: The category that the issue of a price is raised for: the highest that is shared out directly.
HIGHEST = 5
ABOUT_COUNTS = (
    "Ny: uten timer måneden før. Ute: uten timer måneden etter. En bruker som bytter enhet i tabeller med pseudonymer, "
    "går ut av den ene og er ny i den andre."
)
ABOUT_NOBODY = "En måned der ingen i enheten flyttet seg, er utelatt."
ABOUT_SHARES = "Andelen av brukerne i kategorien som måneden etter var i hver av dem, i gjennomsnitt over månedene."
ABOUT_WORTH = (
    "1 % flere brukere i kategorien hele året i hver enhet, med like mange timer hver, regnet gjennom hele "
    "regelverket. Rammen er lukket: det noen enheter får mer, får andre mindre. Timene koster: etter modellens pris."
)
ENDS_EARLY = "Dataene slutter i {month}: i det 1 % betyr i kroner, er den måneden holdt resten av året."
HELD = "«:» er holdt tilbake: tall på 1 til 4 brukere, og tall som ville røpet dem."


def paper(found: Flows) -> Paper:
    """Return the matrices, who come and go, and what one per cent more is worth."""
    sections = [
        Section([_counts(found), _shares(found)], "matrise", "Overganger mellom kategoriene"),
        Section([_months(found), _by_month(found)], "maaneder", "Måned for måned"),
        Section([_units(found), _units_by_month(found), _cells_of_units(found)], "enheter", "Enhet for enhet"),
        Section([_worth(found), _worth_by_unit(found)], "prosent", "Hva 1 % flere i en kategori betyr"),
    ]
    notes = [f"Kategoriene er de under «{found.regulation}».", found.population]
    if found.ends_early:
        notes.insert(0, ENDS_EARLY.format(month=numbers.month_name(found.months)))
    if any(None in kinds.values() for kinds in _shown(found)):
        notes.insert(0, HELD)
    title = f"Brukere mellom kategoriene, januar til {numbers.month_name(found.months)} {found.year}"
    return Paper(title, sections, list(_headlines(found)), notes=notes)


def first_lines(found: Flows) -> list[str]:
    """Return what is to be read before any figure, in forms that hold figures alone, too."""
    return list(_headlines(found))


def as_figures(found: Flows) -> Tidy:
    """Return every count, a row each; one that is held back is empty."""
    return figures(found, {"description": found.population})


as_tidy = as_figures


def _shown(found: Flows) -> Iterator[Mapping[str, int | None]]:
    """Yield all counts of who moves by unit."""
    yield from found.kinds_by_unit.values()
    for by_month in found.kinds_by_unit_and_month.values():
        yield from by_month.values()


def _headlines(found: Flows) -> Iterator[str]:
    kinds = {name: count for name, count in found.kinds_in_all.items() if count is not None and name != "stay"}
    if kinds and not any(kinds.values()):
        yield "Ingen brukere har skiftet kategori, kommet eller gått."
    elif kinds:
        each = ", ".join(f"{KINDS[name].lower()} {numbers.whole(count)}" for name, count in kinds.items())
        yield f"I alt over {found.months - 1} månedsskifter: {each}."
    worth = found.worth[HIGHEST - 1]
    if worth.cost is not None and worth.moved is not None:
        yield (
            f"1 % flere brukere i kategori {HIGHEST} koster {numbers.whole(worth.cost)} kr i timer, og flytter "
            f"{numbers.whole(worth.moved)} kr mellom enhetene i en lukket ramme."
        )


def _matrix_rows(matrix: Matrix) -> list[list[Cell]]:
    return [
        [name, *("" if (before, after) == (0, 0) else count for after, count in enumerate(row))]
        for before, (name, row) in enumerate(zip(BEFORE, matrix, strict=True))
    ]


def _counts(found: Flows) -> Table:
    heads = [Column("Fra", width=12), *(Column(name, "count") for name in AFTER)]
    return Table(heads, _matrix_rows(found.in_all), "Brukere, alle månedene", "Overganger", "flows", [ABOUT_COUNTS])


def _shares(found: Flows) -> Table:
    rows: list[list[Cell]] = [[name, *row] for name, row in zip(BEFORE[1:], found.shares[1:], strict=True)]
    heads = [Column("Fra", width=12), *(Column(name, "percent") for name in AFTER)]
    return Table(heads, rows, "I prosent per måned", "I prosent", "flow_shares", [ABOUT_SHARES])


def _kinds(rows: Mapping[str, Mapping[str, int | None]], first: str, names: Sequence[str]) -> tuple[Any, Any]:
    heads = [Column(first), *(Column(KINDS[name], "count") for name in names), Column("Netto", "hours_change")]
    cells: list[list[Cell]] = []
    for title, kinds in rows.items():
        come, go = kinds["come"], kinds["go"]
        net: Cell = None if come is None or go is None else float(come - go)
        cells.append([title, *(kinds[name] for name in names), net])
    return heads, cells


def _cells(matrices: Mapping[str, Matrix], first: str) -> tuple[list[Column], list[list[Cell]]]:
    """Return the columns and the rows of every flow that somebody takes."""
    rows: list[list[Cell]] = [
        [title, BEFORE[before], AFTER[after], count]
        for title, matrix in matrices.items()
        for before, row in enumerate(matrix)
        for after, count in enumerate(row)
        if before != after and count != 0
    ]
    return [Column(first), Column("Fra"), Column("Til"), Column("Brukere", "count")], rows


def _months(found: Flows) -> Table:
    by_name = {numbers.month_name(month): kinds for month, kinds in found.kinds_by_month.items()}
    heads, rows = _kinds({**by_name, "I alt": found.kinds_in_all}, "Til måned", ("come", "go", "up", "down"))
    return Table(heads, rows, "Hvem kom og gikk", "Måneder", "flow_months", has_sum=True)


def _by_month(found: Flows) -> Table:
    heads, rows = _cells({numbers.month_name(month): matrix for month, matrix in found.by_month.items()}, "Til måned")
    return Table(heads, rows, "Hver overgang, måned for måned", "Hver måned", "flow_cells", ranked_by=3)


def _units(found: Flows) -> Table:
    heads, rows = _kinds(found.kinds_by_unit, "Enhet", ("come", "go", "up", "down"))
    title = "Hvem kom og gikk, alle månedene"
    return Table(heads, rows, title, "Enheter", "flow_units", ranked_by=1)


def _units_by_month(found: Flows) -> Table:
    heads: list[Column] = []
    rows: list[list[Cell]] = []
    for unit, by_month in found.kinds_by_unit_and_month.items():
        by_name = {numbers.month_name(month): kinds for month, kinds in by_month.items()}
        heads, cells = _kinds(by_name, "Til måned", ("come", "go", "up", "down"))
        rows += [[unit, *row] for row in cells if any(count != 0 for count in row[1:])]
    title = "Hvem kom og gikk, enhet for enhet og måned for måned"
    return Table(
        [Column("Enhet"), *heads], rows, title, "Enheter og måneder", "flow_unit_months", [ABOUT_NOBODY], ranked_by=2
    )


def _cells_of_units(found: Flows) -> Table:
    heads, rows = _cells(found.by_unit, "Enhet")
    title = "Hver overgang, enhet for enhet, alle månedene"
    return Table(heads, rows, title, "Enheter, overganger", "flow_unit_cells", ranked_by=3)


def _worth(found: Flows) -> Table:
    rows: list[list[Cell]] = [[f"Kategori {one.category}", one.cost, one.moved] for one in found.worth]
    heads = [Column("1 % flere i"), Column("Timene koster", "kr"), Column("Flyttes mellom enheter", "kr")]
    return Table(heads, rows, "Hva 1 % flere brukere betyr i året", "1 prosent", "one_per_cent", [ABOUT_WORTH])


def _worth_by_unit(found: Flows) -> Table:
    worth = found.worth[HIGHEST - 1]
    rows: list[list[Cell]] = [[unit, amount] for unit, amount in worth.given.items()]
    heads = [Column("Enhet"), Column("Endring i samlet tildeling", "kr_change")]
    title = f"1 % flere brukere i kategori {HIGHEST}, enhet for enhet"
    return Table(heads, rows, title, "1 prosent, enhetene", "one_per_cent_units", ranked_by=1)
