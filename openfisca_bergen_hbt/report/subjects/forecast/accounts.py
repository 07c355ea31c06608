"""Accounts beside the model, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from openfisca_bergen_hbt.analysis.forecast.accounts import Accounts, Split
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

ALL = to_say("Sum")
REST = to_say("Pris, tid og annet")
ABOUT = to_say(
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
        return say("Avviket {where} er holdt tilbake: det er for få brukere bak rammen.").format(where=where)
    if of.volume is not None and of.mix is not None and of.rest is not None:
        return say(
            "Regnskapet {where} avviker {deviation} kr fra rammen: volum {volume}, sammensetning {mix}, pris, tid og "
            "annet {rest}."
        ).format(
            where=where,
            deviation=numbers.signed(of.deviation),
            volume=numbers.signed(of.volume),
            mix=numbers.signed(of.mix),
            rest=numbers.signed(of.rest),
        )
    return say("Regnskapet {where} avviker {deviation} kr fra rammen.").format(
        where=where, deviation=numbers.signed(of.deviation)
    )


def _span(months: int) -> str:
    return numbers.month_name(1) if months == 1 else f"{numbers.month_name(1)}–{numbers.month_name(months)}"


def _frame_heads() -> list[Column]:
    return [Column(say("Ramme"), "kr"), Column(say("Regnskap"), "kr"), Column(say("Avvik"), "kr_change")]


def _parts_heads() -> list[Column]:
    heads = (say("Avvik"), say("Volum"), say("Sammensetning"), say(REST))
    return [Column(heading, "kr_change") for heading in heads]


def _frame(of: Split) -> list[Cell]:
    return [of.frame, of.cost, of.deviation]


def _parts(of: Split) -> list[Cell]:
    return [of.deviation, of.volume, of.mix, of.rest]


def _so_far(found: Accounts, year: int) -> Iterator[Table]:
    span, of_units = f"{_span(found.months)} {year}", [*found.so_far.items(), (say(ALL), found.all_so_far)]
    frames, parts = ([[name, *cells(of)] for name, of in of_units] for cells in (_frame, _parts))
    heads, title = [Column(say("Enhet"))], say("Regnskap mot ramme, {span}").format(span=span)
    yield Table([*heads, *_frame_heads()], frames, title, say("Regnskap"), "accounts", has_sum=True, ranked_by=3)
    title = say("Hva avviket består av, {span}").format(span=span)
    yield Table(
        [*heads, *_parts_heads()], parts, title, say("Avvik"), "accounts_parts", [say(ABOUT)], has_sum=True, ranked_by=1
    )


def _steps(found: Accounts, year: int) -> Table:
    """Return the way from the frame to the cost of all units."""
    of = found.all_so_far
    steps = [
        (say("Ramme"), of.frame),
        (say("Volum"), of.volume),
        (say("Sammensetning"), of.mix),
        (say(REST), of.rest),
        (say("Regnskap"), of.cost),
    ]
    rows: list[list[Cell]] = [[name, amount] for name, amount in steps]
    title = say("Fra ramme til regnskap, alle enheter, {months} {year}").format(months=_span(found.months), year=year)
    return Table(
        [Column(say("Trinn"), width=30), Column(say("Kroner"), "kr")], rows, title, say("Trappen"), "accounts_steps"
    )


def _by_month(found: Accounts) -> Iterator[Table]:
    named = [(numbers.month_name(month), of) for month, of in enumerate(found.all_by_month, 1)]
    named.append((say(ALL), found.all_so_far))
    frames, parts = ([[name, *cells(of)] for name, of in named] for cells in (_frame, _parts))
    heads = [Column(say("Måned"), width=12)]
    title = say("Regnskap mot ramme, måned for måned")
    yield Table([*heads, *_frame_heads()], frames, title, say("Regnskap, måneder"), "accounts_months", has_sum=True)
    title = say("Hva avviket består av, måned for måned")
    yield Table([*heads, *_parts_heads()], parts, title, say("Avvik, måneder"), "accounts_months_parts", has_sum=True)


def _units_by_month(found: Accounts) -> Table:
    rows: list[list[Cell]] = [
        [name, numbers.month_name(month), *_parts(of)]
        for month, by_unit in enumerate(found.by_month, 1)
        for name, of in by_unit.items()
    ]
    heads = [Column(say("Enhet")), Column(say("Måned"), width=12), *_parts_heads()]
    return Table(heads, rows, say("Hver enhet, måned for måned"), say("Avvik, alt"), "accounts_all", ranked_by=2)
