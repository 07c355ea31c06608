"""What differs between the regulations of two scenarios in a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.history import Difference, Standpoint, Value, values_on
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.text import names


def differing(one: Version, other: Version, year: int) -> Difference:
    """Return what ``diff`` says of two regulations at the end of a year, with every number that differs on some day."""
    last = date(year, 12, 31)
    found = history.diff(Standpoint(one, last), Standpoint(other, last))
    return replace(found, values=list(_values(SYSTEMS.system(one), SYSTEMS.system(other), year)))


def _values(one: Any, other: Any, year: int) -> Iterator[tuple[str, Value | None, Value | None]]:
    """Yield the numbers that differ, again where what they are becomes another, by name and in the order of days."""
    days = sorted({date(year, 1, 1), *_changing_on(one, year), *_changing_on(other, year)})
    found: dict[str, dict[tuple[object, object], tuple[Value | None, Value | None]]] = {}
    for day in days:
        mine, theirs = ({value.parameter: value for value in values_on(system, day)} for system in (one, other))
        for name in {*mine, *theirs}:
            pair = mine.get(name), theirs.get(name)
            before, after = (value and value.value for value in pair)
            if before != after:
                found.setdefault(name, {}).setdefault((before, after), pair)
    for name, pairs in sorted(found.items()):
        yield from ((name, *pair) for pair in pairs.values())


def _changing_on(system: Any, year: int) -> Iterator[date]:
    """Yield the days of a year on which some number becomes another."""
    for parameter in names.parameters(system.parameters):
        for dated in parameter.values_list:
            if dated.instant_str.startswith(f"{year}-"):
                yield date.fromisoformat(dated.instant_str)
