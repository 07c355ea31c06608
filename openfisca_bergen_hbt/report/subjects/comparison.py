"""What the report of a comparison says, before it becomes a page or a workbook: words, and tables with raw values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from openfisca_bergen_hbt.analysis.comparison import Comparison, Run
from openfisca_bergen_hbt.report.subjects import ground_tables, unit_tables
from openfisca_bergen_hbt.report.subjects.figures import (
    GIVEN,
    HOURS,
    LADDER,
    OVERSPEND,
    USERS,
    about,
    columns,
    effect,
    groups,
    per,
    shares,
    table_rows,
    title,
    totals,
    with_sum,
)
from openfisca_bergen_hbt.report.tables import Column, DataTable, Value
from openfisca_bergen_hbt.rules.money import ratio
from openfisca_bergen_hbt.text import numbers

#: The bands of change: what each is called, and its upper limit; a limit belongs to the band around 0.
BANDS = (
    ("Mer enn 5 % mindre", -0.05),
    ("1 til 5 % mindre", -0.01),
    ("Mellom 1 % mindre og 1 % mer", 0.01),
    ("1 til 5 % mer", 0.05),
    ("Mer enn 5 % mer", numpy.inf),
)


@dataclass(frozen=True)
class Report:
    """A report: its headline figures in words, its tables by name, and what they rest on."""

    title: str
    headlines: Sequence[str]
    about: Sequence[tuple[str, str]]
    ladder: DataTable
    areas: DataTable
    bands: DataTable | None
    agencies: DataTable | None
    units: DataTable
    categories: DataTable | None
    decisions: DataTable
    effects: DataTable | None
    assumptions: DataTable
    interpretations: DataTable
    sources: DataTable

    @property
    def tables(self) -> list[DataTable]:
        """Every table, in order."""
        found = [self.ladder, self.areas, self.bands, self.agencies, self.units, self.categories]
        found += [self.effects, self.decisions, self.assumptions, self.interpretations, self.sources]
        return [table for table in found if table]


def report(compared: Comparison) -> Report:
    """Return the report of a comparison."""
    ladder, areas, bands = _ladder(compared), _areas(compared), _bands(compared)
    units, categories = unit_tables.units(compared), unit_tables.categories(compared)
    agencies, decided = unit_tables.agencies(compared), ground_tables.decisions(compared)
    effects = ground_tables.effects(compared)
    rests_on = compared.foundations()  # on what the tables above have asked for
    return Report(
        title=title(compared),
        headlines=_headlines(compared),
        about=about(compared),
        ladder=ladder,
        areas=areas,
        bands=bands,
        agencies=agencies,
        units=units,
        categories=categories,
        decisions=decided,
        effects=effects,
        assumptions=ground_tables.assumptions(rests_on),
        interpretations=ground_tables.interpretations(rests_on),
        sources=ground_tables.sources(rests_on),
    )


def _headlines(compared: Comparison) -> list[str]:
    """Return the most important figures in words."""
    first, last = compared.runs[0], compared.runs[-1]
    _, cost, frame, handed_out, over = totals(last)
    share = f" ({numbers.percent(abs(over) / frame)} av rammen)" if frame > 0 else ""
    more_or_less = "mer enn" if over > 0 else "mindre enn"
    cost_and_frame = (
        f"Vedtakstimene i {compared.year} koster {numbers.whole(cost)} kr. Det er {numbers.whole(abs(over))} kr "
        f"{more_or_less} den disponible rammen på {numbers.whole(frame)} kr{share}."
    )
    given = f"Etter «{last.version.title}» deles det ut {numbers.whole(handed_out)} kr til enhetene."
    found = [cost_and_frame, given]
    if len(columns(compared)) == 1:
        if first is not last:
            found.append("Ingen av regelverkene flytter penger mellom dem som får.")
        return found
    by = groups(compared)
    before, after = by.of(first.results, GIVEN), by.of(last.results, GIVEN)
    change = after - before
    for place, way, sign in ((int(change.argmax()), "opp", 1), (int(change.argmin()), "ned", -1)):
        if change[place] * sign > 0:
            found.append(
                f"Fra «{first.version.title}» går {by.names[place]} mest {way}: {numbers.signed(change[place])} kr "
                f"({numbers.signed_percent(change[place], before[place])})."
            )
    return found


def _ladder(compared: Comparison) -> DataTable:
    rows: list[list[Value]] = []
    earlier: Run | None = None
    for number, run in enumerate(compared.runs):
        latest = run.version.latest
        change = totals(run)[3] - totals(earlier)[3] if earlier else ""
        adopted = numbers.month(latest.adopted_by()) if latest else ""
        rows.append([f"{number}. {run.version.title}", adopted, *totals(run), change, effect(run, earlier)])
        earlier = run
    published = compared.published_overspend()
    notes = [OVERSPEND]
    if published is not None:
        notes.append(f"Publisert merforbruk {compared.year}: {numbers.whole(published)} kr.")
    heads = [Column(heading, kind) for _, heading, kind in LADDER]
    ends = [Column("Delt ut, endring fra trinnet over", "kr_change"), Column("Merknad", width=30)]
    return DataTable(
        "Sammendrag",
        "Regelverkene trinn for trinn",
        [Column("Regelverk", width=52), Column("Vedtatt", width=12), *heads, *ends],
        rows,
        notes,
    )


def _areas(compared: Comparison) -> DataTable:
    by, shown = groups(compared), columns(compared)
    first, last = shown[0], shown[-1]
    heads = [Column(by.heading), Column("Brukere", "count"), Column("Vedtakstimer", "hours")]
    cells: list[list[Value]] = [
        by.cells(compared, name, with_sum(by.of(last.results, name))) for name in (USERS, HOURS)
    ]
    for column in shown:
        heads.append(Column(column.title.replace("\n", " "), "kr"))
        cells.append(with_sum(by.of(column.results, GIVEN)).tolist())
    if last is not first:
        before, after = (with_sum(by.of(column.results, GIVEN)) for column in (first, last))
        heads += [Column("Endring, kr", "kr_change"), Column("Endring, %", "percent_change")]
        cells += [(after - before).tolist(), shares(after - before, before)]
    for name, divisor, unit, kind in (
        ("enhet_tildeling_per_bruker", USERS, "bruker", "kr"),
        ("enhet_tildeling_per_time", HOURS, "time", "ore"),
    ):
        now = per(compared, last, divisor)
        if last is not first:
            then = per(compared, first, divisor)
            heads.append(Column(f"Kr per {unit}, før", kind))
            cells.append(by.cells(compared, name, then))
        heads.append(Column(f"Kr per {unit}{', etter' if last is not first else ''}", kind))
        cells.append(by.cells(compared, name, now))
    notes = [f"Før: {first.short_title}. Etter: {last.short_title}."] if last is not first else []
    place = "byområder" if by.level == "byomraade" else "enheter (ingen byområder er oppgitt)"
    return DataTable(
        "Byområder" if by.level == "byomraade" else "Fordeling",
        f"Samlet tildeling etter {by.heading.lower()}",
        heads,
        table_rows([*by.names, "Sum"], cells),
        [*notes, f"Tallene gjelder {place}."],
        has_sum=True,
    )


def _bands(compared: Comparison) -> DataTable | None:
    """Return the number of units and users by band of change from the first regulation to the last."""
    first, last = compared.runs[0].results, compared.runs[-1].results
    before, after = first.value(GIVEN), last.value(GIVEN)
    if len(columns(compared)) == 1 or not (before > 0).any():
        return None
    change = numpy.round(ratio(after - before, before), 9)
    limits = numpy.array([limit for _, limit in BANDS[:-1]])
    # a limit belongs to the band that is nearer to no change
    band = numpy.where(change < 0, numpy.searchsorted(limits, change, "right"), numpy.searchsorted(limits, change))
    members = {name: (before > 0) & (band == number) for number, (name, _) in enumerate(BANDS)}
    if (before <= 0).any():
        members["Fikk ingenting før"] = before <= 0
    users, hidden = last.value(USERS), compared.hides(USERS, "enhet")
    rows: list[list[Value]] = []
    for name, mine in members.items():
        # with the units' own numbers beside it, the sum of the band would give the one back that is held back
        small = hidden is not None and bool((hidden & mine).any())
        count = None if small else float(users[mine].sum())
        rows.append([name, float(mine.sum()), count, float((after - before)[mine].sum())])
    heads = [Column("Enheter", "count"), Column("Brukere", "count"), Column("Kroner i alt", "kr_change")]
    return DataTable(
        "Vinnere og tapere",
        "Hvem får mer, og hvem får mindre",
        [Column("Endring i samlet tildeling", width=32), *heads],
        rows,
        [f"Fra «{compared.runs[0].version.title}» til «{compared.runs[-1].version.title}»."],
    )
