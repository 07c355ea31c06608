"""Stage 1 alone, as one would write it by hand: users and their hours of a month, by unit and category.

Each way returns counts and hours, shape (units, 7), and knows neither periods nor regulations nor exact sums.
"""

import duckdb
import numpy
import polars
from plain_numpy import BOUNDS

BLOCK = 32768


def blocked(hours, unit, units):
    """Count and add up in NumPy, in blocks that the processor's cache holds."""
    counts, summed = numpy.zeros(units * 7, dtype=int), numpy.zeros(units * 7)
    for start in range(0, len(hours), BLOCK):
        part = hours[start : start + BLOCK]
        category = (part > 0).view(numpy.int8)
        for bound in BOUNDS[1:]:
            category += (part >= bound).view(numpy.int8)
        cell = unit[start : start + BLOCK] * 7
        cell += category
        counts += numpy.bincount(cell, minlength=units * 7)
        summed += numpy.bincount(cell, part, units * 7)
    return counts.reshape(units, 7), summed.reshape(units, 7)


def in_polars(users, units):
    """Count and add up a frame of users in polars."""
    hours = polars.col("hours")
    category = sum(((hours >= bound).cast(polars.Int32) for bound in BOUNDS[1:]), start=(hours > 0).cast(polars.Int32))
    found = users.lazy().group_by(cell=polars.col("unit") * 7 + category).agg(polars.len(), hours.sum()).collect()
    return _placed(found["cell"].to_numpy(), found["len"].to_numpy(), found["hours"].to_numpy(), units)


def in_duckdb(connection, units):
    """Count and add up the table ``users`` of a connection to DuckDB."""
    category = " + ".join(["(hours > 0)::INTEGER", *(f"(hours >= {bound})::INTEGER" for bound in BOUNDS[1:])])
    asked = f"SELECT unit * 7 + {category} AS cell, count(*) AS n, sum(hours) AS hours FROM users GROUP BY cell"  # noqa: S608
    found = connection.execute(asked).fetchnumpy()
    return _placed(found["cell"], found["n"], found["hours"], units)


def table(hours, unit, threads):
    """Return a connection to DuckDB that holds the users, and works with so many threads."""
    connection = duckdb.connect(config={"threads": threads})
    users = polars.DataFrame({"hours": hours, "unit": unit.astype(numpy.int32)}).to_arrow()
    connection.register("given", users)
    connection.execute("CREATE TABLE users AS SELECT * FROM given")
    return connection


def _placed(cell, counted, hours, units):
    counts, summed = numpy.zeros(units * 7, dtype=int), numpy.zeros(units * 7)
    counts[cell], summed[cell] = counted, hours
    return counts.reshape(units, 7), summed.reshape(units, 7)
