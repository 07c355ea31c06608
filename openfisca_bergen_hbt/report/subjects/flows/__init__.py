"""Who goes from which category to which, and what a category is worth, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openfisca_bergen_hbt.analysis.flows import Flows, Matrix
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table, Tidy
from openfisca_bergen_hbt.report.subjects.flows.figures import figures
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What stands for a category where a user has none: before, one who is yet to come; after, one who has gone.
NEW, GONE = to_say("Ny"), to_say("Ute")
KINDS = {
    "come": to_say("Nye"),
    "go": to_say("Går ut"),
    "up": to_say("Opp"),
    "down": to_say("Ned"),
    "stay": to_say("Som før"),
}
#: The category that the issue of a price is raised for: the highest that is shared out directly.
HIGHEST = 5
CATEGORIES = range(1, 7)
ABOUT_COUNTS = to_say(
    "Ny: uten timer måneden før. Ute: uten timer måneden etter. En bruker som bytter enhet i tabeller med pseudonymer, "
    "går ut av den ene og er ny i den andre."
)
ABOUT_NOBODY = to_say("En måned der ingen i enheten flyttet seg, er utelatt.")
ABOUT_SHARES = to_say(
    "Andelen av brukerne i kategorien som måneden etter var i hver av dem, i gjennomsnitt over månedene."
)
ABOUT_WORTH = to_say(
    "1 % flere brukere i kategorien hele året i hver enhet, med like mange timer hver, regnet gjennom hele "
    "regelverket. Rammen er lukket: det noen enheter får mer, får andre mindre. Timene koster: etter modellens pris."
)
ENDS_EARLY = to_say("Dataene slutter i {month}: i det 1 % betyr i kroner, er den måneden holdt resten av året.")
HELD = to_say("«:» er holdt tilbake: tall på 1 til 4 brukere, og tall som ville røpet dem.")


def paper(found: Flows) -> Paper:
    """Return the matrices, who come and go, and what one per cent more is worth."""
    sections = [
        Section([_counts(found), _shares(found)], "matrise", say("Overganger mellom kategoriene")),
        Section([_months(found), _by_month(found)], "maaneder", say("Måned for måned")),
        Section([_units(found), _units_by_month(found), _cells_of_units(found)], "enheter", say("Enhet for enhet")),
        Section([_worth(found), _worth_by_unit(found)], "prosent", say("Hva 1 % flere i en kategori betyr")),
    ]
    notes = [say("Kategoriene er de under «{regulation}».").format(regulation=found.regulation), found.population]
    if found.ends_early:
        notes.insert(0, say(ENDS_EARLY).format(month=numbers.month_name(found.months)))
    if any(None in kinds.values() for kinds in _shown(found)):
        notes.insert(0, say(HELD))
    title = say("Brukere mellom kategoriene, januar til {month} {year}").format(
        month=numbers.month_name(found.months), year=found.year
    )
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
        yield say("Ingen brukere har skiftet kategori, kommet eller gått.")
    elif kinds:
        each = ", ".join(f"{say(KINDS[name]).lower()} {numbers.whole(count)}" for name, count in kinds.items())
        yield say("I alt over {months} månedsskifter: {each}.").format(months=found.months - 1, each=each)
    worth = found.worth[HIGHEST - 1]
    if worth.cost is not None and worth.moved is not None:
        said = say(
            "1 % flere brukere i kategori {highest} koster {cost} kr i timer, og flytter {moved} kr mellom "
            "enhetene i en lukket ramme."
        )
        yield said.format(highest=HIGHEST, cost=numbers.whole(worth.cost), moved=numbers.whole(worth.moved))


def _before() -> list[str]:
    """Return what the categories are called before a change."""
    return [say(NEW), *(say("Kategori {number}").format(number=number) for number in CATEGORIES)]


def _after() -> list[str]:
    """Return what the categories are called after a change."""
    return [say(GONE), *(say("Kat. {number}").format(number=number) for number in CATEGORIES)]


def _matrix_rows(matrix: Matrix) -> list[list[Cell]]:
    return [
        [name, *("" if (before, after) == (0, 0) else count for after, count in enumerate(row))]
        for before, (name, row) in enumerate(zip(_before(), matrix, strict=True))
    ]


def _counts(found: Flows) -> Table:
    heads = [Column(say("Fra"), width=12), *(Column(name, "count") for name in _after())]
    title = say("Brukere, alle månedene")
    return Table(heads, _matrix_rows(found.in_all), title, say("Overganger"), "flows", [say(ABOUT_COUNTS)])


def _shares(found: Flows) -> Table:
    rows: list[list[Cell]] = [[name, *row] for name, row in zip(_before()[1:], found.shares[1:], strict=True)]
    heads = [Column(say("Fra"), width=12), *(Column(name, "percent") for name in _after())]
    return Table(heads, rows, say("I prosent per måned"), say("I prosent"), "flow_shares", [say(ABOUT_SHARES)])


def _kinds(rows: Mapping[str, Mapping[str, int | None]], first: str, names: Sequence[str]) -> tuple[Any, Any]:
    counts = (Column(say(KINDS[name]), "count") for name in names)
    heads = [Column(first), *counts, Column(say("Netto"), "hours_change")]
    cells: list[list[Cell]] = []
    for title, kinds in rows.items():
        come, go = kinds["come"], kinds["go"]
        net: Cell = None if come is None or go is None else float(come - go)
        cells.append([title, *(kinds[name] for name in names), net])
    return heads, cells


def _cells(matrices: Mapping[str, Matrix], first: str) -> tuple[list[Column], list[list[Cell]]]:
    """Return the columns and the rows of every flow that somebody takes."""
    names_before, names_after = _before(), _after()
    rows: list[list[Cell]] = [
        [title, names_before[before], names_after[after], count]
        for title, matrix in matrices.items()
        for before, row in enumerate(matrix)
        for after, count in enumerate(row)
        if before != after and count != 0
    ]
    return [Column(first), Column(say("Fra")), Column(say("Til")), Column(say("Brukere"), "count")], rows


def _months(found: Flows) -> Table:
    by_name = {numbers.month_name(month): kinds for month, kinds in found.kinds_by_month.items()}
    heads, rows = _kinds({**by_name, say("I alt"): found.kinds_in_all}, say("Til måned"), ("come", "go", "up", "down"))
    return Table(heads, rows, say("Hvem kom og gikk"), say("Måneder"), "flow_months", has_sum=True)


def _by_month(found: Flows) -> Table:
    by_name = {numbers.month_name(month): matrix for month, matrix in found.by_month.items()}
    heads, rows = _cells(by_name, say("Til måned"))
    return Table(heads, rows, say("Hver overgang, måned for måned"), say("Hver måned"), "flow_cells", ranked_by=3)


def _units(found: Flows) -> Table:
    heads, rows = _kinds(found.kinds_by_unit, say("Enhet"), ("come", "go", "up", "down"))
    title = say("Hvem kom og gikk, alle månedene")
    return Table(heads, rows, title, say("Enheter"), "flow_units", ranked_by=1)


def _units_by_month(found: Flows) -> Table:
    heads: list[Column] = []
    rows: list[list[Cell]] = []
    for unit, by_month in found.kinds_by_unit_and_month.items():
        by_name = {numbers.month_name(month): kinds for month, kinds in by_month.items()}
        heads, cells = _kinds(by_name, say("Til måned"), ("come", "go", "up", "down"))
        rows += [[unit, *row] for row in cells if any(count != 0 for count in row[1:])]
    title, name = say("Hvem kom og gikk, enhet for enhet og måned for måned"), say("Enheter og måneder")
    heads.insert(0, Column(say("Enhet")))
    return Table(heads, rows, title, name, "flow_unit_months", [say(ABOUT_NOBODY)], ranked_by=2)


def _cells_of_units(found: Flows) -> Table:
    heads, rows = _cells(found.by_unit, say("Enhet"))
    title = say("Hver overgang, enhet for enhet, alle månedene")
    return Table(heads, rows, title, say("Enheter, overganger"), "flow_unit_cells", ranked_by=3)


def _worth(found: Flows) -> Table:
    rows: list[list[Cell]] = [
        [say("Kategori {category}").format(category=one.category), one.cost, one.moved] for one in found.worth
    ]
    costs, moved = Column(say("Timene koster"), "kr"), Column(say("Flyttes mellom enheter"), "kr")
    heads, title = [Column(say("1 % flere i")), costs, moved], say("Hva 1 % flere brukere betyr i året")
    return Table(heads, rows, title, say("1 prosent"), "one_per_cent", [say(ABOUT_WORTH)])


def _worth_by_unit(found: Flows) -> Table:
    worth = found.worth[HIGHEST - 1]
    rows: list[list[Cell]] = [[unit, amount] for unit, amount in worth.given.items()]
    heads = [Column(say("Enhet")), Column(say("Endring i samlet tildeling"), "kr_change")]
    title = say("1 % flere brukere i kategori {highest}, enhet for enhet").format(highest=HIGHEST)
    return Table(heads, rows, title, say("1 prosent, enhetene"), "one_per_cent_units", ranked_by=1)
