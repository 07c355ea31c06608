"""What the regulation says, and since when: the life of a rule or number, a version on a date, two compared."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from openfisca_core.variables import Variable

from openfisca_bergen_hbt.law.proposals import LAST_DAY, Change
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population.embedded import OF_POPULATION, YEARS, moving
from openfisca_bergen_hbt.regelverk import FOUNDATION, FOUNDATION_DAY, brought_by, decisions
from openfisca_bergen_hbt.rules.derived import AS_OF, DERIVED, leaf
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text import names

Found = TypeVar("Found")
#: What core writes for a formula that holds from the beginning of time.
BEGINNING = "0001-01-01"
#: How a formula asks a population for a variable.
ASKING = re.compile(r"""\b(?:bruker|enhet|byomraade|etat)\(["'](\w+)["']""")


@dataclass(frozen=True)
class Decision:
    """A decision as a row of the log."""

    id: str
    title: str
    decided_by: str
    adopted: str
    adopted_precision: str
    in_force: str
    re_points: dict[str, list[str]]
    #: The variables that it brings (``innfoerer``).
    brings: list[str]
    reference: str


@dataclass(frozen=True)
class Value:
    """A parameter's value from a date on, and where it comes from."""

    parameter: str
    description: str
    start: str
    value: float | None
    unit: str
    basis: str
    range: list[float] | None
    interpretation: str | None
    decision: str
    reference: list[dict[str, str]]


@dataclass(frozen=True)
class Rule:
    """A variable's formula from a date on, and where it comes from."""

    variable: str
    label: str
    unit: str
    start: str
    decision: str
    reference: list[str]
    documentation: str
    source: str


def log() -> list[Decision]:
    """Return the decisions in order."""
    return [
        Decision(
            id=decision.id(),
            title=decision.title,
            decided_by=decision.decided_by,
            adopted=decision.adopted,
            adopted_precision=decision.adopted_precision,
            in_force=decision.in_force.isoformat(),
            re_points={hinge.__name__: starts(hinge) for hinge in decision.hinges},
            brings=list(decision.innfoerer),
            reference=decision.reference,
        )
        for decision in decisions()
    ]


def starts(hinge: type[Variable]) -> list[str]:
    """Return the dates from which a decision's formulas for a hinge hold."""
    parts = [name.removeprefix("formula_").split("_") for name in vars(hinge) if name.startswith("formula_")]
    return ["-".join([*dated, *["01"] * (3 - len(dated))]) for dated in parts]


def asks_for(hinge: type[Variable]) -> list[str]:
    """Return the variables that a decision's formulas for a hinge ask for, in the order of the text."""
    formulas = [value for name, value in vars(hinge).items() if name.startswith("formula_")]
    return list(dict.fromkeys(name for formula in formulas for name in ASKING.findall(inspect.getsource(formula))))


def life(system: Any, name: str) -> list[Rule] | list[Value]:
    """Return the whole life of a variable or parameter: each dated formula or value, the oldest first.

    Raises:
        UnknownNameError: neither a variable nor a parameter has the name.
    """
    found = names.find(system, name)
    if isinstance(found, Variable):
        return [_rule(found, start) for start in found.formulas] or [_described(found, BEGINNING, FOUNDATION, "")]
    return [_value(found, dated.instant_str, dated.value) for dated in reversed(found.values_list)]


def _rule(variable: Any, start: str) -> Rule:
    formula = variable.formulas[start]
    source = textwrap.dedent(inspect.getsource(formula)).rstrip()
    return _described(_origin(variable, formula), start, brought_by(formula), source)


def _origin(variable: Any, formula: Any) -> Any:
    """Return the variable as it was when it got the formula: a later decision describes it anew."""
    while variable.baseline_variable and formula in variable.baseline_variable.formulas.values():
        variable = variable.baseline_variable
    return variable


def _described(variable: Any, start: str, decision: str, source: str) -> Rule:
    return Rule(
        variable=variable.name,
        label=variable.label,
        unit=variable.unit,
        start=start,
        decision=decision,
        reference=list(variable.reference),
        documentation=variable.documentation,
        source=source,
    )


def _value(parameter: Any, start: str, value: float | None) -> Value:
    metadata = parameter.metadata
    return Value(
        parameter=parameter.name,
        description=parameter.description,
        start=start,
        value=value,
        unit=metadata.get("unit", ""),
        basis=metadata.get("basis", ""),
        range=metadata.get("range"),
        interpretation=metadata.get("interpretation"),
        decision=metadata.get("decision", FOUNDATION),
        reference=metadata.get("reference", []),
    )


def values_on(system: Any, day: date) -> list[Value]:
    """Return each parameter's value in force on a day; a parameter that has not begun is left out."""
    found = []
    for parameter in names.parameters(system.parameters):
        begun = [dated for dated in parameter.values_list if dated.instant_str <= day.isoformat()]
        if begun and begun[0].value is not None:
            found.append(_value(parameter, begun[0].instant_str, begun[0].value))
    return found


def rules_on(system: Any, day: date) -> list[Rule]:
    """Return each variable's formula in force on a day, in the order of the names; inputs are left out."""
    found = []
    for _, variable in sorted(system.variables.items()):
        begun = [start for start in variable.formulas if start <= day.isoformat()]
        if begun:
            found.append(_rule(variable, begun[-1]))
    return found


@lru_cache(maxsize=16)
def _read_in(system: Any, year: int) -> dict[str, list[str]]:
    return parameters_read(system, date(year, 12, 31), norm_of_law=True)


def parameters_read(system: Any, day: date, *, norm_of_law: bool = False) -> dict[str, list[str]]:
    """Return the parameters that each variable's own formula reads, from a trace of the year that a day lies in.

    The trace is of the embedded example in which every rule fires; with ``norm_of_law`` its users have no norm minutes
    of their own, so that the law's are read, too.
    """
    people = replace(moving(min(max(day.year, YEARS[0]), YEARS[-1])), made_for=None)
    if norm_of_law:
        users = {name: given for name, given in people.users.items() if name != "normtid_minutter_per_besoek"}
        # a visit an hour: with the law's minutes, their own visits make more hours than a week has
        people = replace(people, users={**users, "besoek_per_uke": users["vurdert_timer_per_uke"]})
    results = simulate(people, system, day.year, trace=True)
    for name, variable in system.variables.items():
        for month in range(1, 13) if variable.definition_period == "month" else [None]:
            results.value(name, month)
    read: dict[str, set[str]] = {}
    for node in results.traced():
        read.setdefault(node.name, set()).update(parameter.name for parameter in node.parameters)
    return {name: sorted(parameters) for name, parameters in read.items()}


def _last_year_of_its_own() -> int:
    """Return the year after which the rules of every year are the same."""
    return max(YEARS[-1], last_day_of_the_decisions().year + 1)


def readers(system: Any) -> dict[str, str]:
    """Return the parameters that rules read, with the first variable that reads each."""
    years = range(FOUNDATION_DAY.year, _last_year_of_its_own() + 1)
    found = [(name, variable) for year in years for variable, read in _read_in(system, year).items() for name in read]
    return dict(reversed(found))


def acts_from(system: Any, change: Change) -> date | None:
    """Return the day from which a changed number acts, found out from the rules that read it; None for never.

    A yearly rule reads its numbers on 1 January, a monthly one on the first of the month (T-30). What others are
    derived from acts, in all years, by its value of one day.
    """
    stop, as_of = change.stop or LAST_DAY, date.fromisoformat(AS_OF)
    followed = any(change.parameter in leaf(system.parameters, name).metadata["derived_from"] for name in DERIVED)
    if followed and change.start <= as_of <= stop:
        return FOUNDATION_DAY
    read = _read_in(system, min(change.start.year, _last_year_of_its_own()))
    units = {system.get_variable(name).definition_period for name, found in read.items() if change.parameter in found}
    if change.parameter in OF_POPULATION:
        units.add("year")
    next_year = change.start.replace(
        year=change.start.year + (change.start.strftime("%m-%d") > "01-01"), month=1, day=1
    )
    next_month = (change.start - timedelta(days=1)).replace(day=1) + timedelta(days=31)
    firsts = [day for unit, day in (("year", next_year), ("month", next_month.replace(day=1))) if unit in units]
    return min((day for day in firsts if day <= stop), default=None)


@dataclass(frozen=True)
class Standpoint:
    """A regulation, and the day whose formulas and values hold."""

    version: Version
    day: date


@dataclass(frozen=True)
class Difference:
    """What differs between two standpoints."""

    values: list[tuple[str, Value | None, Value | None]]
    rules: list[tuple[str, Rule | None, Rule | None]]
    decisions: list[Decision]


def diff(one: Standpoint, other: Standpoint) -> Difference:
    """Return the values and rules that differ between two standpoints, and the decisions between them."""
    systems = [(SYSTEMS.system(at.version), at.day) for at in (one, other)]
    values = [{value.parameter: value for value in values_on(system, day)} for system, day in systems]
    alike = (one.version.reforms, one.day) == (other.version.reforms, other.day)
    rules = [{rule.variable: rule for rule in rules_on(system, day)} for system, day in systems if not alike]
    between = {decision.id() for decision in set(one.version.decisions) ^ set(other.version.decisions)}
    return Difference(
        values=_differing(values[0], values[1], lambda value: value and value.value),
        rules=[] if alike else _differing(rules[0], rules[1], lambda rule: rule and (rule.start, rule.source)),
        decisions=[decision for decision in log() if decision.id in between],
    )


def _differing(
    one: Mapping[str, Found], other: Mapping[str, Found], content: Callable[[Found | None], object]
) -> list[tuple[str, Found | None, Found | None]]:
    """Return what has other content by a name in one place than in another, or is in only one of them."""
    both = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    return [(name, mine, theirs) for name, mine, theirs in both if content(mine) != content(theirs)]


def last_day_of_the_decisions() -> date:
    """Return the end of the year in which the last decision takes effect: when all of them hold."""
    return date(max(decision.in_force for decision in decisions()).year + 1, 1, 1) - timedelta(days=1)
