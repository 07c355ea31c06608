"""Amounts in kroner beside the users: what each unit cost in each month, and money that etater get in a month."""

from __future__ import annotations

from collections.abc import Iterator

import polars

from openfisca_bergen_hbt.intake.checks import RowRule, problems_of, rules_of_amounts
from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.microdata import rows_of
from openfisca_bergen_hbt.intake.problems import DataError, in_file
from openfisca_bergen_hbt.intake.reading import InputFile, file_content, sheet_of
from openfisca_bergen_hbt.intake.sheet import Written

MONTH_COLUMN, KRONER = FileColumn("maaned", "months"), FileColumn("kroner", "numbers")


def read_amounts(
    file: InputFile, written: Written, year: int, of: str = "enhet", least: float | None = None
) -> dict[str, dict[str, int]]:
    """Read and check kroner by name and month, such as ``{"Fana": {"2021-03": 12000000}}``.

    Args:
        file: with the columns ``of``, ``maaned`` and ``kroner``.
        written: how it is written.
        year: the year that all months lie in.
        of: what the names are of: ``enhet`` or ``etat``.
        least: the least that an amount may be.

    Raises:
        DataError: the file can't be used; the message says everything that is wrong, each with its row and column.
    """
    columns = [FileColumn(of, "names"), MONTH_COLUMN, KRONER]
    needed = [[column.name] for column in columns]
    rows, problems = rows_of(
        file.name, lambda: sheet_of(file_content(file), columns, written, needed), columns, needed, written
    )
    rules: Iterator[RowRule] = rules_of_amounts(of, year, least)
    broken = in_file(file.name, problems_of(rows.rows, rules, problems)) if rows else []
    if not rows or problems or broken:
        raise DataError(*problems, *broken)
    found: dict[str, dict[str, int]] = {}
    names = rows.rows[of].cast(polars.String)
    for name, month, kroner in zip(names, rows.rows["maaned"], rows.rows["kroner"], strict=True):
        found.setdefault(name, {})[f"{month:%Y-%m}"] = int(kroner)
    return found
