"""Accounts beside the model: what a unit's cost deviates from its frame by, split in volume, mix and the rest.

A is the cost of a month, B its frame: the month's parts of what a unit is given, and a twelfth of its parts of the
year.
With n users with hours in the month and p̄ points each, n₀ and p̄₀ in the month whose shares hold:

* volume: (n - n₀) · B / n₀
* mix: n · (p̄ - p̄₀) · B / (n₀ · p̄₀)
* price, time and other: what is left of A - B.

Each is rounded to whole kroner; where n₀ or p̄₀ is 0, all is the rest. The sum of all is that of the units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.flows.counting import MONTHS, NONE
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import LEAST, HeldBack
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _

#: What a unit is given in a month, and in a year.
MONTHLY = ("enhet_maanedsramme", "enhet_tildeling_over_80", "enhet_tilleggsramme")
YEARLY = (
    "enhet_avstandstilskudd",
    "enhet_reservekompensasjon",
    "enhet_etatsdirektoer_omfordeling",
    "enhet_reserve_ved_aarets_slutt",
    "enhet_overfoert_fra_i_fjor",
)
#: Kroner by unit, and by month as ``2021-03``.
Kroner = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Split:
    """A frame, a cost, and the parts of what it deviates by, in kroner; None for what is held back."""

    frame: int | None
    cost: int
    deviation: int | None
    volume: int | None
    mix: int | None
    rest: int | None


@dataclass(frozen=True)
class Accounts:
    """The split by month and of the months so far, by unit and of all."""

    months: int
    by_month: list[dict[str, Split]]
    so_far: dict[str, Split]
    all_by_month: list[Split]
    all_so_far: Split


def cost_by_month(kroner: Kroner, units: Sequence[str], year: int, given: int) -> FloatArray:
    """Return the cost of each unit in each month from January on, shape (months, units).

    Raises:
        ValueError: an unknown unit, a month of another year or beyond those given, or a unit without an amount.
    """
    months = sorted({month for by_month in kroner.values() for month in by_month})
    known = [f"{year}-{month:02}" for month in range(1, MONTHS + 1)]
    for unit in kroner:
        names.position(units, unit, names.NO_UNIT)
    for month in months:
        if month not in known[:given]:
            message = _("The accounts have {month}, and the users' months that are given go from {first} to {last}.")
            raise ValueError(message.format(month=month[:20], first=known[0], last=known[given - 1]))
    if not months:
        raise ValueError(_("The accounts are empty: give an amount for each unit and month."))
    wanted = known[: known.index(months[-1]) + 1]
    for unit in units:
        for month in wanted:
            if month not in kroner.get(unit, {}):
                message = _("The accounts have no amount for {unit} in {month}. Give one, 0 for none.")
                raise ValueError(message.format(unit=unit, month=month))
    return numpy.array([[float(kroner[unit][month]) for unit in units] for month in wanted])


def frame_by_month(results: Results) -> FloatArray:
    """Return each unit's frame of each month, shape (12, units): together what the unit is given in the year."""
    of_year: Any = sum(results.value(name).astype(numpy.float64) for name in YEARLY)
    so_far = [krone(of_year * month / MONTHS) for month in range(MONTHS + 1)]
    found: FloatArray = sum(results.by_month(name) for name in MONTHLY) + numpy.diff(so_far, axis=0)
    return found


def accounts(
    results: Results, people: Population, counts: Sequence[Any], cost: FloatArray, held: HeldBack | None
) -> Accounts:
    """Return the split of costs.

    Args:
        results: the year under the regulation.
        people: whose results they are.
        counts: users by unit and category in each month.
        cost: as ``cost_by_month`` returns it.
        held: what is held back of the units' users.
    """
    months = len(cost)
    frame = frame_by_month(results)[:months]
    users = numpy.stack([of[:, NONE + 1 :].sum(axis=1) for of in counts]).astype(numpy.float64)
    points = results.by_month("enhet_kategoripoeng")
    since = _months_that_hold(results.by_month("etat_vesentlig_endring"))[:, people.agency_of_unit]
    before, points_before = (numpy.take_along_axis(of, since, axis=0)[:months] for of in (users, points))
    volume, mix = split(frame, users[:months], points[:months], before, points_before)
    parts = numpy.stack([frame, cost, cost - frame, volume, mix, cost - frame - volume - mix])
    hidden, hides_all = _hidden(users, held)
    frames, hides_frame = _hidden_frames(held, len(people.unit_names))
    so_far = parts.sum(axis=1)
    unit_names = list(people.unit_names)
    return Accounts(
        months,
        [_by_unit(parts[:, month], unit_names, hidden, frames) for month in range(months)],
        _by_unit(so_far, unit_names, hidden, frames),
        [_split(parts[:, month].sum(axis=1), hides=hides_all, hides_frame=hides_frame) for month in range(months)],
        _split(so_far.sum(axis=1), hides=hides_all, hides_frame=hides_frame),
    )


def split(
    frame: FloatArray, users: FloatArray, points: FloatArray, users_before: FloatArray, points_before: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the kroner of volume and of mix that users and their points make of a frame."""
    known = (users_before > 0) & (points_before > 0)
    n, p = numpy.where(known, users_before, 1.0), numpy.where(known, points_before, 1.0)
    volume = krone((users - n) * frame / n)
    mix = krone((points - users * p / n) * frame / p)  # n₀ · p̄₀ are the points, and n · p̄ those of the month
    return numpy.where(known, volume, 0.0), numpy.where(known, mix, 0.0)


def _months_that_hold(material: NDArray[Any]) -> NDArray[numpy.intp]:
    """Return the month whose shares hold in each month, from 0, shape (12, etater)."""
    found = numpy.zeros(material.shape, dtype=numpy.intp)
    for month in range(1, MONTHS):
        found[month] = numpy.where(material[month - 1], month - 1, found[month - 1])
    return found


def _hidden(users: FloatArray, held: HeldBack | None) -> tuple[NDArray[numpy.bool_], bool]:
    """Return the units whose parts are held back, and whether those of all are: parts tell how many users there are."""
    few = ((users > 0) & (users < LEAST)).any(axis=0)
    if held is None:
        return numpy.zeros_like(few), False
    hidden = few | held.units[:, -1]
    return hidden, bool(hidden.sum() == 1 or held.total[-1])


def _hidden_frames(held: HeldBack | None, units: int) -> tuple[NDArray[numpy.bool_], bool]:
    """Return the units whose frames are held back, and whether that of all is: with months they tell claims apart."""
    if held is None:
        return numpy.zeros(units, dtype=bool), False
    few = held.sums.parts
    return few.units, bool(few.total.any())


def _by_unit(
    parts: FloatArray, unit_names: Sequence[str], hidden: NDArray[numpy.bool_], frames: NDArray[numpy.bool_]
) -> dict[str, Split]:
    held = zip(unit_names, hidden.tolist(), frames.tolist(), strict=True)
    return {
        name: _split(parts[:, place], hides=hides, hides_frame=hides_frame)
        for place, (name, hides, hides_frame) in enumerate(held)
    }


def _split(amounts: FloatArray, *, hides: bool, hides_frame: bool) -> Split:
    frame, cost, deviation, *parts = map(int, amounts)
    volume, mix, rest = [None] * len(parts) if hides or hides_frame else parts
    if hides_frame:
        return Split(None, cost, None, volume, mix, rest)
    return Split(frame, cost, deviation, volume, mix, rest)
