"""What can be published of own data: amounts rounded so far that every small count has a witness.

Of a unit its users and what it is given in the year; of an etat its sums. All are rounded to the finest step at which
every count of 1 to 4 users has a witness (``witness``). A unit for which no step helps, one with 1 to 4 users, and one
whose hours few users make, is shown together with the smallest other one of its area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.exchanges import Users, alikes, users_of
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.privacy.trial import is_borne_out
from openfisca_bergen_hbt.privacy.witness import Shown, Witnesses, rounded
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, sum_by
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.few import ALL, ENOUGH
from openfisca_bergen_hbt.rules.stages.sums import hours_by_category, sums_made_by_few
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text.language import _, marked

#: What amounts are rounded to, in kroner: the finest that will do.
STEPS = (50_000, 100_000, 200_000, 500_000, 1_000_000)
#: What a unit is given, and the users that it has; what an etat has, which is nobody's secret.
GIVEN, USERS, FRAME = "enhet_samlet_tildeling", "enhet_antall_brukere", "etat_ramme_i_alt"
#: The sums of an etat that are rounded as the units' amounts are; the last is what closes to the frame with them.
OF_ETAT = ("etat_aktivitetskostnad", "etat_merforbruk", "etat_samlet_tildeling", "etat_igjen_sentralt")
#: What rounding leaves: the frame less what units are given and what is left, as they are shown.
ROUNDING = "avrunding"


COUNTED_OTHERWISE = marked(
    "It can't be told whether these figures are safe: the regulations count hours or categories otherwise within the "
    "year, or from each other. Publish fewer regulations at a time."
)
PAID_OTHERWISE = marked(
    "It can't be told whether these figures are safe: a regulation pays otherwise than by points and hours. Leave out "
    "its readings, or publish other regulations."
)


class NotPublicError(ValueError):
    """Something that can't be published."""


@dataclass(frozen=True)
class Published:
    """How the figures of runs are published."""

    step: int
    #: The row that each unit is shown in.
    together: IndexArray
    #: What each row is called, and the etat that it lies in.
    names: Sequence[str]
    etat: IndexArray
    #: The witnesses of counts of 1 to 4 users; None where there are no categories.
    witnesses: Witnesses | None

    def given(self, run: Results) -> FloatArray:
        """Return what each row is given, rounded."""
        return rounded(sum_by(self.together, run.value(GIVEN), len(self.names)), self.step)

    def users(self, run: Results) -> FloatArray:
        """Return how many users each row has."""
        return sum_by(self.together, run.value(USERS), len(self.names))

    def of_etat(self, run: Results, name: str) -> FloatArray:
        """Return a sum of each etat, rounded."""
        return rounded(run.value(name).astype(numpy.float64), self.step)

    def rounding(self, run: Results) -> FloatArray:
        """Return what closes to each etat's frame, to the krone."""
        shown = sum_by(self.etat, self.given(run), len(run.population.agency_names))
        found: FloatArray = run.value(FRAME) - shown - self.of_etat(run, "etat_igjen_sentralt")
        return found

    def shown(self, run: Results) -> list[FloatArray]:
        """Return all that is shown of a run."""
        return [self.users(run), self.given(run), self.rounding(run), *(self.of_etat(run, name) for name in OF_ETAT)]

    def lost(self, runs: Sequence[Results]) -> tuple[float, float]:
        """Return how far a row may be off at the most, in kroner and as a share of what is shown.

        How far one is would tell an exact amount.
        """
        shown = numpy.concatenate([self.given(run) for run in runs])
        return self.step / 2, float((self.step / 2 / shown[shown > 0]).max(initial=0))


def published(runs: Sequence[Results], with_categories: Sequence[Results]) -> Published:
    """Return how the figures of some runs on one population can be published.

    Args:
        runs: all that are shown.
        with_categories: those whose regulations have the categories.

    Raises:
        NotPublicError: no rounding is enough, or it can't be told.
    """
    users = users_of(with_categories)
    if with_categories and users is None:
        raise NotPublicError(_(COUNTED_OTHERWISE))
    rows = _Rows(runs, by_hours=len(with_categories) < len(runs))
    while (few := rows.few()).any():
        rows.join(few)
    while users is not None:
        lacking = rows.lacking(_search(users, rows, STEPS[-1]))
        if not lacking.any():
            break
        rows.join(lacking)
    for step in STEPS:
        found = None if users is None else _search(users, rows, step)
        if found is None or not found.lacking.any():
            break
    names, etat = rows.named()
    public = Published(step, rows.together, names, etat, found)
    if users and found and not runs[0].population.in_parts:
        exchanges = list({id(one): one for one in found.found.values()}.values())
        if not is_borne_out(users, exchanges, alikes(users, rows.together), public.shown):
            raise NotPublicError(_(PAID_OTHERWISE))
    return public


def _search(users: Users, rows: _Rows, step: int) -> Witnesses:
    given = [run.value(GIVEN) for run in users.runs]
    found = Witnesses(users, Shown(rows.together, given, step, hours=rows.by_hours))
    found.search()
    return found


class _Rows:
    """The rows that units are shown in: at first one each."""

    def __init__(self, runs: Sequence[Results], *, by_hours: bool) -> None:
        self.people, self.by_hours = runs[0].population, by_hours
        units = len(self.people.unit_names)
        self.together = numpy.arange(units)
        self.users = numpy.max([run.value(USERS) for run in runs], axis=0)
        self.least = numpy.min([run.value(USERS) for run in runs], axis=0)
        self.etat = numpy.asarray(self.people.agency_of_unit)
        area = self.people.area_of_unit
        self.area = numpy.full(units, -1) if area is None else numpy.asarray(area)
        alone = list({id(run.simulation): run for run in runs}.values())
        of_months = [(run.simulation.enhet, month) for run in alone for month in months(run.period)]
        distinct = {id(hours_by_category(*of)): of for of in of_months}.values()
        self.hours = numpy.stack([hours_by_category(*of).sum(axis=1) for of in distinct])
        self.made_by_few = numpy.stack([sums_made_by_few(*of)[:, ALL] > 0 for of in distinct])

    def _sum(self, values: Any) -> FloatArray:
        return sum_by(self.together, values, len(self.together))

    def few(self) -> Mask:
        """Return which rows have 1 to 4 users, or hours that few users make."""
        found: Mask = (self._sum(self.users) > 0) & (self._sum(self.least) < LEAST)
        for hours, few in zip(self.hours, self.made_by_few, strict=True):
            of_row = self._sum(hours)
            found |= (self._sum(few) > 0) & (of_row > 0) & (of_row < ENOUGH)
        return found

    def lacking(self, found: Witnesses) -> Mask:
        """Return which rows have a unit with a small count without a witness."""
        return self._sum(found.lacking.any(axis=(0, 2))) > 0

    def join(self, rows: Mask) -> None:
        """Show each of some rows together with the smallest other one of its area, or else of its etat.

        Raises:
            NotPublicError: there is no other one.
        """
        users = self._sum(self.users)
        for row in numpy.flatnonzero(rows)[numpy.argsort(users[rows], kind="stable")].tolist():
            mine = self.together == row
            if not mine.any():  # joined meanwhile
                continue
            in_etat = self.etat == self.etat[mine][0]
            for place in (in_etat & numpy.isin(self.area, self.area[mine]), in_etat):
                others = numpy.unique(self.together[place & ~mine & (self.users > 0)])
                if len(others):
                    break
            else:
                name = self.people.unit_names[int(numpy.flatnonzero(mine)[0])]
                raise NotPublicError(
                    _(
                        "The amounts of '{name}' can't be published: no rounding protects its few users, and there is "
                        "no other unit to show it together with."
                    ).format(name=name)
                )
            sizes = self._sum(self.users)[others]
            self.together[mine] = others[sizes.argmin()]

    def named(self) -> tuple[list[str], IndexArray]:
        """Number the rows in the order of their units, and return what they are called and where they lie."""
        order = dict.fromkeys(self.together.tolist())
        number = {row: place for place, row in enumerate(order)}
        self.together = numpy.array([number[row] for row in self.together.tolist()], dtype=numpy.intp)
        names: list[list[str]] = [[] for _row in order]
        etat = numpy.zeros(len(order), dtype=numpy.intp)
        for unit, row in enumerate(self.together.tolist()):
            names[row].append(self.people.unit_names[unit])
            etat[row] = self.etat[unit]
        return [" + ".join(of) for of in names], etat
