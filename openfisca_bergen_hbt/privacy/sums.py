"""Sums of hours, and the kroner made of them, that few users make: held back with what they follow from.

Two sets go each together, in all months and under all regulations alike, so that no month and no year gives another
back: what all hours of a unit come to; and what its users below and over 80 hours come to apart, with the pots that the
unit is paid from. What a unit is given is the sum of the pots: it is shown where they are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy

from openfisca_bergen_hbt.privacy.blocks import Blocks, Mask, Measure
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.few import ALL, BELOW_80, ENOUGH, OVER_80
from openfisca_bergen_hbt.rules.stages.sums import counts, hours_by_category, sums_made_by_few
from openfisca_bergen_hbt.simulate import Results

#: So many users at least make what is shown.
LEAST_MAKING = 3
#: Of a unit: what all its hours give, alone or with the pots.
OF_ALL_HOURS = (
    "enhet_vedtakstimer",
    "enhet_aktivitetsbasert_inntekt",
    "enhet_underdekning",
    "enhet_samlet_tildeling",
    "enhet_tildeling_per_bruker",
    "enhet_tildeling_per_time",
)
#: What no user has a part in.
OF_NO_USER = (
    "enhet_kjoeretid_per_uke",
    "enhet_avstandstilskudd",
    "enhet_etatsdirektoer_omfordeling",
    "enhet_overfoert_fra_i_fjor",
    "etat_budsjettramme",
    "etat_tillitsreform_styrking",
    "etat_disponibel_ramme",
    "etat_tilleggsbevilgning",
    "etat_ramme_i_alt",
    "etat_avstandspott",
    "etat_sentral_reserve",
    "etat_ramme_til_fordeling",
)
#: Of an etat: what tells the users below and over 80 hours apart.
PARTS_OF_ETAT = (
    "etat_pott_over_80",
    "etat_kategoripott",
    "etat_rest_pott_over_80",
    "etat_udekket_over_80",
    "etat_udekket_over_80_i_aaret",
)
#: The units of figures that are made of hours.
MADE_OF_HOURS = ("kr", "kr_med_desimaler", "kr_per_bruker", "kr_per_time", "timer_per_aar", "timer_per_uke")


class Levels(NamedTuple):
    """What is held back: of units, of areas and etater, and of all; of an etat's own figures, and their sum."""

    units: Mask
    areas: Mask
    etater: Mask
    total: Mask
    own: Mask
    own_total: Mask

    def at(self, entity: str, level: str) -> Mask:
        """Return what is held back at a level (``sum``: of all) of the figures of units, or of etater."""
        if entity == "etat":
            return {"etat": self.own, "sum": self.own_total}[level]
        return {"enhet": self.units, "byomraade": self.areas, "etat": self.etater, "sum": self.total}[level]


class HeldSums(NamedTuple):
    """What is held back of sums that few users make."""

    #: Of what all hours give, and of what tells the users below and over 80 hours apart.
    hours: Levels
    parts: Levels

    def mask(self, variable: Any, level: str) -> Mask | None:
        """Return which of a variable's figures are held back at a level; None for one that no hours make."""
        entity, name = variable.entity.key, variable.name
        if entity not in ("enhet", "etat") or variable.unit not in MADE_OF_HOURS or name in OF_NO_USER:
            return None
        if entity == "etat":
            return (self.parts if name in PARTS_OF_ETAT else self.hours).at(entity, level)
        return (self.hours if name in OF_ALL_HOURS else self.parts).at(entity, level)


def held_sums(runs: Sequence[Results]) -> HeldSums:
    """Return which sums to hold back, the same ones in every run of a population."""
    alone = list({id(run.simulation): run for run in runs}.values())
    seen = [[_Month(run, number) for number in range(1, 13)] for run in alone]
    home = numpy.logical_and.reduce([run.value("enhet_i_hjemmetjenestene") for run in alone])
    tree = _Tree(alone[0], home)
    hours = tree.levels([_measure(seen, [ALL]), _differing(seen, _who_differ)])
    parts = [_measure(seen, [kind]) for kind in (BELOW_80, OVER_80)]
    return HeldSums(hours, tree.levels([*parts, _differing(seen, _who_pass_80)], hours))


class _Month:
    """A month of a run: its units' sums, and its users where they are known."""

    def __init__(self, run: Results, number: int) -> None:
        units, month = run.simulation.enhet, months(run.period)[number - 1]
        self.by_category, self.made_by_few = hours_by_category(units, month), sums_made_by_few(units, month)
        self.counts = counts(units, month)
        people = run.population
        self.unit_of_user, self.units = people.unit_of_user, len(people.unit_names)
        self.users: tuple[FloatArray, FloatArray] | None = None
        if not people.in_parts:
            category = run.value("loepende_kategori", number).view(numpy.ndarray)
            self.users = run.value("timer_per_uke", number), category

    def sums(self, kind: int) -> FloatArray:
        below = self.by_category[:, :-1].sum(axis=1)
        found: FloatArray = (below + self.by_category[:, -1], below, self.by_category[:, -1])[kind]
        return found


def _measure(seen: Sequence[Sequence[_Month]], kinds: Sequence[int]) -> Measure:
    """Return sums of hours a week of all months that differ, and where few users make them."""
    found = {id(month.by_category): month for of_run in seen for month in of_run}.values()
    sums = numpy.stack([month.sums(kind) for month in found for kind in kinds])
    few = numpy.stack([month.made_by_few[:, kind] > 0 for month in found for kind in kinds])
    return Measure(sums, few & (sums < ENOUGH), ENOUGH)


def _differing(seen: Sequence[Sequence[_Month]], who: Callable[[_Month, _Month], Any]) -> Measure:
    """Return how many users of each unit make what differs between two runs, in all months that differ."""
    pairs = {
        (id(one.by_category), id(other.by_category)): (one, other)
        for of_one, of_other in combinations(seen, 2)
        for one, other in zip(of_one, of_other, strict=True)
    }
    differ = [who(one, other) for one, other in pairs.values()]
    sums = numpy.stack(differ).astype(numpy.float64) if differ else numpy.zeros((0, seen[0][0].units))
    return Measure(sums, (sums > 0) & (sums < LEAST_MAKING), LEAST_MAKING)


def _who_differ(one: _Month, other: _Month) -> Any:
    """Count the users of each unit who have other hours in one run; of users who are read in parts it is not known."""
    if one.users is None or other.users is None:
        return numpy.zeros(one.units)
    return numpy.bincount(one.unit_of_user[one.users[0] != other.users[0]], minlength=one.units)


def _who_pass_80(one: _Month, other: _Month) -> Any:
    """Count the users of each unit who are over 80 hours in one run alone; of users in parts, how many more."""
    if one.users is None or other.users is None:
        return numpy.abs(one.counts[:, -1] - other.counts[:, -1])
    over = [users[1] == Kategori.KATEGORI_6.index for users in (one.users, other.users)]
    return numpy.bincount(one.unit_of_user[over[0] != over[1]], minlength=one.units)


class _Tree:
    """The units of home care in their areas and etater, whose sums are shown; and beside them those of other services.

    The latter are in no sum of their etat's own, and are held back with every sum of units that has a part of theirs.
    """

    def __init__(self, run: Results, home: Mask) -> None:
        people, self.home = run.population, home
        units, etater = len(people.unit_names), numpy.asarray(people.agency_of_unit)
        self.areas = None if people.area_of_unit is None else numpy.asarray(people.area_of_unit)
        self.etater = etater
        groups = [etater, numpy.zeros(units, dtype=numpy.intp)]
        self.sizes = (0 if self.areas is None else len(people.area_names), len(people.agency_names))
        #: Areas that lie in one etat each; others are held back with any unit of theirs.
        self.nested: Mask = numpy.zeros(self.sizes[0], dtype=bool)
        if self.areas is not None:
            first = numpy.full(self.sizes[0], len(people.agency_names))
            numpy.minimum.at(first, self.areas[self.areas >= 0], etater[self.areas >= 0])
            crossing = (self.areas >= 0) & (first[self.areas] != etater)
            self.nested = ~numpy.isin(numpy.arange(self.sizes[0]), self.areas[crossing])
            alone = self.sizes[0] + etater  # units of one etat without an area, or in one that crosses
            inside = (self.areas >= 0) & self.nested[self.areas]
            groups.insert(0, numpy.where(inside, self.areas, alone))
        self.groups = groups

    def levels(self, measures: Sequence[Measure], also: Levels | None = None) -> Levels:
        """Return what is held back of sums that are held back together, and of those that others hold back anyway."""
        of_home = [Measure(one.sums * self.home, one.few & self.home, one.enough) for one in measures]
        held: list[Mask] = []
        if also is not None:
            areas = numpy.zeros(int(self.groups[0].max(initial=-1)) + 1, dtype=bool)
            areas[: len(also.areas)] = also.areas
            held = [also.units & self.home, *([areas] if self.areas is not None else []), also.own, also.own_total]
        found = Blocks(self.groups, of_home, held).run()
        units = found[0].copy()
        for one in measures:
            units |= (one.few & ~self.home).any(axis=0)
        if also is not None:
            units |= also.units
        apart = units & ~self.home
        etater, total = found[-2].copy(), found[-1].copy()
        etater[self.etater[apart]] = True
        total |= apart.any()
        areas = numpy.zeros(self.sizes[0], dtype=bool)
        if self.areas is not None:
            areas[:] = found[1][: self.sizes[0]]
            inside = self.areas >= 0
            areas[self.areas[inside & apart]] = True
            areas[self.areas[inside & units & ~self.nested[self.areas]]] = True
        return Levels(units, areas, etater, total, found[-2], found[-1])
