"""The cells of a sheet as what they mean: numbers, names and months; and what can't be read as such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.names import names, sums, texts
from openfisca_bergen_hbt.intake.problems import ROW, Problem, excerpt, problems_where, rows_said
from openfisca_bergen_hbt.intake.sheet import Sheet
from openfisca_bergen_hbt.text import number_columns, numerals
from openfisca_bergen_hbt.text.language import _, marked

#: What the cells of a text column may be.
TEXTS = (polars.String, polars.Categorical, polars.Enum, polars.Null)
#: What cells are, in the order in which they are read.
KINDS = ("numbers", "names", "pseudonyms", "months", "choices")
TWO_MARKS = marked(
    "has a decimal comma, and other numbers of the file a decimal point. Write them all in one way; or say with "
    "--decimal comma (or point) what holds, and the others are refused."
)
TWO_WAYS = marked("can be read in two ways, with decimals or with thousands: say which by --decimal comma or point.")
#: The columns of hours, and how hours and minutes are written.
HOURS = ("timer_per_uke", "vurdert_timer_per_uke", "kjoeretid_per_uke")
TIME = r"^\s*(\d+):([0-5]\d)(?::([0-5]\d))?\s*$"
A_TIME = marked(
    "is a time. Hours are numbers, such as 5,5; or write every cell of a column of hours as hours and minutes."
)
A_SUM_HERE = marked("names a sum or a note, and not a user. Take the row out.")
#: The time zone of the municipalities.
HERE = "Europe/Oslo"
NO_MONTH = marked("is not a month. Write YYYY-MM, or a day in it as YYYY-MM-DD or DD.MM.YYYY.")
#: What is said of a number that is none, by the decimal mark that it should have.
NO_NUMBER = {
    ".": marked("is not a number with a decimal point. Write one; 0 for nothing."),
    ",": marked("is not a number with a decimal comma. Write one; 0 for nothing."),
}
#: What is said of a column that holds something else.
OTHER_KIND = {
    "numbers": marked("the column holds {type}, and not numbers."),
    "names": marked("the column holds {type}, and not names."),
    "pseudonyms": marked("the column holds {type}, and not names."),
    "months": marked("the column holds {type}, and not months."),
    "choices": marked("the column holds {type}, and not choices."),
}


def typed_cells(sheet: Sheet, columns: Sequence[FileColumn]) -> tuple[polars.DataFrame, list[str], list[Problem]]:
    """Return the columns asked for as what they mean, how they were read in words, and what could not be.

    A number that could not be read is 0, a month null; a column that could not be read stands as it was.
    """
    cells = sheet.cells.select(ROW, *sheet.headings)
    asked = [(column.cells, cells[column.name]) for column in columns if column.name in cells.columns]
    fit = {kind: [column for of, column in asked if of == kind and _fits(column, kind)] for kind in KINDS}
    problems = [*sheet.problems]
    problems += [
        Problem(
            _(OTHER_KIND[kind]).format(type=column.dtype.base_type()),
            column.name,
        )
        for kind, column in sorted(asked, key=lambda of: KINDS.index(of[0]))
        if not _fits(column, kind)
    ]
    numbers, mark, unread, of_times = _numbers(fit["numbers"], sheet)
    months = [_months(column, cells) for column in fit["months"]]
    named = [names(column, cells[ROW], sheet.keep) for column in fit["names"]]
    pseudonyms = [texts(column) for column in fit["pseudonyms"]]
    typed = [*(found for found, _, _ in named), *pseudonyms, *map(_choices, fit["choices"])]
    typed += [*numbers, *(month for month, _ in months)]
    problems += [*unread, *(problem for _, wrong, _ in named for problem in wrong)]
    problems += [problem for _, no_months in months for problem in no_months]
    problems += [Problem(_(A_SUM_HERE), of.name, at) for of in pseudonyms if (at := sums(of, cells[ROW]))]
    notes = [note for _, _, said in named for note in said]
    how = [sheet.how, *([_(numerals.MARK_NAMES[mark])] if mark else [])]
    how += [_("{name} read as hours and minutes (5:30 is 5,5 hours)").format(name=name) for name in of_times]
    return cells.with_columns(typed), [", ".join(how), *sheet.notes, *notes], problems


def _fits(column: polars.Series, kind: str) -> bool:
    """Return whether a column may hold what it should."""
    if kind in ("months", "choices"):
        return kind == "choices" or not column.dtype.is_nested()
    return column.dtype.is_numeric() or column.dtype in TEXTS


def _numbers(
    columns: Sequence[polars.Series], sheet: Sheet
) -> tuple[list[polars.Series], str, list[Problem], list[str]]:
    """Return columns as numbers, the decimal mark of those that were text, what is no number, and the times read.

    The mark is empty where no column was text.
    """
    numbers = [column.cast(polars.Float64) for column in columns if column.dtype not in TEXTS]
    texts = [_without_numbers(column, sheet) for column in columns if column.dtype in TEXTS]
    times = [text for text in texts if text.name in HOURS and text.name not in sheet.numbers and _are_times(text)]
    numbers += [_hours(text) for text in times]
    texts = [text for text in texts if text.name not in {time.name for time in times}]
    problems: list[Problem] = []
    mark = sheet.decimal or ""
    if texts and not mark:
        mark, problems = _decimal_mark(texts, sheet)
    message = _(NO_NUMBER[mark]) if sheet.decimal else _("is not a number. Write one; 0 for nothing.")
    for text in texts:
        number = number_columns.numbers(text, mark)
        is_time = text.str.contains(TIME).fill_null(value=False)
        wrong = (text.str.strip_chars() != "") & number.is_null() & ~is_time
        problems += problems_where(is_time, sheet.cells, text.name, _(A_TIME), show=excerpt)
        problems += problems_where(wrong, sheet.cells, text.name, message, show=excerpt)
        if text.name in sheet.numbers:
            number = sheet.numbers[text.name].alias(text.name).fill_null(number)
        # what is reported here is not to be called missing, or too large, as well
        said = rows_said(text.name, [*sheet.problems, *problems])
        numbers.append(number.set(sheet.cells[ROW].is_in(said), 0) if said else number)
    return numbers, mark if texts else "", problems, [time.name for time in times]


def _without_numbers(column: polars.Series, sheet: Sheet) -> polars.Series:
    """Return a column as text, without the cells that are numbers already."""
    text = column.cast(polars.String)
    number = sheet.numbers.get(column.name)
    return text if number is None else text.set(number.is_not_null(), None)


def _are_times(text: polars.Series) -> bool:
    """Return whether every cell that holds something holds hours and minutes, and some does."""
    written = text.filter((text.str.strip_chars() != "").fill_null(value=False))
    return bool(written.len() and written.str.contains(TIME).all())


def _hours(text: polars.Series) -> polars.Series:
    """Return hours and minutes as hours: 5:30 is 5,5."""
    parts = text.str.extract_groups(TIME).struct.unnest().cast(polars.Float64)
    hours, minutes, seconds = parts.fill_null(0).get_columns()
    return (hours + minutes / 60 + seconds / 3600).set(parts.to_series().is_null(), None).alias(text.name)


def _decimal_mark(texts: Sequence[polars.Series], sheet: Sheet) -> tuple[str, list[Problem]]:
    """Return the decimal mark that some text shows beyond doubt, and what leaves it open."""
    found = number_columns.marks(texts)
    if len(found) == 1:
        return found.pop(), []
    message = _(TWO_MARKS if found else TWO_WAYS)
    unclear = numerals.CLEARLY[","] if found else numerals.AMBIGUOUS
    problems = []
    for text in texts:
        wrong = number_columns.matching(text, unclear)
        problems += problems_where(wrong, sheet.cells, text.name, message, show=excerpt)
    return "." if found else ",", problems


def _choices(column: polars.Series) -> polars.Series:
    texts = ["" if cell is None else str(cell).strip() for cell in column.to_list()]
    return polars.Series(column.name, [text or None for text in texts], polars.String)


def _months(column: polars.Series, cells: polars.DataFrame) -> tuple[polars.Series, list[Problem]]:
    """Return a column as the first day of its month, and what is no month."""
    if column.dtype.is_float():
        whole = column.cast(polars.Int64, strict=False)
        column = whole.set((whole != column).fill_null(value=False), -1)  # a day and a time, or no month
    elif isinstance(column.dtype, polars.Datetime):
        column = _local(column).cast(polars.Date)
    different = column.unique()
    months = [_month(cell) for cell in different]
    days = polars.Series([date(*month, 1) if month else None for month in months], dtype=polars.Date)
    firsts = column.replace_strict(different, days, return_dtype=polars.Date)
    written = column.str.strip_chars() != "" if column.dtype == polars.String else column.is_not_null()
    wrong = written & firsts.is_null()
    return firsts, problems_where(wrong, cells.with_columns(column), column.name, _(NO_MONTH), show=excerpt)


def _month(cell: object) -> tuple[int, int] | None:
    """Return the year and month of a cell; of an instant, those of Norway."""
    if isinstance(cell, str) and cell.strip().endswith("Z"):
        instant = polars.Series([cell.strip()]).str.to_datetime(time_zone="UTC", strict=False)
        cell = _local(instant).item()
    return numerals.year_and_month(cell)


def _local(instants: polars.Series) -> polars.Series:
    """Return instants as the local time of their time zone; those of UTC as Norway's: 1 February begins in January."""
    assert isinstance(instants.dtype, polars.Datetime)  # noqa: S101 (who calls knows)
    if instants.dtype.time_zone in ("UTC", "Etc/UTC", "+00:00"):
        instants = instants.dt.convert_time_zone(HERE)
    return instants.dt.replace_time_zone(None)
