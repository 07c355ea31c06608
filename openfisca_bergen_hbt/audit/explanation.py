"""Why a test got what it got: the tree of a value that is not the expected one."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.errors import SituationParsingError
from openfisca_core.periods import period

from openfisca_bergen_hbt.analysis.explain.steps import Step, explain_seen_from
from openfisca_bergen_hbt.analysis.explain.view import View
from openfisca_bergen_hbt.audit.cases.model import Case
from openfisca_bergen_hbt.audit.runner import Check, Outcome, Traced
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.groups import layout
from openfisca_bergen_hbt.simulate import Results

#: How many values of a test are explained; one that differs tends to pull others along.
MOST = 3


def explain_failures(outcome: Outcome, system: Any, depth: int | None = None) -> list[Step]:
    """Return trees of the first values of a test that are not as expected, one a variable, to a depth (None: all)."""
    first: dict[str, Check] = {}
    for check in outcome.checks:
        if not check.held:
            first.setdefault(check.variable, check)
    return [_explain(outcome.case, system, check, depth) for check in list(first.values())[:MOST]]


def _explain(case: Case, system: Any, check: Check, depth: int | None) -> Step:
    at = period(check.period)
    simulation = Traced(case, system).simulation
    simulation.trace = True
    results = Results(simulation, _population(case, simulation), at.start.year)
    entity = system.variables[check.variable].entity.key
    population = results.population
    agency, seen = 0, {entity: check.position}
    if entity == "etat":
        agency = check.position
    elif entity == "enhet":
        agency = int(population.agency_of_unit[check.position])
    elif entity == "bruker":
        agency = int(population.agency_of_unit[population.unit_of_user[check.position]])
    view = View(results, max(agency, 0), unit=seen.get("enhet"), area=seen.get("byomraade"), user=seen.get("bruker"))
    return explain_seen_from(view, check.variable, at, depth)


def _population(case: Case, simulation: Any) -> Population:
    """Return who a test is about, in the form that explanations read names from."""
    units, areas = simulation.enhet, simulation.byomraade
    try:
        agency_of_unit = layout(units).agency_of_unit
    except SituationParsingError:  # a test about users alone names no agency
        agency_of_unit = numpy.zeros(units.count, dtype=numpy.intp)
    area_of_unit = numpy.full(units.count, -1, dtype=numpy.intp)
    area_of_unit[units.members_entity_id] = areas.members_entity_id
    given = dict.fromkeys(case.situation.given_for(), numpy.zeros(0))
    return Population(
        unit_names=case.situation.names("enhet"),
        unit_of_user=units.members_entity_id,
        agency_names=case.situation.names("etat"),
        agency_of_unit=agency_of_unit,
        users=given,
        area_names=case.situation.names("byomraade"),
        area_of_unit=area_of_unit,
    )
