"""Largest remainder and rounding, on examples worked out by hand and against exact fractions."""

from fractions import Fraction

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.rules.money import krone, largest_remainder


def split(pot, weights):
    return largest_remainder(numpy.array([float(pot)]), numpy.array(weights, float), numpy.zeros(len(weights), int))


def test_krone_rounds_halves_upwards():
    assert krone(numpy.array([0.5, 1.5, 2.49, -0.5, -1.5])).tolist() == [1, 2, 2, 0, -1]
    assert krone(0.49999999999999994) == 0  # with a half added it is 1.0
    assert krone(2.0**53 - 1) == 2**53 - 1  # with a half added it is 2^53


@settings(max_examples=300)
@given(pot=st.integers(2**50, 2**53), weights=st.lists(st.integers(0, 4 * 10**6), min_size=1, max_size=12))
def test_the_greatest_pots_lose_no_krone(pot, weights):
    given = split(pot, [weight / 4 for weight in weights])
    assert given.sum() == (pot if any(weights) else 0)
    assert (given >= 0).all()
    for weight, part in zip(weights, given, strict=True):
        assert not any(weights) or abs(Fraction(part) - Fraction(pot * weight, sum(weights))) < 1 + len(weights)


def test_the_kroner_left_go_to_the_largest_fractions():
    assert split(10, [1, 1, 1]).tolist() == [4, 3, 3]  # 3.333 each: the first listed
    assert split(100, [0.2, 0.2, 0.6]).tolist() == [20, 20, 60]
    assert split(1001, [1, 2]).tolist() == [334, 667]  # 333.667, 667.333


def test_ties_go_to_the_larger_floor():
    assert split(2, [1, 3]).tolist() == [0, 2]  # 0.5 and 1.5: the larger floor, though listed last


def test_float_noise_decides_no_tie():
    # 0.1 + 0.2 is 0.30000000000000004; as weights, it and 0.3 are equal shares of a billion and one kroner
    assert split(1_000_000_001, [0.3, 0.1 + 0.2]).tolist() == [500_000_001, 500_000_000]
    # equal fractions of a thousandth at very different sizes: 0.5 and 10 000 000 000.5
    assert split(10_000_000_001, [0.5, 10_000_000_000.5]).tolist() == [0, 10_000_000_001]


def test_nothing_is_distributed_without_weights_or_without_a_pot():
    assert split(100, [0, 0]).tolist() == [0, 0]
    assert split(0, [1, 2]).tolist() == [0, 0]
    assert split(-5, [1, 2]).tolist() == [0, 0]
    assert split(7, []).tolist() == []


def test_who_has_no_weight_gets_nothing_even_of_what_is_left():
    given = split(1, [0] + [1] * 2500)  # quotas of 0.0004, which are 0.000 in thousandths
    assert given[0] == 0
    assert given.sum() == 1


def test_rounding_up_to_thousandths_never_pays_out_more_than_the_pot():
    # 3000 quotas of 0.9996 are 1.000 in thousandths: the floors would be 3000 kroner of 2998.8
    given = split(2999, [1] * 3000)
    assert given.sum() == 2999
    assert given.max() == 1


def test_each_group_by_itself_and_members_of_no_group_get_nothing():
    pots = numpy.array([10.0, 0.0, 5.0])
    weights = numpy.array([1.0, 1.0, 1.0, 1.0, 1.0])
    group = numpy.array([2, 0, -1, 1, 0])
    assert largest_remainder(pots, weights, group).tolist() == [5, 5, 0, 0, 5]


@settings(max_examples=300)
@given(
    pots=st.lists(st.integers(0, 10**12), min_size=1, max_size=4),
    members=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), max_size=40),
)
def test_the_parts_are_whole_close_to_the_quota_and_add_up(pots, members):
    group = numpy.array([number % len(pots) for number, _ in members], int)
    weights = numpy.array([weight / 4 for _, weight in members])
    given = largest_remainder(numpy.array(pots, float), weights, group)
    assert (given == numpy.floor(given)).all()
    for index, pot in enumerate(pots):
        mine = [(Fraction(w), g) for w, g, of in zip(weights.tolist(), given, group, strict=True) if of == index]
        total = sum(weight for weight, _ in mine)
        assert sum(part for _, part in mine) == (pot if total else 0)
        for weight, part in mine:
            if total:
                assert abs(Fraction(part) - pot * weight / total) < 1 + Fraction(1, 1000)
