"""Need, cost and frame in the years to come, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from openfisca_bergen_hbt.analysis.outlook import OfYear, Outlook, Range
from openfisca_bergen_hbt.analysis.outlook.assumed import GROUPS, OLD
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table, from_to
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

CALLED = {"0-66": to_say("0–66 år"), "67-79": to_say("67–79 år"), "80-": to_say("80 år og over")}
ABOUT = to_say(
    "Regnet som vekst fra {base}: innbyggere i hver aldersgruppe ganger brukere per 1 000, ganger timer per bruker. "
    "{base} gir tilbake sine egne timer, hva satsene enn er. Innbyggerne er de som er oppgitt; om framskrivingen "
    "treffer, sier ikke spennet."
)
FRAME = to_say(
    "Rammen som holder dagens tildeling per behov: det en ramme må være for at hver time skal få like mye som i "
    "{base}. Ingen har vedtatt den."
)
KOSTRA = to_say(
    "Der ikke annet er oppgitt, er satsene fra 67 år KOSTRA-tall for Bergen (lysbildene 04.06.2020), med 2018 og 2019 "
    "som spenn. Om de teller de samme tjenestene som timene her, sier ikke kilden; de brukes bare til å veie "
    "aldersgruppene mot hverandre."
)


def paper(found: Outlook) -> Paper:
    """Return what the years come to, and what it rests on."""
    sections = [
        Section([_ranges(found, "hours", say("Timer"), "hours"), _needs(found)], "behov", say("Behovet")),
        Section(
            [_ranges(found, "cost", say("Kostnad"), "kr"), _ranges(found, "frame", say("Ramme"), "kr")],
            "kroner",
            say("Kronene"),
        ),
        Section([_inhabitants(found), _assumed(found)], "forutsatt", say("Det som er forutsatt")),
    ]
    title = say("Behov, kostnad og ramme {base}–{last}").format(base=found.base, last=found.years[-1].year)
    notes = [say(ABOUT).format(base=found.base), say(FRAME).format(base=found.base), say(KOSTRA), found.population]
    return Paper(title, sections, list(_headlines(found)), notes=notes)


def _headlines(found: Outlook) -> Iterator[str]:
    first, last = found.years[0], found.years[-1]
    growth = numbers.signed_percent(last.hours.value - first.hours.value, first.hours.value)
    low, high = (
        numbers.signed_percent(of - first.hours.value, first.hours.value) for of in (last.hours.low, last.hours.high)
    )
    yield say("Fra {first} til {last} endres timene med {growth} ({low} til {high}).").format(
        first=first.year, last=last.year, growth=growth, low=low, high=high
    )
    prices = say("med prisindeksen som er oppgitt") if found.indexed else say("i {base}-priser").format(base=found.base)
    costs = say(
        "Timene koster da {cost} {prices}. Rammen som holder dagens tildeling per behov, er {frame}, "
        "mot {value} mill. kr i {year}."
    )
    cost, frame, value = _millions(last.cost), _millions(last.frame), numbers.millions(first.frame.value)
    yield costs.format(cost=cost, prices=prices, frame=frame, value=value, year=first.year)
    share, low_share, high_share = found.healthy_ageing
    if share:
        spans = say("{low_share} til {high_share}").format(
            low_share=numbers.percent(low_share), high_share=numbers.percent(high_share)
        )
        yield say("Forutsatt: {share} av veksten fra 67 år gir ikke mer behov (spenn {spans}).").format(
            share=numbers.percent(share), spans=spans
        )
    else:
        yield say(
            "Forutsatt: like mange brukere per 1 000 i hver aldersgruppe som nå; sunnere aldring er ikke regnet med."
        )


def _millions(of: Range) -> str:
    return say("{value} mill. kr ({low}–{high})").format(
        value=numbers.millions(of.value), low=numbers.millions(of.low), high=numbers.millions(of.high)
    )


def _ranges(found: Outlook, name: str, heading: str, kind: str) -> Table:
    rows: list[list[Cell]] = []
    for one in found.years:
        of: Range = getattr(one, name)
        rows.append([str(one.year), of.value, of.low, of.high, numbers.one_decimal(one.index)])
    heads = [Column(say("År"), width=8), Column(heading, kind), *from_to(kind)]
    titles = {
        "hours": say("Vedtakstimer i året"),
        "cost": say("Hva timene koster"),
        "frame": say("Rammen som holder dagens tildeling"),
    }
    if name == "hours":
        rows = [row[:-1] for row in rows]
    else:
        heads.append(Column(say("Prisindeks"), width=10))
    return Table(heads, rows, titles[name], heading, f"outlook_{name}")


def _needs(found: Outlook) -> Table:
    first = found.years[0]
    rows: list[list[Cell]] = [
        [str(one.year), one.users.value, _per(one.hours.value, first.hours.value), _old(one)] for one in found.years
    ]
    growth = say("Timer mot {year}").format(year=first.year)
    heads = [
        *(Column(say("År"), width=8), Column(say("Brukere"), "count"), Column(growth, "percent_change")),
        Column(say("Innbyggere fra 67 år"), "count"),
    ]
    return Table(heads, rows, say("Brukere og vekst"), say("Vekst"), "outlook_growth")


def _per(now: int, before: int) -> float:
    return now / before - 1 if before else 0.0


def _old(one: OfYear) -> int:
    return sum(one.inhabitants[group] for group in OLD)


def _inhabitants(found: Outlook) -> Table:
    groups = [group for group in GROUPS if group in found.rates]
    rows: list[list[Cell]] = [[str(one.year), *(one.inhabitants[group] for group in groups)] for one in found.years]
    heads = [Column(say("År"), width=8), *(Column(say(CALLED[group]), "count") for group in groups)]
    return Table(heads, rows, say("Innbyggere, som oppgitt"), say("Innbyggere"), "outlook_inhabitants")


def _assumed(found: Outlook) -> Table:
    rows: list[list[Cell]] = [
        [say(CALLED[group]), *rate, found.hours_by_group[group]] for group, rate in found.rates.items()
    ]
    heads = [
        *(Column(say("Aldersgruppe")), Column(say("Brukere per 1 000"), "number"), *from_to("number")),
        Column(say("Timer mot de andre"), "number"),
    ]
    return Table(heads, rows, say("Satsene"), say("Satser"), "outlook_rates")
