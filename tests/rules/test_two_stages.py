"""Users become sums, and the units' rules are run on the sums, many draws at once: the kroner of one simulation."""

from dataclasses import replace
from datetime import date

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform
from openfisca_bergen_hbt.population import arrays, embedded
from openfisca_bergen_hbt.regelverk import readings, regelverk
from openfisca_bergen_hbt.rules import groups
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages import exact
from openfisca_bergen_hbt.rules.stages.sums import joined, of_draws
from openfisca_bergen_hbt.simulate import simulate, simulate_units, sums_of_units, year_period
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
    "tid.uker_per_aar": st.sampled_from([52.0, 52.18]),
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
    numbers = {name: numpy.array([float(each[name]) for each in drawn]) for name in DRAWN}
    sums = of_draws(sums_of_units(people, LAW, 2019), numpy.zeros(len(drawn), dtype=int), len(people.unit_names))
    together = simulate_units(people, sums, LAW, 2019, numbers)
    for draw, own in enumerate(drawn):
        assert_same(simulate(people, proposed(LAW, own), 2019), together, draw)


@pytest.mark.parametrize("reading", [reading.id() for reading in readings() if not reading.of_population])
@settings(max_examples=4, deadline=None)
@given(people=populations())
def test_the_stages_hold_under_readings(reading, people):
    law = regelverk(lesninger=[reading])
    assert_same(simulate(people, law, 2019), simulate_units(people, sums_of_units(people, law, 2019), law, 2019))


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
    usual = {
        "befolkning.spredning": 1.5,
        "tid.uker_per_aar": 52.0,
        "kategorimodell.nedre_grense.kategori_3": 7.5,
        "budsjett.tillitsreform_andel_til_etaten": 1.0,
    }
    numbers = {name: numpy.array([value, own[name]]) for name, value in usual.items()}
    sums = sums_of_units(people, law, 2019, numbers)
    # What is derived from the share is drawn beside it.
    derived = proposed(law, own).get_parameters_at_instant("2019-01-01")
    alone = law.get_parameters_at_instant("2019-01-01")
    numbers["budsjett.ramme"] = numpy.array([alone.budsjett.ramme, derived.budsjett.ramme])
    together = simulate_units(people, sums, law, 2019, numbers)
    assert_same(simulate(people, law, 2019), together, 0)
    assert_same(simulate(people, proposed(law, own), 2019), together, 1)


def shuffled(people, order):
    """The same users in another order."""
    users = {name: [hours[order] for hours in arrays(given)] for name, given in people.users.items()}
    users = {name: given if len(given) > 1 else given[0] for name, given in users.items()}
    return replace(people, unit_of_user=people.unit_of_user[order], users=users)


@settings(max_examples=25, deadline=None)
@given(people=populations(most_users=40), seed=st.integers(0, 1000))
def test_no_order_of_users_shows_in_the_sums(people, seed):
    order = numpy.random.default_rng(seed).permutation(len(people.unit_of_user))
    law = regelverk(lesninger=["lesning_t15_faktisk_bruker"])
    sums, others = (sums_of_units(each, law, 2019) for each in (people, shuffled(people, order)))
    assert sums.keys() == others.keys()
    assert all(values.tobytes() == others[key].tobytes() for key, values in sums.items())


def test_hours_that_floats_add_up_in_different_ways_are_summed_exactly(monkeypatch):
    """0.1 + 0.2 + 0.3 is 0.6000000000000001 from the left and 0.6 from the right."""
    people = simulate({"enhet": ["A"] * 3, "vurdert_timer_per_uke": [0.1, 0.2, 0.3]}, LAW, 2019).population
    found = []
    for block, order in ((3, [0, 1, 2]), (1, [2, 1, 0]), (2, [1, 0, 2])):
        monkeypatch.setattr(groups, "BLOCK", block)
        sums = sums_of_units(shuffled(people, order), LAW, 2019)
        found.append(sums["hours_by_category", months(year_period(2019))[0]].tobytes())
    assert len(set(found)) == 1
    # Each is rounded to 2^-44: the integers that they are, added up.
    expected = sum(round(hours * 2**44) for hours in (0.1, 0.2, 0.3)) / 2**44
    assert exact.rounded(numpy.frombuffer(found[0]).reshape(-1, 2))[1] == expected


def test_draws_run_together_and_apart_give_the_same_bits():
    people = embedded.published(2019)
    numbers = {"tid.uker_per_aar": numpy.linspace(51, 53, 7), "befolkning.spredning": numpy.linspace(1, 2, 7)}
    together = sums_of_units(people, LAW, 2019, numbers)
    parts = [{name: values[start : start + 3] for name, values in numbers.items()} for start in (0, 3, 6)]
    apart = joined([sums_of_units(people, LAW, 2019, part) for part in parts])
    assert all(values.tobytes() == apart[key].tobytes() for key, values in together.items())
