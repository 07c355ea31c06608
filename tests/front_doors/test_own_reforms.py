"""Reforms of users, written as core's manual has it, and numbers changed in place: as in core, and nothing silently."""

from datetime import UTC, date, datetime
from functools import wraps

import numpy
import pytest
from openfisca_core.model_api import MONTH, YEAR, Reform, Variable
from openfisca_core.periods import instant

from openfisca_bergen_hbt import regelverk
from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.audit.cases import situations
from openfisca_bergen_hbt.rules.core import takes_parameters
from openfisca_bergen_hbt.rules.entities import Bruker, Enhet
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.strict_yaml import Faults, parse

USERS = {"enhet": ["A", "B"], "vurdert_timer_per_uke": [5.0, 10.0]}


def counted(formula):
    """Return a formula that counts how often it is called, as decorators are written."""

    @wraps(formula)
    def wrapped(*args, **kwargs):
        wrapped.calls += 1
        return formula(*args, **kwargs)

    wrapped.calls = 0
    return wrapped


class doblet_timer_per_uke(Variable):  # noqa: N801 (as variables are named)
    value_type = float
    entity = Bruker
    definition_period = MONTH
    label = "Timer per uke, to ganger"

    @counted
    def formula(users, month, parameters):  # noqa: N805 (of core)
        return users("timer_per_uke", month) * parameters(month).tid.uker_per_aar / 26  # 52 / 26 = 2


class enhet_uten_kilde(Variable):  # noqa: N801 (as variables are named)
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Uten kilde, enhet og forklaring"

    def formula(units, year):  # noqa: N805 (of core)
        return units("enhet_vedtakstimer", year) + 1


class OwnReform(Reform):
    def apply(self):
        self.add_variable(doblet_timer_per_uke)
        self.add_variable(enhet_uten_kilde)


@pytest.fixture(scope="module")
def reformed(law):
    return OwnReform(law)


class enhet_med_etatens_timer(Variable):  # noqa: N801 (as variables are named)
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Etatens timer, for hver bruker i stedet for hver enhet"

    def formula(units, year):  # noqa: N805 (of core)
        return units.members.etat("etat_vedtakstimer", year)


@pytest.mark.parametrize("trace", [False, True])
def test_a_formula_that_gives_a_value_for_each_of_others_is_refused_as_in_core(law, trace):
    system = type("Wrong", (Reform,), {"apply": lambda self: self.add_variable(enhet_med_etatens_timer)})(law)
    three = {"enhet": ["A", "B", "A"], "vurdert_timer_per_uke": [5.0, 10.0, 20.0]}
    with pytest.raises(ValueError, match="its length is 3 while there are 2 enheter in the simulation"):
        simulate(three, system, 2019, trace=trace).value("enhet_med_etatens_timer")


@pytest.mark.parametrize("trace", [False, True])
def test_a_formula_in_a_decorator_runs(reformed, trace):
    results = simulate(USERS, reformed, 2019, trace=trace)
    assert results.value("doblet_timer_per_uke", 3).tolist() == [10, 20]
    assert results.value("enhet_uten_kilde").tolist() == [261, 521]  # 5 * 52 + 1, 10 * 52 + 1


def test_a_formula_in_a_decorator_takes_parameters():
    assert takes_parameters(doblet_timer_per_uke.formula)
    assert not takes_parameters(enhet_uten_kilde.formula)


@pytest.mark.parametrize("name", ["doblet_timer_per_uke", "enhet_uten_kilde"])
def test_a_variable_without_a_reference_has_a_life(reformed, name):
    (rule,) = history.life(reformed, name)
    assert (rule.reference, rule.unit) == ([], None)
    assert 'units("enhet_vedtakstimer", year)' in rule.source or "parameters(month)" in rule.source


def test_a_variable_without_a_unit_may_be_given(reformed):
    faults = Faults("case.yaml")
    node = parse("doblet_timer_per_uke: [1, 2]", "case.yaml")
    given = situations.situation_given(
        node, reformed, situations.period_of(parse("2019-03", "case.yaml"), faults), faults
    )
    assert (faults.found, given.inputs[0].array.tolist()) == ([], [1, 2])


def test_a_number_that_is_changed_after_a_run_takes_effect():
    system = regelverk()
    # 1 035 686 820 * 0.02 = 20 713 736.4; * 0.05 = 51 784 341
    assert simulate(USERS, system, 2019).value("etat_sentral_reserve").tolist() == [20_713_736]
    system.parameters.reserve.andel.update(start=instant("2019-01-01"), value=0.05)
    assert simulate(USERS, system, 2019).value("etat_sentral_reserve").tolist() == [51_784_341]
    system.parameters.merforbruk.kroner.update(start=instant("2017-01-01"), value=1)  # the frame is derived from it
    assert simulate(USERS, system, 2019).value("etat_budsjettramme").tolist() == [1_021_686_820]


@pytest.mark.parametrize(
    "day",
    [
        "2018-06-01",
        date(2018, 6, 1),
        datetime(2018, 6, 1, 23, 59),  # noqa: DTZ001 (as it is written)
        datetime(2018, 6, 1, tzinfo=UTC),
        numpy.datetime64("2018-06-01"),
        numpy.datetime64("2018-06-01T12:00"),
        numpy.datetime64("2018-06"),
    ],
)
def test_every_date_is_a_date(day):
    assert [decision.id()[:14] for decision in regelverk(day).vedtak] == ["vedtak_2017_10", "vedtak_2018_01"]


def test_the_dates_of_pandas_are_dates():
    pandas = pytest.importorskip("pandas")
    assert len(regelverk(pandas.Timestamp("2018-06-01")).vedtak) == 2
    with pytest.raises(ValueError, match="'NaT' is not a date"):
        regelverk(pandas.NaT)


@pytest.mark.parametrize("day", [2018, 2018.5, True, b"2018-06-01", ["2018-06-01"], "", "2018", "2018-13"])
def test_what_is_no_date_is_refused(day):
    with pytest.raises(ValueError, match="is not a date"):
        regelverk(day)


def test_without_areas_there_is_nothing_by_area(law):
    results = simulate(USERS, law, 2019)
    with pytest.raises(ValueError, match="has no areas: give each user's in the column 'byomraade'"):
        results.by_area("enhet_vedtakstimer")


def test_what_is_no_number_is_not_added_up(law):
    results = simulate({**USERS, "byomraade": ["N", "N"]}, law, 2019)
    assert results.by_area("enhet_i_hjemmetjenestene").tolist() == [2]
    with pytest.raises(ValueError, match="enhet_tjenesteomraade is no number, and can't be added up"):
        results.by_area("enhet_tjenesteomraade")


@pytest.mark.parametrize("name", ["vedtakstimer", "etat_vedtakstimer", "timer_per_bruker"])
def test_what_is_not_of_the_units_is_not_added_up_by_area(law, name):
    results = simulate({**USERS, "byomraade": ["N", "N"]}, law, 2019)
    with pytest.raises(ValueError, match=r"is one of '(brukere|etater|byomraader)'"):
        results.by_area(name)
