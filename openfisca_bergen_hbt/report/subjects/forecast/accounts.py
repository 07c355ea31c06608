"""Accounts beside the model, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from openfisca_bergen_hbt.analysis.forecast.accounts import Accounts, Split
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.text import numbers

ALL = "Sum"
REST = "Pris, tid og annet"
ABOUT = (
    "Avvik: regnskap minus ramme. Volum: flere eller færre brukere enn i måneden som andelene er fra. Sammensetning: "
    "poeng per bruker mot samme måned. Pris, tid og annet er resten: det sier ikke hvorfor. Rammen er månedens "
    "kategoriramme, tildeling over 80 timer og tilleggsramme, og en tolvdel av det som er gitt for året."
)


def tables(found: Accounts, year: int) -> list[Table]:
    """Return the split of the months so far by unit, the waterfall of all, and every month by unit."""
    return [*_so_far(found, year), _steps(found, year), *_by_month(found), _units_by_month(found)]


def in_words(found: Accounts, year: int) -> str:
    """Return what all units deviate by."""
    of = found.all_so_far
    where = f"{_span(found.months)} {year}"
    if of.deviation is None:
        return f"Avviket {where} er holdt tilbake: det er for få brukere bak rammen."
    parts = ""
    if of.volume is not None and of.mix is not None and of.rest is not None:
        said = zip(("volum", "sammensetning", "pris, tid og annet"), (of.volume, of.mix, of.rest), strict=True)
        parts = ": " + ", ".join(f"{name} {numbers.signed(amount)}" for name, amount in said)
    return f"Regnskapet {where} avviker {numbers.signed(of.deviation)} kr fra rammen{parts}."


def _span(months: int) -> str:
    return numbers.month_name(1) if months == 1 else f"{numbers.month_name(1)}–{numbers.month_name(months)}"


FRAME = [Column("Ramme", "kr"), Column("Regnskap", "kr"), Column("Avvik", "kr_change")]
PARTS = [
    *(Column("Avvik", "kr_change"), Column("Volum", "kr_change")),
    *(Column("Sammensetning", "kr_change"), Column(REST, "kr_change")),
]


def _frame(of: Split) -> list[Cell]:
    return [of.frame, of.cost, of.deviation]


def _parts(of: Split) -> list[Cell]:
    return [of.deviation, of.volume, of.mix, of.rest]


def _so_far(found: Accounts, year: int) -> Iterator[Table]:
    span, of_units = f"{_span(found.months)} {year}", [*found.so_far.items(), (ALL, found.all_so_far)]
    frames, parts = ([[name, *cells(of)] for name, of in of_units] for cells in (_frame, _parts))
    heads, title = [Column("Enhet")], f"Regnskap mot ramme, {span}"
    yield Table([*heads, *FRAME], frames, title, "Regnskap", "accounts", has_sum=True, ranked_by=3)
    title = f"Hva avviket består av, {span}"
    yield Table([*heads, *PARTS], parts, title, "Avvik", "accounts_parts", [ABOUT], has_sum=True, ranked_by=1)


def _steps(found: Accounts, year: int) -> Table:
    """Return the way from the frame to the cost of all units."""
    of = found.all_so_far
    steps = [
        ("Ramme", of.frame),
        ("Volum", of.volume),
        ("Sammensetning", of.mix),
        (REST, of.rest),
        ("Regnskap", of.cost),
    ]
    rows: list[list[Cell]] = [[name, amount] for name, amount in steps]
    title = f"Fra ramme til regnskap, alle enheter, {_span(found.months)} {year}"
    return Table([Column("Trinn", width=30), Column("Kroner", "kr")], rows, title, "Trappen", "accounts_steps")


def _by_month(found: Accounts) -> Iterator[Table]:
    named = [(numbers.month_name(month), of) for month, of in enumerate(found.all_by_month, 1)]
    named.append((ALL, found.all_so_far))
    frames, parts = ([[name, *cells(of)] for name, of in named] for cells in (_frame, _parts))
    heads = [Column("Måned", width=12)]
    title = "Regnskap mot ramme, måned for måned"
    yield Table([*heads, *FRAME], frames, title, "Regnskap, måneder", "accounts_months", has_sum=True)
    title = "Hva avviket består av, måned for måned"
    yield Table([*heads, *PARTS], parts, title, "Avvik, måneder", "accounts_months_parts", has_sum=True)


def _units_by_month(found: Accounts) -> Table:
    rows: list[list[Cell]] = [
        [name, numbers.month_name(month), *_parts(of)]
        for month, by_unit in enumerate(found.by_month, 1)
        for name, of in by_unit.items()
    ]
    heads = [Column("Enhet"), Column("Måned", width=12), *PARTS]
    return Table(heads, rows, "Hver enhet, måned for måned", "Avvik, alt", "accounts_all", ranked_by=2)
