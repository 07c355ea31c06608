"""What a forecast says of units and etater: amounts with bands, month by month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.asking import BAND
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.flows.counting import MONTHS
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.simulate import Results

#: Of an etat: what all units are given, what is left, what is left of the pool over 80 hours and of the reserve.
GIVEN_BY_ETAT = "etat_samlet_tildeling"
LEFT, POOL_LEFT, RESERVE_LEFT = "etat_igjen_sentralt", "etat_rest_pott_over_80", "etat_reserve_saldo"
OF_ETAT = (GIVEN_BY_ETAT, LEFT, POOL_LEFT, RESERVE_LEFT)
#: What the claims of twelve months, each rounded to whole kroner, can be beyond a pool that is just enough for them.
ROUNDING = MONTHS / 2


@dataclass(frozen=True)
class Spread:
    """An amount in kroner: on the expected path, and what nine of ten draws lie within; None where it is held back."""

    value: int | None
    low: int | None
    high: int | None


#: What stands in place of an amount that is held back.
NOT_SHOWN = Spread(None, None, None)


@dataclass(frozen=True)
class OfEtat:
    """What a forecast says of an etat; lists have a place for each month of the year."""

    given: Spread
    left: Spread
    #: The pool over 80 hours at first (None where it is held back), what is left of it, and what of the claims so far
    #: it could not pay.
    pool: int | None
    pool_left: list[Spread]
    uncovered: list[Spread]
    #: The month in which it first can't pay all (beyond rounding), on the expected path; and the share of draws in
    #: which it has, by month.
    runs_out: int | None
    has_run_out: list[float]
    #: The change in the mix of users on the expected path, None where it is held back, and what makes it material.
    change: list[float | None]
    threshold: float
    #: The months given in which a material change was seen; the share of draws in which the next is first seen, by
    #: month; and what it then moves between the units by the end of the year, None where no draw sees one.
    seen: list[int]
    next_seen: list[float]
    moves: Spread | None
    reserve: int
    reserve_left: Spread


class Course(NamedTuple):
    """A year's course on some paths; the first axis is that of the draws, the last that of units or etater."""

    given: FloatArray
    given_by_etat: FloatArray
    left: FloatArray
    pool: FloatArray
    reserve: FloatArray
    reserve_left: FloatArray
    #: With months as the second axis.
    pool_left: FloatArray
    uncovered: FloatArray
    change: FloatArray
    is_material: NDArray[numpy.bool_]
    #: What a change that is first seen after the months given moves.
    moves: FloatArray


def course(results: Results, draws: int, given: int) -> Course:
    """Return the course of a year on some paths, of which so many months are given."""
    people = results.population

    def yearly(name: str) -> FloatArray:
        return results.value(name).astype(numpy.float64).reshape(draws, -1)

    def monthly(name: str) -> FloatArray:
        return results.by_month(name).reshape(MONTHS, draws, -1).swapaxes(0, 1)

    shares = monthly("enhet_fordelingsandel")
    material = monthly("etat_vesentlig_endring").astype(bool)
    etat = people.agency_of_unit[: shares.shape[-1]]
    etater = material.shape[-1]
    kept = shares.copy()
    kept[:, given + 1 :] = shares[:, min(given, MONTHS - 1), None]  # those that hold after the last month given
    pot = yearly("etat_kategoripott")[:, etat]
    otherwise = pot * kept.sum(axis=1) / MONTHS
    moved = numpy.maximum(0, yearly("enhet_kategoriramme") - otherwise)
    by_etat = numpy.stack([moved[:, etat == one].sum(axis=1) for one in range(etater)], axis=1)
    new = material[:, given : MONTHS - 1].any(axis=1)
    return Course(
        yearly(GIVEN),
        yearly(GIVEN_BY_ETAT),
        yearly(LEFT),
        yearly("etat_pott_over_80"),
        yearly("etat_sentral_reserve"),
        yearly(RESERVE_LEFT),
        monthly(POOL_LEFT),
        monthly("etat_udekket_over_80").cumsum(axis=1),
        monthly("etat_endring_i_brukermassen"),
        material,
        numpy.where(new, by_etat, 0.0),
    )


def joined(parts: Sequence[Course]) -> Course:
    """Return the courses of chunks of draws as one."""
    return Course(*(numpy.concatenate(of) for of in zip(*parts, strict=True)))


def spread(value: float, draws: FloatArray) -> Spread:
    """Return an amount with its band; as wide as nothing where nothing was drawn."""
    ends = numpy.quantile(draws, BAND) if len(draws) else (value, value)
    return Spread(*(int(krone(float(one))) for one in (value, *ends)))


def shown_of_etat(found: OfEtat, held: Collection[str]) -> OfEtat:
    """Return what is said of an etat without the amounts (of ``OF_ETAT``) that are held back."""
    if POOL_LEFT in held:
        nothing, never = [NOT_SHOWN] * MONTHS, [0.0] * MONTHS
        found = replace(found, pool=None, pool_left=nothing, uncovered=nothing, runs_out=None, has_run_out=never)

    def shown(amount: Spread, variable: str) -> Spread:
        return NOT_SHOWN if variable in held else amount

    return replace(
        found,
        given=shown(found.given, GIVEN_BY_ETAT),
        left=shown(found.left, LEFT),
        reserve_left=shown(found.reserve_left, RESERVE_LEFT),
    )


def of_etat(expected: Course, drawn: Course, etat: int, given: int, threshold: float, *, hides: bool) -> OfEtat:
    """Return what the expected path and the draws say of an etat; ``hides``: its change in the mix is held back."""

    def yearly(name: str) -> Spread:
        one, many = (getattr(of, name)[:, etat] for of in (expected, drawn))
        return spread(one[0], many)

    def monthly(name: str) -> list[Spread]:
        one, many = (getattr(of, name)[:, :, etat] for of in (expected, drawn))
        return [spread(one[0, month], many[:, month]) for month in range(MONTHS)]

    short = numpy.flatnonzero(expected.uncovered[0, :, etat] > ROUNDING)
    draws = max(1, len(drawn.given))
    later = drawn.is_material[:, given : MONTHS - 1, etat]  # what is seen in December moves nothing
    moving = later.any(axis=1)
    first = numpy.full(len(later), MONTHS)
    first[moving] = later[moving].argmax(axis=1) + given if moving.any() else []
    moves = drawn.moves[moving, etat]
    changes: list[float | None] = [float(f"{value:.9g}") for value in expected.change[0, :, etat].tolist()]
    return OfEtat(
        yearly("given_by_etat"),
        yearly("left"),
        int(expected.pool[0, etat]),
        monthly("pool_left"),
        monthly("uncovered"),
        int(short[0]) + 1 if len(short) else None,
        [float((drawn.uncovered[:, month, etat] > ROUNDING).sum() / draws) for month in range(MONTHS)],
        [None] * MONTHS if hides else changes,
        threshold,
        [int(month) + 1 for month in numpy.flatnonzero(expected.is_material[0, :given, etat])],
        [float((first == month).sum() / draws) for month in range(MONTHS)],
        spread(float(numpy.median(moves)), moves) if len(moves) else None,
        int(expected.reserve[0, etat]),
        yearly("reserve_left"),
    )
