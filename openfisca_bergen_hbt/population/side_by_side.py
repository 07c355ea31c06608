"""Populations of the same units side by side, so that many draws are worked on in one simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy

from openfisca_bergen_hbt.population import MonthlyInput, Population, arrays
from openfisca_bergen_hbt.rules.money import IndexArray
from openfisca_bergen_hbt.rules.stages.drawn import concatenated, made_once


def side_by_side(populations: Sequence[Population]) -> Population:
    """Return populations as one in which each has users, units and agencies of its own, one's after the other's.

    Args:
        populations: with the same units, agencies and inputs. Their areas are left out.
    """
    one, count = populations[0], len(populations)
    units, agencies = len(one.unit_names), len(one.agency_names)
    numbered = list(enumerate(populations))
    return replace(
        one,
        unit_names=[*one.unit_names] * count,
        agency_names=[*one.agency_names] * count,
        agency_of_unit=numpy.concatenate([each.agency_of_unit + number * agencies for number, each in numbered]),
        unit_of_user=numpy.concatenate([each.unit_of_user + number * units for number, each in numbered]),
        users={name: _joined([each.users[name] for each in populations]) for name in one.users},
        units={name: numpy.concatenate([each.units[name] for each in populations]) for name in one.units},
        agencies={name: _joined([each.agencies[name] for each in populations]) for name in one.agencies},
        area_names=(),
        area_of_unit=None,
        areas={},
        made_for=None,
    )


def agencies_side_by_side(population: Population, agencies: Sequence[int]) -> tuple[Population, list[IndexArray]]:
    """Return some agencies of a population, each with its own units, one's after the other's.

    Args:
        population: its users are left out, but for who has any; so are its areas.
        agencies: by their number; one may be picked many times.

    Returns:
        The agencies as a population, and the units of each, by their number in the population that they are of.
    """
    own = {agency: numpy.flatnonzero(population.agency_of_unit == agency) for agency in {*agencies}}
    units_of = [own[agency] for agency in agencies]
    units = numpy.concatenate(units_of)
    of_agencies = {
        name: [values[numpy.array(agencies)] for values in arrays(given)] for name, given in population.agencies.items()
    }
    picked = replace(
        population,
        unit_names=[population.unit_names[unit] for unit in units.tolist()],
        agency_names=[population.agency_names[agency] for agency in agencies],
        agency_of_unit=numpy.repeat(numpy.arange(len(agencies)), [len(of_one) for of_one in units_of]),
        unit_of_user=numpy.flatnonzero(population.has_users[units]),
        users={},
        units={name: values[units] for name, values in population.units.items()},
        agencies={name: given if len(given) > 1 else given[0] for name, given in of_agencies.items()},
        area_names=(),
        area_of_unit=None,
        areas={},
        made_for=None,
        in_parts=None,
    )
    return picked, units_of


def _joined(inputs: Sequence[MonthlyInput]) -> MonthlyInput:
    joined = made_once(concatenated, *map(arrays, inputs))
    return joined if len(joined) > 1 else joined[0]
