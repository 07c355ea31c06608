"""A control file: users and hours by unit as the source system counts them, held against what was read.

An extract cut short passes every other check.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.problems import Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.numbers import decimals

#: Users are rows; hours are those of a week, added up.
COUNTS = ("brukere", "timer")
CONTROL = (
    FileColumn("enhet", "names"),
    FileColumn("aar", "numbers"),
    FileColumn("maaned", "months"),
    *(FileColumn(name, "numbers") for name in COUNTS),
)
#: The columns of users that hours are added up from: the first that there is.
HOURS = ("timer_per_uke", "vurdert_timer_per_uke", "teamvurdert_timer_per_uke")
#: How much the hours of a unit may differ by, for sums of rounded hours.
MOST_HOURS = 0.05


def differences(users: FileRows, control: FileRows) -> Iterator[Problem]:
    """Yield what the control file counts otherwise than the users' rows, by unit, and month where both have months."""
    key = [name for name in ("enhet", "aar", "maaned") if {name} <= {*users.rows.columns} & {*control.rows.columns}]
    hours = next((name for name in HOURS if name in users.rows.columns), None)
    if hours is None and "timer" in control.rows.columns:
        yield Problem(
            _("the users have none of {names} to count hours from.").format(names=", ".join(HOURS)),
            "timer",
            file=control.file,
        )
        return
    if "maaned" in users.rows.columns and "maaned" not in control.rows.columns:
        yield Problem(_("the users have months: count by month here, too."), "maaned", file=control.file)
        return
    counted = [polars.len().cast(polars.Float64).alias("brukere")]
    counted += [polars.sum(hours).alias("timer")] if hours else []
    given = [name for name in COUNTS if name in control.rows.columns]
    by_unit = [
        rows.with_columns(polars.col("enhet").cast(polars.String)).group_by(key).agg(what)
        for rows, what in ((users.rows, counted), (control.rows, [polars.sum(name) for name in given]))
    ]
    both = by_unit[0].join(by_unit[1], on=key, how="full", suffix="_kontroll", coalesce=True).sort(key)
    both = both.with_columns(polars.exclude(key).fill_null(0.0))
    other = [(polars.col(name) - polars.col(f"{name}_kontroll")).abs() > MOST_HOURS for name in given]
    for row in both.filter(reduce(lambda one, another: one | another, other)).iter_rows(named=True):
        where = ", ".join(f"{row[name]:%Y-%m}" if name == "maaned" else f"{row[name]}" for name in key)
        counts = ((name, decimals(row[name]), decimals(row[f"{name}_kontroll"])) for name in given)
        said = "; ".join(
            _("{name} {here}, control {there}").format(name=name, here=here, there=there)
            for name, here, there in counts
        )
        yield Problem(
            _("{where}: {said}. The extract and the control differ: correct one.").format(where=where, said=said),
            file=control.file,
        )
