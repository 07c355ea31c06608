"""Users by month in columns, a row for each user and month: made a place for each user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy

from openfisca_bergen_hbt.population import MONTHS
from openfisca_bergen_hbt.population.table import GROUPS, OF_SOME
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN
from openfisca_bergen_hbt.text.language import _

#: The columns that say whom and which month a row is of.
USER, MONTH = "bruker", "maaned"


def by_month(columns: Mapping[str, list[Any]], *, may_end_early: bool) -> tuple[Mapping[str, Any], int]:
    """Return columns with a place for each user, inputs of shape (12, users), and how many months have rows.

    Who is in another unit in another month is a user of each. Where the last months may lack, they are as the last that
    does not. Columns without months are as they are.

    Raises:
        SituationError: one of the two columns without the other, a month that is none, a user twice in a month, or
            months that lack.
    """
    if USER not in columns and MONTH not in columns:
        return columns, MONTHS
    if not {USER, MONTH} <= columns.keys() or "enhet" not in columns:
        raise SituationError(
            ["users"], _("Send 'bruker', 'maaned' and 'enhet' of each row: users by month have all three.")
        )
    rows = len(columns[MONTH])
    for name, column in columns.items():
        if len(column) != rows:
            message = _("'{name}' has {count} values, and '{other}' {rows}.")
            told = message.format(name=name, count=len(column), other=MONTH, rows=rows)
            raise SituationError(["users", name], told)
    given = numpy.array(columns[MONTH], dtype=float)
    if (wrong := ~numpy.isin(given, range(1, MONTHS + 1))).any():
        message = _("'maaned' is the number of a month, 1 to 12.")
        raise SituationError(["users", MONTH, str(int(wrong.argmax()))], message)
    month = given.astype(int) - 1
    _names, user = numpy.unique(numpy.array(columns[USER], dtype=str), return_inverse=True)
    _refuse_twice(user * MONTHS + month)
    units, unit = numpy.unique(numpy.array(columns["enhet"], dtype=str), return_inverse=True)
    _pairs, first, pair = numpy.unique(user * len(units) + unit, return_index=True, return_inverse=True)
    order = numpy.argsort(first)  # as they are first listed
    place, first = numpy.argsort(order)[pair], first[order]
    known = int(month.max()) + 1
    if lacking := sorted({*range(MONTHS if not may_end_early else known)} - {*month.tolist()}):
        message = _("No row is of month {month}: send all twelve, and 0 hours where there are none.")
        raise SituationError(["users", MONTH], message.format(month=lacking[0] + 1))
    found: dict[str, Any] = {}
    for name, column in columns.items():
        if name in GROUPS:
            found[name] = [column[row] for row in first.tolist()]
        elif name not in (USER, MONTH):
            values = numpy.full((MONTHS, len(first)), NOT_GIVEN if name in OF_SOME else 0.0)
            values[month, place] = column
            values[known:] = values[known - 1]
            found[name] = values
    return found, known


def _refuse_twice(cells: Any) -> None:
    _cells, first, counts = numpy.unique(cells, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = int(first[counts.argmax()])
        raise SituationError(["users", USER, str(row)], _("The same user stands twice for a month."))
