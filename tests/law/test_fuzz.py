"""Proposals at random, by every road: each is refused where it should be, or its numbers and kroner are right."""

from random import Random

import numpy
import pytest
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.law.proposals import (
    Change,
    Proposal,
    ProposalError,
    ProposalReform,
    checked,
    from_settings,
    read_proposal,
)
from openfisca_bergen_hbt.rules.derived import leaf
from openfisca_bergen_hbt.simulate import simulate
from tests.fuzz import CASES
from tests.law.written import FRAME, NUMBERS, PRICE, Model, allowed, drawn

#: The cases are tried in so many tests, so that a run tells how far it is.
BLOCKS = 10
HOURS = numpy.tile([0.5, 1.5, 6.0, 14.5, 20.0, 29.99, 80.0, 90.0], (12, 1))
HOURS[6:, 0] = 85  # one passes 80 hours in July
USERS = {"enhet": list("ABCABCAB"), "vurdert_timer_per_uke": HOURS}
UNITS = {"A": {"enhet_kjoeretid_per_uke": 3}, "C": {"enhet_kjoeretid_per_uke": 4}}
HEAD = "title: Prøve\nbaseline: vedtak_2021_06_statusrapport\nchanges:\n"


def proposed(random, number, changes, system, folder):
    """Return changes as a proposal that has come by one of the roads."""
    road = random.choice(("file", "set", "struct"))
    if road == "set" and not any(change.stop for change in changes):
        ways = [random.choice(("plain", "comma", "grouped", "percent")) for _ in changes]
        return from_settings([c.as_set(way) for c, way in zip(changes, ways, strict=True)], system, None)
    if road == "file":
        path = folder / f"p{number}.yaml"
        path.write_text(HEAD + "".join(change.in_file() for change in changes), encoding="utf-8")
        return read_proposal(path, system)
    structs = tuple(Change(change.parameter, change.start, change.value, change.stop) for change in changes)
    return checked(Proposal(f"p{number}", "Prøve", structs), system)


def outcome(system, year):
    """Return what each unit gets, or why nothing can be computed."""
    try:
        results = simulate(USERS, system, year, units=UNITS)
        given = results.value("enhet_samlet_tildeling").tolist()
        rest = [results.value(f"etat_{name}")[0] for name in ("reserve_saldo", "ufordelt")]
        rest.append(results.value("etat_rest_pott_over_80", 12)[0])
        assert sum(given) + sum(rest) == results.value("etat_ramme_i_alt")[0], (given, rest)
        assert all(amount == numpy.floor(amount) for amount in (*given, *rest))
    except SituationParsingError as error:
        return str(error)
    return given, rest


def clean(law, model):
    """Return the law with the model's numbers, a change for each day on which any of them begins."""
    found = law
    for name, (first, *_) in NUMBERS.items():
        if name not in (FRAME, PRICE) and all(change.parameter != name for change in model.painted):
            continue
        days = [day for day in model.days() if day.year >= first]
        changes = tuple(Change(name, day, model.value(name, day)) for day in days)
        found = _painted(found, changes)
    return found


class _Painted(ProposalReform):
    def apply(self):
        self.open_api_config = self.baseline.open_api_config
        self.modify_parameters(self._set)

    def _set(self, parameters):
        for change in self.proposal.changes:
            leaf(parameters, change.parameter).update(start=change.start.isoformat(), value=change.value)
        return parameters


def _painted(system, changes):
    return _Painted(system, Proposal("ren", "Ren", changes))


def try_one(random, law, folder):
    given, system, model = drawn(random), law, Model()
    for number, changes in enumerate(given):
        model = model.with_proposal(changes)
        right = allowed(changes) and model.in_order()
        if not right:
            with pytest.raises(ProposalError, match=r"^.+: ."):  # a place, and what is wrong
                proposed(random, number, changes, system, folder)
            return False
        system = ProposalReform(system, proposed(random, number, changes, system, folder))
    for name in NUMBERS:
        for day in model.days():
            assert leaf(system.parameters, name).get_at_instant(day.isoformat()) == model.value(name, day), (
                given,
                name,
            )
    year = random.choice((2018, 2019, 2020))
    assert outcome(system, year) == outcome(clean(law, model), year), given
    return True


@pytest.mark.fuzz
@pytest.mark.parametrize("block", range(BLOCKS))
def test_proposals_at_random(law, tmp_path, block):
    taken = 0
    for case in range(block, CASES, BLOCKS):
        try:
            taken += try_one(Random(f"forslag {case}"), law, tmp_path)  # noqa: S311 (no secret)
        except Exception as error:
            raise AssertionError(f"case {case}") from error  # which a run of it alone then shows
    assert 0 < taken < CASES / BLOCKS
