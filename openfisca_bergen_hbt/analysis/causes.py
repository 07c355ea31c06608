"""``causes``: why the published hours grew, and what of the causes that the slides name the figures bear out."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population.embedded import PUBLISHED_YEARS, published, published_figures
from openfisca_bergen_hbt.rules.derived import leaf
from openfisca_bergen_hbt.simulate import Results, simulate

FIRST, LAST = PUBLISHED_YEARS[0], PUBLISHED_YEARS[-1]
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


@dataclass(frozen=True)
class Cause:
    """A cause that the slides name: whether the figures bear it out, contradict it or can't tell, and which do."""

    question: str
    cause: str
    #: ``borne_out``, ``contradicted`` or ``cannot_tell``.
    verdict: str
    figures: dict[str, float]
    source: str


@dataclass(frozen=True)
class Causes:
    """Why the hours grew, by area and in all."""

    first: int
    last: int
    #: The model's price of an hour, which is calibrated.
    price: float
    growth: tuple[Growth, ...]
    causes: tuple[Cause, ...]
    absence: dict[str, float]

    @property
    def totals(self) -> dict[str, Growth]:
        """The growth in all, by the rows that it is taken from."""
        return {found.rows: found for found in self.growth if found.area == SUM}


def divided(before: Triple, after: Triple) -> Triple:
    """Divide the growth of a product of three factors among them, exactly (log-mean Divisia).

    Args:
        before: hours, users and visits of the first year.
        after: the same of the last year.

    Returns:
        What users, visits per user and hours per visit each add; together the growth of the hours.
    """
    (hours, users, visits), (hours_after, users_after, visits_after) = before, after
    mean = hours if hours == hours_after else (hours_after - hours) / math.log(hours_after / hours)
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
        sums = [sum(getattr(one, field) for one in mine) for field in ("hours", *FACTORS)]
        found += [*mine, Growth(rows, SUM, *sums)]
    before_sum, after_sum = (_sum_row(year) for year in (first, last))
    return [*found, Growth(SUM, SUM, after_sum[0] - before_sum[0], *divided(before_sum, after_sum))]


def _sum_row(year: int) -> Triple:
    row = next(row for row in data.rows("summer") if int(row["aar"]) == year)
    return float(row["vedtakstimer"]), float(row["brukere"]), float(row["besoek"])


def _causes(first: int, last: int, results: Results) -> list[Cause]:
    sums = {year: _sum_row(year) for year in (first, last)}
    named = ("vedtakstimer", "brukere", "besoek")
    changes = {name: sums[last][place] - sums[first][place] for place, name in enumerate(named)}
    changes["timer_per_bruker"] = sums[last][0] / sums[last][1] - sums[first][0] / sums[first][1]
    figures = {name: {f"{name}_{first}_{last}": change} for name, change in changes.items()}
    # more users, or more hours for each, can have other grounds than those that the slides name: they decide nothing
    verdicts = {name: _verdict(changes[name] > 0) for name in ("vedtakstimer", "besoek")}
    kostra = {
        name: _by_year(results.system, f"kostra.{name}.bergen")
        for name in ("institusjonsplasser_over_80", "institusjonsbrukere_over_80")
    }
    figures["institusjon"] = {
        f"{name}_{year}": value for name, values in kostra.items() for year, value in values.items()
    }
    verdicts["institusjon"] = _verdict(all(values[min(values)] > values[max(values)] for values in kostra.values()))
    figures["legemiddelhaandtering"] = _medication(results)
    verdicts["legemiddelhaandtering"] = _verdict(figures["legemiddelhaandtering"]["timer_utenfor_vedtak"] > 0)
    return [
        Cause(
            row["spoersmaal"],
            row["aarsak"],
            verdicts.get(row["proeves_mot"], "cannot_tell"),
            figures.get(row["proeves_mot"], {}),
            row["kilde"],
        )
        for row in data.rows("aarsaker")
    ]


def _verdict(holds: bool) -> str:  # noqa: FBT001 (what is judged)
    return "borne_out" if holds else "contradicted"


def _by_year(system: Any, name: str) -> dict[int, float]:
    return {int(dated.instant_str[:4]): float(dated.value) for dated in leaf(system.parameters, name).values_list}


def _medication(results: Results) -> dict[str, float]:
    """Return the hours of medication outside the decisions, their cost by both prices, and whom the table covers."""
    parameters = results.system.get_parameters_at_instant(f"{LAST}-01-01")
    hours = float(results.value("lmh_timer_utenfor_vedtak").sum())
    covered = results.value("lmh_pasienter") / results.value("publiserte_brukere")
    return {
        "timer_utenfor_vedtak": hours,
        "kroner_etter_aarsverk": hours / parameters.aarsverk.timer * parameters.aarsverk.kostnad,
        "kroner_etter_timepris": hours * parameters.aktivitetsbasert.timepris,
        "andel_av_brukerne_lavest": float(covered.min()),
        "andel_av_brukerne_hoeyest": float(covered.max()),
    }


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """From which year to which."""

    first: Annotated[
        int, Meta(ge=FIRST, le=LAST, description=f"The first year, {FIRST} to {LAST - 1}.", extra={"option": "--from"})
    ] = FIRST
    last: Annotated[
        int, Meta(ge=FIRST, le=LAST, description=f"The last year, {FIRST + 1} to {LAST}.", extra={"option": "--to"})
    ] = LAST


def _run(asked: Asked) -> Causes:
    first, last = asked.options.first, asked.options.last
    if first >= last:
        raise ValueError(f"The first year ({first}) comes before the last ({last}): give --from and --to in order.")
    results = simulate(published(LAST), SYSTEMS.system(in_force()), LAST)
    price = float(leaf(results.system.parameters, "aktivitetsbasert.timepris").get_at_instant(f"{LAST}-01-01"))
    names = ("sykefravaer_aarsverk", "sykefravaer_aarsverk_av_vedtakstimer")
    absence = {name: float(results.value(name)[0]) for name in names}
    return Causes(first, last, price, tuple(growth(first, last)), tuple(_causes(first, last, results)), absence)


def _recorded(found: Causes, _done: Done) -> Figures:
    return Figures(asdict(found), {})


QUESTION = Question(
    name="causes",
    about="""Say why the published hours grew, and which of the causes that the slides name the figures bear out.

    Hours are users times visits per user times hours per visit: the growth is divided among the three, exactly.
    """,
    examples=("causes", "causes --from 2018 --to 2019 --format markdown"),
    run=_run,
    bodies=({"from": 2017, "to": 2019},),
    options=Options,
    takes=(),
    forms=("text", "json", "markdown", "html"),
    by_ending=True,
    recorded=_recorded,
)
