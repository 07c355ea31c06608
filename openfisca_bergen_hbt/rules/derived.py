"""Numbers that are derived from others: computed again from those they follow, by the function that made them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from openfisca_core.periods import Instant

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.rules.core import load_parameter_file
from openfisca_bergen_hbt.rules.money import MOST_KRONER, krone
from openfisca_bergen_hbt.text.language import _

#: The day as of which the numbers that others are derived from are read (T-1); one value then holds for all years.
AS_OF = "2019-01-01"
#: Returns the value of a number by its name.
Values = Callable[[str], float]


def leaf(tree: Any, name: str) -> Any:
    """Return the parameter of a dotted name in a tree of parameters."""
    for part in name.split("."):
        tree = tree.children[part]
    return tree


def follow(parameters: Any, changed: Iterable[str]) -> None:
    """Compute anew, in a tree of parameters, what is derived from numbers that have changed, and was not itself given.

    Args:
        parameters: a tree that may be changed.
        changed: the names of the parameters that have got other values.

    Raises:
        ValueError: nothing can be derived from the numbers.
    """
    names = set(changed)
    for name, compute in DERIVED.items():
        parameter = leaf(parameters, name)
        if name not in names and names.intersection(parameter.metadata["derived_from"]):
            parameter.update(start=Instant((2017, 1, 1)), value=compute(partial(value_followed, parameters)))


def value_followed(parameters: Any, name: str) -> float:
    """Return the value of a number as others are derived from it."""
    return float(leaf(parameters, name).get_at_instant(AS_OF))


def frame(value: Values) -> float:
    """Return the frame without the reform's money, in whole kroner: the overspend was its share of 2019's frame (T-1).

    That frame held what of the adopted 14 million went to the agency, whatever a proposal makes of the amount.
    """
    passed_on = value("budsjett.tillitsreform_andel_til_etaten")
    return krone(_frame_of_2019(value) - first_value("budsjett.tillitsreform_styrking") * passed_on)


def price(value: Values) -> float:
    """Return the price of a decided hour, in kroner with 7 decimals: 2019's frame and overspend by its hours (T-1)."""
    (hours,) = [int(row["vedtakstimer"]) for row in data.rows("summer") if row["aar"] == AS_OF[:4]]
    return round((_frame_of_2019(value) + value("merforbruk.kroner")) / hours, 7)


DERIVED = {"budsjett.ramme": frame, "aktivitetsbasert.timepris": price}


def _frame_of_2019(value: Values) -> float:
    overspend, share = value("merforbruk.kroner"), value("merforbruk.andel")
    if overspend > share * MOST_KRONER or not share:
        raise ValueError(
            _(
                "merforbruk.kroner is {overspend:.0f} and merforbruk.andel {share}: no frame has that "
                "share. Give budsjett.ramme and aktivitetsbasert.timepris, too, or a larger share."
            ).format(overspend=overspend, share=share)
        )
    return overspend / share


@lru_cache
def first_value(parameter: str) -> float:
    """Return the first value of a parameter, from its file."""
    file = Path(str(files("openfisca_bergen_hbt.parameters"))).joinpath(*parameter.split(".")).with_suffix(".yaml")
    return float(load_parameter_file(str(file), parameter).values_list[-1].value)
