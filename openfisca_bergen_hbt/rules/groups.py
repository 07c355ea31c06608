"""Users, units and agencies: who belongs where, and sums and shares that never cross an agency.

Core's own helpers go wrong where a unit has no users, so every rule that sums or projects comes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Sized
from typing import Any, NamedTuple

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules import money
from openfisca_bergen_hbt.rules.core import memory, unlisted
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.text.language import _, marked

#: Users worked on at a time, so that what is read and written stays in the processor's cache.
BLOCK = 32768
#: Where more than one user in so many differs between two months, a month is worked on anew: that is then as fast.
ONE_IN = 12


class Layout(NamedTuple):
    """Where users and units belong."""

    unit_of_user: IndexArray
    #: -1 for a unit without users: it belongs to no agency.
    agency_of_unit: IndexArray
    units: int
    agencies: int


def layout(population: Any) -> Layout:
    """Return the layout of a population's simulation, checked once.

    Raises:
        SituationError: the agencies are left out; a user is in no unit or agency; a unit lies in two agencies or areas.
    """
    simulation = population.simulation
    known = _known_layout(simulation)
    if known is None:
        known = _checked_layout(simulation)
        set_layout(simulation, known)
    return known


def set_layout(simulation: Any, known: Layout) -> None:
    """Tell a simulation its layout where the caller built it from units, so that it can't be inconsistent."""
    memory(simulation)["layout"] = (_memberships(simulation), known)


def _known_layout(simulation: Any) -> Layout | None:
    """Return the layout that is kept, if the memberships are still those that it was made of."""
    memberships, known = memory(simulation).get("layout", ((None, None), None))
    units, agencies = _memberships(simulation)
    return known if memberships[0] is units and memberships[1] is agencies else None


def _memberships(simulation: Any) -> tuple[Any, Any]:
    return simulation.enhet.members_entity_id, simulation.etat.members_entity_id


def without_users(units: Any) -> Any:
    """Return whether each unit is without users."""
    known = _known_layout(units.simulation)
    if known is not None:
        return known.agency_of_unit < 0
    return numpy.bincount(units.members_entity_id, minlength=units.count) == 0


def _checked_layout(simulation: Any) -> Layout:
    units, agencies, areas = simulation.enhet, simulation.etat, simulation.byomraade
    for group in (units, agencies):
        if _is_left_out(group):
            raise SituationError(
                [group.entity.plural],
                _(
                    "'{plural}' is left out. Say which users belong to which of the '{plural}': "
                    '"{plural}": {{"name": {{"brukere": ["id of a user", …]}}}}.'
                ).format(plural=group.entity.plural),
            )
        _refuse_unlisted(group)
    agency_of_unit = _group_of_unit(units, agencies)
    if areas.count and not _is_left_out(areas):
        _refuse_unlisted(areas)
        _group_of_unit(units, areas)
    return Layout(units.members_entity_id, agency_of_unit, units.count, agencies.count)


def _is_left_out(group: Any) -> bool:
    """Return whether core has put each user in a group of its own, since the request names no groups."""
    users = group.members
    if isinstance(group.ids, numpy.ndarray):  # a situation of variables alone; with one user, nothing is doubtful
        return bool(users.count > 1 and numpy.array_equal(group.ids, users.ids))
    return group.ids is users.ids


def _refuse_unlisted(group: Any) -> None:
    if forgotten := unlisted(group):
        plural = group.entity.plural
        raise SituationError(
            [plural],
            _(
                "{number} of the users, the first of them '{user}', are listed in none of the '{plural}'. "
                "List each user under 'brukere' of one of them."
            ).format(number=len(forgotten), user=forgotten[0], plural=plural),
        )


#: What is said of a unit whose users lie in two groups.
ASTRAY = {
    "etat": marked(
        "The users of the unit '{unit}' lie in more than one agency: {names}. Each unit lies in one agency: divide it, "
        "or move its users."
    ),
    "byomraade": marked(
        "The users of the unit '{unit}' lie in more than one area: {names}. Each unit lies in one area: divide it, "
        "or move its users."
    ),
}


def _group_of_unit(units: Any, groups: Any) -> IndexArray:
    """Return the index in ``groups`` of each unit's users, -1 for a unit without users."""
    unit_of_user, group_of_user = units.members_entity_id, groups.members_entity_id
    found = numpy.full(units.count, -1, dtype=numpy.intp)
    if groups.count == 1:
        found[numpy.bincount(unit_of_user, minlength=units.count) > 0] = 0
        return found
    found[unit_of_user] = group_of_user
    for block in blocks(unit_of_user):
        astray = found[unit_of_user[block]] != group_of_user[block]
        if astray.any():
            user = block.start + int(astray.argmax())
            unit = unit_of_user[user]
            names = sorted({str(groups.ids[found[unit]]), str(groups.ids[group_of_user[user]])})
            raise SituationError(
                [units.entity.plural, str(units.ids[unit])],
                _(ASTRAY[groups.entity.key]).format(unit=units.ids[unit], names=_(" and ").join(names)),
            )
    return found


def count_users(units: Any, index: Any, size: int) -> Any:
    """Count users by unit and by an index of theirs (from 0 to below ``size``), such as the category.

    Returns:
        Whole numbers, shape (units, size).
    """
    where = layout(units)
    counts = numpy.zeros(where.units * size, dtype=numpy.int64)
    for block in blocks(index):
        counts += numpy.bincount(where.unit_of_user[block] * size + index[block], minlength=len(counts))
    return counts.reshape(where.units, size)


def blocks(users: Sized) -> Iterator[slice]:
    """Yield blocks of users that are worked on at a time."""
    return (slice(start, start + BLOCK) for start in range(0, len(users), BLOCK))


def who_differ(hours: FloatArray, others: FloatArray) -> IndexArray | None:
    """Return the users who differ between two months; None where they are too many for the rest to be left alone."""
    found, most = [numpy.zeros(0, dtype=numpy.intp)], len(hours) // ONE_IN
    for block in blocks(hours):
        found.append(numpy.flatnonzero(hours[block] != others[block]) + block.start)
        most -= len(found[-1])
        if most < 0:
            return None
    return numpy.concatenate(found)


def alike(monthly: Sequence[FloatArray]) -> list[tuple[FloatArray, int]]:
    """Return the arrays of months that differ, each with how many months hold it."""
    times = Counter(map(id, monthly))
    return [(hours, times[key]) for key, hours in {id(hours): hours for hours in monthly}.items()]


def part(number: float | FloatArray, block: slice) -> float | FloatArray:
    """Return a number for a block of users: the same for all, or their own where it is drawn."""
    return number[block] if isinstance(number, numpy.ndarray) else number


def sum_units(agencies: Any, values: Any) -> FloatArray:
    """Add up a value of the units by agency; ``agencies`` is the population of agencies."""
    where = layout(agencies)
    return money.sum_by(where.agency_of_unit, values, where.agencies)


def sum_home_care(agencies: Any, values: Any, period: Period) -> FloatArray:
    """Add up a value of the units by agency, without the units of other services: they stand outside its pots."""
    return sum_units(agencies, values * agencies.simulation.enhet("enhet_i_hjemmetjenestene", year_of(period)))


def sum_areas(agencies: Any, values: Any) -> FloatArray:
    """Add up a value of the areas by agency; an area without users belongs to none.

    Raises:
        SituationError: the users of an area lie in two agencies.
    """
    areas = agencies.simulation.byomraade
    if areas.count == 0:  # a population without areas
        return numpy.zeros(agencies.count)
    agency_of_area = _group_of_unit(areas, agencies)
    return money.sum_by(agency_of_area, values, agencies.count)


def agency_value(units: Any, values: Any) -> Any:
    """Return its agency's value for each unit; 0 for a unit without users."""
    with_none = numpy.zeros(len(values) + 1, dtype=values.dtype)  # the last is what -1 picks
    with_none[:-1] = values
    return with_none[layout(units).agency_of_unit]


def share_of_agency(units: Any, values: FloatArray) -> FloatArray:
    """Return each unit's share of its agency's sum; 0 where the sum is 0."""
    return money.ratio(values, agency_value(units, sum_units(units.simulation.etat, values)))


def split_among_units(units: Any, pot: FloatArray, weights: FloatArray) -> FloatArray:
    """Split each agency's pot among its units in whole kroner, in proportion to their weights.

    Pots and weights that are those of another month are not split again.
    """
    by_value = (numpy.asarray(given, dtype=numpy.float64).tobytes() for given in (pot, weights))
    return shared(units.simulation, _split, [layout(units).agency_of_unit], *by_value)


def _split(agency_of_unit: IndexArray, pot: bytes, weights: bytes) -> FloatArray:
    return money.largest_remainder(numpy.frombuffer(pot), numpy.frombuffer(weights), agency_of_unit)
