"""The cells of a table as what they mean: numbers, names and months; and what can't be read as such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars

from openfisca_bergen_hbt.intake.file_table import ROW, Table
from openfisca_bergen_hbt.intake.findings import SHOWN, Findings, shown
from openfisca_bergen_hbt.intake.order import alphabetical
from openfisca_bergen_hbt.text import numerals

#: What the cells of a text column may be.
TEXTS = (polars.String, polars.Categorical, polars.Enum, polars.Null)


def at(table: Table, wrong: polars.Series) -> tuple[list[int], polars.DataFrame]:
    """Return the numbers of the rows that are wrong, and the first of the rows, as many as a message shows."""
    rows = table.frame.filter(wrong)
    return rows[ROW].to_list(), rows.head(SHOWN)


def read_numbers(table: Table, columns: Sequence[str], findings: Findings) -> None:
    """Turn columns into numbers; what is none becomes null and a finding.

    Text is read with the decimal mark that is given, or that some cell of these columns shows beyond doubt.
    """
    for name in columns:
        column = table.frame[name]
        if column.dtype in TEXTS:
            table.frame = table.frame.with_columns(column.cast(polars.String))
        elif column.dtype.is_numeric() or column.dtype.is_decimal():
            table.frame = table.frame.with_columns(column.cast(polars.Float64))
        else:
            findings.add(table.file, name, f"the column holds {column.dtype}, and not numbers.")
            table.frame = table.frame.with_columns(polars.lit(None, polars.Float64).alias(name))
    texts = [name for name in columns if table.frame[name].dtype == polars.String]
    if not texts:
        return
    mark = table.decimal or _mark(table, texts, findings)
    table.say_decimal(mark)
    hint = {",": " with a decimal comma", ".": " with a decimal point"}.get(table.decimal or "", "")
    for name in texts:
        text = table.frame[name]
        number = _in_mixed(text, mark) if table.mixed else numerals.numbers(text, mark)
        written = text.is_not_null() & (text.str.strip_chars() != "")
        wrong = written & number.is_null()
        if wrong.any():
            rows, cells = at(table, wrong)
            values = [shown(value) for value in cells[name].to_list()]
            findings.add(table.file, name, f"is not a number{hint}. Write one; 0 for nothing.", rows, values)
        # what is reported here is not to be called missing, or too large, as well
        reported = table.frame[ROW].is_in(list(findings.rows_of(table.file, name)))
        table.frame = table.frame.with_columns(number.set(reported, 0) if reported.any() else number)


def _mark(table: Table, columns: Sequence[str], findings: Findings) -> str:
    """Return the decimal mark of a table's texts, and find fault with what leaves it open."""
    texts = [table.frame[name] for name in columns]
    found = numerals.marks(texts)
    if table.mixed:  # numbers come with a point, texts with a comma
        found -= {"."} if "," in found else set()
    if len(found) > 1:
        for name, text in zip(columns, texts, strict=True):
            rows, cells = at(table, numerals.clearly(text, ","))
            message = (
                "has a decimal comma, and other numbers of the file a decimal point. Write them all in one way; or say "
                "with --decimal comma (or point) what holds, and the others are refused."
            )
            if rows:
                findings.add(table.file, name, message, rows, [shown(v) for v in cells[name].to_list()])
        return "."
    if not found:
        for name, text in zip(columns, texts, strict=True):
            rows, cells = at(table, numerals.ambiguous(text))
            message = "can be read in two ways, with decimals or with thousands: say which by --decimal comma or point."
            if rows:
                findings.add(table.file, name, message, rows, [shown(v) for v in cells[name].to_list()])
        return ","
    (mark,) = found
    return mark


def _in_mixed(text: polars.Series, mark: str) -> polars.Series:
    """Return numbers of which some were numbers already, written with a point, and some are text."""
    as_written = numerals.numbers(text, mark)
    if mark == ".":
        return as_written
    plain = text.str.contains(r"^-?\d+(\.\d+)?([eE][-+]?\d+)?$") & ~numerals.ambiguous(text)
    return polars.select(
        polars.when(plain).then(numerals.numbers(text, ".")).otherwise(as_written).alias(text.name),
    ).to_series()


def read_names(table: Table, columns: Sequence[str], findings: Findings) -> None:
    """Turn columns into names, as polars' ``Enum`` in Norwegian alphabetical order; nothing is null."""
    for name in columns:
        column = table.frame[name]
        different = column.unique()
        cleaned = _as_text(different)
        if cleaned is None:
            findings.add(table.file, name, f"the column holds {column.dtype}, and not names.")
            continue
        found = sorted(cleaned.drop_nulls().unique().to_list(), key=alphabetical)
        names = column.replace_strict(different, cleaned, return_dtype=polars.Enum(found)).alias(name)
        table.frame = table.frame.with_columns(names)
        for near in _alike(found):
            table.notes.append(f"column {name}: {' and '.join(map(repr, near))} are read as different names")


def read_keys(table: Table, name: str, findings: Findings) -> None:
    """Turn a column into text without space around it; nothing is null."""
    text = _as_text(table.frame[name])
    if text is None:
        findings.add(table.file, name, f"the column holds {table.frame[name].dtype}, and not names.")
    else:
        table.frame = table.frame.with_columns(text)


def _as_text(cells: polars.Series) -> polars.Series | None:
    """Return cells as text: whole numbers without decimals, nothing as null; None where they are neither."""
    if cells.dtype.is_float():
        whole = cells.cast(polars.Int64, strict=False)
        if (whole.cast(polars.Float64) == cells).fill_null(value=True).all():
            cells = whole
    if not (cells.dtype.is_numeric() or cells.dtype in TEXTS):
        return None
    text = cells.cast(polars.String).str.strip_chars()
    return text.set(text == "", None)


def _alike(names: Sequence[str]) -> list[list[str]]:
    """Return names that differ in nothing but capitals and spaces."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault("".join(name.casefold().split()), []).append(name)
    return [same for same in alike.values() if len(same) > 1]


def read_months(table: Table, name: str, findings: Findings) -> None:
    """Turn a column into the first day of its month; what is no month becomes null and a finding."""
    column = table.frame[name]
    if column.dtype == polars.Datetime:
        column = column.cast(polars.Date)
    if column.dtype.is_float():
        column = column.cast(polars.Int64, strict=False)
    months: list[date | None] = []
    different = column.unique()
    for value in different.to_list():
        found = numerals.month(value) if value is not None else None
        months.append(date(*found, 1) if found else None)
    firsts = column.replace_strict(different, polars.Series(months, dtype=polars.Date), return_dtype=polars.Date)
    blank = column.is_null() | (column.str.strip_chars() == "" if column.dtype == polars.String else False)
    wrong = firsts.is_null() & ~blank
    if wrong.any():
        rows, cells = at(table, wrong)
        message = "is not a month. Write YYYY-MM, or a day in it as YYYY-MM-DD or DD.MM.YYYY."
        findings.add(table.file, name, message, rows, [shown(value) for value in cells[name].to_list()])
    table.frame = table.frame.with_columns(firsts.alias(name))
