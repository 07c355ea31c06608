"""What is asked for, as versions; and the systems made for them: once, for all threads, and not without end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from openfisca_bergen_hbt.law import systems as module
from openfisca_bergen_hbt.law.proposals import Change, Proposal
from openfisca_bergen_hbt.law.systems import KEPT, SYSTEMS, Systems, runnable
from openfisca_bergen_hbt.law.versions import Version, asked_for, in_force, named, versions, with_proposals
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions, regulation_ids

LAST = decisions()[-1].id()
EARLIER = decisions()[-2].id()


def proposal(value, name="forslag", baseline=""):
    return Proposal(name, name, (Change("reserve.andel", date(2019, 1, 1), value),), baseline=baseline)


def ids(found):
    return [version.id for version in found]


def share(system):
    return system.get_parameters_at_instant("2019-01-01").reserve.andel


def test_without_names_all_regulations_are_meant():
    assert tuple(ids(asked_for())) == regulation_ids()
    assert asked_for()[-1] == in_force() == named(LAST)


def test_a_proposal_stands_after_what_it_builds_on():
    assert ids(asked_for(proposals=[proposal(0.03)])) == [LAST, "forslag"]
    assert ids(asked_for(["2019-06"], (), [proposal(0.03)])) == ["2019-06", "forslag"]
    assert ids(asked_for([LAST], (), [proposal(0.03, baseline=EARLIER)])) == [LAST, "forslag"]
    assert asked_for([LAST], (), [proposal(0.03, baseline=EARLIER)])[-1].decisions == decisions()[:-1]


def test_what_is_left_out_is_left_out_of_what_a_proposal_builds_on():
    base, changed = asked_for((), [LAST], [proposal(0.03)])
    assert base.id == EARLIER
    assert base.decisions == changed.decisions == decisions()[:-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["tull"],), "There is no regulation 'tull'"),
        (([LAST, LAST],), "is asked for twice"),
        (([LAST], [LAST]), "is asked for and left out at once"),
        (([], [], [proposal(0.03), proposal(0.04)]), "The proposal 'forslag' is given twice"),
        (([], [], [proposal(0.03, "a", LAST), proposal(0.04, "b", EARLIER)]), "and not on"),
    ],
)
def test_what_can_not_be_asked_for(arguments, message):
    with pytest.raises(ValueError, match=message):
        asked_for(*arguments)


def test_a_version_tells_what_it_was_asked_for_by():
    assert named("2019-06").day == date(2019, 6, 30)
    assert named("2019-06").last == "vedtak_2019_05_plan_hjemmeboende_eldre"
    assert (named(LAST).day, named(LAST).last) == (None, LAST)
    assert (named(FOUNDATION).day, named(FOUNDATION).last) == (None, FOUNDATION)
    assert with_proposals(named(LAST), [proposal(0.03, "2019_forslag")])[0].day is None


def test_a_system_is_made_once_upon_the_one_before():
    systems = Systems()
    made = systems.system(in_force())
    assert systems.system(named(LAST)) is made
    assert systems.system(named(EARLIER)) is made.baseline
    assert systems.foundation() is systems.system(versions()[0])
    assert len(systems.without_proposals()) == len(decisions()) + 1
    (changed,) = with_proposals(in_force(), [proposal(0.03)])
    assert share(systems.system(changed)) == 0.03
    assert systems.system(changed).baseline is made
    assert share(made) == 0.02


def test_systems_of_proposals_go_when_others_were_used_since():
    systems = Systems()
    first, second, *others = [
        with_proposals(named(FOUNDATION), [proposal(number / 100)])[0] for number in range(1, KEPT + 2)
    ]
    made = systems.system(first), systems.system(second)
    for version in others:
        systems.system(version)
        assert systems.system(first) is made[0]
    assert systems.system(second) is not made[1]
    assert len(systems.without_proposals()) == 1


def test_threads_share_what_one_of_them_makes(monkeypatch):
    made = []
    reform = module.ProposalReform
    monkeypatch.setattr(module, "ProposalReform", lambda *of: made.append(of) or reform(*of))
    systems = Systems()
    wanted = [with_proposals(in_force(), [proposal(0.03 + number / 100)])[0] for number in range(4)] * 8
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(systems.system, wanted))
    assert len(made) == 4
    assert all(one is other for one, other in zip(found, found[:4] * 8, strict=True))
    assert len(systems.without_proposals()) == len(decisions()) + 1


def test_systems_apart_keep_to_themselves():
    systems = Systems()
    foundation = systems.foundation()
    apart = systems.apart()
    assert apart.foundation() is foundation
    apart.system(in_force())
    assert systems.without_proposals() == [foundation]


def test_decisions_out_of_order_leave_nothing_behind():
    systems = Systems()
    with pytest.raises(ValueError, match="later"):
        systems.system(Version("x", decisions()[1::-1]))
    assert len(systems.without_proposals()) == 2  # the foundation, and the later decision on it


def test_all_can_be_run_on_an_embedded_population():
    assert runnable(versions(), published(2019), 2019) == (versions(), {})
    assert share(SYSTEMS.system(in_force())) == 0.02
