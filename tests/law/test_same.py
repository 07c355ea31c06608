"""Regulations that come to the same figures are run once, and no difference of a figure is overlooked."""

import numpy
import pytest

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.same import _counted, same_figures
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import named, versions, with_proposals
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.simulate import simulate

SYSTEM = {version.id: SYSTEMS.system(version) for version in versions()}
FOUNDATION, NORM_TIMES, CATEGORIES, PLAN, PLATFORM, TEAMS, REPORT = SYSTEM.values()


@pytest.mark.parametrize("year", [2019, 2022])
def test_shared_figures_are_those_of_a_run_of_their_own(year):
    people = embedded.EXAMPLES["bevegelse"](2019)
    compared = Comparison(people, year, versions())
    assert len({id(run.results.simulation) for run in compared.runs}) < len(compared.runs)
    for run in compared.runs:
        alone = simulate(people, SYSTEM[run.version.id], year)
        for name, variable in alone.system.variables.items():
            if variable.value_type in (int, float) and variable.formulas:
                month = 11 if variable.definition_period == "month" else None
                shared = run.results.value(name, month)
                numpy.testing.assert_array_equal(shared, alone.value(name, month), f"{run.version.id} {name}")


def test_decisions_without_amounts_come_to_the_same_and_those_with_amounts_do_not():
    assert not same_figures(FOUNDATION, NORM_TIMES, 2019)
    assert not same_figures(NORM_TIMES, CATEGORIES, 2019)
    assert same_figures(CATEGORIES, PLAN, 2019)
    assert same_figures(CATEGORIES, REPORT, 2019)  # the teams' hours begin in 2021


def test_before_2018_the_category_model_is_not_there_yet():
    assert same_figures(NORM_TIMES, CATEGORIES, 2017)


def test_a_changed_number_is_never_the_same():
    proposal = from_settings(["reserve.andel=0.03@2021-01-01"], SYSTEMS.foundation(), None)
    changed = SYSTEMS.system(with_proposals(named("2021-06"), [proposal])[-1])
    assert not same_figures(REPORT, changed, 2019)


def test_a_variable_that_another_rule_reads_is_a_difference(monkeypatch):
    # enhet_i_utvidelsen is yes or no and differs; were it read by a rule of figures, figures could differ
    assert same_figures(PLAN, PLATFORM, 2019)
    monkeypatch.setattr("openfisca_bergen_hbt.law.same._counted", lambda _: frozenset({"enhet_i_utvidelsen"}))
    assert not same_figures(PLAN, PLATFORM, 2019)


def test_every_variable_that_a_rule_reads_is_found_in_its_text():
    results = simulate(embedded.EXAMPLES["bevegelse"](2019), REPORT, 2019, trace=True)
    for name, variable in REPORT.variables.items():
        results.value(name, 12 if variable.definition_period == "month" else None)
    figures = {name for name, variable in REPORT.variables.items() if variable.value_type in (int, float)}
    read = {child.name for node in results.traced() if node.name in figures for child in node.children}
    assert read
    assert read <= _counted(REPORT)
