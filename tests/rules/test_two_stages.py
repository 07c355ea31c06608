"""Users become sums, and the units' rules are run on the sums, many draws at once: the kroner of one simulation."""

from datetime import date

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import readings, regelverk
from openfisca_bergen_hbt.simulate import simulate, simulate_units, sums_of_units
from tests.populations import populations

LAW = regelverk()
UNITS = (
    "enhet_vedtakstimer",
    "enhet_antall_brukere",
    "antall_kategori_3",
    "enhet_aktivitetsbasert_inntekt",
    "enhet_kategoritildeling",
    "enhet_kategoriramme",
    "enhet_reservekompensasjon",
    "enhet_reserve_ved_aarets_slutt",
    "enhet_samlet_tildeling",
)
AGENCIES = ("etat_igjen_sentralt", "etat_reserve_saldo", "etat_udekket_over_80_i_aaret", "etat_merforbruk")
#: Numbers that a draw may change, each with what it may be.
DRAWN = {
    "kategorimodell.vekt.kategori_2": st.integers(150, 750).map(lambda hundredths: hundredths / 100),
    "kategorimodell.vekt.kategori_5": st.integers(30, 80),
    "reserve.andel": st.sampled_from([0.0, 0.02, 0.05]),
    "reserve.toleranse": st.sampled_from([0.0, 0.05, 0.1]),
    "reserve.deles_ut_ved_aarets_slutt": st.sampled_from([0.0, 0.4, 1.0]),
    "avstand.andel": st.sampled_from([0.0, 0.01, 0.03]),
    "omfordeling.terskel": st.sampled_from([0.01, 0.05, 0.1]),
    "aktivitetsbasert.timepris": st.sampled_from([900.0, 987.6216269]),
}


def proposed(system, numbers, year=2019):
    """The regulation with numbers that a proposal changes: the road of one simulation."""
    changes = tuple(Change(name, date(year, 1, 1), value) for name, value in numbers.items())
    return ProposalReform(system, Proposal("trekning", "Trekning", changes))


def assert_same(alone, together, draw=0):
    draws = len(together.population.agency_names) // len(alone.population.agency_names)
    for name in (*UNITS, *AGENCIES):
        expected, found = alone.value(name), together.value(name).reshape(draws, -1)[draw]
        assert numpy.array_equal(numpy.round(expected, 6), numpy.round(found, 6)), name


@settings(max_examples=25, deadline=None)
@given(people=populations(), drawn=st.lists(st.fixed_dictionaries(DRAWN), min_size=1, max_size=3))
def test_many_draws_on_sums_are_the_single_simulations(people, drawn):
    sums = sums_of_units(people, LAW, 2019)
    numbers = {name: numpy.array([float(each[name]) for each in drawn]) for name in DRAWN}
    together = simulate_units(people, [sums] * len(drawn), LAW, 2019, numbers)
    for draw, own in enumerate(drawn):
        assert_same(simulate(people, proposed(LAW, own), 2019), together, draw)


@pytest.mark.parametrize("reading", [reading.id() for reading in readings() if not reading.of_population])
@settings(max_examples=4, deadline=None)
@given(people=populations())
def test_the_stages_hold_under_readings(reading, people):
    law = regelverk(lesninger=[reading])
    sums = sums_of_units(people, law, 2019)
    if reading == "lesning_t15_faktisk_bruker":
        with pytest.raises(ValueError, match="follows each user"):
            simulate_units(people, [sums], law, 2019).value("enhet_samlet_tildeling")
    else:
        assert_same(simulate(people, law, 2019), simulate_units(people, [sums], law, 2019))


@pytest.mark.parametrize("example", ["publisert", "bevegelse"])
@pytest.mark.parametrize("without", [[], ["vedtak_2018_01_kategorimodell"]])
def test_numbers_that_the_users_are_made_with_are_drawn_in_the_first_stage(example, without):
    own = {
        "befolkning.spredning": 1.3,
        "tid.uker_per_aar": 52.1,
        "kategorimodell.nedre_grense.kategori_3": 8.0,
        "budsjett.tillitsreform_andel_til_etaten": 0.25,
    }
    law, people = regelverk(uten=without), embedded.EXAMPLES[example](2019)
    sums = [sums_of_units(people, law, 2019), sums_of_units(people, law, 2019, own)]
    usual = {"befolkning.spredning": 1.5, "tid.uker_per_aar": 52.0, "budsjett.tillitsreform_andel_til_etaten": 1.0}
    numbers = {name: numpy.array([value, own[name]]) for name, value in usual.items()}
    # What is derived from the share is drawn beside it.
    derived = proposed(law, own).get_parameters_at_instant("2019-01-01")
    alone = law.get_parameters_at_instant("2019-01-01")
    numbers["budsjett.ramme"] = numpy.array([alone.budsjett.ramme, derived.budsjett.ramme])
    together = simulate_units(people, sums, law, 2019, numbers)
    assert_same(simulate(people, law, 2019), together, 0)
    assert_same(simulate(people, proposed(law, own), 2019), together, 1)
