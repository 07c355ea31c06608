"""Amounts in kroner beside the users: what each unit cost in each month, and money that etater get in a month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy
import polars

from openfisca_bergen_hbt.intake.checks import RowRule, problems_of, rules_of_amounts
from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.microdata import Microdata, rows_of
from openfisca_bergen_hbt.intake.people import MONTHS
from openfisca_bergen_hbt.intake.problems import DataError, Problem, in_file
from openfisca_bergen_hbt.intake.reading import InputFile, file_content, sheet_of
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.population.table import ONE_AGENCY
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.names import nearest

MONTH_COLUMN, KRONER = FileColumn("maaned", "months"), FileColumn("kroner", "numbers")


#: The column of names, in each file: whose amounts they are.
OF_UNITS, OF_ETATER = "enhet", "etat"
EXTRA = "etat_tilleggsbevilgning"


def read_accounts(file: InputFile, written: Written, year: int) -> dict[str, dict[str, int]]:
    """Read and check what each unit cost in each month, such as ``{"Fana": {"2021-03": 12000000}}``.

    Raises:
        DataError: the file can't be used; the message says everything that is wrong, each with its row and column.
    """
    return _read(file, written, OF_UNITS, [year])


def with_extra(found: Mapping[int, Microdata], file: InputFile, written: Written) -> dict[int, Microdata]:
    """Return the populations of years with the extra money that their etater get in some months.

    Args:
        found: the populations, by year.
        file: with the columns etat, maaned and kroner.
        written: how it is written.

    Raises:
        DataError: the file can't be used, or names an etat that there is not.
    """
    amounts = _read(file, written, OF_ETATER, list(found), least=0.0)
    return {year: _with_extra(one, year, amounts, file.name) for year, one in found.items()}


def _with_extra(found: Microdata, year: int, amounts: Mapping[str, Mapping[str, int]], file: str) -> Microdata:
    people = found.population
    names = list(people.agency_names)
    if names == [ONE_AGENCY] and len(amounts) == 1:
        names = list(amounts)  # the only etat has the name that the file gives it
    if unknown := [name for name in amounts if name not in names]:
        message = _("there is no agency '{name}'. {nearest}").format(
            name=unknown[0], nearest=nearest(unknown[0], names)
        )
        raise DataError(Problem(message, OF_ETATER, file=file))
    by_month = [
        numpy.array([float(amounts.get(name, {}).get(f"{year}-{month:02}", 0)) for name in names])
        for month in range(1, MONTHS + 1)
    ]
    agencies = {**people.agencies, EXTRA: by_month}
    return replace(found, population=replace(people, agency_names=names, agencies=agencies))


def _read(
    file: InputFile, written: Written, of: str, years: Sequence[int], least: float | None = None
) -> dict[str, dict[str, int]]:
    """Read and check kroner by name and month.

    Args:
        file: with the columns ``of``, ``maaned`` and ``kroner``.
        written: how it is written.
        of: what the names are of.
        years: the years that all months lie in.
        least: the least that an amount may be; None for any.

    Raises:
        DataError: the file can't be used.
    """
    columns = [FileColumn(of, "names"), MONTH_COLUMN, KRONER]
    needed = [[column.name] for column in columns]
    rows, problems = rows_of(
        file.name, lambda: sheet_of(file_content(file), columns, written, needed), columns, needed, written
    )
    rules: Iterator[RowRule] = rules_of_amounts(of, years, least)
    broken = in_file(file.name, problems_of(rows.rows, rules, problems)) if rows else []
    if not rows or problems or broken:
        raise DataError(*problems, *broken)
    found: dict[str, dict[str, int]] = {}
    names = rows.rows[of].cast(polars.String)
    for name, month, kroner in zip(names, rows.rows["maaned"], rows.rows["kroner"], strict=True):
        found.setdefault(name, {})[f"{month:%Y-%m}"] = int(kroner)
    return found
