"""Why a unit got what it got: the calculation as core's tracer recorded it, seen from one unit, area or agency.

Users are never listed one by one: they show as counts and sums. A variable of the units shows the unit's own value
where the question is about a unit (with the agency's sum beside it), and the sum where it is about the agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.explain.arithmetic import arithmetic
from openfisca_bergen_hbt.analysis.explain.view import View
from openfisca_bergen_hbt.privacy.suppression import LEAST, MARK, HeldBack
from openfisca_bergen_hbt.regelverk import brought_by
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, say, to_say
from openfisca_bergen_hbt.text.numbers import decimals

#: What stands for a decision where a value is given.
GIVEN = to_say("inndata")


@dataclass(frozen=True)
class Read:
    """A parameter that a rule read."""

    parameter: str
    description: str
    value: float
    unit: str
    basis: str
    interpretation: str | None
    reference: list[dict[str, str]]


@dataclass(frozen=True)
class Step:
    """A line of the explanation: a variable, its value as seen from who asks, and what it was made of."""

    variable: str
    label: str
    period: str
    #: Whose value: ``Bergenhus``, ``sum of 6 units``, ``971 users``.
    of: str
    value: float | str | dict[str, int]
    unit: str
    #: The sum over the agency's units, beside the value of one.
    of_agency: float | None
    reference: list[str]
    #: The decision that put the rule there, ``grunnregelverk``, or ``inndata`` for an input.
    decision: str
    parameters: list[Read]
    steps: list[Step]
    #: How the value is reckoned, as people write it; empty where that can't be told.
    arithmetic: str = ""
    #: Whether the line's own steps stand where it first occurs.
    shown_before: bool = False


def explain(
    results: Results,
    variable: str,
    member: str,
    month: int | None = None,
    depth: int | None = None,
    *,
    hidden: HeldBack | None = None,
) -> Step:
    """Explain a variable of a unit, an area or an agency.

    Args:
        results: of ``simulate(..., trace=True)``, freshly made: nothing asked for yet.
        variable: the variable's name.
        member: the name of the unit, area or agency.
        month: 1-12 for a monthly variable.
        depth: how many levels of steps to show; None for all.
        hidden: the counts that are not to be shown.

    Raises:
        UnknownNameError: no variable, unit, area or agency has the name.
        ValueError: a variable of the users, or a month for a yearly variable or the other way round.
    """
    system = results.system
    rule = names.pick(system.variables, variable, names.NO_VARIABLE)
    if rule.entity.key == "bruker":
        message = _("'{variable}' is about single users, who are never shown. Ask about a unit, area or agency.")
        raise ValueError(message.format(variable=variable))
    if (rule.definition_period == "month") != (month is not None):
        monthly = _("'{variable}' is monthly: give a month (1-12).")
        yearly = _("'{variable}' is yearly: leave the month out.")
        raise ValueError((monthly if month is None else yearly).format(variable=variable))
    view = replace(_view(results, rule.entity.key, member), held_back=hidden)
    return explain_seen_from(
        view, variable, results.period if month is None else months(results.period)[month - 1], depth
    )


def explain_seen_from(view: View, variable: str, period: Period, depth: int | None = None) -> Step:
    """Explain a variable from where a view of results stands, of which nothing has been asked yet."""
    view.results.simulation.calculate(variable, period)
    (tree,) = view.results.simulation.tracer.trees
    return _step(view, tree, depth, set())


def _view(results: Results, entity: str, member: str) -> View:
    population = results.population
    if entity == "etat":
        return View(results, names.position(population.agency_names, member, names.NO_AGENCY))
    if entity == "byomraade":
        area = names.position(population.area_names, member, names.NO_AREA)
        units = numpy.flatnonzero(numpy.asarray(population.area_of_unit) == area)
        return View(results, int(population.agency_of_unit[units[0]]) if len(units) else 0, area=area)
    unit = names.position(population.unit_names, member, names.NO_UNIT)
    return View(results, int(population.agency_of_unit[unit]), unit=unit)


def _step(view: View, node: Any, depth: int | None, shown: set[tuple[str, str]]) -> Step:
    variable = view.results.system.get_variable(node.name)
    key = (node.name, str(node.period))
    before = key in shown
    shown.add(key)
    of, value = _seen_from(view, variable, node.value)
    formula = variable.get_formula(node.period)
    given = formula is None or node.name in view.results.inputs
    below = [] if before or depth == 0 else _steps(view, variable, node.children, depth, shown)
    return Step(
        variable=node.name,
        label=variable.label,
        period=str(node.period),
        of=of,
        value=value,
        unit=variable.unit,
        of_agency=_agency_sum(view, variable, node.value),
        reference=list(variable.reference),
        decision=GIVEN if given else brought_by(formula),
        parameters=_reads(view, node.parameters),
        steps=below,
        arithmetic="" if before or given else arithmetic(view, variable, node, value),
        shown_before=before and bool(formula),
    )


def _steps(view: View, parent: Any, nodes: Sequence[Any], depth: int | None, shown: set[tuple[str, str]]) -> list[Step]:
    """Return the steps below a line; from a rule of the agency, all of its units are seen."""
    within = view.of_agency if parent.entity.key == "etat" else view
    deeper = None if depth is None else depth - 1
    return [_step(within, node, deeper, shown) for node in nodes]


def _seen_from(view: View, variable: Any, values: Any) -> tuple[str, float | str | dict[str, int]]:
    """Return whose value a line shows, and the value."""
    population, entity = view.results.population, variable.entity.key
    if entity == "etat":
        return population.agency_names[view.agency], MARK if view.hides(variable) else _plain(values, view.agency)
    if entity == "bruker":
        return _of_users(view, variable, values)
    if entity == "byomraade":
        if view.area is not None:
            return population.area_names[view.area], _plain(values, view.area)
        return say("{count} byområder").format(count=len(population.area_names)), _summed(variable, values)
    if view.unit is not None:
        return population.unit_names[view.unit], MARK if view.hides(variable) else _plain(values, view.unit)
    count = say("{count} enheter").format(count=int(view.units.sum()))
    return count, MARK if view.hides(variable) else _summed(variable, values[view.units])


def _of_users(view: View, variable: Any, values: Any) -> tuple[str, float | str | dict[str, int]]:
    """Return how many users a line is about, and what they come to; the user of a test case by name."""
    if view.user is not None:
        return str(view.results.simulation.persons.ids[view.user]), _plain(values, view.user)
    users = _users(view)
    if view.held_back is None:
        return _count(users), _summed(variable, values[users])
    if view.hides_users() or view.hides_hours() or users.sum() < LEAST:
        return say("brukere (antallet er holdt tilbake)"), MARK
    # the numbers of answers would be the very counts held back; the least and the most are single users
    return _count(users), _summed(variable, values[users]) if _is_summable(variable) else MARK


def _count(users: Any) -> str:
    return say("{count} brukere").format(count=int(users.sum()))


def _agency_sum(view: View, variable: Any, values: Any) -> float | None:
    if variable.entity.key != "enhet" or view.unit is None or not _is_summable(variable):
        return None
    if view.of_agency.hides(variable):
        return None
    return float(values[view.units].sum())


def _is_summable(variable: Any) -> bool:
    return bool(data.unit(variable.unit).get("additive") or variable.unit == "andel")


def _users(view: View) -> Any:
    population = view.results.population
    if view.unit is not None:
        return population.unit_of_user == view.unit
    units = view.units
    if view.area is not None:
        units &= numpy.asarray(population.area_of_unit) == view.area
    return units[population.unit_of_user]


def _summed(variable: Any, values: Any) -> float | str | dict[str, int]:
    """Return counts of answers, a sum where values can be added up, or the least and the most."""
    if variable.value_type is bool or hasattr(values, "possible_values"):
        texts = values.decode_to_str() if hasattr(values, "decode_to_str") else numpy.where(values, "ja", "nei")
        answers, counts = numpy.unique(texts, return_counts=True)
        return dict(zip(answers.tolist(), counts.tolist(), strict=True))
    if _is_summable(variable):
        return float(values.sum())
    if not len(values):
        return 0.0
    low, high = float(values.min()), float(values.max())
    return low if low == high else f"{decimals(low)} – {decimals(high)} {data.unit_label(variable.unit)}"


def _plain(values: Any, position: int) -> float | str:
    """Return a member's value: a number, yes or no, or the name of an answer."""
    if hasattr(values, "decode_to_str"):
        return str(values.decode_to_str()[position])
    value = values[position]
    if isinstance(value, bool | numpy.bool_):
        return "ja" if value else "nei"
    return float(value)


def _reads(view: View, parameters: Iterable[Any]) -> list[Read]:
    found: dict[str, Read] = {}
    for parameter in parameters:
        described = names.find_parameter(view.results.system, parameter.name)
        metadata = described.metadata
        found[parameter.name] = Read(
            parameter=parameter.name,
            description=described.description,
            value=parameter.value,
            unit=metadata["unit"],
            basis=metadata["basis"],
            interpretation=metadata.get("interpretation"),
            reference=metadata["reference"],
        )
    return list(found.values())
