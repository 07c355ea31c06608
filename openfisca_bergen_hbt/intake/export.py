"""An embedded population as a table in the form that files of users have."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy
import polars
from xlsxwriter import Workbook

from openfisca_bergen_hbt.intake.columns import AGENCIES, UNITS
from openfisca_bergen_hbt.population import Population, arrays
from openfisca_bergen_hbt.text.language import _

#: The endings that a table can be written with.
ENDINGS = (".csv", ".xlsx", ".parquet")
#: The most rows that a sheet holds below its heading.
MOST_ROWS = 1_048_575
#: When a workbook of ours says that it was made: it is the same whenever that is.
MADE = datetime(2021, 6, 1, tzinfo=UTC).replace(tzinfo=None)


def users_table(population: Population, year: int, scale: int = 1) -> polars.DataFrame:
    """Return the users, one to a row; one to a row and month where their inputs change during the year.

    Each user stands there ``scale`` times, under as many pseudonyms.
    """
    rows = numpy.repeat(numpy.arange(len(population.unit_of_user)), scale)
    unit = population.unit_of_user[rows]
    number = polars.int_range(1, len(rows) + 1, eager=True).cast(polars.String).str.zfill(7)
    still = polars.DataFrame([("b" + number).alias("bruker"), _names("enhet", population.unit_names).gather(unit)])
    still = still.with_columns(one.gather(unit) for one in _groups(population))
    given = {name: arrays(values) for name, values in population.users.items()}
    if all(len(found) == 1 for found in given.values()):
        return still.with_columns(polars.Series(name, found[0][rows]) for name, found in given.items())
    months = [
        still.with_columns(
            polars.lit(f"{year}-{month + 1:02}").alias("maaned"),
            *(polars.Series(name, found[month % len(found)][rows]) for name, found in given.items()),
        )
        for month in range(12)
    ]
    return polars.concat(months)


def units_table(population: Population) -> polars.DataFrame:
    """Return the units, one to a row, with their inputs."""
    inputs = [
        polars.Series(column.name, population.units[column.variable])
        for column in UNITS
        if column.variable in population.units
    ]
    etater = [one for one in _groups(population) if one.name == "etat"]
    return polars.DataFrame([polars.Series("enhet", list(population.unit_names)), *etater, *inputs])


def agencies_table(population: Population, year: int) -> polars.DataFrame:
    """Return the etater, one to a row, with their frames and grants in whole kroner."""
    amounts = [
        polars.Series(column.name, population.agencies[column.variable]).cast(polars.Int64)
        for column in AGENCIES
        if column.variable in population.agencies
    ]
    etater = polars.DataFrame([polars.Series("etat", list(population.agency_names)), *amounts])
    return etater.insert_column(1, polars.repeat(year, etater.height, eager=True).alias("aar"))


def _groups(population: Population) -> list[polars.Series]:
    """Return the area of each unit, where areas are known, and its etat, where there are several."""
    found = []
    if population.area_of_unit is not None:
        found.append(_names("byomraade", population.area_names).gather(population.area_of_unit))
    if len(population.agency_names) > 1:
        found.append(_names("etat", population.agency_names).gather(population.agency_of_unit))
    return found


def _names(heading: str, names: Sequence[str]) -> polars.Series:
    """Return names as a column, each kept once however many rows it stands in."""
    return polars.Series(heading, list(names), dtype=polars.Categorical)


def table_in_file(table: polars.DataFrame, ending: str) -> bytes:
    """Return a table as the content of a file: CSV (UTF-8, comma, decimal point), Excel or Parquet.

    Raises:
        ValueError: another ending, or more rows than a sheet holds.
    """
    file = io.BytesIO()
    if ending == ".csv":
        table.write_csv(file)
    elif ending == ".parquet":
        table.write_parquet(file)
    elif ending == ".xlsx":
        if table.height > MOST_ROWS:
            message = _("{rows} rows are more than a sheet holds ({most}): write .csv or .parquet.")
            raise ValueError(message.format(rows=table.height, most=MOST_ROWS))
        with Workbook(file, {"in_memory": True}) as book:
            book.set_properties({"created": MADE})
            table.write_excel(book, autofit=True, float_precision=6)
    else:
        message = _("'{ending}' is none of the endings that can be written: {endings}.")
        raise ValueError(message.format(ending=ending, endings=", ".join(ENDINGS)))
    return file.getvalue()
