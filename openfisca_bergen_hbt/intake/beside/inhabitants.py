"""Inhabitants by age and year, as Statistics Norway's table 07459 and its projections are saved.

CSV (any separator, Latin-1 or UTF-8, with the table's title above or without) or JSON-stat 2; texts or codes. Ages are
single years or spans (``67 år``, ``067``, ``67-79 år``, ``80 år eller eldre``, ``105+``). Which column is of which year
and sex, ``inhabitants_columns`` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from openfisca_bergen_hbt.intake.beside.inhabitants_columns import COLUMNS, PEOPLE, figures_in, sex_of, year_column
from openfisca_bergen_hbt.intake.beside.json_stat import json_stat_sheet
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem, excerpt, in_file
from openfisca_bergen_hbt.intake.reading import InputFile, file_content, sheet_of
from openfisca_bergen_hbt.intake.sheet import Sheet, Written
from openfisca_bergen_hbt.text.language import _

#: The age groups, by their first age and the first beyond; the last has no end.
GROUPS = {"0-66": (0, 67), "67-79": (67, 80), "80-": (80, 1000)}
#: The title of a table, alone in the first line, before the headings.
TITLE = re.compile(rb'\A(\xef\xbb\xbf)?"?\d{5}:[^";\r\n]*"?[;,\t ]*(?=\r?\n)')
A_YEAR = re.compile(r"(?:19|20)\d\d")
AGE = re.compile(
    r"(\d{1,3})(?:\s*[-\N{EN DASH}]\s*(\d{1,3}))?\s*(\+)?\s*(?:år|years?)?\s*"
    r"((?:eller|og|or|and)\s+(?:eldre|over|older))?"
)
#: A code before the text, as a table with codes and texts has it: ``067 67 år``.
CODE = re.compile(r"\d{3}\+?\s+(?=\d)")


def read_inhabitants(file: InputFile, written: Written) -> dict[str, dict[str, int]]:
    """Read and check inhabitants by age group (``GROUPS``) and year; a group that no row is of is left out.

    Raises:
        DataError: the file can't be used; the message says what is wrong, with its row and column.
    """
    try:
        content = TITLE.sub(rb"\1", file_content(file), count=1)
        is_json = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        sheet = (
            json_stat_sheet(content, COLUMNS, PEOPLE) if is_json else sheet_of(content, COLUMNS, written, [["alder"]])
        )
        return _by_group(list(_people(sheet)))
    except DataError as error:
        raise DataError(*in_file(file.name, error.problems)) from None


#: The ages of a row (the first, and the first beyond), its year, how many they are, the row's number, and their sex.
_Row = tuple[int, int, str, int, int, str]


def _people(sheet: Sheet) -> Iterator[_Row]:
    """Yield what each row, and in it each year, says.

    Raises:
        DataError: no column of ages or years, or a cell that is none.
    """
    if "alder" not in sheet.headings:
        message = _(
            "the file has no column 'alder'. From a statistics bank save the table as CSV or JSON-stat: its Excel "
            "file has headings in several rows."
        )
        raise DataError(Problem(message))
    figures, when = figures_in(sheet), year_column(sheet)
    problems: list[Problem] = []
    for row in sheet.cells.iter_rows(named=True):
        ages, number = _ages(row["alder"]), int(row[ROW])
        if ages is None:
            message = _(
                "is no age or span of ages. Take the row out, or write '67 år', '67-79 år' or '80 år eller eldre'."
            )
            problems.append(Problem(message, "alder", [number], [excerpt(row["alder"])]))
            continue
        sex = sex_of(_text(row.get("kjoenn") or ""))
        for column, year_of_heading, sex_of_heading, _subject in figures:
            people, year = _whole(row[column]), year_of_heading or _text(row[when])
            if people is None or not A_YEAR.fullmatch(year):
                message = _("is no whole number of inhabitants from 0 upwards, or has no year. Fill it in.")
                problems.append(Problem(message, column, [number], [excerpt(row[column])]))
            else:
                yield (*ages, year, people, number, sex_of_heading or sex)
    if problems:
        raise DataError(*problems)


def _ages(cell: object) -> tuple[int, int] | None:
    """Return the first age that a cell names, and the first beyond; None for what is none."""
    match = AGE.fullmatch(CODE.sub("", _text(cell).lower(), count=1))
    if not match:
        return None
    first, last, plus, older = match.groups()
    if plus or older:
        return (int(first), GROUPS["80-"][1]) if not last else None
    return int(first), int(last or first) + 1


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _whole(cell: object) -> int | None:
    text = re.sub(r"\s", "", _text(cell))
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _by_group(rows: list[_Row]) -> dict[str, dict[str, int]]:
    """Return the people of each group in each year.

    Raises:
        DataError: a span that lies in two groups, or ages that lack or stand twice.
    """
    found: dict[str, dict[str, int]] = {}
    spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for first, beyond, year, people, number, sex in rows:
        group = next((name for name, (low, high) in GROUPS.items() if low <= first < beyond <= high), None)
        if group is None:
            message = _("the ages lie in two of the groups {groups}. Give spans that lie in one.")
            raise DataError(Problem(message.format(groups=", ".join(GROUPS)), "alder", [number]))
        found.setdefault(group, {})[year] = found.get(group, {}).get(year, 0) + people
        spans.setdefault((group, year, sex), []).append((first, beyond))
    sexes: dict[str, set[str]] = {}
    for row in rows:
        sexes.setdefault(row[2], set()).add(row[5])
    if len(set(map(frozenset, sexes.values()))) > 1:
        message = _("the years are not all of the same sexes. Give each year both, or their sum.")
        raise DataError(Problem(message, "kjønn"))
    for group, (low, high) in GROUPS.items():
        for year, sex in sorted({(row[2], row[5]) for row in rows}):
            here = sorted(spans.get((group, year, sex), ()))
            whole = bool(here) and (here[0][0], here[-1][1]) == (low, high)
            if (here or group != "0-66" or (group in found and year in found[group])) and not (
                whole and all(a[1] == b[0] for a, b in pairwise(here))
            ):
                message = _("ages of the group {group} lack in {year}, or stand twice. Each age stands once.")
                raise DataError(Problem(message.format(group=group, year=year), "alder"))
    return found
