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
from openfisca_bergen_hbt.text.language import say, to_say

VERDICTS = {
    BORNE_OUT: to_say("underbygges av tallene"),
    CANNOT_TELL: to_say("kan ikke avgjøres av tallene"),
    CONTRADICTED: to_say("motsies av tallene"),
}
#: The questions that the committee asked.
OVERSPEND, ABSENCE = "merforbruk", "sykefravaer"
HEADS = (to_say("Vekst i alt"), to_say("Antall brukere"), to_say("Besøk per bruker"), to_say("Timer per besøk"))
EXACT = to_say("De tre delene er til sammen veksten, nøyaktig (additiv LMDI-I, logaritmisk gjennomsnitt).")
NO_CAUSE = to_say("Delingen sier hva som vokste, og ikke hvorfor: ingen av tallene viser at et vedtak er årsaken.")
WHICH_ROWS = to_say(
    "SUM-raden har flere besøk enn områdene til sammen; «med Fanas besøk» gir dem til Fana Ytrebygda "
    "(lesning_t22_fana_besoek). Hvilke rader som brukes, avgjør delingen mellom de to siste, og kildene sier det ikke."
)
MEANING = to_say(
    "«Underbygges» sier at tallene går den veien årsaken tilsier, «motsies» den andre veien: ikke hva som er årsak."
)
OTHER_YEARS = to_say(
    "Tall fra andre år enn dem det spørres om, vises, men avgjør ingenting. Kilde: lysbildene 04.06.2020."
)
#: What a figure beside a cause is called, and how it is written.
FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "vedtakstimer": (to_say("vedtakstimer"), numbers.whole),
    "brukere": (to_say("brukere"), numbers.whole),
    "besoek": (to_say("besøk"), numbers.whole),
    "timer_per_bruker": (to_say("timer per bruker"), lambda value: numbers.with_decimals(value, 1)),
    "institusjonsplasser_over_80": (to_say("plasser i institusjon, andel av innbyggere over 80 år"), numbers.percent),
    "institusjonsbrukere_over_80": (to_say("brukere i institusjon per 1000 over 80 år"), numbers.decimals),
    "hjemmetjenestebrukere_over_80": (to_say("brukere av hjemmetjenester per 1000 over 80 år"), numbers.decimals),
    "hjemmetjenestebrukere_67_79": (to_say("brukere av hjemmetjenester per 1000 fra 67 til 79 år"), numbers.decimals),
    "lmh_timer_utenfor_vedtak": (to_say("timer utenfor vedtakene"), numbers.whole),
    "lmh_kroner_etter_aarsverk": (to_say("kr til prisen for et årsverk"), numbers.whole),
    "lmh_kroner_etter_timepris": (
        to_say("kr til modellens pris (kalibrert, ikke en prøve)"),
        numbers.whole,
    ),
    "lmh_andel_av_brukerne": (to_say("andel av brukerne med legemiddelhåndtering"), numbers.percent),
}


def paper(found: Causes) -> Paper:
    """Return the answer to the committee's two questions: why the overspend, and why the absence."""
    price = say("Kroner er timer til modellens pris, {price} kr ({calibrated}).").format(
        price=numbers.two_decimals(found.price), calibrated=say(CALIBRATED)
    )
    growth = [_in_all(found, price), _by_area(found), _by_area(found, price)]
    return Paper(
        say("Hva er årsaken? Veksten i vedtakstimer fra {first} til {last}").format(first=found.first, last=found.last),
        [
            Section(growth, "vekst", say("Hvorfor timene vokste")),
            Section([_of_overspend(found)], "aarsaker", say("Hva lysbildene nevner")),
            Section([_of_absence(found), _cost_of_absence(found)], "sykefravaer", say("Sykefraværet")),
        ],
        [*_why_hours_grew(found), say(WHICH_ROWS), _what_is_borne_out(found), _absence(found)],
        notes=[price, say(NO_CAUSE)],
    )


def as_json(found: Causes) -> dict[str, Any]:
    """Return the growth, in hours and in kroner, and the causes as JSON holds them."""
    growth = [{**asdict(one), "kroner": found.kroner(one)} for one in found.growth]
    content: dict[str, Any] = msgspec.to_builtins({**asdict(found), "growth": growth}, str_keys=True)
    return content


def _why_hours_grew(found: Causes) -> Iterator[str]:
    for rows, total in found.totals.items():
        named = say(ROWS[rows])
        growth, users, visits, hours = map(numbers.signed, total.amounts.values())
        said = say(
            "{rows}: timene endret seg med {growth}, av det {users} av antall brukere, {visits} av "
            "besøk per bruker og {hours} av timer per besøk."
        )
        of = f"{named[0].upper()}{named[1:]}"
        yield said.format(rows=of, growth=growth, users=users, visits=visits, hours=hours)


def _what_is_borne_out(found: Causes) -> str:
    named = _named(found, OVERSPEND)
    said = []
    for verdict, words in VERDICTS.items():
        mine = [f"«{say(one.cause)}»" for one in named if one.verdict == verdict]
        listed = f": {', '.join(mine)}" if mine and verdict != CANNOT_TELL else ""
        said.append(f"{len(mine)} {say(words)}{listed}")
    return say("Av de {named} årsakene som lysbildene nevner: {said}. {meaning}").format(
        named=len(named), said="; ".join(said), meaning=say(MEANING)
    )


def _absence(found: Causes) -> str:
    low, published, high = found.absence
    return say(
        "Sykefraværet på {low}-{high} %: ingen av de {causes} årsakene som nevnes, lar seg "
        "regne ut av kildene. {published} (uten årstall, T-24) svarer til {years} årsverk i "
        "{last} regnet av kronene (T-28), og {years_of_hours} av vedtakstimene, som bare er "
        "tiden hos brukerne."
    ).format(
        low=f"{low.share * 100:.0f}",
        high=f"{high.share * 100:.0f}",
        causes=len(_named(found, ABSENCE)),
        published=numbers.percent(published.share),
        years=numbers.whole(published.full_time_years),
        last=LAST,
        years_of_hours=numbers.whole(published.full_time_years_of_hours),
    )


def _in_all(found: Causes, price: str) -> Table:
    rows: list[list[Cell]] = []
    for name, one in found.totals.items():
        rows += [
            [say(ROWS[name]), say("timer"), *one.amounts.values()],
            [say(ROWS[name]), "kr", *found.kroner(one).values()],
        ]
    title = say("Veksten fra {first} til {last}, delt på tre").format(first=found.first, last=found.last)
    heads = [
        Column(say("Besøk fra"), width=30),
        Column(say("Målt i"), width=10),
        *(Column(say(head), "kr_change") for head in HEADS),
    ]
    return Table(heads, rows, title, say("Vekst"), "growth", [say(EXACT), price, say(NO_CAUSE)])


def _by_area(found: Causes, price: str = "") -> Table:
    """Return the growth of each area, in kroner where a price is said; with Fana's visits, where they make another."""
    own = {one.area: one.amounts for one in found.growth if one.rows == OWN}
    shown = [one for one in found.growth if one.rows == OWN or (one.rows == FANA and one.amounts != own[one.area])]
    rows: list[list[Cell]] = []
    for one in shown:
        amounts = found.kroner(one) if price else one.amounts
        rows.append([say("Sum") if one.area == SUM else one.area, say(ROWS[one.rows]), *amounts.values()])
    heads = [
        Column(say("Byområde")),
        Column(say("Besøk fra"), width=30),
        *(Column(say(head), "kr_change") for head in HEADS),
    ]
    notes = [say(EXACT), say("De andre områdene er de samme med Fanas besøk."), *filter(None, [price])]
    title, name, table = (
        (say("Veksten i kroner i hvert område"), say("Kroner i områdene"), "kroner")
        if price
        else (say("Veksten i timer i hvert område"), say("Timer i områdene"), "timer")
    )
    return Table(heads, rows, title, name, table, notes)


def _named(found: Causes, question: str) -> list[Cause]:
    return [one for one in found.causes if one.question == question]


def _of_overspend(found: Causes) -> Table:
    rows: list[list[Cell]] = []
    for one in _named(found, OVERSPEND):
        slide = one.source.split(", ", 1)[1]
        figures = "; ".join(_said(one.evidence))
        said = f"{figures[:1].upper()}{figures[1:]}. {say(one.remark)}" if figures else say(one.remark)
        rows.append([f"{say(one.cause)} ({slide})", say(VERDICTS[one.verdict]), said])
    heads = [
        Column(say("Årsak (lysbilde)"), width=40),
        Column(say("Tallene"), width=30),
        Column(say("Tall og merknad"), width=60),
    ]
    title = say("Årsaker til merforbruket som lysbildene nevner")
    return Table(heads, rows, title, say("Årsaker"), "causes", [say(MEANING), say(OTHER_YEARS)])


def _said(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """Yield each figure in words: ``besøk 2017–2019: 2 204 934 → 2 217 829 (SUM-radene)``."""
    for name, each in groupby(evidence, lambda one: one.figure):
        mine = list(each)
        words, write = FIGURES[name]
        values = [
            f"{' → '.join(map(write, one.by_year.values()))}{f' ({say(ROWS.get(one.of, one.of))})' if one.of else ''}"
            for one in mine
        ]
        yield f"{say(words)} {'–'.join(map(str, mine[0].by_year))}: {', '.join(values)}"


def _of_absence(found: Causes) -> Table:
    rows: list[list[Cell]] = [
        [say(one.cause), say(VERDICTS[one.verdict]), say(one.remark)] for one in _named(found, ABSENCE)
    ]
    heads = [Column(heading, width=40) for heading in (say("Årsak"), say("Tallene"), say("Merknad"))]
    title = say("Årsaker til sykefraværet som lysbildet «Årsaker?????» nevner")
    return Table(heads, rows, title, say("Sykefraværet"), "absence")


def _cost_of_absence(found: Causes) -> Table:
    rows: list[list[Cell]] = [
        [one.share, one.full_time_years, one.full_time_years_of_hours, one.kroner] for one in found.absence
    ]
    heads = [
        Column(say("Fravær"), "percent"),
        Column(say("Årsverk av kronene"), "count"),
        Column(say("Årsverk av vedtakstimene"), "count"),
        Column(say("Årsverk av kronene, kostnad"), "kr"),
    ]
    note = say(
        "Aktivitetskostnaden i {last}, som prisen er med i ({calibrated}). Refusjoner og vikarer står ikke i kildene."
    ).format(last=LAST, calibrated=say(CALIBRATED))
    return Table(heads, rows, say("Hva fraværet svarer til"), say("Fraværet i kroner"), "cost", [note])
