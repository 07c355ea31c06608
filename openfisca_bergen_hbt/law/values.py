"""A parameter's value as people write it: read as it is meant, and written with its unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.law.bounds import out_of_bounds
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.numbers import exact, exact_percent, plain
from openfisca_bergen_hbt.text.numerals import AMBIGUOUS, possible_numbers

#: The unit whose numbers are written in per cent, too.
SHARE = "andel"


class NoNumberError(ValueError):
    """A text that is no number."""


def read_value(text: str, parameter: Any) -> float:
    """Return the value that a text gives a parameter: ``0.04``, ``0,04``, ``4 %``, ``10 000 000``, ``10.000.000``.

    A mark that may be decimal or stand between thousands is what the bounds of the parameter's unit allow it to be.

    Raises:
        NoNumberError: the text is no number.
        ValueError: it is a percentage where there is no share, or may be two numbers.
    """
    unit, in_per_cent = parameter.metadata["unit"], text.endswith("%")
    if in_per_cent and unit != SHARE:
        raise ValueError(
            _("'{text}': {parameter} is no share, but '{unit}'. Leave out the '%'.").format(
                text=text, parameter=parameter.name, unit=data.units()[unit]["label"]
            )
        )
    found = possible_numbers(text.removesuffix("%"))
    if in_per_cent:
        found = [float(Decimal(repr(value)).scaleb(-2)) for value in found]
    if not found:
        raise NoNumberError(
            _("'{text}' is not a number. Write it as 0.05 or 0,05, as 12000 or 12 000.").format(text=text)
        )
    allowed = [value for value in found if not out_of_bounds(parameter, value)]
    if len(allowed) > 1:
        raise ValueError(
            _("'{text}' can be {numbers}. Write the one that you mean so.").format(
                text=text, numbers=_(" or ").join(map(beyond_doubt, allowed))
            )
        )
    return (allowed or found)[0]


def beyond_doubt(value: float) -> str:
    """Return a number so that it can be read in one way only: ``11.1250``, as ``11.125`` may be 11125."""
    return f"{plain(value)}0" if re.match(AMBIGUOUS, plain(value)) else plain(value)


def written(value: float, unit: str) -> str:
    """Write a value with its unit, as Norwegians do: ``1 021 686 820 kr``, ``4 %``, ``67,50376122 poeng``."""
    return exact_percent(value) if unit == SHARE else f"{exact(value)} {data.unit_label(unit)}"
