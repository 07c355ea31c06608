"""Every count of movements, a row each, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openfisca_bergen_hbt.analysis.flows import Flows, Matrix
from openfisca_bergen_hbt.analysis.flows.what_if import NAMES
from openfisca_bergen_hbt.report.paper import Tidy

#: The unit, empty for all of them; the month that users go to, or the year for all months; how they move, or from and
#: to which category; and how many they are, empty where it is held back.
COLUMNS = ("unit", "period", "movement", "origin", "goal", "value")
_Row = tuple[str, str, str, str, str, int | None]


def figures(found: Flows, said: Mapping[str, str]) -> Tidy:
    """Return every count, with what is said of them all."""
    return Tidy(dict(zip(COLUMNS, zip(*_rows(found), strict=True), strict=True)), said)


def _rows(found: Flows) -> Iterator[_Row]:
    year = str(found.year)
    months = {month: f"{year}-{month:02}" for month in found.by_month}
    yield from _kinds("", year, found.kinds_in_all)
    for month, period in months.items():
        yield from _kinds("", period, found.kinds_by_month[month])
    for unit, kinds in found.kinds_by_unit.items():
        yield from _kinds(unit, year, kinds)
        for month, of_month in found.kinds_by_unit_and_month[unit].items():
            yield from _kinds(unit, months[month], of_month)
    yield from _cells("", year, found.in_all)
    for month, period in months.items():
        yield from _cells("", period, found.by_month[month])
    for unit, matrix in found.by_unit.items():
        yield from _cells(unit, year, matrix)


def _kinds(unit: str, period: str, kinds: Mapping[str, int | None]) -> Iterator[_Row]:
    return ((unit, period, kind, "", "", count) for kind, count in kinds.items())


def _cells(unit: str, period: str, matrix: Matrix) -> Iterator[_Row]:
    names = {index: name for name, index in NAMES.items()}
    for before, row in enumerate(matrix):
        for after, count in enumerate(row):
            if before or after:
                yield unit, period, "", names[before], names[after], count
