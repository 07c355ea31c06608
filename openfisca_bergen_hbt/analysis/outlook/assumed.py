"""What an outlook assumes: inhabitants by age, users per 1 000 of them, hours a user, and a price index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.text.language import _

#: The age groups; those from 67 up are the old ones, whose users per 1 000 KOSTRA has.
GROUPS = ("0-66", "67-79", "80-")
OLD = {"67-79": "hjemmetjenestebrukere_67_79", "80-": "hjemmetjenestebrukere_over_80"}
#: The municipality whose rates are taken, and the years that they are published for.
BERGEN, PUBLISHED = "bergen", (2018, 2019)
#: Per 1 000 there are no more users than inhabitants.
MOST_RATE = 1000
NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?"


def inhabitants_in(given: Mapping[str, Mapping[str, int]], base: int, until: int) -> dict[str, dict[str, int]]:
    """Return the groups in order, each with the years asked for.

    Raises:
        ValueError: an unknown group, one of the old ones missing, or years that not all have.
    """
    if unknown := [name for name in given if name not in GROUPS]:
        message = _("There is no age group '{name}'. Known: {names}.")
        raise ValueError(message.format(name=unknown[0][:20], names=", ".join(GROUPS)))
    if lacking := [name for name in OLD if name not in given]:
        raise ValueError(_("There are no inhabitants of the age group {name}.").format(name=lacking[0]))
    years = {year for by_year in given.values() for year in by_year}
    if str(base) not in years or not any(base < int(year) <= until for year in years if year.isdigit()):
        message = _("The inhabitants lack {base}, the year that need is told from, or every year after it to {until}.")
        raise ValueError(message.format(base=base, until=until))
    for group, by_year in given.items():
        if other := sorted(years ^ by_year.keys()):
            message = _("The age group {group} lacks {year}, which another group has.")
            raise ValueError(message.format(group=group, year=other[0]))
        if not sum(by_year.values()):
            raise ValueError(_("There are no inhabitants of the age group {name}.").format(name=group))
    return {group: dict(given[group]) for group in GROUPS if group in given}


def rates_of(
    given: Mapping[str, float], groups: Mapping[str, Any], asked: Asked
) -> dict[str, tuple[float, float, float]]:
    """Return users per 1 000 of each group with their bands: those given, else KOSTRA's of the latest year.

    Raises:
        ValueError: a rate that no source has, and nobody gives; a rate of a group that has no inhabitants, or of more
            users than inhabitants.
    """
    if idle := [name for name in given if name not in groups]:
        raise ValueError(_("--rate {name}: the file has no inhabitants of that age group.").format(name=idle[0]))
    for name, number in given.items():
        if number > MOST_RATE:
            message = _("--rate {name}: there are no more users per 1 000 than inhabitants. Give at most {most}.")
            raise ValueError(message.format(name=name, most=MOST_RATE))
    found = {}
    for group in groups:
        if group in given:
            found[group] = (given[group],) * 3
        elif group in OLD:
            kostra = getattr(asked.system.parameters.kostra, OLD[group])
            known = [float(getattr(kostra, BERGEN)(f"{year}-01-01")) for year in PUBLISHED]
            found[group] = (known[-1], min(known), max(known))
        else:
            message = _(
                "No source has the users per 1 000 inhabitants of {group}. Give them with --rate {group}=NUMBER, or "
                "take the ages below 67 out of the file."
            )
            raise ValueError(message.format(group=group))
    return found


def numbers_in(option: str, texts: Sequence[str], names: Sequence[str] | None) -> dict[str, float]:
    """Read texts such as ``67-79=57.2``: a name (None: a year), and a number above 0.

    Raises:
        ValueError: a text is none, or a name is given twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        match = re.fullmatch(rf"([0-9-]+)=({NUMBER})", "".join(text.split()), re.ASCII)
        number = float(match[2].replace(",", ".")) if match else 0.0
        name = match[1] if match else ""
        if not number or name in found or not (re.fullmatch("[0-9]{4}", name) if names is None else name in names):
            message = _("{option} '{text}' is none, or is given twice. Write one of {names}, and a number above 0.")
            known = ", ".join(f"{one}=…" for one in names or ("2029",))
            raise ValueError(message.format(option=option, text=text[:40], names=known))
        found[name] = number
    return found


def index_of(given: Mapping[str, float], years: Sequence[int], base: int) -> dict[int, float]:
    """Return the index of each year, on a line between those given; 100 in each where none is.

    Raises:
        ValueError: a year beyond those given.
    """
    if not given:
        return dict.fromkeys(years, 100.0)
    known = {int(year): number for year, number in given.items()} | ({} if str(base) in given else {base: 100.0})
    order = sorted(known)
    if order[0] > years[0] or order[-1] < years[-1]:
        message = _("--index: give it for {year} as well, or for a later year.")
        raise ValueError(message.format(year=years[-1]))
    return {year: known[year] if year in known else _between(known, order, year) for year in years}


def _between(known: Mapping[int, float], order: Sequence[int], year: int) -> float:
    low, high = next(pair for pair in pairwise(order) if pair[0] < year < pair[1])
    return known[low] + (known[high] - known[low]) * (year - low) / (high - low)
