"""Versions of the regulation: the foundation plus decisions in order."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from openfisca_bergen_hbt import grunnregelverk
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.vedtak import Alternative, Reading, Vedtak

Found = TypeVar("Found")

#: What the foundation is called where a regulation, or who brought a rule, is named.
FOUNDATION = "grunnregelverk"
#: The day whose regulation the foundation is.
FOUNDATION_DAY = date(2017, 1, 1)


@lru_cache(maxsize=1)
def decisions() -> tuple[type[Vedtak], ...]:
    """Return the decisions in the order of their adoption: one for each module in ``reforms/``."""
    return tuple(sorted(_found_in("reforms", "vedtak_*.py", Vedtak), key=lambda decision: decision.adopted_by()))


@lru_cache(maxsize=1)
def readings() -> tuple[type[Reading], ...]:
    """Return the rival readings of the text in the order of their ids: one for each module in ``readings/``."""
    return tuple(_found_in("readings", "lesning_*.py", Reading))


@lru_cache(maxsize=1)
def alternatives() -> tuple[type[Alternative], ...]:
    """Return the alternatives to a rule that are shipped, one for each such module in ``proposals/``."""
    return tuple(_found_in("proposals", "alternativ_*.py", Alternative))


def applied_like_readings() -> dict[str, type[Reading]]:
    """Return the readings and then the alternatives, by their ids."""
    return {found.id(): found for found in (*readings(), *alternatives())}


def _found_in(folder: str, pattern: str, kind: type[Found]) -> list[type[Found]]:
    """Return the class of a kind that each module of a folder has, in the order of their names."""
    names = sorted(path.stem for path in grunnregelverk.folder(folder).glob(pattern))
    modules = [import_module(f"{grunnregelverk.PACKAGE}.{folder}.{name}") for name in names]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__
    ]


def regulation_ids() -> tuple[str, ...]:
    """Return the names of the foundation and of each decision, in order."""
    return (FOUNDATION, *(decision.id() for decision in decisions()))


NO_DATE = marked("'{text}' is not a date. Write YYYY-MM-DD or YYYY-MM, from 2017-01 onwards.")


def parse_date(given: str | date) -> date:
    """Read a date (``2019-05-31``; a datetime is its day) or a month (``2019-05``, read as its last day).

    Raises:
        ValueError: it is neither, or a day before the foundation.
    """
    text = given if isinstance(given, str) else str(given)[:10]  # of NumPy, pandas and the rest
    if type(given) is date:
        day = given
    elif re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII) and 1 <= int(text[5:]) <= 12:  # noqa: PLR2004 (months of a year)
        year, month = int(text[:4]), int(text[5:])
        day = date(max(year, 1), month, calendar.monthrange(max(year, 1), month)[1])
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_(NO_DATE).format(text=text)) from None
    else:
        raise ValueError(_(NO_DATE).format(text=text))
    if day < FOUNDATION_DAY:
        raise ValueError(
            _("'{text}' is before {first}, and nothing is defined before the foundation.").format(
                text=text, first=FOUNDATION_DAY
            )
        )
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
    without = set(_ids(uten, Vedtak))
    known = [decision.id() for decision in decisions()]
    if unknown := sorted(without - set(known)):
        near = names.nearest(unknown[0], known)
        raise ValueError(
            _("'{name}' is no decision. {hint} The decisions are: {names}.").format(
                name=unknown[0], hint=near, names=", ".join(known)
            )
        )
    limit = date.max if vedtatt_innen is None else parse_date(vedtatt_innen)
    return tuple(d for d in decisions() if d.adopted_by() <= limit and d.id() not in without)


def chosen_readings(lesninger: Iterable[str | type[Reading]] = ()) -> tuple[type[Reading], ...]:
    """Return readings (and alternatives) by their ids, in the order of all of them.

    Args:
        lesninger: their ids, or themselves.

    Raises:
        ValueError: an id that no reading has, a reading asked for twice, or two that exclude each other.
    """
    ids = _ids(lesninger, Reading)
    known = applied_like_readings()
    if unknown := [name for name in ids if name not in known]:
        raise names.UnknownNameError(names.NO_READING, unknown[0], known)
    if twice := [name for name in ids if ids.count(name) > 1]:
        raise ValueError(_("The reading '{name}' is asked for twice.").format(name=twice[0]))
    for name in ids:
        if both := [other for other in known[name].excludes if other in ids]:
            raise ValueError(
                _("The readings '{name}' and '{other}' exclude each other: ask for one of them.").format(
                    name=name, other=both[0]
                )
            )
    return tuple(reading for name, reading in known.items() if name in ids)


def _ids(wanted: Any, kind: type[Vedtak | Reading]) -> list[str]:
    """Return the ids of decisions or readings: of one, or of several, that are given as ids or as themselves.

    Raises:
        ValueError: something that is neither.
    """
    several = wanted if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    found = []
    for one in several:
        if isinstance(one, type) and issubclass(one, kind):
            found.append(one.id())
        elif isinstance(one, str):
            found.append(one)
        else:
            no_reading = _("{given!r} is no reading. Give its id, a text, or the class itself.")
            no_decision = _("{given!r} is no decision. Give its id, a text, or the class itself.")
            message = (no_reading if kind is Reading else no_decision).format(given=one)
            raise ValueError(message)  # noqa: TRY004 (doors answer a ValueError)
    return found


def regelverk(
    vedtatt_innen: str | date | None = None,
    uten: Iterable[str | type[Vedtak]] = (),
    lesninger: Iterable[str | type[Reading]] = (),
) -> Any:
    """Return the regulation as adopted by a date or month, without some decisions, with some readings on top.

    Two clocks: *adopted by* picks the decisions, and the period that is asked for picks the dated formula.

    Args:
        vedtatt_innen: ``"2019-06-01"``, ``"2019-06"`` or a ``date``; None for all decisions. A decision known by
            month counts from the first day of the month.
        uten: decisions to leave out: their ids, or themselves.
        lesninger: rival readings of the text: their ids, or themselves. One whose decision is left out does nothing.

    Returns:
        A tax-benefit system: the foundation with the decisions applied in order, each reading directly after the
        decision (or the foundation) whose rule it reads.

    Raises:
        ValueError: a date that is not one, an id that no decision or reading has, or readings that exclude each other.
    """
    return build(chosen(vedtatt_innen, uten), read=chosen_readings(lesninger))


def build(picked: Iterable[type[Vedtak]], foundation: Any = None, read: Iterable[type[Reading]] = ()) -> Any:
    """Return the foundation with decisions applied in order, each as a reform on top of the one before."""
    system = foundation or grunnregelverk.CountryTaxBenefitSystem()
    for step in in_order(picked, read):
        system = step(system)
    return system


def in_order(picked: Iterable[type[Vedtak]], read: Iterable[type[Reading]]) -> tuple[type[Vedtak | Reading], ...]:
    """Return decisions and readings in the order in which they are applied; a reading goes with what it reads."""
    read = list(read)
    steps: list[type[Vedtak | Reading]] = [reading for reading in read if reading.reads is None]
    for decision in picked:
        steps += [decision, *(reading for reading in read if reading.reads == decision.id())]
    return tuple(steps)


class CountryTaxBenefitSystem(grunnregelverk.CountryTaxBenefitSystem):
    """The law in force: the foundation with every decision carried out in order."""

    def __init__(self) -> None:
        super().__init__()
        for decision in decisions():
            decision.carry_out(self)


def brought_by(formula: Any) -> str:
    """Return the id of the decision or reading that brought a formula; the foundation's name for one of its own."""
    known = (*decisions(), *applied_like_readings().values())
    return next((found.id() for found in known if found.__module__ == formula.__module__), FOUNDATION)
