"""The foundation plus every decision in order is the law in force; both equal results kept here.

The kept results, ``frozen.json``, were worked out by the rules of ``independent.py``, and not by the package.
"""

import json
from pathlib import Path

import numpy
import pytest
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_bergen_hbt import CountryTaxBenefitSystem, grunnregelverk, regelverk
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import moving, published
from openfisca_bergen_hbt.regelverk import build, decisions
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.vedtak import DecisionOrderError

FROZEN = json.loads((Path(__file__).parent / "frozen.json").read_text(encoding="utf-8"))
MONEY = ("enhet_samlet_tildeling", "etat_samlet_tildeling", "etat_reserve_saldo", "etat_ufordelt", "etat_merforbruk")


def all_values(results):
    for name, variable in results.system.variables.items():
        monthly = variable.definition_period == "month"
        yield name, results.by_month(name) if monthly else results.value(name)


@pytest.mark.parametrize("year", range(2017, 2023))
@pytest.mark.parametrize("example", [published, moving])
def test_foundation_and_decisions_are_the_law_in_force(law, foundation, example, year):
    population = example(min(year, 2019))
    chained = simulate(population, build(decisions(), foundation), year)
    in_force = dict(all_values(simulate(population, law, year)))
    for name, values in all_values(chained):
        numpy.testing.assert_array_equal(values, in_force[name], err_msg=name)


@pytest.mark.parametrize("case", FROZEN, ids=lambda case: f"{case['example']}-{case['year']}-{case['regulation']}")
def test_frozen_results(law, foundation, case):
    population = {"publisert": published, "bevegelse": moving}[case["example"]](min(case["year"], 2019))
    system = {"law": law, "foundation": foundation}[case["regulation"]]
    results = simulate(population, system, case["year"])
    for name, values in case["results"].items():
        assert results.value(name).tolist() == values, name


def test_decisions_three_to_six_move_no_krone():
    for example in (published, moving):
        compared = Comparison(example(2019), 2019, versions())
        after_the_model = compared.runs[2:]
        assert [len(run.version.decisions) for run in after_the_model] == [2, 3, 4, 5, 6]
        for year in (2019, 2022):
            expected = simulate(example(2019), after_the_model[0].results.system, year)
            for run in after_the_model[1:]:
                found = simulate(example(2019), run.results.system, year)
                for name in MONEY:
                    numpy.testing.assert_array_equal(found.value(name), expected.value(name), err_msg=name)


@pytest.mark.parametrize("number", range(6))
def test_a_decision_twice_is_refused(number):
    decision = decisions()[number]
    with pytest.raises(DecisionOrderError, match=decision.id()):
        decision(regelverk(vedtatt_innen=decision.adopted))


@pytest.mark.parametrize("earlier", range(5))
def test_a_decision_on_top_of_a_later_one_is_refused_with_both_names(earlier):
    first, later = decisions()[earlier], decisions()[earlier + 1]
    with pytest.raises(DecisionOrderError) as caught:
        first(build([later]))
    assert first.id() in str(caught.value)
    assert later.id() in str(caught.value)


def test_every_decision_is_refused_on_top_of_the_law_in_force(law):
    for decision in decisions():
        with pytest.raises(DecisionOrderError):
            decision(law)


@pytest.mark.parametrize("left_out", range(6))
def test_any_decision_may_be_left_out(left_out):
    decision = decisions()[left_out]
    without = regelverk(uten=[decision.id()])
    assert [d.id() for d in without.vedtak] == [d.id() for d in decisions() if d is not decision]
    assert regelverk(uten=(decision,)).vedtak == without.vedtak


def test_without_the_category_model_money_follows_the_hours():
    system = regelverk(uten=["vedtak_2018_01_kategorimodell"])
    results = simulate(published(2019), system, 2019)
    # every unit gets the price of its hours: 987.6216269 * 235 116 for the first
    assert results.value("enhet_samlet_tildeling")[0] == 232_205_646
    assert results.value("etat_merforbruk")[0] == pytest.approx(51_784_341, abs=50)


def test_adopted_by_and_in_force_on_are_two_clocks():
    known_in_2019 = regelverk(vedtatt_innen="2019-06")
    assert [decision.adopted for decision in known_in_2019.vedtak] == ["2017-10", "2018-01", "2019-05"]
    results = simulate(published(2019), known_in_2019, 2022)
    assert results.value("etat_plan_hjemmeboende_eldre_gjelder", 1).tolist() == [True]
    assert results.value("etat_statusrapport_vedtatt", 12).tolist() == [False]
    assert simulate(published(2019), regelverk(), 2022).value("etat_statusrapport_vedtatt", 1).tolist() == [True]


@pytest.mark.parametrize(
    ("date", "count"),
    [
        ("2017-01", 0),
        ("2017-09-30", 0),
        ("2017-10-01", 1),
        ("2017-10", 1),
        ("2018-01", 2),
        ("2021-05-31", 5),
        ("2030-01", 6),
    ],
)
def test_a_decision_known_by_month_counts_from_its_first_day(date, count):
    assert len(regelverk(vedtatt_innen=date).vedtak) == count


@pytest.mark.parametrize("date", ["2016-12", "2016-12-31", "2019-13", "2019-02-30", "2019", "june", "", "20190601"])
def test_a_wrong_date_is_refused(date):
    with pytest.raises(ValueError, match="2017-01"):
        regelverk(vedtatt_innen=date)


def test_an_unknown_decision_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="vedtak_2021_06_statusrapport"):
        regelverk(uten=["vedtak_2018_02_kategorimodell"])


def test_decisions_re_point_only_variables_that_exist(foundation):
    for decision in decisions():
        for hinge in decision.hinges:
            assert foundation.get_variable(hinge.__name__) is not None
        assert decision.title
        assert decision.decided_by
        assert decision.reference
        assert decision.adopted_precision == "month"


def test_a_hinge_can_be_neutralized_and_annualized(law):
    system = law.clone()
    for decision in decisions():
        for hinge in decision.hinges:
            system.neutralize_variable(hinge.__name__)
    results = simulate(published(2019), system, 2019)
    assert results.value("enhet_samlet_tildeling").tolist() == [0] * 6


@pytest.mark.parametrize("original", ["law", "chain"])
def test_changing_a_clone_leaves_the_original_alone(original):
    system = CountryTaxBenefitSystem() if original == "law" else regelverk()
    clone = system.clone()
    clone.neutralize_variable("enhet_samlet_tildeling")
    assert simulate(published(2019), system, 2019).value("enhet_samlet_tildeling").all()
    assert not simulate(published(2019), clone, 2019).value("enhet_samlet_tildeling").any()


def test_a_plain_simulation_of_core_gives_the_same_as_the_quick_one(law):
    population = moving(2019)
    quick = simulate(population, law, 2019)
    traced = simulate(population, law, 2019, trace=True)
    assert not isinstance(SimulationBuilder.build_default_simulation(law), type(quick.simulation))
    assert isinstance(quick.simulation, Simulation)
    expected = dict(all_values(traced))
    for name, values in all_values(quick):
        numpy.testing.assert_array_equal(values, expected[name], err_msg=name)


def test_country_packages_for_the_stock_tools():
    assert [d.id() for d in CountryTaxBenefitSystem().vedtak] == [d.id() for d in decisions()]
    assert grunnregelverk.CountryTaxBenefitSystem().vedtak == ()
