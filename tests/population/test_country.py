"""A made-up country: sizes through the published points, the same each time, and each etat with money of its own."""

import numpy
import pytest

from openfisca_bergen_hbt.population.country import country

#: Who got home services at the end of 2014, of the inhabitants on 1 January 2015 (Statistics Norway).
SHARE = 180_027 / 5_165_802


def users_by_etat(population):
    return numpy.bincount(population.agency_of_unit[population.unit_of_user])


def test_as_many_municipalities_are_large_as_in_norway_in_2020():
    users = users_by_etat(country(356))
    # more than 100 000, 50 000 and 25 000 inhabitants: 7, 19 and 44 (NPK, 9 January 2020)
    assert [int((users > size * SHARE).sum()) for size in (100_000, 50_000, 25_000)] == [7, 19, 44]
    assert abs(int((users < 1_000 * SHARE).sum()) - 21) <= 1  # whole users: 34.8 is no number of them
    assert users.max() == round(680_000 * SHARE)
    assert users.min() == round(200 * SHARE)


def test_fewer_municipalities_have_sizes_of_the_same_kind():
    users = users_by_etat(country(89))  # a quarter of 356
    assert abs(int((users > 25_000 * SHARE).sum()) - 44 / 4) <= 1


def test_the_scale_multiplies_the_users_and_their_money_and_leaves_the_units():
    one, three = country(40), country(40, 3)
    assert users_by_etat(three).tolist() == (3 * users_by_etat(one)).tolist()
    assert three.unit_names == one.unit_names
    grants = [population.agencies["etat_tillitsreform_styrking"] for population in (one, three)]
    # 14 million went to the 4 019 users of Bergen in 2019
    assert grants[1] == pytest.approx(users_by_etat(three) * 14_000_000 / 4_019, abs=0.5)
    assert abs(grants[1] - 3 * grants[0]).max() <= 2


def test_it_is_the_same_each_time_and_says_what_it_is():
    first, again = country(30), country(30)
    for name, values in first.users.items():
        assert values.tobytes() == again.users[name].tobytes()
    assert first.agency_names[:2] == ["Kommune 001", "Kommune 002"]
    assert first.unit_names[0] == "Kommune 001 enhet 001"
    assert first.synthetic
    assert "Oppdiktet" in first.description


def test_hours_are_those_of_a_week_and_units_have_about_sixty_users():
    population = country(356)
    hours = population.users["vurdert_timer_per_uke"]
    assert 0 < hours.min() <= hours.max() <= 168
    # Bergen's mean in 2019, 1 101 101 / 4 019 / 52 hours a week, less what lies beyond 168 hours
    assert hours.mean() == pytest.approx(1_101_101 / 4_019 / 52, rel=0.1)
    users = numpy.bincount(population.unit_of_user, minlength=len(population.unit_names))
    assert 0 < users.min() <= users.max() <= 60
    assert len(users) == sum(-(-number // 60) for number in users_by_etat(population))


def test_more_than_the_memory_holds_is_refused_with_what_can_be_had():
    with pytest.raises(ValueError, match=r"give --scale 100 at most"):
        country(356, 1000)
