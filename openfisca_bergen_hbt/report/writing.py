"""How people read what a paper holds: numbers with their bands, tables that are long, calculations as trees."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.paper import MOST_ROWS, TEXT, Banded, Branch, Cell, Column, Marked, Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say


class Kind(Struct, frozen=True):
    """What a column holds: how people read it, and how a spreadsheet shows it (in the formats' own, English, terms)."""

    write: Callable[[float], str]
    excel: str
    width: int = 16


KINDS = {
    "kr": Kind(numbers.whole, "#,##0"),
    "kr_change": Kind(numbers.signed, "+#,##0;-#,##0;0"),
    "percent": Kind(numbers.percent, "0.0 %", 10),
    "percent_change": Kind(lambda share: numbers.signed_percent(share, 1), "+0.0 %;-0.0 %;0.0 %", 10),
    "count": Kind(numbers.whole, "#,##0", 10),
    "hours": Kind(numbers.whole, "#,##0", 14),
    "hours_change": Kind(numbers.signed, "+#,##0;-#,##0;0", 14),
    "ore": Kind(numbers.two_decimals, "#,##0.00", 14),
    "ore_change": Kind(numbers.signed_two_decimals, "+#,##0.00;-#,##0.00;0.00", 14),
    "number": Kind(numbers.decimals, "#,##0.####", 18),
    "exact": Kind(numbers.exact, "#,##0.##########", 18),
}
#: From where on bands of kroner are written in millions.
MILLION = 1e6
#: What stands in the place of a band whose ends are the same.
STILL = to_say("likt i alle trekk")
#: So many rows from each end are shown of a longer table than is read, or more where they can be chosen.
FROM_EACH_END, MOST_TO_CHOOSE_FROM = 10, 1000
#: How many characters a line to write on has.
LINE_TO_WRITE_ON = 40
#: Where a line of a tree is folded.
FOLDED_AT = 96


def ranked(table: Table) -> list[int]:
    """Return the rows that have a number to be ranked by, from the largest down."""
    assert table.ranked_by is not None  # noqa: S101 (asked of long tables alone)
    values = [row[table.ranked_by] for row in table.body]
    found = [(-value, number) for number, value in enumerate(values) if isinstance(value, int | float)]
    return [number for _, number in sorted(found)]


def from_the_largest(table: Table) -> Table:
    """Return a long table with its rows as they are ranked, then those without a number, and last their sum."""
    order = ranked(table)
    without = sorted({*range(len(table.body))} - {*order})
    sums = table.rows[len(table.body) :]
    return replace(table, rows=[*(table.rows[number] for number in (*order, *without)), *sums])


def ends(table: Table) -> list[int]:
    """Return the rows at both ends of a long table."""
    order = ranked(table)
    return list(dict.fromkeys([*order[:FROM_EACH_END], *order[-FROM_EACH_END:]]))


def shortened(table: Table, most: int = MOST_ROWS) -> Table:
    """Return a table as it is, or the ends of one with more rows, which says what is left out and where that stands."""
    if not table.is_long or len(table.body) <= most:
        return table
    shown, rows = ends(table), table.rows
    assert table.ranked_by is not None  # noqa: S101 (it is long)
    note = say(
        "Vist er de {from_each_end} øverste og de {from_each_end} nederste av {rows} etter «{heading}». "
        "De {others} andre står hele i arbeidsboken (.xlsx, arket «{name}»), og som tall i .json."
    ).format(
        from_each_end=FROM_EACH_END,
        rows=numbers.whole(len(table.body)),
        heading=table.columns[table.ranked_by].heading,
        others=numbers.whole(len(table.body) - len(shown)),
        name=table.name,
    )
    chosen = [rows[number] for number in shown] + ([rows[-1]] if table.has_sum else [])
    return replace(table, rows=chosen, notes=[note, *table.notes], ranked_by=None)


def written(value: Cell, column: Column) -> str:
    """Return a cell as people read it."""
    if value is None:
        return MARK
    if isinstance(value, str) or column.kind == TEXT:
        return str(value)
    mark = f" ({value.mark})" if isinstance(value, Marked | Banded) and value.mark else ""
    band = f"\n{_band(value, column.kind)}" if isinstance(value, Banded) else ""
    return f"{KINDS[column.kind].write(value)}{mark}{band}"


def spread(table: Table) -> Table:
    """Return a table in which the ends of bands stand in columns of their own, for spreadsheets."""
    banded = [any(isinstance(row[place], Banded) for row in table.rows) for place in range(len(table.columns))]
    if not any(banded):
        return table
    heads: list[Column] = []
    for column, ends in zip(table.columns, banded, strict=True):
        heads += [
            column,
            *(Column(f"{column.heading}, {end}", column.kind) for end in (say("fra"), say("til")) if ends),
        ]
    rows: list[list[Cell]] = []
    for row in table.rows:
        cells: list[Cell] = []
        for value, ends in zip(row, banded, strict=True):
            cells += [
                Marked(value, value.mark) if isinstance(value, Banded) else value,
                *(_ends(value) if ends else ()),
            ]
        rows.append(cells)
    return replace(table, columns=heads, rows=rows)


def _ends(value: Cell) -> tuple[Cell, Cell]:
    return (value.low, value.high) if isinstance(value, Banded) else ("", "")


def _band(value: Banded, kind: str) -> str:
    """Return a band as people read it: kroner in millions, as ends are judgements."""
    write, unit, signed = KINDS[kind].write, "", kind.endswith("_change")
    if kind in ("kr", "kr_change") and max(abs(value.low), abs(value.high)) >= MILLION:
        write, unit = partial(numbers.millions, sign=signed), f" {say('mill.')}"
    low, high = write(value.low), write(value.high)
    between = f" {say('til')} " if signed or value.low < 0 else "–"
    return say(STILL) if low == high else f"{low}{between}{high}{unit}"


def written_rows(table: Table) -> list[list[str]]:
    """Return the rows of a table as people read them."""
    return [[written(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]


def written_tree(root: Branch) -> str:
    """Return a tree as lines, each indented below what it explains, and folded."""
    return "\n".join(
        textwrap.fill(line, FOLDED_AT, initial_indent="  " * depth, subsequent_indent="  " * (depth + 2))
        for depth, line in _lines(root, 0)
    )


def _lines(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    ending = f"; {say('den første måneden:')}" if branch.months else f"{branch.value}{branch.remark}"
    yield depth, f"{branch.text}{ending}"
    shown = branch.below[0] if branch.months else branch
    if shown.arithmetic:
        yield depth + 1, shown.arithmetic
    yield depth + 1, shown.about
    for part in shown.below:
        yield from _lines(part, depth + 1)
