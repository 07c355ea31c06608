"""Why the hours grew, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.causes import LAST, Causes
from openfisca_bergen_hbt.analysis.causes.decomposition import FANA, OWN, SUM
from openfisca_bergen_hbt.analysis.causes.named import BORNE_OUT, CANNOT_TELL, CONTRADICTED, Cause, Evidence
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.report.parts.findings import CALIBRATED, ROWS
from openfisca_bergen_hbt.text import numbers

VERDICTS = {
    BORNE_OUT: "underbygges av tallene",
    CANNOT_TELL: "kan ikke avgjøres av tallene",
    CONTRADICTED: "motsies av tallene",
}
#: The questions that the committee asked.
OVERSPEND, ABSENCE = "merforbruk", "sykefravaer"
HEADS = ("Vekst i alt", "Antall brukere", "Besøk per bruker", "Timer per besøk")
EXACT = "De tre delene er til sammen veksten, nøyaktig (additiv LMDI-I, logaritmisk gjennomsnitt)."
NO_CAUSE = "Delingen sier hva som vokste, og ikke hvorfor: ingen av tallene viser at et vedtak er årsaken."
WHICH_ROWS = (
    "SUM-raden har flere besøk enn områdene til sammen; «med Fanas besøk» gir dem til Fana Ytrebygda "
    "(lesning_t22_fana_besoek). Hvilke rader som brukes, avgjør delingen mellom de to siste, og kildene sier det ikke."
)
MEANING = (
    "«Underbygges» sier at tallene går den veien årsaken tilsier, «motsies» den andre veien: ikke hva som er årsak."
)
OTHER_YEARS = "Tall fra andre år enn dem det spørres om, vises, men avgjør ingenting. Kilde: lysbildene 04.06.2020."
#: What a figure beside a cause is called, and how it is written.
FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "vedtakstimer": ("vedtakstimer", numbers.whole),
    "brukere": ("brukere", numbers.whole),
    "besoek": ("besøk", numbers.whole),
    "timer_per_bruker": ("timer per bruker", lambda value: numbers.with_decimals(value, 1)),
    "institusjonsplasser_over_80": ("plasser i institusjon, andel av innbyggere over 80 år", numbers.percent),
    "institusjonsbrukere_over_80": ("brukere i institusjon per 1000 over 80 år", numbers.decimals),
    "hjemmetjenestebrukere_over_80": ("brukere av hjemmetjenester per 1000 over 80 år", numbers.decimals),
    "hjemmetjenestebrukere_67_79": ("brukere av hjemmetjenester per 1000 fra 67 til 79 år", numbers.decimals),
    "lmh_timer_utenfor_vedtak": ("timer utenfor vedtakene", numbers.whole),
    "lmh_kroner_etter_aarsverk": ("kr til prisen for et årsverk", numbers.whole),
    "lmh_kroner_etter_timepris": (f"kr til modellens pris ({CALIBRATED})", numbers.whole),
    "lmh_andel_av_brukerne": ("andel av brukerne med legemiddelhåndtering", numbers.percent),
}


def paper(found: Causes) -> Paper:
    """Return the answer to the committee's two questions: why the overspend, and why the absence."""
    price = f"Kroner er timer til modellens pris, {numbers.two_decimals(found.price)} kr ({CALIBRATED})."
    growth = [_in_all(found, price), _by_area(found), _by_area(found, price)]
    return Paper(
        f"Hva er årsaken? Veksten i vedtakstimer fra {found.first} til {found.last}",
        [
            Section(growth, "vekst", "Hvorfor timene vokste"),
            Section([_of_overspend(found)], "aarsaker", "Hva lysbildene nevner"),
            Section([_of_absence(found), _cost_of_absence(found)], "sykefravaer", "Sykefraværet"),
        ],
        [*_why_hours_grew(found), WHICH_ROWS, _what_is_borne_out(found), _absence(found)],
        notes=[price, NO_CAUSE],
    )


def as_json(found: Causes) -> dict[str, Any]:
    """Return the growth, in hours and in kroner, and the causes as JSON holds them."""
    growth = [{**asdict(one), "kroner": found.kroner(one)} for one in found.growth]
    content: dict[str, Any] = msgspec.to_builtins({**asdict(found), "growth": growth}, str_keys=True)
    return content


def _why_hours_grew(found: Causes) -> Iterator[str]:
    for rows, total in found.totals.items():
        growth, users, visits, hours = map(numbers.signed, total.amounts.values())
        yield (
            f"{ROWS[rows][0].upper()}{ROWS[rows][1:]}: timene endret seg med {growth}, av det {users} av antall "
            f"brukere, {visits} av besøk per bruker og {hours} av timer per besøk."
        )


def _what_is_borne_out(found: Causes) -> str:
    named = _named(found, OVERSPEND)
    said = []
    for verdict, words in VERDICTS.items():
        mine = [f"«{one.cause}»" for one in named if one.verdict == verdict]
        listed = f": {', '.join(mine)}" if mine and verdict != CANNOT_TELL else ""
        said.append(f"{len(mine)} {words}{listed}")
    return f"Av de {len(named)} årsakene som lysbildene nevner: {'; '.join(said)}. {MEANING}"


def _absence(found: Causes) -> str:
    low, published, high = found.absence
    return (
        f"Sykefraværet på {low.share * 100:.0f}-{high.share * 100:.0f} %: ingen av de {len(_named(found, ABSENCE))} "
        f"årsakene som nevnes, lar seg regne ut av kildene. {numbers.percent(published.share)} (uten årstall, T-24) "
        f"svarer til {numbers.whole(published.full_time_years)} årsverk i {LAST} regnet av kronene (T-28), og "
        f"{numbers.whole(published.full_time_years_of_hours)} av vedtakstimene, som bare er tiden hos brukerne."
    )


def _in_all(found: Causes, price: str) -> Table:
    rows: list[list[Cell]] = []
    for name, one in found.totals.items():
        rows += [[ROWS[name], "timer", *one.amounts.values()], [ROWS[name], "kr", *found.kroner(one).values()]]
    title = f"Veksten fra {found.first} til {found.last}, delt på tre"
    heads = [Column("Besøk fra", width=30), Column("Målt i", width=10), *(Column(head, "kr_change") for head in HEADS)]
    return Table(heads, rows, title, "Vekst", "growth", [EXACT, price, NO_CAUSE])


def _by_area(found: Causes, price: str = "") -> Table:
    """Return the growth of each area, in kroner where a price is said; with Fana's visits, where they make another."""
    own = {one.area: one.amounts for one in found.growth if one.rows == OWN}
    shown = [one for one in found.growth if one.rows == OWN or (one.rows == FANA and one.amounts != own[one.area])]
    rows: list[list[Cell]] = []
    for one in shown:
        amounts = found.kroner(one) if price else one.amounts
        rows.append(["Sum" if one.area == SUM else one.area, ROWS[one.rows], *amounts.values()])
    heads = [Column("Byområde"), Column("Besøk fra", width=30), *(Column(head, "kr_change") for head in HEADS)]
    notes = [EXACT, "De andre områdene er de samme med Fanas besøk.", *filter(None, [price])]
    what = "kroner" if price else "timer"
    return Table(heads, rows, f"Veksten i {what} i hvert område", f"{what.capitalize()} i områdene", what, notes)


def _named(found: Causes, question: str) -> list[Cause]:
    return [one for one in found.causes if one.question == question]


def _of_overspend(found: Causes) -> Table:
    rows: list[list[Cell]] = []
    for one in _named(found, OVERSPEND):
        slide = one.source.split(", ", 1)[1]
        figures = "; ".join(_said(one.evidence))
        said = f"{figures[:1].upper()}{figures[1:]}. {one.remark}" if figures else one.remark
        rows.append([f"{one.cause} ({slide})", VERDICTS[one.verdict], said])
    heads = [Column("Årsak (lysbilde)", width=40), Column("Tallene", width=30), Column("Tall og merknad", width=60)]
    title = "Årsaker til merforbruket som lysbildene nevner"
    return Table(heads, rows, title, "Årsaker", "causes", [MEANING, OTHER_YEARS])


def _said(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """Yield each figure in words: ``besøk 2017–2019: 2 204 934 → 2 217 829 (SUM-radene)``."""
    for name, each in groupby(evidence, lambda one: one.figure):
        mine = list(each)
        words, write = FIGURES[name]
        values = [
            f"{' → '.join(map(write, one.by_year.values()))}{f' ({ROWS.get(one.of, one.of)})' if one.of else ''}"
            for one in mine
        ]
        yield f"{words} {'–'.join(map(str, mine[0].by_year))}: {', '.join(values)}"


def _of_absence(found: Causes) -> Table:
    rows: list[list[Cell]] = [[one.cause, VERDICTS[one.verdict], one.remark] for one in _named(found, ABSENCE)]
    heads = [Column(heading, width=40) for heading in ("Årsak", "Tallene", "Merknad")]
    title = "Årsaker til sykefraværet som lysbildet «Årsaker?????» nevner"
    return Table(heads, rows, title, "Sykefraværet", "absence")


def _cost_of_absence(found: Causes) -> Table:
    rows: list[list[Cell]] = [
        [one.share, one.full_time_years, one.full_time_years_of_hours, one.kroner] for one in found.absence
    ]
    heads = [
        Column("Fravær", "percent"),
        Column("Årsverk av kronene", "count"),
        Column("Årsverk av vedtakstimene", "count"),
        Column("Årsverk av kronene, kostnad", "kr"),
    ]
    notes = [
        f"Aktivitetskostnaden i {LAST}, som prisen er med i ({CALIBRATED}). Refusjoner og vikarer står ikke i kildene."
    ]
    return Table(heads, rows, "Hva fraværet svarer til", "Fraværet i kroner", "cost", notes)
