"""The growth of the published hours, divided among users, visits per user and hours per visit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.population.embedded import published_figures

#: Hours are users times visits per user times hours per visit; each is explained by the growth of one of the three.
FACTORS = ("brukere", "besoek_per_bruker", "timer_per_besoek")
#: The rows that the areas' visits are taken from: their own; with what the SUM has beyond them; the SUM's.
OWN, FANA, SUM = "omraader", "lesning_t22_fana_besoek", "sum"
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Growth:
    """The growth of hours from one year to another, divided by its factors: the parts add up to the growth."""

    rows: str
    area: str
    hours: float
    brukere: float
    besoek_per_bruker: float
    timer_per_besoek: float

    @property
    def amounts(self) -> dict[str, float]:
        """The growth, and what each of the factors adds."""
        return {name: getattr(self, name) for name in ("hours", *FACTORS)}


def divided(before: Triple, after: Triple) -> Triple:
    """Divide the growth of a product of three factors among them, exactly (additive log-mean Divisia, LMDI-I).

    Args:
        before: hours, users and visits of the first year.
        after: the same of the last year.

    Returns:
        What users, visits per user and hours per visit each add; together the growth of the hours.
    """
    (hours, users, visits), (hours_after, users_after, visits_after) = before, after
    growth = hours_after - hours
    # the logarithmic mean; log1p keeps it right where the hours hardly change, and its limit is the hours themselves
    mean = growth / math.log1p(growth / hours) if growth else hours
    ratios = (
        users_after / users,
        (visits_after / users_after) / (visits / users),
        (hours_after / visits_after) / (hours / visits),
    )
    of_users, of_visits, of_hours = (mean * math.log(ratio) for ratio in ratios)
    return of_users, of_visits, of_hours


def growth(first: int, last: int) -> list[Growth]:
    """Return the growth of the published hours from one year to another, by area and in all, by each set of rows."""
    found: list[Growth] = []
    for rows in (OWN, FANA):
        before, after = (published_figures(year, "" if rows == OWN else rows) for year in (first, last))
        mine = [
            Growth(rows, area, after[area][0] - before[area][0], *divided(before[area], after[area])) for area in before
        ]
        sums = [sum(one.amounts[name] for one in mine) for name in ("hours", *FACTORS)]
        found += [*mine, Growth(rows, SUM, *sums)]
    before_sum, after_sum = (sum_row(year) for year in (first, last))
    return [*found, Growth(SUM, SUM, after_sum[0] - before_sum[0], *divided(before_sum, after_sum))]


def sum_row(year: int) -> Triple:
    """Return the published SUM rows of a year: hours, users and visits."""
    row = next(row for row in data.rows("summer") if int(row["aar"]) == year)
    return float(row["vedtakstimer"]), float(row["brukere"]), float(row["besoek"])


def sum_of_rows(year: int) -> Triple:
    """Return what the areas' own rows of a year add up to: hours, users and visits."""
    hours, users, visits = (sum(column) for column in zip(*published_figures(year).values(), strict=True))
    return hours, users, visits
