"""Versions of the regulation: the foundation plus decisions in order."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

from openfisca_bergen_hbt import grunnregelverk
from openfisca_bergen_hbt.vedtak import Vedtak

#: What the foundation is called where a regulation, or who brought a rule, is named.
FOUNDATION = "grunnregelverk"
#: The day whose regulation the foundation is.
FOUNDATION_DAY = date(2017, 1, 1)


@lru_cache(maxsize=1)
def decisions() -> tuple[type[Vedtak], ...]:
    """Return the decisions in the order of their adoption: one for each module in ``reforms/``."""
    modules = sorted(path.stem for path in grunnregelverk.folder("reforms").glob("vedtak_*.py"))
    found = [_decision_in(import_module(f"{grunnregelverk.PACKAGE}.reforms.{name}")) for name in modules]
    return tuple(sorted(found, key=lambda decision: decision.adopted_by()))


def _decision_in(module: Any) -> type[Vedtak]:
    (found,) = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Vedtak) and value.__module__ == module.__name__
    ]
    return found


def regulation_ids() -> tuple[str, ...]:
    """Return the names of the foundation and of each decision, in order."""
    return (FOUNDATION, *(decision.id() for decision in decisions()))


def parse_date(text: str | date) -> date:
    """Read a date (``2019-05-31``) or a month (``2019-05``, read as its last day).

    Raises:
        ValueError: the text is neither, or a day before the foundation.
    """
    if isinstance(text, date):
        day = text
    elif re.fullmatch(r"\d{4}-\d{2}", text) and 1 <= int(text[5:]) <= 12:  # noqa: PLR2004 (months of a year)
        year, month = int(text[:4]), int(text[5:])
        day = date(max(year, 1), month, calendar.monthrange(max(year, 1), month)[1])
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(
                f"'{text}' is not a date: {error}. Write YYYY-MM-DD or YYYY-MM, from 2017-01 onwards."
            ) from None
    else:
        raise ValueError(f"'{text}' is not a date. Write YYYY-MM-DD or YYYY-MM, from 2017-01 onwards.")
    if day < FOUNDATION_DAY:
        raise ValueError(f"'{text}' is before {FOUNDATION_DAY}, and nothing is defined before the foundation.")
    return day


def chosen(
    vedtatt_innen: str | date | None = None, uten: Iterable[str | type[Vedtak]] = ()
) -> tuple[type[Vedtak], ...]:
    """Return the decisions adopted by a date, without some.

    Args:
        vedtatt_innen: a date or month; None for all decisions.
        uten: decisions to leave out: their ids, or themselves.

    Raises:
        ValueError: a date that is not one, or an id that no decision has.
    """
    left_out = [uten] if isinstance(uten, str) else uten
    without = {decision if isinstance(decision, str) else decision.id() for decision in left_out}
    known = [decision.id() for decision in decisions()]
    if unknown := sorted(without - set(known)):
        raise ValueError(f"'{unknown[0]}' is no decision. The decisions are: {', '.join(known)}.")
    limit = date.max if vedtatt_innen is None else parse_date(vedtatt_innen)
    return tuple(d for d in decisions() if d.adopted_by() <= limit and d.id() not in without)


def regelverk(vedtatt_innen: str | date | None = None, uten: Iterable[str | type[Vedtak]] = ()) -> Any:
    """Return the regulation as adopted by a date or month, or without some decisions.

    Two clocks: *adopted by* picks the decisions, and the period that is asked for picks the dated formula.

    Args:
        vedtatt_innen: ``"2019-06-01"``, ``"2019-06"`` or a ``date``; None for all decisions. A decision known by
            month counts from the first day of the month.
        uten: decisions to leave out: their ids, or themselves.

    Returns:
        A tax-benefit system: the foundation with the decisions applied in order.

    Raises:
        ValueError: a date that is not one, or an id that no decision has.
    """
    return build(chosen(vedtatt_innen, uten))


def build(picked: Iterable[type[Vedtak]], foundation: Any = None) -> Any:
    """Return the foundation with decisions applied in order, each as a reform on top of the one before."""
    system = foundation or grunnregelverk.CountryTaxBenefitSystem()
    for decision in picked:
        system = decision(system)
    return system


class CountryTaxBenefitSystem(grunnregelverk.CountryTaxBenefitSystem):
    """The law in force: the foundation with every decision carried out in order."""

    def __init__(self) -> None:
        super().__init__()
        for decision in decisions():
            decision.carry_out(self)


def brought_by(formula: Any) -> str:
    """Return the id of the decision that brought a formula; the foundation's name for one of its own."""
    return next((found.id() for found in decisions() if found.__module__ == formula.__module__), FOUNDATION)
