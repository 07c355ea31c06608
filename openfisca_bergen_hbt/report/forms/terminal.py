"""A comparison on one screen: the ladder of regulations, the areas, and what the figures rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Assumption, Foundations
from openfisca_bergen_hbt.analysis.comparison import Comparison, Run
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.document import rendered
from openfisca_bergen_hbt.report.forms.provenance import facts
from openfisca_bergen_hbt.report.subjects.figures import (
    GIVEN,
    HOURS,
    LADDER,
    OVERSPEND,
    USERS,
    Column,
    about,
    columns,
    effect,
    groups,
    per,
    same,
    title,
    totals,
    with_sum,
)
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.numbers import signed, signed_percent, whole

#: How many amounts stand side by side; more are set out below each other.
SIDE_BY_SIDE = 5
#: How many areas, or units, a screen shows; files show all.
MOST_ROWS = 100


def comparison(compared: Comparison) -> RenderableType:
    """Return a comparison as something that rich prints within 100 columns."""
    ladder, areas = _ladder(compared), _areas(compared)
    return Group(
        Text(title(compared), style="bold"),
        Text("Hele kroner. Under hvert trinn: endring fra trinnet over.", style="dim"),
        ladder,
        *_overspend(compared),
        *areas,
        *_rests_on(compared, compared.foundations()),
    )


def as_text(compared: Comparison) -> Callable[[Mapping[str, Any]], bytes]:
    """Return what writes a comparison as plain text, and where its figures come from."""
    text = rendered(comparison(compared))

    def with_provenance(recorded: Mapping[str, Any]) -> bytes:
        return (f"{text}\n" + "".join(f"{name}: {value}\n" for name, value in facts(recorded))).encode()

    return with_provenance


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, expand=False)


def _ladder(compared: Comparison) -> Table:
    table = _table()
    table.add_column("Regelverk", max_width=30)
    for _, heading, _ in LADDER:
        table.add_column(
            heading.replace(" ", "\n") if len(heading) > len("Merforbruk") else heading, justify="right", no_wrap=True
        )
    earlier: Run | None = None
    for number, run in enumerate(compared.runs):
        name = Text(f"{number}. {run.version.short_title}")
        notes = [numbers.month(run.version.latest.adopted_by())] if run.version.latest else []
        notes += filter(None, [effect(run, earlier)])
        if notes:
            name.append("\n" + ", ".join(notes), style="dim")
        table.add_row(name, *_cells(run, earlier))
        earlier = run
    return table


def _cells(run: Run, earlier: Run | None) -> list[Text]:
    if earlier is None or same(run, earlier):
        return [Text(whole(now)) for now in totals(run)]
    return [_with_change(now, then) for now, then in zip(totals(run), totals(earlier), strict=True)]


def _with_change(now: float, then: float) -> Text:
    change = now - then
    if not change:
        return Text(whole(now)).append("\nuendret", style="dim")
    per_cent = signed_percent(change, then) if then > 0 else ""
    return Text(whole(now)).append(f"\n{signed(change)}\n{per_cent}", style="dim")


def _overspend(compared: Comparison) -> list[RenderableType]:
    published = compared.published_overspend()
    lines = [OVERSPEND]
    if published is not None:
        lines.append(f"Publisert merforbruk {compared.year}: {whole(published)} kr.")
    return [Text(" ".join(lines), style="dim")]


def _areas(compared: Comparison) -> list[RenderableType]:
    """Return what each regulation gives the areas, and what that is per user and per hour."""
    by, shown = groups(compared), columns(compared)
    first, last = shown[0], shown[-1]
    names = [*by.names, "Sum"]
    parts: list[RenderableType] = [Text(f"\nSamlet tildeling etter {by.heading.lower()}", style="bold")]
    for start in range(0, len(shown), SIDE_BY_SIDE):
        side_by_side = shown[start : start + SIDE_BY_SIDE]
        table = _table()
        table.add_column(by.heading)
        for column in side_by_side:
            table.add_column(column.title, justify="right")
        amounts = [with_sum(by.of(column.results, GIVEN)) for column in side_by_side]
        cells = [map(whole, amount) for amount in amounts]
        if len(shown) > 1 and last in side_by_side:
            table.add_column(f"Endring fra\n{first.short_title}", justify="right")
            table.add_column("%", justify="right")
            before = with_sum(by.of(first.results, GIVEN))
            cells.append(map(signed, amounts[-1] - before))
            cells.append(map(signed_percent, amounts[-1] - before, before))
        _fill(table, names, cells)
        parts.append(table)
    return [*parts, *_per_user_and_hour(compared, first, last)]


def _per_user_and_hour(compared: Comparison, first: Column, last: Column) -> list[RenderableType]:
    by = groups(compared)
    heading = Text("\nPer bruker og per vedtakstime", style="bold")
    table = _table()
    table.add_column(by.heading)
    table.add_column("Brukere", justify="right")
    cells = [_shown(compared, USERS, map(whole, with_sum(by.of(last.results, USERS))))]
    for name, divisor, unit, write, write_change in (
        ("enhet_tildeling_per_bruker", USERS, "kr/bruker", whole, signed),
        ("enhet_tildeling_per_time", HOURS, "kr/time", numbers.two_decimals, numbers.signed_two_decimals),
    ):
        then, now = (per(compared, column, divisor) for column in (first, last))
        table.add_column(f"{unit}\nfør" if last is not first else unit, justify="right")
        cells.append(_shown(compared, name, map(write, then)))
        if last is not first:
            table.add_column(f"{unit}\netter", justify="right")
            table.add_column(f"{unit}\nendring", justify="right")
            cells.append(_shown(compared, name, map(write, now)))
            cells.append(_shown(compared, name, map(write_change, now - then)))
    if last is not first:
        heading.append(f" (før: {first.short_title}; etter: {last.short_title})", style="dim")
    _fill(table, [*by.names, "Sum"], cells)
    return [heading, table]


def _shown(compared: Comparison, name: str, cells: Iterable[str]) -> list[str]:
    """Return the cells of a variable, those that are held back as a mark."""
    hidden = groups(compared).hidden(compared, name).tolist()
    return [MARK if held_back else cell for cell, held_back in zip(cells, hidden, strict=True)]


def _fill(table: Table, names: Sequence[str], columns: Iterable[Iterable[str]]) -> None:
    *rows, total = zip(names, *columns, strict=True)
    for row in rows[:MOST_ROWS]:
        table.add_row(*row)
    if len(rows) > MOST_ROWS:
        table.add_row(f"… og {whole(len(rows) - MOST_ROWS)} til: --output")
    table.add_row(*total, style="bold")


def _rests_on(compared: Comparison, rests_on: Foundations) -> list[RenderableType]:
    """Return what the population is, and the assumptions and interpretations behind the figures."""
    by_basis = {"proposal": "Tall fra forslag", "assumption": "Antatte tall", "derived": "Avledede tall"}
    lines = about(compared)
    for basis, heading in by_basis.items():
        numbers_of = [_in_short(found) for found in rests_on.assumptions if found.basis == basis]
        if numbers_of:
            lines.append((f"{heading} [spenn]", "; ".join(numbers_of)))
    readings = [f"{name} {interpretation['short']}" for name, interpretation in rests_on.interpretations.items()]
    lines.append(("Tolkninger", "; ".join(readings)))
    return [Text(), *(Text.assemble((f"{heading}: ", "bold"), (text, "dim")) for heading, text in lines)]


def _in_short(found: Assumption) -> str:
    unit = data.units()[found.unit]["label"]
    limits = f" [{'–'.join(map(numbers.decimals, found.range))}]" if found.range else ""
    return f"{found.parameter} {numbers.decimals(found.value)} {unit}{limits}"
