"""The road from a table of users to results."""

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime

import numpy
import polars
import pytest
from openfisca_core.errors import SituationParsingError
from openfisca_core.simulations import SimulationBuilder

from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import chosen, regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.web.api.errors import of_situation

USERS = {
    "enhet": ["B", "A", "B", "C"],
    "etat": ["S", "S", "S", "T"],
    "byomraade": ["nord", "sør", "nord", "sør"],
    "vurdert_timer_per_uke": [5.0, 10.0, 20.0, 90.0],
}
UNITS = {"A": {"enhet_kjoeretid_per_uke": 3.0}, "Tom": {}}
AGENCIES = {
    "S": {"etat_budsjettramme": 1_000_000, "etat_tillitsreform_styrking": 14_000_000},
    "T": {"etat_budsjettramme": 2_000_000, "etat_tillitsreform_styrking": 0},
}


@pytest.fixture(scope="module", params=["polars", "arrays"])
def table(request):
    if request.param == "polars":
        return polars.DataFrame(USERS)
    return {name: numpy.array(column) for name, column in USERS.items()}


def test_a_table_gives_what_the_same_situation_gives(law, table):
    results = simulate(table, law, 2019, units=UNITS, agencies=AGENCIES)
    situation = {
        "brukere": {
            str(row): {"vurdert_timer_per_uke": {"2019": hours}}
            for row, hours in enumerate(USERS["vurdert_timer_per_uke"])
        },
        "enheter": {
            "B": {"brukere": ["0", "2"]},
            "A": {"brukere": ["1"], "enhet_kjoeretid_per_uke": {"2019": 3}},
            "C": {"brukere": ["3"]},
            "Tom": {},
        },
        "byomraader": {"nord": {"brukere": ["0", "2"]}, "sør": {"brukere": ["1", "3"]}},
        "etater": {
            "S": {
                "brukere": ["0", "1", "2"],
                "etat_budsjettramme": {"2019": 1_000_000},
                "etat_tillitsreform_styrking": {"2019": 14_000_000},
            },
            "T": {
                "brukere": ["3"],
                "etat_budsjettramme": {"2019": 2_000_000},
                "etat_tillitsreform_styrking": {"2019": 0},
            },
        },
    }
    expected = SimulationBuilder().build_from_entities(law, situation)
    assert results.population.unit_names == ["B", "A", "C", "Tom"]
    for name in ("enhet_samlet_tildeling", "enhet_avstandstilskudd", "etat_samlet_tildeling", "etat_reserve_saldo"):
        numpy.testing.assert_array_equal(results.value(name), expected.calculate(name, "2019"), err_msg=name)


def test_sums_by_area(law, table):
    results = simulate(table, law, 2019, agencies=AGENCIES)
    assert results.population.area_names == ["nord", "sør"]
    assert results.by_area("enhet_vedtakstimer").tolist() == [25 * 52, 100 * 52]


def test_hours_by_month(law):
    months = numpy.tile([[4.0, 8.0]], (12, 1))
    months[6:, 1] = 20
    results = simulate({"enhet": ["A", "B"], "timer_per_uke": months}, law, 2019)
    assert results.value("enhet_vedtakstimer").tolist() == [208, 728]  # 4 * 52, (8 + 20) * 26


def test_without_a_column_for_the_etat_there_is_one_with_the_default_frame(law):
    results = simulate({"enhet": ["A"], "timer_per_uke": [4.0]}, law, 2019)
    assert results.value("etat_budsjettramme").tolist() == [1_021_686_820]


def test_a_bad_hour_names_the_row_and_not_the_user(law):
    with pytest.raises(SituationParsingError, match="'1' in 2019: hours a week are a number from 0 to 168"):
        simulate({"enhet": ["A", "A"], "timer_per_uke": [4.0, 169.0]}, law, 2019)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"timer_per_uke": [1.0]}, "no column 'enhet'"),
        ({"enhet": ["A"]}, "no input of the users"),
        ({"enhet": ["A"], "timer": [1.0]}, "unknown column 'timer'"),
        ({"enhet": ["A"], "timer_per_uke": [1.0, 2.0]}, "2 rows where 'enhet' has 1"),
        ({"enhet": [], "timer_per_uke": []}, "no rows"),
        ({"enhet": ["A"], "timer_per_uke": ["mange"]}, "not a number"),
        ({"enhet": ["A", ""], "timer_per_uke": [1.0, 2.0]}, "Row 2"),
        ({"enhet": ["A", None], "timer_per_uke": [1.0, 2.0]}, "Row 2"),
        ({"enhet": ["A", "A"], "etat": ["S", "T"], "timer_per_uke": [1.0, 2.0]}, "more than one agency"),
        ({"enhet": ["A", "A"], "byomraade": ["S", "T"], "timer_per_uke": [1.0, 2.0]}, "more than one area"),
        ({"enhet": ["A"], "timer_per_uke": numpy.ones((11, 1))}, "12 arrays"),
    ],
)
def test_a_table_that_is_no_population_is_refused(law, table, message):
    with pytest.raises(ValueError, match=message):
        simulate(table, law, 2019)


NUMBERS = "the column 'timer_per_uke': .* is not a number"
RIGHT = {"enhet": ["A", "B"], "timer_per_uke": [4.0, 5.0]}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({**RIGHT, "timer_per_uke": ["4", "5"]}, NUMBERS),
        (polars.DataFrame({**RIGHT, "timer_per_uke": ["4", "5"]}), NUMBERS),
        ({**RIGHT, "timer_per_uke": [True, False]}, NUMBERS),
        ({**RIGHT, "timer_per_uke": numpy.array([4, True], dtype=object)}, NUMBERS),
        ({**RIGHT, "timer_per_uke": numpy.array(["2019-01-01"] * 2, dtype="datetime64[D]")}, NUMBERS),
        ({"enhet": RIGHT["enhet"], "timer_per_uka": [4.0, 5.0]}, "'timer_per_uka'. Did you mean timer_per_uke"),
        ({"enhet": "A", "timer_per_uke": 4.0}, "'enhet' is no list: give a value for each user"),
        ("brukere.csv", "A table of users is a data frame"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(law, table, message):
    with pytest.raises(ValueError, match=message):
        simulate(table, law, 2019)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"units": {"B": {"kjoeretid": 3}}},
            "'kjoeretid' is no variable of the 'enheter'. Did you mean enhet_kjoeretid_per_uke",
        ),
        ({"units": {"B": {"enhet_kjoeretid_per_uke": "3"}}}, "is a number, and not the text '3'"),
        (
            {"units": {"B": {"enhet_tjenesteomraade": "ANDR"}}},
            "'ANDR' is no answer of enhet_tjenesteomraade. Did you mean ANDRE",
        ),
        ({"units": {"B": 3}}, "'units' is a mapping from names to inputs"),
        (
            {"agencies": {"etat": {"ramme": 3}}},
            "'ramme' is no variable of the 'etater'. Did you mean etat_budsjettramme",
        ),
        ({"agencies": {"etat": {"etat_budsjettramme": True}}}, "etat_budsjettramme is a number, and not true"),
    ],
)
def test_inputs_by_name_are_known_and_numbers(law, columns, message):
    with pytest.raises((ValueError, SituationParsingError), match=message):
        simulate(RIGHT, law, 2019, **columns)


def test_a_choice_of_some_units_is_the_default_of_the_others(law):
    frame = {"etat": {"etat_budsjettramme": 1_000_000, "etat_tillitsreform_styrking": 0}}
    results = simulate(RIGHT, law, 2019, units={"B": {"enhet_tjenesteomraade": "ANDRE"}}, agencies=frame)
    assert results.value("enhet_samlet_tildeling").tolist() == [980_000, 0]  # 1 000 000 less 2 %, all of it to A


@pytest.mark.parametrize(
    ("year", "regulation", "message"),
    [
        ("2019", regelverk, "and not '2019'"),
        (2019.0, regelverk, "and not 2019.0"),
        (True, regelverk, "and not True"),
        (2019, lambda: regelverk, "is no regulation. Give one made: regelverk()"),
        (2019, lambda: "grunnregelverk", "'grunnregelverk' is no regulation"),
    ],
)
def test_what_is_no_year_or_no_regulation_is_refused(year, regulation, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        simulate(RIGHT, regulation(), year)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vedtatt_innen": 2019}, "'2019' is not a date. Write YYYY-MM"),
        ({"uten": "vedtak_2018"}, "Did you mean vedtak_2018_01_kategorimodell"),
        ({"uten": [2018]}, "2018 is no decision. Give its id"),
        ({"lesninger": 5}, "5 is no reading. Give its id"),
    ],
)
def test_what_names_no_decision_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        regelverk(**arguments)


def test_a_moment_is_its_day():
    moment = datetime(2018, 1, 1, 12, tzinfo=UTC)
    assert [decision.id() for decision in chosen(moment)] == [decision.id() for decision in chosen("2018-01-01")]


def test_the_order_of_units_is_that_of_the_table():
    assert from_table({"enhet": ["Å", "B", "Å"], "timer_per_uke": [1, 2, 3]}, regelverk()).unit_names == ["Å", "B"]


TWO_UNITS = {"enhet": ["A", "B"], "vurdert_timer_per_uke": [5.0, 10.0]}
TWO_AGENCIES = {**TWO_UNITS, "etat": ["S", "T"]}
GRANTS = {name: {"etat_tillitsreform_styrking": 0} for name in "ST"}


def test_the_only_etat_is_named_by_its_inputs(law):
    results = simulate(TWO_UNITS, law, 2019, agencies={"Bergen": {"etat_budsjettramme": 1_000_000}})
    assert results.population.agency_names == ["Bergen"]
    assert results.value("etat_disponibel_ramme").tolist() == [15_000_000]  # and the reform's 14 million


def test_a_unit_left_out_of_an_input_has_its_default(law):
    results = simulate(TWO_UNITS, law, 2019, units={"B": {"enhet_tjenesteomraade": "ANDRE"}})
    # B stands outside the pots; A gets all but the reserve: 1 035 686 820 - 20 713 736
    assert results.value("enhet_samlet_tildeling").tolist() == [1_014_973_084, 0]


def test_numbers_of_numpy_are_numbers(law):
    results = simulate(TWO_UNITS, law, 2019, agencies={"Bergen": {"etat_budsjettramme": numpy.int64(1_000_000)}})
    assert results.value("etat_budsjettramme").tolist() == [1_000_000]


@pytest.mark.parametrize(
    ("table", "given", "path", "message"),
    [
        (
            TWO_AGENCIES,
            {"agencies": {**GRANTS, "Sx": {"etat_budsjettramme": 5}}},
            ["etater", "Sx"],
            "There is no agency 'Sx'. Did you mean S?",
        ),
        (
            TWO_AGENCIES,
            {"agencies": {"S": {**GRANTS["S"], "etat_budsjettramme": 5}, "T": GRANTS["T"]}},
            ["etater", "T", "etat_budsjettramme", "2019"],
            "it is given for other agencies",
        ),
        (TWO_AGENCIES, {"agencies": GRANTS}, ["etater"], "2 agencies give no frame"),
        (
            TWO_UNITS,
            {"units": {"B": {"enhet_kjoretid_per_uke": 5}}},
            ["enheter", "B", "enhet_kjoretid_per_uke"],
            "no variable of the 'enheter'. Did you mean enhet_kjoeretid_per_uke",
        ),
        (
            TWO_UNITS,
            {"units": {"B": {"enhet_kjoeretid_per_uke": "5"}}},
            ["enheter", "B", "enhet_kjoeretid_per_uke"],
            "is a number, and not the text '5'. Write 5.",
        ),
        (
            TWO_UNITS,
            {"units": {"B": {"enhet_tjenesteomraade": "ANNET"}}},
            ["enheter", "B", "enhet_tjenesteomraade"],
            "is no answer of enhet_tjenesteomraade",
        ),
        (
            TWO_UNITS,
            {"units": {"B": {"enhet_samlet_tildeling": 5}}},
            ["enheter", "A", "enhet_samlet_tildeling"],
            "is given for 1 of 2 'enheter'",
        ),
        (
            TWO_UNITS,
            {"agencies": {"etat": {"etat_plan_hjemmeboende_eldre_gjelder": True}}},
            ["etater", "etat", "etat_plan_hjemmeboende_eldre_gjelder"],
            "is given by month (2019-01), and not by year",
        ),
    ],
)
def test_an_input_that_is_none_is_refused_with_its_place(law, table, given, path, message):
    with pytest.raises(SituationParsingError) as caught:
        simulate(table, law, 2019, **given).value("etat_samlet_tildeling")
    found = of_situation(caught.value)
    assert (found.path, message in found.message) == (path, True), found.message


def test_several_etater_need_a_column(law):
    with pytest.raises(ValueError, match="2 agencies are given: say which each user belongs to"):
        simulate(TWO_UNITS, law, 2019, agencies=GRANTS)


@pytest.mark.parametrize("year", [2016, 10_000, "2019", 2019.5, True, None])
def test_what_is_no_year_is_refused(law, year):
    with pytest.raises(ValueError, match=f"{year}"):
        simulate(TWO_UNITS, law, year)


def test_inputs_beside_a_population_that_has_its_own_are_refused(law):
    with pytest.raises(ValueError, match="'units' goes with a table"):
        simulate(from_table(TWO_UNITS, law), law, 2019, units=UNITS)


def test_results_can_be_read_and_not_written(law):
    results = simulate(TWO_UNITS, law, 2019)
    for name in ("etat_kategoripott", "brukerkategori", "etat_avstand_i_tillegg"):
        values = results.value(name)
        assert not values.flags.writeable, name
        assert type(values) is type(results.simulation.calculate(name, results.period)), name
    pot = results.value("etat_kategoripott")
    with pytest.raises(ValueError, match="read-only"):
        pot /= 1e6
    # 1 035 686 820 less a reserve of 2 %, and no user above 80 hours
    assert results.value("etat_kategoripott").tolist() == [1_014_973_084]


@pytest.mark.parametrize("month", [0, -1, 13, 1.5, True, "1"])
def test_what_is_no_month_is_refused(law, month):
    with pytest.raises(ValueError, match="from 1 to 12"):
        simulate(TWO_UNITS, law, 2019).value("enhet_maanedsramme", month)


@pytest.mark.parametrize("trace", [False, True])
def test_threads_may_ask_the_same_results(law, trace):
    # 1 014 973 084 is shared by points, 4.5 of 15.75 and 11.25, in twelfths: 24 166 025.8 and 60 415 064.5 a month
    table = {"enhet": ["A", "B"], "vurdert_timer_per_uke": [5.0, 10.0]}
    expected = simulate(table, law, 2019).by_month("enhet_maanedsramme")
    assert expected[0].tolist() == [24_166_026, 60_415_064]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            results = simulate(table, law, 2019, trace=trace)
            asked = [threads.submit(results.value, "enhet_maanedsramme", month) for month in range(12, 0, -1)]
            found = [future.result() for future in reversed(asked)]
            numpy.testing.assert_array_equal(found, expected)


def test_a_thread_may_copy_what_others_are_asking(law):
    def ask(results, number):
        return (deepcopy(results) if number % 2 else results).value("enhet_kategoritildeling")

    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            results = simulate(TWO_UNITS, law, 2019)
            asked = [threads.submit(ask, results, number) for number in range(8)]
            # 1 014 973 084 by points, 4.5 of 15.75 and 11.25: 289 992 309.7 and 724 980 774.3
            assert {tuple(future.result()) for future in asked} == {(289_992_310, 724_980_774)}


def test_a_clone_is_asked_for_as_of_core(law):
    original = simulate(TWO_UNITS, law, 2019).simulation
    clones = [original.clone(False, True), original.clone(trace=True), original.clone().clone(debug=True)]  # noqa: FBT003
    assert [clone.trace for clone in clones] == [True, True, False]
    for clone in clones:
        assert clone.calculate("timer_per_uke", "2019-01").tolist() == [5, 10]


def test_a_copy_has_inputs_of_its_own(law):
    results = simulate(TWO_UNITS, law, 2019, trace=True)
    results.value("timer_per_uke", 1)
    copied = deepcopy(results)
    copied.simulation.set_input("vurdert_timer_per_uke", "2019", [80.0, 10.0])
    copied.simulation.set_input("enhet_kjoeretid_per_uke", "2019", [5.0, 0.0])
    assert copied.value("vurdert_timer_per_uke", 7).tolist() == [80, 10]
    assert copied.value("enhet_timer_over_80", 7).tolist() == [80, 0]
    assert results.value("vurdert_timer_per_uke", 7).tolist() == [5, 10]
    assert results.value("enhet_kjoeretid_per_uke").tolist() == [0, 0]
    assert results.value("enhet_timer_over_80", 7).tolist() == [0, 0]
    assert copied.system is results.system
    assert [node.name for node in deepcopy(results).traced()] == [node.name for node in results.traced()] != []
