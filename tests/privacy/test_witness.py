"""Every small count has a witness: another population, of which the same is published."""

import numpy
import pytest

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.privacy.exchanges import users_of
from openfisca_bergen_hbt.privacy.public import STEPS, NotPublicError
from openfisca_bergen_hbt.privacy.witness import Shown, Witnesses
from tests.fuzz import CASES
from tests.privacy.random_users import exchanged, random_people

#: So many populations: 100 in the nightly form.
POPULATIONS = range(100) if CASES > 1000 else (0, 1, 2, 4)
#: How many witnesses of each are run, where there are few populations.
SOME = 12
LAWS = (["2019-06"], ["grunnregelverk", "2019-06"])


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
    people, laws = random_people(seed), LAWS[seed % 2]
    try:
        compared, figures = published(people, laws)
    except NotPublicError:  # a user over 80 hours whose hours no other unit can take: refused, and nothing published
        assert seed not in (0, 1, 2, 4)
        return
    witnesses = compared.published.witnesses
    assert not witnesses.lacking.any()
    assert compared.published.small == witnesses.small.any(axis=0).sum() > 0
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
        numpy.testing.assert_allclose(*(of.runs[-1].results.value("enhet_vedtakstimer") for of in (compared, second)))


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
