"""An embedded population as a table in the form that files of users have."""

from __future__ import annotations

import io

import numpy
import polars

from openfisca_bergen_hbt.intake.columns import UNITS
from openfisca_bergen_hbt.population import Population, arrays

#: The endings that a table can be written with.
ENDINGS = (".csv", ".xlsx", ".parquet")
#: The most rows that a sheet holds below its heading.
MOST_ROWS = 1_048_575


def users_table(population: Population, year: int, scale: int = 1) -> polars.DataFrame:
    """Return the users, one to a row; one to a row and month where their inputs change during the year.

    Each user stands there ``scale`` times, under as many pseudonyms.
    """
    rows = numpy.repeat(numpy.arange(len(population.unit_of_user)), scale)
    unit = population.unit_of_user[rows]
    columns = {"bruker": [f"b{number:07}" for number in range(1, len(rows) + 1)]}
    columns["enhet"] = numpy.asarray(population.unit_names, dtype=object)[unit].tolist()
    if population.area_of_unit is not None:
        areas = numpy.asarray(population.area_names, dtype=object)
        columns["byomraade"] = areas[population.area_of_unit[unit]].tolist()
    still, given = polars.DataFrame(columns), {name: arrays(values) for name, values in population.users.items()}
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
    return polars.DataFrame([polars.Series("enhet", list(population.unit_names)), *inputs])


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
            raise ValueError(f"{table.height} rows are more than a sheet holds ({MOST_ROWS}): write .csv or .parquet.")
        table.write_excel(file, autofit=True, float_precision=6)
    else:
        raise ValueError(f"'{ending}' is none of the endings that can be written: {', '.join(ENDINGS)}.")
    return file.getvalue()
