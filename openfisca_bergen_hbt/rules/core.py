"""All that we rely on of OpenFisca-core that it does not promise: its private parts, and tricks with its objects.

No other module of the package touches them (``tests/house/test_private_parts.py``), and ``tests/rules/test_core.py``
says which of them a core that is new to us has changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import lru_cache, partial
from operator import itemgetter
from threading import RLock
from typing import Any

from numpy import ndarray
from openfisca_core.entities import GroupEntity, Role
from openfisca_core.errors import SpiralError
from openfisca_core.holders import Holder
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, helpers
from openfisca_core.periods import Period
from openfisca_core.populations import GroupPopulation, Population
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.tracers import TracingParameterNodeAtInstant
from openfisca_core.variables import Variable

#: Core opens parameter files in the encoding of the locale, which mangled every ø on Windows.
helpers.open = partial(open, encoding="utf-8")
load_parameter_file = helpers.load_parameter_file

#: The name under which core's objects keep what we know of them.
MEMORY = "_bergen_hbt_memory"
#: What is being computed, in core's stack of it.
NAME = itemgetter("name")


def memory(thing: Any) -> dict[Hashable, Any]:
    """Return the place where one of core's objects, a simulation or a holder, keeps what we know of it."""
    known = thing.__dict__
    if MEMORY not in known:
        known[MEMORY] = {}
    kept: dict[Hashable, Any] = known[MEMORY]
    return kept


def as_array(holder: Any, given: Any) -> Any:
    """Return an input as the array that core makes of it, one value for each member; core raises where it can't."""
    return holder._to_array(given)


def keep(holder: Any, period: Period, values: Any) -> None:
    """Keep an input for a period of the variable's own; core raises its own error for another period."""
    holder._set(period, values)


def values_by_period(population: Any, variable: str) -> Mapping[Period, Any]:
    """Return what a variable was given or computed to be, by period; core's own way in parses the period anew."""
    found: Mapping[Period, Any] = population.get_holder(variable)._memory_storage._arrays
    return found


def takes_parameters(formula: Any) -> bool:
    """Return whether a formula takes parameters beside the population and the period."""
    return bool(formula.__code__.co_argcount != 2)  # noqa: PLR2004 (the two; a decorator's *args takes all)


def formula_of(variable: Any, period: Period) -> Any:
    """Return the formula of a period, None where there is none; core's own way in sorts the dates for each question."""
    formulas = variable.formulas
    if variable.end or not formulas:
        return variable.get_formula(period)
    day, since, found = str(period.start), "", None
    for start, formula in dict.items(formulas):
        if since <= start <= day:
            since, found = start, formula
    return found


def forget_values(simulation: Any) -> None:
    """Let go of what a simulation holds of variables: core's objects refer to each other, and are kept a while."""
    for population in simulation.populations.values():
        population._holders.clear()
    memory(simulation).clear()


def forget_parameters() -> None:
    """Have core read parameters anew, after one was changed in place."""
    TaxBenefitSystem.get_parameters_at_instant.cache_clear()
    days_of_change.cache_clear()


@lru_cache(maxsize=64)
def days_of_change(parameters: Any) -> list[str]:
    """Return the days, in order, from which some number of a regulation is another: between two they are the same."""
    days, waiting = set(), [parameters]
    while waiting:
        one = waiting.pop()
        days |= {value.instant_str for value in getattr(one, "values_list", ())}
        waiting += [*getattr(one, "children", {}).values(), *getattr(one, "brackets", ())]
    return sorted(days)


@contextmanager
def parameters_recorded(system: Any, recorder: Any) -> Iterator[None]:
    """Tell a recorder which parameters of a system are read meanwhile, also by checks of inputs.

    Args:
        system: the tax-benefit system.
        recorder: has ``record_parameter_access(name, period, value)``, as core's tracer has; None for none.
    """
    if recorder is None:
        yield
        return
    original = system.get_parameters_at_instant
    system.get_parameters_at_instant = lambda instant: TracingParameterNodeAtInstant(original(instant), recorder)
    try:
        yield
    finally:
        del system.get_parameters_at_instant


_update_of_core = Parameter.update


def _update(parameter: Any, *args: Any, **kwargs: Any) -> None:
    """Change a parameter as core does, and have it read anew: core goes on with what it has once read."""
    _update_of_core(parameter, *args, **kwargs)
    forget_parameters()


Parameter.update = _update


def with_values(node: Any, values: Mapping[str, Any]) -> Any:
    """Return a node of parameters on a day in which some have other values; those that it lacks are left out."""
    found = object.__new__(type(node))
    vars(found).update(vars(node), _children=dict(node._children))
    below: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        head, _, rest = name.partition(".")
        if head in found._children and rest:
            below.setdefault(head, {})[rest] = value
        elif head in found._children:
            found.add_child(head, value)
    for head, inner in below.items():
        found.add_child(head, with_values(found._children[head], inner))
    return found


class GroupRole(Role):
    """A role that equals any other role of the same key."""

    def __eq__(self, other: object) -> bool:
        """Compare by key, so that a listed member has the role that ``has_role`` asks for."""
        return isinstance(other, Role) and other.key == self.key

    def __hash__(self) -> int:
        """Hash by key, as equality does."""
        return hash(self.key)


class MemberGroup(GroupEntity):
    """A group that can tell the users whom a request lists from those whom core places on its own.

    Core gives a listed user the role that it finds in ``roles``, and a user whom the request forgot the first of
    ``flattened_roles``. The two are equal but not the same object here, so that ``unlisted`` can tell them apart.
    """

    def __init__(self, key: str, plural: str, label: str, doc: str) -> None:
        member = {"key": "bruker", "plural": "brukere", "label": "Brukere", "doc": "Brukerne som hører til gruppen."}
        super().__init__(key, plural, label, doc, [member])
        self.listed_role = GroupRole(member, self)
        self.BRUKER = GroupRole(member, self)
        self.roles = (self.listed_role,)
        self.flattened_roles = (self.BRUKER,)


def unlisted(group: Any) -> list[Any]:
    """Return the ids of the users whom a situation lists in none of the groups, and core has placed on its own."""
    roles = group._members_role  # the public way in would fill it in
    # Only a situation (JSON, YAML) keeps its ids in a list; populations made from arrays have every user placed.
    if roles is None or not isinstance(group.ids, list):
        return []
    listed = group.entity.listed_role
    return [user for user, role in zip(group.members.ids, roles, strict=True) if role is not listed]


class _Quick:
    """A population whose variables are asked of the simulation at once where they have been asked for before.

    Core looks up, for each question, whether the variable belongs to the entity and the period to the variable; a
    variable that the population holds has been through that.
    """

    simulation: Any
    entity: Any
    _holders: dict[str, Any]

    def __call__(self, variable: str, period: Any, options: Any = None) -> Any:
        """Return a variable of the population for a period."""
        if options is not None or type(period) is not Period or not self._has(variable):
            return super().__call__(variable, period, options)  # type: ignore[misc] # of core's population
        return self.simulation.calculate(variable, period)

    def _has(self, variable: str) -> bool:
        if variable in self._holders:
            return True
        known = self.simulation.tax_benefit_system.variables.get(variable)
        return known is not None and known.entity.key == self.entity.key

    def hold(self, variable: Variable) -> Any:
        """Return what holds the values of one of the population's variables, made where nothing does yet."""
        holder = self._holders.get(variable.name)
        if holder is None:
            holder = self._holders[variable.name] = Holder(variable, self)
        return holder

    def get_holder(self, variable: str) -> Any:
        """Return what holds a variable's values: what is known, without asking whether the variable is the entity's."""
        known = self._holders.get(variable)
        return super().get_holder(variable) if known is None else known  # type: ignore[misc]


class _QuickPopulation(_Quick, Population):
    """The users."""


class _QuickGroup(_Quick, GroupPopulation):
    """Units, areas or agencies."""


def _make_quick(population: Any) -> None:
    population.__class__ = _QuickPopulation if population.entity.is_person else _QuickGroup


class QuickSimulation(Simulation):
    """Core's simulation for populations that are built from arrays, without what core does anew each time.

    With 4 000 users the rules themselves take less time than core's bookkeeping around some 190 formulas. The results
    are the same: a traced calculation, and anything unusual, goes core's own way.
    """

    def __init__(self, system: Any, populations: Any) -> None:
        #: One thread computes at a time: core's stack of what is being computed is one for all, and it takes another
        #: thread's for a variable that reaches itself, for which it returns zeros.
        self.one_at_a_time = RLock()
        for population in populations.values():
            _make_quick(population)
        super().__init__(system, populations)

    def clone(self, debug: bool = False, trace: bool = False) -> Any:  # noqa: FBT001, FBT002 (as core has it)
        """Return a copy that can be given other inputs; core's writes into the original's."""
        with self.one_at_a_time:
            return self._cloned(super().clone(debug, trace))

    def _cloned(self, new: Any) -> Any:
        """Give a copy of core's what it shares with this simulation, as its own."""
        new.one_at_a_time = RLock()
        new.invalidated_caches = set(self.invalidated_caches)
        new.__dict__[MEMORY] = {key: kept for key, kept in memory(self).items() if key == "layout"}
        for population in new.populations.values():
            _make_quick(population)
            if not population.entity.is_person:
                population.members = new.persons
            for holder in population._holders.values():
                holder.population, holder.simulation = population, new
                holder._memory_storage = copy(holder._memory_storage)
                holder._memory_storage._arrays = dict(holder._memory_storage._arrays)
                holder.__dict__[MEMORY] = {key: copy(kept) for key, kept in memory(holder).items()}
        return new

    def calculate(self, variable_name: str, period: Any) -> Any:
        """Return a variable for a period, from what is held if it is there."""
        variable = self.tax_benefit_system.variables.get(variable_name)
        again = self.trace and self._is_traced(variable_name, period)
        if variable is not None and (again or not self.trace) and type(period) is Period:
            holder = self.populations[variable.entity.key]._holders.get(variable_name)
            if holder is not None and period in holder._memory_storage._arrays:
                return holder._memory_storage._arrays[period]
        with self.one_at_a_time:
            found = self._calculate_anew(variable, variable_name, period)
            if self.trace and not self.tracer.stack:
                memory(self).setdefault("traced", set()).add((variable_name, period))
            return found

    def _is_traced(self, variable_name: str, period: Any) -> bool:
        """Return whether the trace has a tree of a variable that is asked for: another one would say nothing new.

        Results that are kept, as the page's are, are asked for the same time and again.
        """
        return not self.tracer.stack and (variable_name, period) in memory(self).get("traced", ())

    def _calculate_anew(self, variable: Variable | None, variable_name: str, period: Any) -> Any:
        if self.trace or variable is None or type(period) is not Period or not self._is_plain(variable, period):
            return super().calculate(variable_name, period)
        population = self.populations[variable.entity.key]
        holder = population.hold(variable)
        held = holder._memory_storage._arrays
        if period in held:  # another thread has been here
            return held[period]
        stack = self.tracer.stack  # as core's tracer keeps it, without a call for each step
        under_way = variable_name in map(NAME, stack)
        stack.append({"name": variable_name, "period": period})
        try:
            if under_way:
                self._check_for_cycle(variable_name, period)
            values = self._run(variable, population, period)
            if values is None:
                values = holder.default_array()
            if type(values) is not ndarray or values.dtype != variable.dtype or variable.value_type is Enum:
                values = self._cast_formula_result(values, variable)
            if values.shape[:1] == (population.count,):
                held[period] = values
            else:
                keep(holder, period, values)  # raises core's own error: a formula gave a value for each of others
        except SpiralError:
            return holder.default_array()
        finally:
            stack.pop()
            if self.invalidated_caches:
                self.purge_cache_of_invalid_values()
        return values

    def _run(self, variable: Variable, population: Any, period: Period) -> Any:
        """Run the formula of a period, with drawn numbers where the simulation has some."""
        formula = formula_of(variable, period)
        if formula is None:
            return None
        if not takes_parameters(formula):
            return formula(population, period)
        drawn: Any = memory(self).get("drawn")
        numbers = drawn.asked_by(population) if drawn else self.tax_benefit_system.get_parameters_at_instant
        return formula(population, period, numbers)

    def _is_plain(self, variable: Variable, period: Period) -> bool:
        """Return whether core would do nothing but run the variable's formula, once for the period."""
        of_its_own = period.unit == variable.definition_period and period.size == 1
        core_decides = self.memory_config or self.opt_out_cache or self.start_computation_period
        return of_its_own and not variable.is_neutralized and not core_decides
