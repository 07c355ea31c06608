"""Need, cost and frame in the years to come, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from openfisca_bergen_hbt.analysis.outlook import GROUPS, OLD, OfYear, Outlook, Range
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.text import numbers

CALLED = {"0-66": "0–66 år", "67-79": "67–79 år", "80-": "80 år og over"}
ABOUT = (
    "Regnet som vekst fra {base}: innbyggere i hver aldersgruppe ganger brukere per 1 000, ganger timer per bruker. "
    "{base} gir tilbake sine egne timer, hva satsene enn er. Innbyggerne er de som er oppgitt; om framskrivingen "
    "treffer, sier ikke spennet."
)
FRAME = (
    "Rammen som holder dagens tildeling per behov: det en ramme må være for at hver time skal få like mye som i "
    "{base}. Ingen har vedtatt den."
)
KOSTRA = (
    "Der ikke annet er oppgitt, er satsene fra 67 år KOSTRA-tall for Bergen (lysbildene 04.06.2020), med 2018 og 2019 "
    "som spenn. Om de teller de samme tjenestene som timene her, sier ikke kilden; de brukes bare til å veie "
    "aldersgruppene mot hverandre."
)


def paper(found: Outlook) -> Paper:
    """Return what the years come to, and what it rests on."""
    sections = [
        Section([_ranges(found, "hours", "Timer", "hours"), _needs(found)], "behov", "Behovet"),
        Section([_ranges(found, "cost", "Kostnad", "kr"), _ranges(found, "frame", "Ramme", "kr")], "kroner", "Kronene"),
        Section([_inhabitants(found), _assumed(found)], "forutsatt", "Det som er forutsatt"),
    ]
    title = f"Behov, kostnad og ramme {found.base}–{found.years[-1].year}"
    notes = [ABOUT.format(base=found.base), FRAME.format(base=found.base), KOSTRA, found.population]
    return Paper(title, sections, list(_headlines(found)), notes=notes)


def _headlines(found: Outlook) -> Iterator[str]:
    first, last = found.years[0], found.years[-1]
    growth = numbers.signed_percent(last.hours.value - first.hours.value, first.hours.value)
    low, high = (
        numbers.signed_percent(of - first.hours.value, first.hours.value) for of in (last.hours.low, last.hours.high)
    )
    yield f"Fra {first.year} til {last.year} endres timene med {growth} ({low} til {high})."
    prices = "med prisindeksen som er oppgitt" if found.indexed else f"i {found.base}-priser"
    yield (
        f"Timene koster da {_millions(last.cost)} {prices}. Rammen som holder dagens tildeling per behov, er "
        f"{_millions(last.frame)}, mot {numbers.millions(first.frame.value)} mill. kr i {first.year}."
    )
    share, low_share, high_share = found.healthy_ageing
    if share:
        spans = f"{numbers.percent(low_share)} til {numbers.percent(high_share)}"
        yield f"Forutsatt: {numbers.percent(share)} av veksten fra 67 år gir ikke mer behov (spenn {spans})."
    else:
        yield "Forutsatt: like mange brukere per 1 000 i hver aldersgruppe som nå; sunnere aldring er ikke regnet med."


def _millions(of: Range) -> str:
    return f"{numbers.millions(of.value)} mill. kr ({numbers.millions(of.low)}–{numbers.millions(of.high)})"


def _ranges(found: Outlook, name: str, heading: str, kind: str) -> Table:
    rows: list[list[Cell]] = []
    for one in found.years:
        of: Range = getattr(one, name)
        rows.append([str(one.year), of.value, of.low, of.high, numbers.one_decimal(one.index)])
    heads = [Column("År", width=8), Column(heading, kind), Column("Fra", kind), Column("Til", kind)]
    titles = {
        "hours": "Vedtakstimer i året",
        "cost": "Hva timene koster",
        "frame": "Rammen som holder dagens tildeling",
    }
    if name == "hours":
        rows = [row[:-1] for row in rows]
    else:
        heads.append(Column("Prisindeks", width=10))
    return Table(heads, rows, titles[name], heading, f"outlook_{name}")


def _needs(found: Outlook) -> Table:
    first = found.years[0]
    rows: list[list[Cell]] = [
        [str(one.year), one.users.value, _per(one.hours.value, first.hours.value), _old(one)] for one in found.years
    ]
    heads = [
        *(Column("År", width=8), Column("Brukere", "count"), Column(f"Timer mot {first.year}", "percent_change")),
        Column("Innbyggere fra 67 år", "count"),
    ]
    return Table(heads, rows, "Brukere og vekst", "Vekst", "outlook_growth")


def _per(now: int, before: int) -> float:
    return now / before - 1 if before else 0.0


def _old(one: OfYear) -> int:
    return sum(one.inhabitants[group] for group in OLD)


def _inhabitants(found: Outlook) -> Table:
    groups = [group for group in GROUPS if group in found.rates]
    rows: list[list[Cell]] = [[str(one.year), *(one.inhabitants[group] for group in groups)] for one in found.years]
    heads = [Column("År", width=8), *(Column(CALLED[group], "count") for group in groups)]
    return Table(heads, rows, "Innbyggere, som oppgitt", "Innbyggere", "outlook_inhabitants")


def _assumed(found: Outlook) -> Table:
    rows: list[list[Cell]] = [
        [CALLED[group], *rate, found.hours_by_group[group]] for group, rate in found.rates.items()
    ]
    heads = [
        *(Column("Aldersgruppe"), Column("Brukere per 1 000", "number"), Column("Fra", "number")),
        *(Column("Til", "number"), Column("Timer mot de andre", "number")),
    ]
    return Table(heads, rows, "Satsene", "Satser", "outlook_rates")
