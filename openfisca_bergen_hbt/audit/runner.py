"""Test cases run: in float64, with what was read for each, and whether each output was computed at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy
from openfisca_core.errors import SituationParsingError
from openfisca_core.periods import DateUnit, Period
from openfisca_core.simulations import Simulation

from openfisca_bergen_hbt.analysis.comparison import is_whole
from openfisca_bergen_hbt.audit.cases.model import Case, Expectation
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.rules.core import parameters_recorded
from openfisca_bergen_hbt.rules.groups import layout
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.simulate import simulation_of, traced_nodes
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.strict_yaml import Fault

HELD, FAILED, REFUSED = "held", "failed", "refused"


@dataclass(frozen=True)
class Check:
    """What was expected of one member, and what came."""

    variable: str
    label: str
    unit: str
    member: str
    #: The member's position among those of its entity.
    position: int
    period: str
    expected: float | bool | str
    came: float | bool | str
    #: By how much it differs; None for what is no number.
    difference: float | None
    margin: float
    held: bool
    line: int


@dataclass(frozen=True)
class Reads:
    """What a run read: parameters by name and day, and formulas that ran, by variable and start."""

    parameters: frozenset[tuple[str, str]] = frozenset()
    formulas: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What came of a test case."""

    case: Case
    status: str
    checks: Sequence[Check] = ()
    faults: Sequence[Fault] = ()
    #: What is given and does nothing for what is expected.
    notes: Sequence[Fault] = ()
    #: Why it could not be computed, where it could not.
    error: str = ""
    reads: Reads = Reads()


class Recorder:
    """Takes down which parameters are read, also by the checks of inputs, which core's tracer does not see."""

    def __init__(self) -> None:
        self.read: set[tuple[str, str]] = set()

    def record_parameter_access(self, name: str, period: Any, _value: object) -> None:
        """Take a parameter down, with the day that it was read for."""
        self.read.add((name, str(period)))


class Traced:
    """A case's simulation, with what each calculation read."""

    def __init__(self, case: Case, system: Any, recorder: Recorder | None = None) -> None:
        """Build the simulation from what the case gives."""
        self.case = case
        self.system = system
        with parameters_recorded(system, recorder):
            self.simulation = simulation_of(case.situation, system, Simulation)
        self.given = case.situation.given_for()
        self.inputs = {name: set(self.simulation.get_holder(name).get_known_periods()) for name in self.given}

    @cached_property
    def children(self) -> Mapping[tuple[str, Period], list[Any]]:
        """What each variable of the trace was computed from."""
        found: dict[tuple[str, Period], list[Any]] = {}
        for node in traced_nodes(self.simulation):
            found.setdefault((node.name, node.period), []).extend(node.children)
        return found

    def inputs_below(self, variable: str, period: Period) -> set[str]:
        """Return the variables without a formula, or given, that a variable was computed from."""
        found: set[str] = set()
        seen = set()
        waiting = [(variable, period)]
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            name, at = key
            if name in self.inputs or self.system.variables[name].get_formula(at) is None:
                found.add(name)
            waiting.extend((node.name, node.period) for node in self.children.get(key, ()))
        return found


def run(case: Case, systems: Systems) -> Outcome:
    """Run a case, and hold what comes against what is expected.

    A case with faults is not run. One whose outputs are inputs, were not computed, or are what comes of nothing, is
    refused. An error of the law, or of anything else, is never raised.
    """
    if case.faults or case.regulation is None:
        return Outcome(case, REFUSED, faults=case.faults)
    recorder = Recorder()
    try:
        traced = Traced(case, systems.system(case.regulation), recorder)
        _check_groups(traced)
        traced.simulation.trace = True
        faults = list(_not_computed(traced))
        if faults:
            return Outcome(case, REFUSED, faults=faults)
        values = _values(traced)
    except SituationParsingError as error:
        message = _("the law refuses the input: {reason}").format(reason=" ".join(str(error).split()))
        return Outcome(case, REFUSED, faults=[Fault(case.file, case.line, 1, message)])
    except Exception as error:  # noqa: BLE001 (whatever a rule raises, the test has not held)
        return Outcome(case, FAILED, error=f"{type(error).__name__}: {error}")
    elsewhere, notes = _unread(traced)
    faults = [*_defaults(traced, values), *elsewhere]
    checks = list(_checks(traced, values))
    status = REFUSED if faults else HELD if all(check.held for check in checks) else FAILED
    return Outcome(case, status, checks, faults, notes, reads=_reads(traced, recorder))


def holds(case: Case, system: Any) -> bool:
    """Return whether a case holds on a system, without asking what it read."""
    try:
        traced = Traced(case, system)
        values = _values(traced)
    except Exception:  # noqa: BLE001 (whatever a changed rule raises, the test has noticed)
        return False
    return all(check.held for check in _checks(traced, values))


def _values(traced: Traced) -> dict[tuple[str, Period], Any]:
    """Return what comes of each variable and period that something is expected of."""
    asked = ((expected.variable, expected.period) for expected in traced.case.expectations)
    return {(name, period): traced.simulation.calculate(name, period) for name, period in asked}


def _not_computed(traced: Traced) -> Iterator[Fault]:
    """Yield the outputs that are given as inputs, or that no formula computes in their period."""
    case = traced.case
    for expected in case.expectations:
        name, period = expected.variable, expected.period
        if period in traced.inputs.get(name, ()):
            message = _("{name} in {period} is also an input: the test holds it against itself.").format(
                name=name, period=period
            )
            yield Fault(case.file, expected.line, expected.column, message)
            continue
        variable = traced.system.variables[name]
        if variable.get_formula(period) is None:
            starts = sorted(variable.formulas)
            later = _(
                "{variable} is not computed in {period}: its first formula begins on {start}. What comes back is its "
                "default."
            )
            an_input = _(
                "{variable} is not computed in {period}: it is an input, and has no formula. What comes back is its "
                "default."
            )
            message = (later if starts else an_input).format(
                variable=name, period=period, start=min(starts, default="")
            )
            yield Fault(case.file, expected.line, expected.column, message)


def _check_groups(traced: Traced) -> None:
    """Hold the groups against each other, whatever is asked of them.

    Raises:
        SituationParsingError: a unit lies in two agencies or areas.
    """
    members = traced.case.situation.members
    if {"enhet", "etat"} <= members.keys() and members["enhet"] is not members["bruker"]:  # else of variables alone
        layout(traced.simulation.enhet)


def _unread(traced: Traced) -> tuple[list[Fault], list[Fault]]:
    """Return the inputs that rules read in another period than theirs, and those that nothing expected reads at all."""
    case = traced.case
    read: dict[str, set[Period]] = {}
    for node in traced_nodes(traced.simulation):
        read.setdefault(node.name, set()).add(node.period)
    faults: list[Fault] = []
    unread: dict[str, list[Period]] = {}
    for column in case.situation.inputs:
        name, period = column.variable.name, column.period
        found = read.get(name, set())
        by_month = column.variable.definition_period == DateUnit.MONTH and period.unit == DateUnit.YEAR
        if found.intersection(months(period) if by_month else [period]):
            continue
        if lacking := sorted(found - traced.inputs[name]):
            message = _(
                "{name} is given for {period}, and what is expected reads it in {read}, where none is given."
            ).format(name=name, period=period, read=lacking[0])
            faults.append(Fault(case.file, case.line, 1, message))
        elif period.start.year not in {at.start.year for at in found}:
            unread.setdefault(name, []).append(period)
    notes = [
        Fault(
            case.file,
            case.line,
            1,
            _("{name} of {periods}: nothing that is expected reads it.").format(
                name=name, periods=", ".join(map(str, periods))
            ),
        )
        for name, periods in unread.items()
    ]
    return faults, notes


def _defaults(traced: Traced, values: Mapping[tuple[str, Period], Any]) -> Iterator[Fault]:
    """Yield the outputs that are a default, for which nothing was given.

    Beside outputs that come of what is given, an expected 0 says something: a change of the law could make it fail.
    """
    case = traced.case
    given_below = [traced.given.keys() & traced.inputs_below(one.variable, one.period) for one in case.expectations]
    nothing_tests = not any(given_below)
    person = traced.system.person_entity.key
    for expected in case.expectations:
        variable = traced.system.variables[expected.variable]
        array = values[expected.variable, expected.period]
        default = getattr(variable.default_value, "index", variable.default_value)
        plain = numpy.asarray(array)  # of an answer, its number
        at_default = [position for position in expected.members if plain[position] == default]
        below = traced.inputs_below(expected.variable, expected.period)
        if not at_default or not below:
            continue
        given = [traced.given[name] for name in below if name in traced.given]
        needs = _(" or ").join(sorted(below))
        if nothing_tests and len(at_default) == len(expected.members):
            message = _("{variable} in {period} is what comes where nothing is given: give {needs}.").format(
                variable=expected.variable, period=expected.period, needs=needs
            )
            yield Fault(case.file, expected.line, expected.column, message)
        elif variable.entity.key == person and given:
            of_users = [traced.system.variables[name].entity.key == person for name in below]
            without = [p for p in at_default if all(of_users) and not any(p in members for members in given)]
            if without:
                user = case.situation.names(person)[without[0]]
                message = _(
                    "{variable} in {period} is what comes where nothing is given: give {needs} for '{user}'."
                ).format(variable=expected.variable, period=expected.period, needs=needs, user=user)
                yield Fault(case.file, expected.line, expected.column, message)


def _checks(traced: Traced, values: Mapping[tuple[str, Period], Any]) -> Iterator[Check]:
    """Yield each value that is expected beside the one that came."""
    for expected in traced.case.expectations:
        yield from _checked(traced, expected, values[expected.variable, expected.period])


def _checked(traced: Traced, expected: Expectation, array: Any) -> Iterator[Check]:
    variable = traced.system.variables[expected.variable]
    names = traced.case.situation.names(variable.entity.key)
    answers = array.decode_to_str() if hasattr(array, "decode_to_str") else array
    for position, wanted in zip(expected.members, expected.values, strict=True):
        came = answers[position].item()
        difference, margin = None, 0.0
        if variable.value_type in (int, float):
            margin = expected.margin.around(wanted, whole=is_whole(variable))
            difference = came - wanted
            held = abs(difference) <= margin
        else:
            held = came == wanted
        yield Check(
            expected.variable,
            variable.label,
            variable.unit,
            names[position],
            position,
            str(expected.period),
            wanted,
            came,
            difference,
            margin,
            held,
            expected.line,
        )


def _reads(traced: Traced, recorder: Recorder) -> Reads:
    parameters, formulas = set(recorder.read), set()
    for node in traced_nodes(traced.simulation):
        parameters.update((parameter.name, str(parameter.period)) for parameter in node.parameters)
        start = formula_start(traced.system.variables[node.name], node.period)
        if start and node.period not in traced.inputs.get(node.name, ()):
            formulas.add((node.name, start))
    return Reads(frozenset(parameters), frozenset(formulas))


def formula_start(variable: Any, period: Period) -> str:
    """Return from when the formula that computes a variable in a period holds; an empty text where none does."""
    day = str(period.start)
    return max((start for start in variable.formulas if start <= day), default="")
