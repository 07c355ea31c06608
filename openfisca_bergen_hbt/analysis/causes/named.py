"""The causes that the slides name, each judged by how the figures go that would have to bear it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.causes.decomposition import OWN, SUM, Triple, sum_of_rows, sum_row
from openfisca_bergen_hbt.rules.derived import leaf
from openfisca_bergen_hbt.simulate import Results

BORNE_OUT, CONTRADICTED, CANNOT_TELL = "borne_out", "contradicted", "cannot_tell"
#: What stands before the name of a figure that a cause is judged by: it is to have grown, have fallen, or be there.
#: A figure without a mark is shown and decides nothing, as it can go that way on other grounds than the cause.
GREW, FELL, IS_THERE = "+", "-", "!"


@dataclass(frozen=True)
class Evidence:
    """A figure that is set beside a cause: its values by year, and the rows or the area that they are of."""

    figure: str
    of: str
    by_year: dict[int, float]


@dataclass(frozen=True)
class Cause:
    """A cause that the slides name: whether the figures bear it out, contradict it or can't tell, and which do."""

    question: str
    cause: str
    #: ``borne_out``, ``contradicted`` or ``cannot_tell``.
    verdict: str
    evidence: tuple[Evidence, ...]
    remark: str
    source: str


@dataclass(frozen=True)
class Absence:
    """What a share of absence comes to: full-time years, counted from the money and from the hours, and their cost."""

    share: float
    full_time_years: float
    full_time_years_of_hours: float
    kroner: float


def named(first: int, last: int, results: Results) -> list[Cause]:
    """Return the causes that the slides name, judged by the figures of the years from the first to the last."""
    figures = {name: tuple(each) for name, each in groupby(_figures(first, last, results), lambda one: one.figure)}
    found = []
    for row in data.rows("aarsaker"):
        marks = [(mark, figures[mark.lstrip(GREW + FELL + IS_THERE)]) for mark in row["proeves_mot"].split()]
        within = [
            (mark[0], list(one.by_year.values()))
            for mark, evidence in marks
            for one in evidence
            if first <= min(one.by_year) and max(one.by_year) <= last
        ]
        shown = tuple(one for _, evidence in marks for one in evidence)
        found.append(Cause(row["spoersmaal"], row["aarsak"], verdict(within), shown, row["merknad"], row["kilde"]))
    return found


def verdict(judged_by: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Return what figures say of a cause: it is borne out or contradicted only where all that decide agree.

    Args:
        judged_by: the mark of each figure, and its values in the order of the years.
    """
    agreements = set()
    for mark, values in judged_by:
        toward = {GREW: values[-1] - values[0], FELL: values[0] - values[-1], IS_THERE: values[-1]}.get(mark)
        if toward is not None:
            agreements.add((toward > 0) - (toward < 0))
    return BORNE_OUT if agreements == {1} else CONTRADICTED if agreements == {-1} else CANNOT_TELL


def absences(results: Results) -> list[Absence]:
    """Return what the published absence comes to, between the ends of its range (T-24, T-28)."""
    parameters, share = results.system.parameters, leaf(results.system.parameters, "sykefravaer.andel")
    published, (low, high) = share.get_at_instant(f"{results.year}-01-01"), share.metadata["range"]
    by_money, by_hours = (
        float(results.value(name)[0]) for name in ("sykefravaer_aarsverk", "sykefravaer_aarsverk_av_vedtakstimer")
    )
    cost = leaf(parameters, "aarsverk.kostnad").get_at_instant(f"{results.year}-01-01")
    scaled = ((one, one / published) for one in (low, published, high))
    return [Absence(one, by_money * by, by_hours * by, by_money * by * cost) for one, by in scaled]


def _figures(first: int, last: int, results: Results) -> Iterator[Evidence]:
    """Yield every figure that a cause can be judged by, those of one name after each other."""
    own, sums = ({year: of_year(year) for year in (first, last)} for of_year in (sum_of_rows, sum_row))
    for name in ("vedtakstimer", "brukere", "besoek", "timer_per_bruker"):
        by_rows = {
            rows: {year: _value(name, row) for year, row in of.items()} for rows, of in ((OWN, own), (SUM, sums))
        }
        if by_rows[OWN] == by_rows[SUM]:
            del by_rows[SUM]
        yield from (Evidence(name, rows, by_year) for rows, by_year in by_rows.items())
    for name, municipalities in results.system.parameters.kostra.children.items():
        dated = municipalities.children["bergen"].values_list
        by_year = {int(value.instant_str[:4]): float(value.value) for value in reversed(dated)}
        yield Evidence(name, "", by_year)
    yield from _medication(results)


def _value(name: str, row: Triple) -> float:
    hours, users, visits = row
    return {"vedtakstimer": hours, "brukere": users, "besoek": visits, "timer_per_bruker": hours / users}[name]


def _medication(results: Results) -> Iterator[Evidence]:
    """Yield the hours of medication outside the decisions, their cost by both prices, and whom the table covers."""
    parameters: Any = results.system.get_parameters_at_instant(f"{results.year}-01-01")
    hours = float(results.value("lmh_timer_utenfor_vedtak").sum())
    for name, value in (
        ("lmh_timer_utenfor_vedtak", hours),
        ("lmh_kroner_etter_aarsverk", hours / parameters.aarsverk.timer * parameters.aarsverk.kostnad),
        ("lmh_kroner_etter_timepris", hours * parameters.aktivitetsbasert.timepris),
    ):
        yield Evidence(name, "", {results.year: value})
    shares = (results.value("lmh_pasienter") / results.value("publiserte_brukere")).tolist()
    covered = sorted(zip(shares, results.population.area_names, strict=True))
    yield from (Evidence("lmh_andel_av_brukerne", area, {results.year: share}) for share, area in covered)
