"""``outlook``: need, cost and frame in the years to come, from how many the inhabitants of each age are.

What is reckoned is growth: the users of a year are those of the base year times the growth of inhabitants weighted with
the users per 1 000 of each age group. The base year gives back its own hours, whatever the rates are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import LAST_YEAR, Asked, Done, Figures, Question, as_recorded
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked, say

#: The age groups; those from 67 up are the old ones, whose users per 1 000 KOSTRA has.
GROUPS = ("0-66", "67-79", "80-")
OLD = {"67-79": "hjemmetjenestebrukere_67_79", "80-": "hjemmetjenestebrukere_over_80"}
#: The municipality whose rates are taken, and the years that they are published for.
BERGEN, PUBLISHED = "bergen", (2018, 2019)
#: The plan's last year.
UNTIL = 2029
#: Per 1 000 there are no more users than inhabitants.
MOST_RATE = 1000
NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Inhabitants, and what is assumed of them."""

    inhabitants: Annotated[
        dict[str, dict[str, Annotated[int, Meta(ge=0)]]],
        Meta(
            description=marked(
                "Inhabitants by age and year, as Statistics Norway's table 07459 is saved (docs/controller.md)."
            ),
            extra={
                "option": "--population",
                "metavar": "FILE",
                "reads": "inhabitants",
                "fault": marked(
                    "'inhabitants' is an object: an age group (0-66, 67-79, 80-), and in it years with persons."
                ),
            },
        ),
    ]
    rate: Annotated[
        tuple[str, ...],
        Meta(
            description=marked(
                "Users per 1 000 inhabitants of an age group, such as 0-66=7.5 (0-66, 67-79, 80-). Repeatable. "
                "Default: KOSTRA's for Bergen from 67 years up, with both years' as a band; below "
                "67 no source has one."
            ),
            extra={"metavar": "GROUP=NUMBER", "fault": marked("'rate' is a list of texts such as 0-66=7.5.")},
        ),
    ] = ()
    weight: Annotated[
        tuple[str, ...],
        Meta(
            description=marked(
                "How many hours a user of an age group has beside the others, such as 80-=1.2. Repeatable. "
                "Default: as many in each."
            ),
            extra={"metavar": "GROUP=NUMBER", "fault": marked("'weight' is a list of texts such as 80-=1.2.")},
        ),
    ] = ()
    healthy_ageing: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description=marked(
                "The share of the growth in inhabitants from 67 up that makes no more need. An assumption: the "
                "band goes from 0 to twice the share."
            ),
        ),
    ] = 0.0
    index: Annotated[
        tuple[str, ...],
        Meta(
            description=marked(
                "A price index of a year, such as 2029=125; the years between lie on a line. Repeatable. "
                "Default: the prices of the base year."
            ),
            extra={"metavar": "YEAR=NUMBER", "fault": marked("'index' is a list of texts such as 2029=125.")},
        ),
    ] = ()
    until: Annotated[int, Meta(ge=2017, le=LAST_YEAR, description=marked("The last year."))] = UNTIL


@dataclass(frozen=True)
class Range:
    """A figure, and its lowest and highest under the assumptions' bands."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class OfYear:
    """What a year comes to."""

    year: int
    inhabitants: dict[str, int]
    index: float
    users: Range
    hours: Range
    cost: Range
    #: What a frame would have to be for each hour to be given as much as in the base year.
    frame: Range


@dataclass(frozen=True)
class Outlook:
    """Need, cost and frame in the years to come."""

    base: int
    regulation_id: str
    population: str
    #: Users per 1 000 by age group, each with its band, and hours a user has beside those of other groups.
    rates: dict[str, tuple[float, float, float]]
    hours_by_group: dict[str, float]
    healthy_ageing: tuple[float, float, float]
    #: Whether a price index was given.
    indexed: bool
    years: list[OfYear]


def _run(asked: Asked) -> Outlook:
    options, base = asked.options, asked.year
    groups = _inhabitants(options.inhabitants, base, options.until)
    years = sorted({int(year) for by_year in groups.values() for year in by_year if base <= int(year) <= options.until})
    rates = _rates(_read("--rate", options.rate, GROUPS), groups, asked)
    hours = {group: _read("--weight", options.weight, GROUPS).get(group, 1.0) for group in groups}
    share = options.healthy_ageing
    shares = (share, 0.0, min(1.0, 2 * share))
    index = _index(_read("--index", options.index, None), years, base)
    results = simulate(asked.population, asked.system, base)
    if len(asked.population.agency_names) > 1:
        message = _("The inhabitants are of one municipality, and there are several agencies. Give users of one.")
        raise ValueError(message)
    users = float(results.value("enhet_antall_brukere").sum())
    if asked.suppression and users < LEAST:
        raise ValueError(_("There are fewer than {least} users: what they have would be shown.").format(least=LEAST))
    amounts = {
        name: float(results.value(f"etat_{variable}").sum())
        for name, variable in (("hours", "vedtakstimer"), ("cost", "aktivitetskostnad"), ("frame", "ramme_i_alt"))
    }
    found = []
    for year in years:
        price = index[year] / index[base]

        def ranged(amount: float, weights: Mapping[str, float], times: float = 1.0, year: int = year) -> Range:
            growth = _growth(groups, rates, weights, shares, (base, year))
            return Range(*(int(krone(amount * of * times)) for of in growth))

        alike = dict.fromkeys(groups, 1.0)
        found.append(
            OfYear(
                year,
                {group: by_year[str(year)] for group, by_year in groups.items()},
                index[year],
                ranged(users, alike),
                ranged(amounts["hours"], hours),
                ranged(amounts["cost"], hours, price),
                ranged(amounts["frame"], hours, price),
            )
        )
    description = say(asked.population.description)
    return Outlook(base, asked.version.id, description, rates, hours, shares, bool(options.index), found)


def _growth(
    groups: Mapping[str, Mapping[str, int]],
    rates: Mapping[str, Sequence[float]],
    weights: Mapping[str, float],
    shares: Sequence[float],
    years: tuple[int, int],
) -> tuple[float, float, float]:
    """Return how need grows from a year to another, and its lowest and highest at the ends of the bands.

    It rises or falls with each number alone, so that it is lowest and highest at ends.
    """

    def growth(of: Mapping[str, float], share: float) -> float:
        base, then = (
            sum(
                rate * weights[group] * _in_need(groups[group], group, years[0], year, share)
                for group, rate in of.items()
            )
            for year in years
        )
        return then / base

    names = list(rates)
    ends = [
        growth(dict(zip(names, corner, strict=True)), share)
        for corner in product(*(dict.fromkeys(rates[name][1:]) for name in names))
        for share in dict.fromkeys(shares[1:])
    ]
    middle = growth({name: of[0] for name, of in rates.items()}, shares[0])
    return middle, min(middle, *ends), max(middle, *ends)


def _in_need(by_year: Mapping[str, int], group: str, base: int, year: int, share: float) -> float:
    """Return the inhabitants of a group whose need counts: of the old, without the share of growth that makes none."""
    now, before = by_year[str(year)], by_year[str(base)]
    return now - share * max(0, now - before) if group in OLD else now


def _inhabitants(given: Mapping[str, Mapping[str, int]], base: int, until: int) -> dict[str, dict[str, int]]:
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


def _rates(
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


def _read(option: str, texts: Sequence[str], names: Sequence[str] | None) -> dict[str, float]:
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


def _index(given: Mapping[str, float], years: Sequence[int], base: int) -> dict[int, float]:
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


def _recorded(found: Outlook, _done: Done) -> Figures:
    kroner = {str(one.year): {"kostnad": one.cost.value, "ramme": one.frame.value} for one in found.years}
    return Figures(as_recorded(found), {found.regulation_id: kroner})


QUESTION = Question(
    name="outlook",
    about=marked("""Show need, cost and frame in the years to come, from inhabitants by age.

    Inhabitants times users per 1 000 by age times hours a user, told as growth from the base year; with the frame that
    would give each hour as much as then. What is assumed is said, with bands.
    """),
    examples=(
        "outlook --population befolkning.csv --rate 0-66=7.5",
        "outlook --population befolkning.csv --rate 0-66=7.5 --healthy-ageing 0.25 --output til_2029.html",
        "outlook --population befolkning.csv --rate 0-66=7.5 --index 2029=125",
    ),
    run=_run,
    options=Options,
    takes=("population", "year", "regulation", "suppression"),
    bodies=(
        {"inhabitants": {"67-79": {"2019": 1000, "2029": 1300}, "80-": {"2019": 500, "2029": 700}}, "until": 2029},
    ),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    drawn=True,
    recorded=_recorded,
)
