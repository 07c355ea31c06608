"""What has changed since an earlier forecast: the amounts of two records, as ``verify`` compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from openfisca_bergen_hbt.analysis.asking import Kroner
from openfisca_bergen_hbt.text.language import _


class Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is read of an earlier forecast's record."""

    date: str
    year: int
    #: How many months it was given, and its method; None where it took the data's.
    months: int | None
    method: str
    #: The hashes of all numbers and of all rules of the law.
    parameters: str
    rules: str
    kroner: Kroner


@dataclass(frozen=True)
class Change:
    """An amount of two forecasts, in kroner; None where one of them has none."""

    name: str
    variable: str
    before: int | None
    now: int | None


def changes(earlier: Earlier, year: int, regulation: str, now: Mapping[str, Mapping[str, int]]) -> list[Change]:
    """Return the amounts that differ, in the order of those of now.

    Raises:
        ValueError: the earlier forecast is of another year or regulation.
    """
    if earlier.year != year:
        message = _("The earlier forecast is of {other}, and this one of {year}. Give one of the same.")
        raise ValueError(message.format(other=earlier.year, year=year))
    if regulation not in earlier.kroner:
        message = _("The earlier forecast is of '{other}', and this one of '{regulation}'. Give one of the same.")
        raise ValueError(message.format(other=", ".join(earlier.kroner), regulation=regulation))
    before = earlier.kroner[regulation]
    pairs = [(name, variable) for of in (now, before) for name, amounts in of.items() for variable in amounts]
    found = [
        Change(name, variable, before.get(name, {}).get(variable), now.get(name, {}).get(variable))
        for name, variable in dict.fromkeys(pairs)
    ]
    return [change for change in found if change.before != change.now]
