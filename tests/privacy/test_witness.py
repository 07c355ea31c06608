"""Every small count has a witness: another population, of which the same is published."""

from dataclasses import replace

import numpy
import pytest

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.law.versions import in_force, versions
from openfisca_bergen_hbt.privacy.exchanges import users_of
from openfisca_bergen_hbt.privacy.public import STEPS, NotPublicError
from openfisca_bergen_hbt.privacy.witness import Shown, Witnesses
from openfisca_bergen_hbt.regelverk import readings
from tests.fuzz import CASES
from tests.privacy.random_users import exchanged, moving_people, random_people, swapped

#: So many populations: 100 in the nightly form.
POPULATIONS = range(100) if CASES > 1000 else (0, 1, 2, 4)
#: How many witnesses of each are run, where there are few populations.
SOME = 12
LAWS = (["2019-06"], ["grunnregelverk", "2019-06"])
#: Readings by which what a unit is given does not follow from its points and its hours alone.
PAY_OTHERWISE = ("lesning_t04_gjennomsnitt", "lesning_t05_reserven_deles_ut", "lesning_t05_skjoenn")


def published(people, laws, like=None):
    """What is published of a population; rounded and joined as another one, where that is given."""
    compared = Comparison(people, 2019, versions(laws), public=like is None)
    compared.compute()
    if like is not None:
        compared.public, compared.published = True, like.published
    return compared, [(block[:5], block.shown()) for block in compared.blocks()]


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", POPULATIONS)
def test_each_witness_publishes_the_same(seed):
    each_witness_publishes_the_same(random_people(seed), LAWS[seed % 2])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_users_who_come_and_go_have_witnesses_too(seed):
    """Whose money is divided anew within the year, and each time by other points."""
    compared = each_witness_publishes_the_same(moving_people(seed), LAWS[0])
    assert compared.runs[0].results.by_month("etat_vesentlig_endring").any()
    assert len(compared.published.names) > 40


def each_witness_publishes_the_same(people, laws):
    compared, figures = published(people, laws)
    witnesses = compared.published.witnesses
    assert not witnesses.lacking.any()
    assert witnesses.small.any()
    before = witnesses.users.counts()
    every = list({id(one): one for one in witnesses.found.values()}.values())
    for (run, unit, category), exchange in witnesses.found.items():
        assert 1 <= before[run, unit, category] <= 4
        assert exchange.more @ witnesses.users.in_category[run][:, category] != 0
    for exchange in every if CASES > 1000 else every[:: len(every) // SOME + 1]:
        other = exchanged(people, witnesses.users, exchange)
        second, same = published(other, laws, compared)
        assert same == figures, (exchange, people.unit_names[exchange.unit])
        after = users_of([run.results for run in second.runs[-1:]]).counts()
        assert (after != before).any()
        by_unit = [of.runs[-1].results.value("enhet_vedtakstimer") for of in (compared, second)]
        numpy.testing.assert_allclose(*(of.sum() for of in by_unit))
        if len(laws) > 1:  # the other one pays by them
            numpy.testing.assert_allclose(*by_unit)
    for unit, category in numpy.argwhere(witnesses.safe.any(axis=0)).tolist():
        if (len(before) - 1, unit, category) not in witnesses.found:  # in whose row there is another unit like it
            together = compared.published.together
            alike = together == together[unit]
            other = swapped(
                people, unit, numpy.flatnonzero(alike & (before[-1, :, category] != before[-1, unit, category]))[0]
            )
            assert published(other, laws, compared)[1] == figures
    return compared


def read(law, id_):
    return [replace(law, readings=tuple(reading for reading in readings() if reading.id() == id_))]


@pytest.mark.parametrize("id_", [reading.id() for reading in readings()])
def test_a_reading_that_pays_otherwise_than_by_points_and_hours_is_found_out(id_):
    compared = Comparison(random_people(2), 2019, read(in_force(), id_), public=True)
    if id_ in PAY_OTHERWISE:
        with pytest.raises(NotPublicError, match="otherwise than by points and hours"):
            compared.compute()
        return
    compared.compute()
    users, law = compared.published.witnesses.users, compared.runs[0].version
    for exchange in list(compared.published.witnesses.found.values())[::25]:
        other = Comparison(exchanged(compared.population, users, exchange), 2019, [law])
        other.compute()
        assert all(
            map(numpy.array_equal, *(compared.published.shown(one.runs[0].results) for one in (compared, other)))
        )


@pytest.mark.parametrize(("seed", "law"), [(49, 0), (1, 1)])
def test_units_of_a_row_may_have_each_others_users(seed, law):
    """Where no exchange is a witness, as where the reserve is spent: then all users of two units are exchanged."""
    people = random_people(seed)
    compared, figures = published(people, LAWS[law])
    together = compared.published.together
    pairs = [(one, other) for one in range(len(together)) for other in range(one) if together[one] == together[other]]
    assert pairs
    for one, other in pairs:
        assert published(swapped(people, one, other), LAWS[law], compared)[1] == figures


def test_a_finer_step_has_fewer_witnesses_than_rounding_to_nothing():
    people = random_people(11)
    compared = Comparison(people, 2019, versions(["2019-06"]))
    compared.compute()
    users = users_of([run.results for run in compared.runs])
    given = [run.value(GIVEN) for run in users.runs]

    def lacking(step, together):
        return int(Witnesses(users, Shown(together, given, step)).search().sum())

    alone = numpy.arange(len(people.unit_names))
    exact, coarse = (lacking(step, alone) for step in (1, STEPS[-1]))
    assert exact > coarse
    assert lacking(1e12, numpy.zeros_like(alone)) <= coarse  # all in one row, rounded to nothing


def test_default_output_says_first_how_much_is_unsafe():
    from openfisca_bergen_hbt.report.subjects import compare

    compared = Comparison(random_people(3), 2019, versions(["2019-06"]))
    compared.compute()
    held, unsafe = compared.unsafe
    mask, counts = compared.held_back, compared.runs[0].results
    from openfisca_bergen_hbt.privacy.suppression import COUNTS

    shown = numpy.stack([counts.value(name) for name in COUNTS], axis=1)
    sums = mask.sums.hours.units.sum() + mask.sums.parts.units.sum()
    assert held == (mask.units & (shown > 0)).sum() + sums
    assert 0 < unsafe <= held
    assert compare.first_lines(compared)[0].startswith(f"{unsafe} av {held} tall som er holdt tilbake, er usikre")
    assert "--public" in compare.first_lines(compared)[0]
