"""Users who stand twice in a month: found by hashes (``seen``), and told by reading their pseudonyms again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy
import polars

from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.microdata import rows_of
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.partitions.files import Part, Partition
from openfisca_bergen_hbt.partitions.seen import Hashes, Months, Seen
from openfisca_bergen_hbt.text.language import _, marked

#: The columns that tell a user and a month.
KEY = ("bruker", "maaned", "aar")
COLUMNS = tuple(column for column in USERS if column.name in KEY)
#: How many users are looked for at most: of more faults than anyone reads, no more is told.
MOST = 1000


def of_year(rows: polars.DataFrame, year: int) -> polars.DataFrame:
    """Return the rows of a year, of rows that say which they are of; else all."""
    if "aar" in rows.columns:
        rows = rows.filter(polars.col("aar") == year)
    return rows.filter(polars.col("maaned").dt.year() == year) if "maaned" in rows.columns else rows


def hashes_and_months(rows: polars.DataFrame) -> tuple[Hashes, Months]:
    """Return the hash of each row's user, and the bit of its month; of rows without months, one bit."""
    bits = 2.0 ** (rows["maaned"].dt.month().to_numpy() - 1) if "maaned" in rows.columns else numpy.ones(rows.height)
    return rows["bruker"].hash().to_numpy(), bits.astype(numpy.uint16)


#: What is said of a user who stands in several parts: by what tells rows of a user apart.
TWICE = {
    "maaned": marked("the same user stands also in {where}, row {row} for a month. Keep one row."),
    "aar": marked("the same user stands also in {where}, row {row} for a year. Keep one row."),
    "": marked("the same user stands also in {where}, row {row}. Keep one row."),
}


def standing_twice(partitions: Iterable[Partition], written: Written, again: Sequence[Hashes]) -> list[Problem]:
    """Return users who stand in rows of several parts for the same month, of those with some hashes.

    Raises:
        DataError: a file can't be read.
    """
    looked_for = numpy.unique(numpy.concatenate([numpy.zeros(0, numpy.uint64), *again]))[:MOST]
    if not len(looked_for):
        return []
    hashes = polars.Series(looked_for)
    rows = [
        mine.with_columns(where=mine[ROW].map_elements(part.where, polars.String))
        for part, table in _users(partitions, written)
        if (mine := table.filter(table["bruker"].hash().is_in(hashes))).height
    ]
    key = [name for name in KEY if rows and name in rows[0].columns]
    said = TWICE["maaned" if "maaned" in key else "aar" if "aar" in key else ""]
    found = []
    for same in polars.concat(rows).partition_by(key, maintain_order=True) if rows else ():
        (row, where), *others = same.select(ROW, "where").iter_rows()
        message = _(said).format(where=where, row=row)
        found += [Problem(message, "bruker", [other], file=at) for other, at in others]
    return found


def users_twice(
    partitions: Sequence[Partition], written: Written, years: Sequence[int], bucket: int = 0, buckets: int = 1
) -> tuple[list[Problem], set[int]]:
    """Return the users who stand in several files for the same month, and the years in which some stands in several.

    Of users whose hash falls in a bucket, so that what is held of them fits in memory; nothing of them is returned but
    where they stand.
    """
    seen = {year: Seen() for year in years}
    again = []
    try:
        for _part, table in _users(partitions, written):
            for year in years:
                users, months = hashes_and_months(of_year(table, year))
                mine = users % numpy.uint64(buckets) == bucket
                again.append(seen[year].add(users[mine], months[mine]))
        problems = standing_twice(partitions, written, again)
    except DataError as error:
        problems = [*error.problems]
    return problems, {year for year, of in seen.items() if of.spread}


def _users(partitions: Iterable[Partition], written: Written) -> Iterator[tuple[Part, polars.DataFrame]]:
    """Yield who stands in each part of files, and when."""
    for partition in partitions:
        for part in partition.held().parts():
            read = lambda part=part: part.sheet(COLUMNS, written, narrow=True)  # noqa: E731 (what is read is read at once)
            rows, wrong = rows_of(partition.name, read, COLUMNS, (), written)
            if rows is None:
                raise DataError(*wrong)
            yield part, rows.rows
