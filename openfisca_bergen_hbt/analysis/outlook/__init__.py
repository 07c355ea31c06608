"""``outlook``: need, cost and frame in the years to come, from how many the inhabitants of each age are.

What is reckoned is growth: the users of a year are those of the base year times the growth of inhabitants weighted with
the users per 1 000 of each age group. The base year gives back its own hours, whatever the rates are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import LAST_YEAR, Asked, Done, Figures, Question, as_recorded
from openfisca_bergen_hbt.analysis.outlook.assumed import GROUPS, OLD, index_of, inhabitants_in, numbers_in, rates_of
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked, say

#: The plan's last year.
UNTIL = 2029


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
    groups = inhabitants_in(options.inhabitants, base, options.until)
    years = sorted({int(year) for by_year in groups.values() for year in by_year if base <= int(year) <= options.until})
    rates = rates_of(numbers_in("--rate", options.rate, GROUPS), groups, asked)
    weights = numbers_in("--weight", options.weight, GROUPS)
    hours = {group: weights.get(group, 1.0) for group in groups}
    share = options.healthy_ageing
    shares = (share, 0.0, min(1.0, 2 * share))
    index = index_of(numbers_in("--index", options.index, None), years, base)
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
    not_public=marked("It carries counts by category and exact amounts on into later years."),
    bodies=(
        {"inhabitants": {"67-79": {"2019": 1000, "2029": 1300}, "80-": {"2019": 500, "2029": 700}}, "until": 2029},
    ),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    drawn=True,
    recorded=_recorded,
)
