"""What has changed since an earlier forecast: the amounts of two records, as ``verify`` compares them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import Kroner, Request
from openfisca_bergen_hbt.text.language import _


class EarlierLaw(msgspec.Struct, frozen=True):
    """The hashes of the law that it was made under."""

    parameters: str
    rules: str
    decisions: dict[str, str]


class EarlierInputs(msgspec.Struct, frozen=True):
    """The hashes of what it was run on, by part."""

    hashes: dict[str, str]


class EarlierResult(msgspec.Struct, frozen=True):
    """What came out of it."""

    kroner: Kroner


class Earlier(msgspec.Struct, frozen=True):
    """The record of an earlier forecast, as far as it is compared."""

    command: Literal["forecast"]
    date: datetime.date
    request: Request
    regulations: Annotated[list[dict[str, Any]], Meta(min_length=1)]
    law: EarlierLaw
    software: dict[str, str]
    inputs: EarlierInputs
    result: EarlierResult

    def alone(self) -> Earlier:
        """Return the record without that of a still earlier forecast, which it was compared with."""
        options = {name: value for name, value in self.request.options.items() if name != "since"}
        return msgspec.structs.replace(self, request=msgspec.structs.replace(self.request, options=options))


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
    if earlier.request.year != year:
        message = _("The earlier forecast is of {other}, and this one of {year}. Give one of the same.")
        raise ValueError(message.format(other=earlier.request.year, year=year))
    kroner = earlier.result.kroner
    if regulation not in kroner:
        message = _("The earlier forecast is of '{other}', and this one of '{regulation}'. Give one of the same.")
        raise ValueError(message.format(other=", ".join(kroner), regulation=regulation))
    before = kroner[regulation]
    pairs = [(name, variable) for of in (now, before) for name, amounts in of.items() for variable in amounts]
    found = [
        Change(name, variable, before.get(name, {}).get(variable), now.get(name, {}).get(variable))
        for name, variable in dict.fromkeys(pairs)
    ]
    return [change for change in found if change.before != change.now]
