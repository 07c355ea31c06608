"""A comparison on one screen: the ladder of regulations, the areas, and what the figures rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.assumptions import Assumption, Foundations
from openfisca_bergen_hbt.compare import Comparison, Run
from openfisca_bergen_hbt.money import FloatArray, ratio
from openfisca_bergen_hbt.report import numbers
from openfisca_bergen_hbt.report.numbers import signed, signed_percent, whole
from openfisca_bergen_hbt.simulate import Results

#: The columns of the ladder: variable, and what its column is called.
LADDER = (
    ("etat_vedtakstimer", "Timer"),
    ("etat_aktivitetskostnad", "Aktiviteten\nkoster"),
    ("etat_disponibel_ramme", "Disponibel\nramme"),
    ("etat_samlet_tildeling", "Delt ut"),
    ("etat_kostnad_over_ramme", "Merforbruk"),
)
#: What a synthetic population can't say about the category model.
MIDPOINTS = (
    "Mot timene gir kategoriene litt mer til områder med få timer per bruker. Det følger av T-4 og T-12 (midtpunktene "
    "ligger over gjennomsnittet i kategori 2 og 5), ikke av data om brukere."
)
#: How many amounts stand side by side; more are set out below each other.
SIDE_BY_SIDE = 5


@dataclass(frozen=True)
class Column:
    """Regulations next to each other that give every area the same."""

    runs: Sequence[Run]

    @property
    def results(self) -> Results:
        """The results that they share."""
        return self.runs[0].results

    @property
    def title(self) -> str:
        """The first regulation, and how many of the following give the same."""
        first = self.runs[0].version.short_title
        return first if len(self.runs) == 1 else f"{first}\n(likt i {len(self.runs)} trinn)"


def comparison(compared: Comparison) -> RenderableType:
    """Return a comparison as something that rich prints within 100 columns."""
    ladder, areas = _ladder(compared), _areas(compared)
    return Group(
        Text(f"Finansieringen av hjemmebaserte tjenester i Bergen {compared.year}, trinn for trinn", style="bold"),
        Text("Hele kroner. Under hvert trinn: endring fra trinnet over.", style="dim"),
        ladder,
        *_overspend(compared),
        *areas,
        *_rests_on(compared, compared.foundations()),
    )


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, expand=False)


def _totals(run: Run) -> list[float]:
    return [float(run.results.value(variable).sum()) for variable, _ in LADDER]


def _ladder(compared: Comparison) -> Table:
    table = _table()
    table.add_column("Regelverk", max_width=30)
    for _, heading in LADDER:
        table.add_column(heading, justify="right", no_wrap=True)
    earlier: Run | None = None
    for number, run in enumerate(compared.runs):
        name = Text(f"{number}. {run.version.short_title}")
        notes = [numbers.month(run.version.latest.adopted_by())] if run.version.latest else []
        if earlier and _same(run, earlier):
            notes.append("flytter ingen krone")
        elif earlier and _totals(run) == _totals(earlier):
            notes.append("flytter penger mellom enheter")
        if notes:
            name.append("\n" + ", ".join(notes), style="dim")
        table.add_row(name, *_cells(run, earlier))
        earlier = run
    return table


def _same(run: Run, other: Run) -> bool:
    """Return whether two regulations give the same totals, and each unit the same."""
    return _totals(run) == _totals(other) and bool((_given(run) == _given(other)).all())


def _cells(run: Run, earlier: Run | None) -> list[Text]:
    if earlier is None or _same(run, earlier):
        return [Text(whole(now)) for now in _totals(run)]
    return [_with_change(now, then) for now, then in zip(_totals(run), _totals(earlier), strict=True)]


def _with_change(now: float, then: float) -> Text:
    change = now - then
    if not change:
        return Text(whole(now)).append("\nuendret", style="dim")
    per_cent = signed_percent(change, then) if then > 0 else ""
    return Text(whole(now)).append(f"\n{signed(change)}\n{per_cent}", style="dim")


def _overspend(compared: Comparison) -> list[RenderableType]:
    published = compared.published_overspend()
    lines = ["Merforbruk er det vedtakstimene koster utover disponibel ramme (under 0: rammen holder)."]
    if published is not None:
        lines.append(f"Publisert merforbruk {compared.year}: {whole(published)} kr.")
    return [Text(" ".join(lines), style="dim")]


def _columns(compared: Comparison) -> list[Column]:
    """Return the regulations, those that give every area the same as the one before under one head."""
    grouped: list[list[Run]] = []
    for run in compared.runs:
        same = grouped and (_given_areas(run) == _given_areas(grouped[-1][0])).all()
        grouped[-1].append(run) if same else grouped.append([run])
    return [Column(runs) for runs in grouped]


def _given(run: Run) -> FloatArray:
    return run.results.value("enhet_samlet_tildeling")


def _given_areas(run: Run) -> FloatArray:
    return run.results.by_area("enhet_samlet_tildeling")


def _areas(compared: Comparison) -> list[RenderableType]:
    """Return what each regulation gives the areas, and what that is per user and per hour."""
    columns = _columns(compared)
    first, last = columns[0], columns[-1]
    names = [*compared.population.area_names, "Sum"]
    parts: list[RenderableType] = [Text("\nSamlet tildeling etter byområde", style="bold")]
    for start in range(0, len(columns), SIDE_BY_SIDE):
        side_by_side = columns[start : start + SIDE_BY_SIDE]
        table = _table()
        table.add_column("Byområde")
        for column in side_by_side:
            table.add_column(column.title, justify="right")
        cells = [map(whole, _with_sum(_given_areas(column.runs[0]))) for column in side_by_side]
        if len(columns) > 1 and last in side_by_side:
            table.add_column(f"Endring fra\n{first.runs[0].version.short_title}", justify="right")
            table.add_column("%", justify="right")
            change = _with_sum(_given_areas(last.runs[0]) - _given_areas(first.runs[0]))
            cells.append(map(signed, change))
            cells.append(map(signed_percent, change, _with_sum(_given_areas(first.runs[0]))))
        _fill(table, names, cells)
        parts.append(table)
    return [*parts, *_per_user_and_hour(names, first, last)]


def _per_user_and_hour(names: list[str], first: Column, last: Column) -> list[RenderableType]:
    before, after = first.runs[0].version.short_title, last.runs[0].version.short_title
    heading = Text("\nPer bruker og per vedtakstime", style="bold")
    table = _table()
    table.add_column("Byområde")
    table.add_column("Brukere", justify="right")
    cells = [map(whole, _with_sum(last.results.by_area("enhet_antall_brukere")))]
    for divisor, unit, write, write_change in (
        ("enhet_antall_brukere", "kr/bruker", whole, signed),
        ("enhet_vedtakstimer", "kr/time", numbers.two_decimals, numbers.signed_two_decimals),
    ):
        then, now = (
            ratio(_with_sum(_given_areas(column.runs[0])), _with_sum(column.results.by_area(divisor)))
            for column in (first, last)
        )
        table.add_column(f"{unit}\nfør" if last is not first else unit, justify="right")
        cells.append(map(write, then))
        if last is not first:
            table.add_column(f"{unit}\netter", justify="right")
            table.add_column(f"{unit}\nendring", justify="right")
            cells.append(map(write, now))
            cells.append(map(write_change, now - then))
    if last is not first:
        heading.append(f" (før: {before}; etter: {after})", style="dim")
    _fill(table, names, cells)
    return [heading, table]


def _with_sum(values: FloatArray) -> FloatArray:
    return numpy.append(values, values.sum())


def _fill(table: Table, names: Sequence[str], columns: Iterable[Iterable[str]]) -> None:
    for row in zip(names, *columns, strict=True):
        table.add_row(*row, style="bold" if row[0] == names[-1] else None)


def _rests_on(compared: Comparison, rests_on: Foundations) -> list[RenderableType]:
    """Return what the population is, and the assumptions and interpretations behind the figures."""
    by_basis = {"proposal": "Tall fra forslag", "assumption": "Antatte tall", "derived": "Avledede tall"}
    lines = [("Befolkning", compared.population.description)]
    for basis, heading in by_basis.items():
        numbers_of = [_in_short(found) for found in rests_on.assumptions if found.basis == basis]
        if numbers_of:
            lines.append((f"{heading} [spenn]", "; ".join(numbers_of)))
    readings = [f"{name} {interpretation['short']}" for name, interpretation in rests_on.interpretations.items()]
    lines.append(("Tolkninger", "; ".join(readings)))
    if compared.population.synthetic and "T-4" in rests_on.interpretations:
        lines.insert(1, ("Forbehold", MIDPOINTS))
    return [Text(), *(Text.assemble((f"{heading}: ", "bold"), (text, "dim")) for heading, text in lines)]


def _in_short(found: Assumption) -> str:
    unit = data.units()[found.unit]["label"]
    limits = f" [{'–'.join(map(numbers.decimals, found.range))}]" if found.range else ""
    return f"{found.parameter} {numbers.decimals(found.value)} {unit}{limits}"
