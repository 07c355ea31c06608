"""What numbers must be: each within the bounds of its unit, and together in order on every day of a regulation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.rules.derived import DERIVED, leaf
from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.numbers import plain

#: The folder of the parameters that must rise, in the order of their names.
ASCENDING = "kategorimodell.nedre_grense"
#: What is taken off the top of the frame: at most the whole of it.
OFF_THE_TOP = ("reserve.andel", "avstand.andel")
#: What makes the frame.
FRAME = ("budsjett.ramme", "budsjett.tillitsreform_styrking", "budsjett.tillitsreform_andel_til_etaten")


@dataclass(frozen=True)
class Disorder:
    """Numbers that can't stand together, from a day on."""

    parameters: Sequence[str]
    day: str
    message: str


def refuse_out_of_bounds(parameter: Any, value: float) -> None:
    """Refuse a value that a parameter's unit does not allow.

    Raises:
        ValueError: it is outside the unit's bounds, or has decimals where the unit is whole.
    """
    if wrong := out_of_bounds(parameter, value):
        raise ValueError(
            _("{parameter} is {value}; it must be {allowed}.").format(
                parameter=parameter.name, value=plain(value), allowed=wrong
            )
        )


def out_of_bounds(parameter: Any, value: float) -> str:
    """Return what a parameter's unit allows, where it does not allow a value; else nothing."""
    unit = data.units()[parameter.metadata["unit"]]
    low, high, whole = unit["minimum"], unit["maximum"], unit.get("whole", False)
    if low <= value <= high and not (whole and value % 1):
        return ""
    message = _("a whole number from {low} to {high} ({unit})") if whole else _("from {low} to {high} ({unit})")
    return message.format(low=plain(low), high=plain(high), unit=unit["label"])


def disorder(parameters: Any) -> Disorder | None:
    """Return the first of what is wrong with a regulation's numbers on some day; None where nothing is."""
    return next(_disorders(parameters), None)


def _disorders(parameters: Any) -> Iterator[Disorder]:
    for name in DERIVED:
        parameter = leaf(parameters, name)
        for dated in parameter.values_list:
            if wrong := out_of_bounds(parameter, dated.value):
                message = _("{name} would be {value}; it must be {allowed}.").format(
                    name=name, value=plain(dated.value), allowed=wrong
                )
                yield Disorder((name, *parameter.metadata["derived_from"]), dated.instant_str, message)
    bounds = [f"{ASCENDING}.{name}" for name in sorted(leaf(parameters, ASCENDING).children)]
    for day, values in _by_day(parameters, bounds):
        if any(low >= high for low, high in pairwise(values)):
            in_words = " < ".join(map(plain, values))
            yield Disorder(
                bounds,
                day,
                _("the lower bounds must rise; from {day} they are {values}.").format(day=day, values=in_words),
            )
    for day, shares in _by_day(parameters, OFF_THE_TOP):
        if sum(shares) > 1:
            message = _("{parameters} must be at most 1; from {day} it is {sum}.").format(
                parameters=" + ".join(OFF_THE_TOP), day=day, sum=" + ".join(map(plain, shares))
            )
            yield Disorder(OFF_THE_TOP, day, message)
    for day, (frame, *grant) in _by_day(parameters, FRAME):
        passed_on = grant[0] * grant[1] if len(grant) > 1 else 0.0  # a reading fixes the share from 2017 on
        sums = (frame, frame + passed_on)
        if not 0 <= min(sums) <= max(sums) <= MOST_KRONER:
            message = _(
                "{frame}, also with what of {grant} the agency gets, must be from 0 to {most} kr; from "
                "{day} it is {kroner} + {passed_on}."
            ).format(
                frame=FRAME[0],
                grant=FRAME[1],
                most=plain(MOST_KRONER),
                day=day,
                kroner=plain(frame),
                passed_on=plain(passed_on),
            )
            yield Disorder(FRAME, day, message)


def _by_day(parameters: Any, names: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
    """Yield the days on which any of some numbers changes, each with those of them that hold then."""
    found = [leaf(parameters, name) for name in names]
    for day in sorted({dated.instant_str for parameter in found for dated in parameter.values_list}):
        values = [parameter.get_at_instant(day) for parameter in found]
        yield day, [value for value in values if value is not None]
