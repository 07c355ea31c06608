"""What the columns of a table of inhabitants are of: each figure's year and sex, told from headings or from the row.

Statistics banks put any dimension in the rows or in the headings: ``Personer 2019``, ``Menn Personer 2019``, ``Menn``
beside a column of years. What is not told apart here would be added up, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.intake.sheet import Sheet
from openfisca_bergen_hbt.text.language import _

#: The column of figures: in a table with a row for each, Statistics Norway calls it as the table.
PEOPLE = "personer"
COLUMNS = (
    FileColumn("region", "names"),
    FileColumn("kjoenn", "names", also=("Kjonn", "sex")),
    FileColumn("alder", "names", also=("age",)),
    FileColumn("aar", "numbers", also=("year",)),
    FileColumn("tid", "numbers", also=("time",)),
    FileColumn(PEOPLE, "numbers", also=("Personer1", "persons")),
)
TABLE = re.compile(r"\d{5}:.*")
YEAR = re.compile(r"(?P<rest>.*?)\b(?P<year>(?:19|20)\d\d)")
YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)\b(?P<rest>.*)")
#: What the sexes are called, and their codes; both together.
MEN, WOMEN, BOTH = "men", "women", "both"
SEXES = {
    BOTH: re.compile(r"\b(?:begge(?: kjønn)?|alle|i alt|total|both(?: sexes)?)\b", re.IGNORECASE),
    MEN: re.compile(r"\b(?:menn|mann|males?|men)\b", re.IGNORECASE),
    WOMEN: re.compile(r"\b(?:kvinner|kvinne|females?|women)\b", re.IGNORECASE),
}
CODES = {"0": BOTH, "1": MEN, "2": WOMEN}


class Figures(NamedTuple):
    """A column of figures: its name, and what its heading says of year, sex and subject; empty where rows say them."""

    name: str
    year: str
    sex: str
    #: What is counted: what is left of the heading.
    subject: str


def year_column(sheet: Sheet) -> str:
    """Return the name of the column of years; none where the headings have them."""
    return next((name for name in ("aar", "tid") if name in sheet.headings), "")


def figures_in(sheet: Sheet) -> list[Figures]:
    """Return the columns of figures.

    Raises:
        DataError: there is none, or several that would be added up.
    """
    by_row = year_column(sheet)
    found = {PEOPLE: ("", "")} if by_row and PEOPLE in sheet.headings else {}
    for name in () if found else sheet.unused:
        heading = name.strip()
        match = None if by_row else YEAR.fullmatch(heading) or YEAR_FIRST.fullmatch(heading)
        if match:
            found[name] = (match["year"], match["rest"])
        elif by_row and (TABLE.fullmatch(heading) or any(said.fullmatch(heading) for said in SEXES.values())):
            found[name] = ("", "" if TABLE.fullmatch(heading) else heading)
    if not found:
        message = _("the file has no column for each year, such as 'Personer 2019', and not both 'år' and 'personer'.")
        raise DataError(Problem(message))
    figures = [Figures(name, year, sex_of(rest), _subject_of(rest)) for name, (year, rest) in found.items()]
    _refuse_what_would_be_added(sheet, figures)
    return figures


def sex_of(text: str) -> str:
    """Return the sex that a text names; none for another."""
    return CODES.get(text.strip()) or next((sex for sex, said in SEXES.items() if said.search(text)), "")


def _subject_of(text: str) -> str:
    """Return what a heading counts: its words without those of a sex."""
    for said in SEXES.values():
        text = said.sub(" ", text)
    return "" if text.strip() in CODES else " ".join(re.findall(r"\w+", text.casefold()))


def _refuse_what_would_be_added(sheet: Sheet, figures: Sequence[Figures]) -> None:
    """Refuse several regions, statistics or alternatives, and the sexes beside their sum, or one of them alone."""
    cells = sheet.cells
    if "region" in cells.columns and cells["region"].n_unique() > 1:
        raise DataError(Problem(_("there are several regions. Keep the rows of one municipality."), "region"))
    names = {one.name for one in figures}
    for name in sheet.unused:
        if name not in names and cells[name].drop_nulls().n_unique() > 1:
            message = _("the column has several values, whose figures would be added up. Keep the rows of one.")
            raise DataError(Problem(message, name))
    if len({(one.year, one.sex) for one in figures}) < len(figures):
        message = _("several columns are of the same year, and would be added up: {names}. Keep one of each year.")
        some = ", ".join(sorted(one.name.strip() for one in figures)[:4])
        raise DataError(Problem(message.format(names=some)))
    if len({one.subject for one in figures}) > 1:
        message = _("the columns of years do not all count the same: {names}. Keep those of inhabitants.")
        first = {one.subject: one.name.strip() for one in reversed(figures)}
        raise DataError(Problem(message.format(names=", ".join(sorted(first.values())[:4]))))
    in_rows = set(_sexes_in_rows(cells))
    sexes = in_rows | {one.sex for one in figures if one.sex}
    if BOTH in sexes and len(sexes) > 1:
        raise DataError(Problem(_("both sexes together stand beside each of them. Keep one."), "kjønn"))
    if len(sexes) == 1 and BOTH not in sexes:
        raise DataError(Problem(_("there is one sex alone. Take the other with it, or both together."), "kjønn"))


def _sexes_in_rows(cells: polars.DataFrame) -> Iterator[str]:
    """Yield the sexes of a column of them.

    Raises:
        DataError: a cell names none.
    """
    if "kjoenn" not in cells.columns:
        return
    for text in cells["kjoenn"].cast(polars.String).drop_nulls().unique().to_list():
        sex = sex_of(text.removesuffix(".0"))
        if not sex:
            raise DataError(Problem(_("there is a sex that is none of men, women and both together."), "kjønn"))
        yield sex
