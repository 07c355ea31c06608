"""The road from a table of users to results."""

import numpy
import polars
import pytest
from openfisca_core.errors import SituationParsingError
from openfisca_core.simulations import SimulationBuilder

from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.simulate import simulate

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
        ({"enhet": ["A", "A"], "etat": ["S", "T"], "timer_per_uke": [1.0, 2.0]}, "more than one etat"),
        ({"enhet": ["A", "A"], "byomraade": ["S", "T"], "timer_per_uke": [1.0, 2.0]}, "more than one byomraade"),
        ({"enhet": ["A"], "timer_per_uke": numpy.ones((11, 1))}, "12 arrays"),
    ],
)
def test_a_table_that_is_no_population_is_refused(law, table, message):
    with pytest.raises(ValueError, match=message):
        simulate(table, law, 2019)


def test_the_order_of_units_is_that_of_the_table():
    assert from_table({"enhet": ["Å", "B", "Å"], "timer_per_uke": [1, 2, 3]}).unit_names == ["Å", "B"]
