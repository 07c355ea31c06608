"""The one road from a population or a situation to results: arrays in with ``set_input``, never dicts of dicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from datetime import MAXYEAR
from functools import cached_property
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.periods import DateUnit, Instant, Period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_bergen_hbt.population import MonthlyInput, Population, arrays
from openfisca_bergen_hbt.population.side_by_side import side_by_side
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.rules.core import QuickSimulation, forget_values
from openfisca_bergen_hbt.rules.groups import Layout, set_layout
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, sum_by
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.drawn import Drawn, Numbers, draw_numbers, draws_in, of_draw
from openfisca_bergen_hbt.rules.stages.sums import Sums, give_sums, sums_of
from openfisca_bergen_hbt.situation import Situation
from openfisca_bergen_hbt.text.language import _


def year_period(year: int) -> Period:
    """Return a calendar year as a period."""
    return Period((DateUnit.YEAR, Instant((year, 1, 1)), 1))


def traced_nodes(simulation: Any) -> Iterator[Any]:
    """Yield every node of a simulation's trace; core's own way is a recursion, as deep as the law."""
    waiting = list(simulation.tracer.trees)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


class Results:
    """A regulation run on a population for a year; a variable is computed when it is asked for.

    Threads may ask the same results. A deep copy has a simulation of its own (the regulation is the same).
    """

    def __init__(self, simulation: Any, population: Population, year: int) -> None:
        self.simulation = simulation
        #: The regulation: a tax-benefit system.
        self.system = simulation.tax_benefit_system
        self.population = population
        self.year = year
        self.period = year_period(year)

    @property
    def inputs(self) -> set[str]:
        """The variables that the population gives."""
        given = self.population
        return {*given.users, *given.units, *given.areas, *given.agencies}

    def as_figures_of(self, system: Any) -> Results:
        """Return the same figures as those of another regulation that comes to the same (``law.same``)."""
        found = copy(self)
        found.system = system
        return found

    def __deepcopy__(self, _: dict[int, Any]) -> Results:
        """Return a copy whose inputs can be changed; regulation and population are nobody's to change."""
        found, original = copy(self), self.simulation
        with original.one_at_a_time:  # in the middle of a calculation its stack would be the copy's, too
            found.simulation = original.clone(original.debug, original.trace)
            found.simulation.tracer = deepcopy(original.tracer)
        return found

    def traced(self) -> Iterator[Any]:
        """Yield every node of the trace of what has been asked for, where ``simulate`` was told to keep one.

        Users who are read part by part leave none: what is read for them is what is read for one of them.
        """
        yield from traced_nodes(self.simulation)
        if self.population.in_parts:
            one = simulate(_one_user(self.population), self.system, self.year, trace=True).simulation
            for node in list(self.simulation.tracer.trees):
                one.calculate(node.name, node.period)
            yield from traced_nodes(one)

    def value(self, variable: str, month: int | None = None) -> NDArray[Any]:
        """Return a variable for the year, or for a month (1-12), one value for each member of its entity; read-only.

        Raises:
            ValueError: something that is no month, or a variable that is of another period.
        """
        if month is not None and (isinstance(month, bool) or month not in range(1, 13)):
            raise ValueError(_("A month is a whole number from 1 to 12, and not {month!r}.").format(month=month))
        period = self.period if month is None else months(self.period)[int(month) - 1]
        return _read_only(self.simulation.calculate(variable, period))

    def by_month(self, variable: str) -> NDArray[Any]:
        """Return a monthly variable, shape (12, members of its entity)."""
        return numpy.stack([self.value(variable, month) for month in range(1, 13)])

    def by_area(self, variable: str, month: int | None = None) -> FloatArray:
        """Return the sum of a variable of the units by area.

        Raises:
            ValueError: the population has no areas, or the variable is none of the units or no number.
        """
        if not self.population.area_names:
            raise ValueError(_("The population has no areas: give each user's in the column 'byomraade'."))
        return self.by_group("byomraade", variable, month)

    def by_group(self, group: str, variable: str, month: int | None = None) -> FloatArray:
        """Return the sum of a variable of the units by area (``byomraade``) or by agency (``etat``).

        Raises:
            ValueError: the variable is none of the units or no number.
        """
        found = self.system.get_variable(variable, check_existence=True)
        if found.entity.key != "enhet":
            raise ValueError(
                _("{variable} is one of '{plural}': what is added up by area is the units'.").format(
                    variable=variable, plural=found.entity.plural
                )
            )
        if found.value_type not in (float, int, bool):
            raise ValueError(_("{variable} is no number, and can't be added up.").format(variable=variable))
        known = self.population
        of_unit, names = {
            "byomraade": (self._areas, known.area_names),
            "etat": (known.agency_of_unit, known.agency_names),
        }[group]
        return sum_by(of_unit, self.value(variable, month).astype(numpy.float64), len(names))

    @cached_property
    def _areas(self) -> IndexArray:
        known = self.population.area_of_unit
        return numpy.full(len(self.population.unit_names), -1) if known is None else known


def simulate(
    population: Population | Any,
    regulation: Any,
    year: int,
    *,
    trace: bool = False,
    **columns: Any,
) -> Results:
    """Run a regulation on a population for a year.

    Args:
        population: a ``Population``, or a table of users (a data frame of polars, pandas, Arrow or DuckDB, or a
            mapping from column names to arrays) with the column ``enhet``, optionally ``etat`` and ``byomraade``, and
            a column for each input of the users, such as ``vurdert_timer_per_uke``: see ``from_table``.
        regulation: a tax-benefit system, such as ``regelverk()`` or ``CountryTaxBenefitSystem()``.
        year: the calendar year.
        trace: whether to record the calculation with core's tracer, which ``assumptions`` reads.
        columns: with a table: ``units`` and ``agencies``, yearly inputs by name, as ``from_table`` takes them.

    Returns:
        The results; variables are computed when they are asked for. The arrays of the population must not be changed
        while the results are in use.

    Raises:
        SituationError: an input that the regulation refuses.
        ValueError: a table that can't be read as a population, inputs beside a population that has its own, or
            something that is no year from the foundation on.
    """
    if isinstance(year, bool) or not isinstance(year, int | numpy.integer):
        raise ValueError(_("The year is a whole number, such as 2019, and not {year!r}.").format(year=year))  # noqa: TRY004 (a wrong input)
    if not FOUNDATION_DAY.year <= year <= MAXYEAR:
        raise ValueError(
            _("Nothing is defined before {first} or after {last}; {year} is asked for.").format(
                first=FOUNDATION_DAY.year, last=MAXYEAR, year=year
            )
        )
    year = int(year)
    if not isinstance(regulation, TaxBenefitSystem):
        message = _("{regulation!r} is no regulation. Give one made: regelverk(), or regelverk('2019-06').").format(
            regulation=regulation
        )
        raise ValueError(message)  # noqa: TRY004 (doors answer a ValueError)
    if isinstance(population, Population) and columns:
        raise ValueError(
            _("'{name}' goes with a table: a Population has inputs of its own.").format(name=next(iter(columns)))
        )
    if not isinstance(population, Population):
        from openfisca_bergen_hbt.population.table import from_table  # looks all inputs up, which takes a while

        population = from_table(population, regulation, **columns)
    if population.made_for:
        population = population.made_for(regulation)
    if population.in_parts:
        results = simulate_units(population, sums_of_units(population, regulation, year), regulation, year)
        results.simulation.trace = trace
        return results
    simulation = _with_members(population, regulation, population.has_users)
    simulation.trace = trace
    _set_inputs(simulation, population, year)
    return Results(simulation, population, year)


def _set_inputs(simulation: Any, population: Population, year: int) -> None:
    year_of_inputs = year_period(year)
    by_group: Sequence[Mapping[str, Any]] = (population.users, population.units, population.areas, population.agencies)
    for inputs in by_group:
        for variable, values in inputs.items():
            views: dict[int, NDArray[Any]] = {}  # months that share an array are known to be alike by its view
            for period, array in _periods(year_of_inputs, values):
                view = views.setdefault(id(array), _read_only(array))
                simulation.set_input(variable, period, view)


def sums_of_units(
    population: Population, regulation: Any, year: int, numbers: Numbers | None = None, *, real_users: bool = False
) -> Sums:
    """Return the sums over users that the units' rules need: the first of two stages; it gives no kroner.

    Args:
        population: the users and their units.
        regulation: a tax-benefit system.
        year: the calendar year.
        numbers: values of parameters other than the regulation's, all year, such as bounds or weeks of a year: one for
            all draws, or one for each.
        real_users: whether to tell also which sums few users make.

    Returns:
        The sums of all draws, one draw's units after the other's.

    Raises:
        SituationError: an input that the regulation refuses.
    """
    if population.in_parts:
        found: Sums = population.in_parts.sums(regulation, numbers)
        return found
    numbers = numbers or {}
    draws, make = draws_in(numbers), population.made_for
    drawn = [make(Drawn(regulation, of_draw(numbers, draw))) if make else population for draw in range(draws)]
    simulation = simulate(side_by_side(drawn), regulation, year).simulation
    # A fault of a user's names the user, whatever the draw.
    simulation.persons.ids = numpy.tile(numpy.arange(len(population.unit_of_user)), draws)
    draw_numbers(simulation, Drawn(regulation, numbers, draws))
    sums = sums_of(simulation.enhet, year_period(year), real_users=real_users)
    forget_values(simulation)
    return sums


def simulate_units(
    population: Population,
    sums: Sums,
    regulation: Any,
    year: int,
    numbers: Numbers | None = None,
    *,
    agencies_are_draws: bool = False,
) -> Results:
    """Run a regulation on units alone, many draws at once: the second of two stages.

    The same rules as ``simulate`` runs give the same kroner. A draw has agencies and units of its own, one draw's after
    the other's, so a variable of the units has shape (draws · units,), and one of the agencies (draws · agencies,).

    Args:
        population: the units, with their inputs and the agencies'. Its users are not looked at.
        sums: the sums over users of all draws, as ``sums_of_units`` returns them.
        regulation: a tax-benefit system.
        year: the calendar year.
        numbers: parameters that are drawn, each with a value for each draw, all year.
        agencies_are_draws: whether each agency of the population is a draw already (``agencies_side_by_side``), with
            the same numbers.

    Raises:
        SituationError: an input that the regulation refuses.
    """
    units = len(population.unit_names)
    draws = len(next(iter(sums.values()))) // units
    alone = replace(population, users={}, unit_of_user=numpy.zeros(0, dtype=numpy.intp), in_parts=None)
    if draws > 1:
        alone = side_by_side([alone] * draws)
    simulation = _with_members(alone, regulation, numpy.tile(population.has_users, draws))
    give_sums(simulation, sums)
    draw_numbers(simulation, Drawn(regulation, numbers or {}, len(alone.agency_names) if agencies_are_draws else draws))
    _set_inputs(simulation, alone, year)
    return Results(simulation, alone if draws > 1 else population, year)


def lacking_inputs(population: Population, regulation: Any, year: int) -> list[str]:
    """Return the inputs of users that a regulation counts hours from, and the population does not give."""
    results = simulate(_one_user(population), regulation, year, trace=True)
    results.value("timer_per_uke", 1)
    read = dict.fromkeys((node.name, node.period) for node in results.traced())
    without_formula = [name for name, period in read if regulation.get_variable(name).get_formula(period) is None]
    return [name for name in without_formula if name not in population.users]


def _one_user(population: Population) -> Population:
    """Return a user who has the inputs of others, with no hours, in an agency that has those of the first."""
    of_agencies = {name: [values[:1] for values in arrays(given)] for name, given in population.agencies.items()}
    return Population(
        unit_names=["enhet"],
        unit_of_user=numpy.zeros(1, dtype=numpy.intp),
        agency_names=population.agency_names[:1],
        agency_of_unit=numpy.zeros(1, dtype=numpy.intp),
        users={name: numpy.zeros(1) for name in population.users},
        agencies={name: given if len(given) > 1 else given[0] for name, given in of_agencies.items()},
    )


def simulation_of(situation: Situation, regulation: Any, kind: type[Simulation] = QuickSimulation) -> Any:
    """Return a simulation of a situation: its users in their groups, and its inputs set.

    Args:
        situation: users, groups and inputs; of groups that it does not name each user has one of its own, as in core.
        regulation: a tax-benefit system.
        kind: core's simulation, or a quicker one.

    Raises:
        SituationError: an input that the regulation refuses.
    """
    populations = regulation.instantiate_entities()
    for key, population in populations.items():
        population.ids = situation.names(key)
        population.count = len(population.ids)
        if not population.entity.is_person:
            group = situation.groups.get(key)
            population.members_entity_id = numpy.arange(populations["bruker"].count) if group is None else group
    simulation = kind(regulation, populations)
    for column in situation.inputs:
        simulation.set_input(column.variable.name, column.period, column.array)
    return simulation


def _with_members(population: Population, regulation: Any, has_users: NDArray[numpy.bool_]) -> Any:
    """Return a simulation whose users are placed in units, areas and agencies, without inputs."""
    unit_of_user, units = population.unit_of_user, population.unit_names
    agencies, known = population.agency_names, population.area_of_unit
    areas = [] if known is None else population.area_names
    groups = {
        "enhet": unit_of_user,
        "etat": _members(population.agency_of_unit, unit_of_user, agencies),
        "byomraade": numpy.zeros(0, dtype=numpy.intp) if known is None else _members(known, unit_of_user, areas),
    }
    names = {"bruker": range(len(unit_of_user)), "enhet": units, "etat": agencies, "byomraade": areas}
    simulation = simulation_of(Situation(names, groups), regulation)
    agency = numpy.where(has_users, population.agency_of_unit, -1)
    set_layout(simulation, Layout(unit_of_user, agency, len(units), len(agencies)))
    return simulation


def _members(group_of_unit: IndexArray, unit_of_user: IndexArray, names: Sequence[str]) -> IndexArray:
    if len(names) == 1:
        return numpy.broadcast_to(numpy.intp(0), len(unit_of_user))  # takes no memory for each user
    return group_of_unit[unit_of_user]


def _periods(year: Period, values: MonthlyInput) -> Iterable[tuple[Period, FloatArray]]:
    if isinstance(values, numpy.ndarray) and values.ndim == 1:
        return [(year, values)]
    if len(values) != 12:  # noqa: PLR2004 (months of a year)
        raise ValueError(
            _("A monthly input has 12 arrays, one for each month; this one has {number}.").format(number=len(values))
        )
    return list(zip(months(year), values, strict=True))


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view that says that nobody will write to it, so that core need not be given a copy."""
    view = numpy.asanyarray(array).view()
    view.setflags(write=False)
    return view


__all__ = [
    "Results",
    "lacking_inputs",
    "simulate",
    "simulate_units",
    "simulation_of",
    "sums_of_units",
    "year_period",
]
