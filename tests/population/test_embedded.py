"""The embedded populations: exactly the published figures, deterministic, and synthetic wherever they show."""

import hashlib
from itertools import pairwise

import numpy
import pytest
from scipy import optimize, stats

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.population.embedded import moving, published, spread_hours
from openfisca_bergen_hbt.simulate import simulate

PUBLISHED = {  # decision hours, users and visits by area, from the slides of 4 June 2020
    "Arna Åsane": [(223_355, 902, 532_111), (252_668, 950, 564_806), (235_116, 971, 557_290)],
    "Bergenhus": [(152_227, 599, 302_914), (141_165, 572, 299_675), (177_135, 578, 320_134)],
    "Fana Ytrebygda": [(226_680, 802, 289_793), (245_342, 783, 314_944), (255_092, 864, 341_775)],
    "Fyllingsdalen": [(109_368, 455, 257_337), (120_985, 426, 256_846), (137_560, 444, 261_259)],
    "Laksevåg": [(130_745, 531, 299_310), (135_217, 531, 273_877), (139_441, 539, 224_943)],
    "Årstad": [(150_897, 648, 366_123), (151_944, 632, 368_758), (156_757, 623, 361_518)],
}


def test_the_shipped_figures_are_the_published_ones_with_their_source():
    shipped = {}
    for row in data.rows("byomraader"):
        assert "04.06.2020" in row["kilde"]
        figures = tuple(int(row[column]) for column in ("vedtakstimer", "brukere", "besoek"))
        shipped.setdefault(row["byomraade"], []).append(figures)
    assert shipped == PUBLISHED


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_the_areas_have_exactly_the_published_users_hours_and_visits(year):
    population = published(year)
    assert list(population.unit_names) == list(PUBLISHED)
    hours, visits = population.users["vurdert_timer_per_uke"], population.users["besoek_per_uke"]
    for index, figures in enumerate(PUBLISHED.values()):
        mine = population.unit_of_user == index
        expected_hours, expected_users, expected_visits = figures[year - 2017]
        assert mine.sum() == expected_users
        assert hours[mine].sum() * 52 == pytest.approx(expected_hours, rel=1e-13)
        assert visits[mine].sum() * 52 == pytest.approx(expected_visits, rel=1e-13)
    assert hours.min() > 0
    assert hours.max() <= 168


def test_the_hours_are_quantiles_of_a_truncated_lognormal():
    users, hours, sigma = 578, 177_135 / 52, 1.5
    ranks = (numpy.arange(1, users + 1) - 0.5) / users

    def quantiles(location):
        within = stats.lognorm.cdf(168, sigma, scale=numpy.exp(location))
        return stats.lognorm.ppf(ranks * within, sigma, scale=numpy.exp(location))

    location = optimize.brentq(lambda x: quantiles(x).sum() - hours, -5, 5, xtol=1e-14)
    numpy.testing.assert_allclose(spread_hours(users, hours, 1.5), quantiles(location), rtol=1e-9)


def test_the_foundation_gives_back_the_hours_of_2017(foundation):
    results = simulate(published(2017), foundation, 2017)
    expected = [figures[0][0] for figures in PUBLISHED.values()]
    numpy.testing.assert_allclose(results.value("enhet_vedtakstimer"), expected, rtol=1e-12)


def test_norm_times_kept_means_the_time_per_visit_of_2017(foundation):
    results = simulate(published(2019), foundation, 2019)
    expected = [figures[2][2] * figures[0][0] / figures[0][2] for figures in PUBLISHED.values()]
    numpy.testing.assert_allclose(results.value("enhet_vedtakstimer"), expected, rtol=1e-12)


def test_what_to_expect_of_2019(law, foundation):
    in_force = simulate(published(2019), law, 2019)
    assert in_force.value("etat_aktivitetskostnad").tolist() == [1_087_471_161]
    over_frame = in_force.value("etat_aktivitetskostnad") - in_force.value("etat_disponibel_ramme")
    assert over_frame[0] == pytest.approx(51_784_341, abs=50)
    assert in_force.value("etat_merforbruk").tolist() == over_frame.tolist()
    assert simulate(published(2019), foundation, 2019).value("etat_aktivitetskostnad").tolist() == [1_007_808_175]
    assert not in_force.by_month("etat_vesentlig_endring").any()
    assert not in_force.value("enhet_avstandstilskudd").any()
    assert in_force.value("etat_reserve_saldo")[0] == pytest.approx(20.7e6, rel=0.002)


def test_midpoints_lie_above_the_means_in_categories_2_and_5(law):
    hours = published(2019).users["vurdert_timer_per_uke"]
    assert hours[(hours >= 1.5) & (hours < 7.5)].mean() < 4.5
    assert hours[(hours >= 30) & (hours < 80)].mean() < 55
    results = simulate(published(2019), law, 2019)
    per_hour = results.value("enhet_tildeling_per_time")
    per_user = [figures[2][0] / figures[2][1] for figures in PUBLISHED.values()]
    assert numpy.corrcoef(per_user, per_hour)[0, 1] < -0.5  # few hours a user, a little more per hour


def test_every_rule_fires_in_the_moving_example(law):
    results = simulate(moving(2019), law, 2019)
    for name in (
        "etat_avstandspott",
        "enhet_avstandstilskudd",
        "etat_sentral_reserve",
        "etat_pott_over_80",
        "enhet_urimelig_utslag",
        "enhet_reservekompensasjon",
        "enhet_etatsdirektoer_omfordeling",
    ):
        assert results.value(name).any(), name
    assert results.by_month("etat_udekket_over_80").any()
    assert results.by_month("etat_vesentlig_endring").sum() == 1
    assert (results.value("enhet_kategoriramme") != results.value("enhet_kategoritildeling")).all()
    assert (results.value("enhet_kjoeretid_per_uke") > 0).sum() == 2
    assert (results.value("enhet_etatsdirektoer_omfordeling") != 0).sum() == 1


def test_two_per_cent_of_the_users_change_each_month():
    months = moving(2019).users["vurdert_timer_per_uke"]
    for month, (before, after) in enumerate(pairwise(months), start=2):
        changed = (before != after).sum()
        if month != 6:  # when the needs of one area double
            assert changed <= round(0.02 * len(before))
            assert changed >= 0.8 * round(0.02 * len(before))
    gone = [(hours == 0) for hours in months]
    assert (gone[0] < gone[-1]).any()  # some leave
    assert ((gone[5]) & ~gone[-1]).any()  # some come back
    assert ((months[0] < 80) & (months[-1] >= 80)).any()  # some pass 80 hours
    sizes = numpy.bincount(moving(2019).unit_of_user)
    assert sizes.tolist() == [figures[2][1] for figures in PUBLISHED.values()]


@pytest.mark.parametrize("example", [published, moving])
def test_the_same_bits_every_time(example):
    def digest():
        spread_hours.cache_clear()
        months = example(2018).users["vurdert_timer_per_uke"]
        return hashlib.sha256(numpy.asarray(months).tobytes()).hexdigest()

    assert digest() == digest()


@pytest.mark.parametrize("example", [published, moving])
def test_it_says_that_it_is_synthetic(example):
    assert example(2019).synthetic
    assert "Syntetisk" in example(2019).description


def test_another_year_is_refused_with_the_right_ones():
    with pytest.raises(ValueError, match="2017, 2018, 2019, 2020, 2021, 2022"):
        published(2023)


def test_the_users_of_later_years_are_those_of_2019():
    for year in (2020, 2021, 2022):
        later = published(year)
        for name, values in published(2019).users.items():
            numpy.testing.assert_array_equal(later.users[name], values)
        assert not later.matches_published
        assert "ført videre uendret (T-25)" in later.description
