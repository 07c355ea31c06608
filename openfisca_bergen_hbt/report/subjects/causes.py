"""Why the hours grew, in words and tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.causes import SUM, Causes, Growth
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.parts.findings import CALIBRATED, ROWS
from openfisca_bergen_hbt.text import numbers

VERDICTS = {
    "borne_out": "underbygges av tallene",
    "contradicted": "motsies av tallene",
    "cannot_tell": "kan ikke avgjøres av tallene",
}
EXACT = "De tre delene er til sammen veksten, nøyaktig (logaritmisk gjennomsnitt)."
WHICH_ROWS = (
    "SUM-raden har flere besøk enn områdene til sammen; «med Fanas besøk» gir dem til Fana Ytrebygda "
    "(lesning_t22_fana_besoek). Hvilke rader som brukes, avgjør delingen mellom de to siste, og kildene sier det ikke."
)
HEADS = ("Vekst i timer", "Flere brukere", "Besøk per bruker", "Timer per besøk")


def paper(found: Causes) -> Paper:
    """Return the answer to the committee's two questions: why the overspend, and why the absence."""
    return Paper(
        f"Hva er årsaken? Veksten i vedtakstimer fra {found.first} til {found.last}",
        [
            Section([_in_all(found), _by_area(found)], "vekst", "Hvorfor timene vokste"),
            Section([_named(found, "merforbruk")], "aarsaker", "Hva lysbildene nevner"),
            Section([_named(found, "sykefravaer"), Paragraph(_absence(found))], "sykefravaer", "Sykefraværet"),
        ],
        _answer(found),
        notes=[
            f"Kroner er timer til modellens pris, {numbers.two_decimals(found.price)} kr ({CALIBRATED}).",
            "Delingen sier hva som vokste, og ikke hvorfor: ingen av tallene viser at et vedtak er årsaken.",
        ],
    )


def as_json(found: Causes) -> dict[str, Any]:
    """Return the growth and the causes as JSON holds them."""
    return asdict(found)


def _answer(found: Causes) -> list[str]:
    lines = []
    for rows, total in found.totals.items():
        growth, *parts = (numbers.signed(part) for part in _parts(total))
        lines.append(
            f"{ROWS[rows][0].upper()}{ROWS[rows][1:]}: timene vokste med {growth}, av det {parts[0]} av flere brukere, "
            f"{parts[1]} av besøk per bruker og {parts[2]} av timer per besøk."
        )
    return [*lines, WHICH_ROWS]


def _parts(one: Growth) -> list[float]:
    return [one.hours, one.brukere, one.besoek_per_bruker, one.timer_per_besoek]


def _in_all(found: Causes) -> Table:
    rows: list[list[Cell]] = [
        [ROWS[name], unit, *(part * by for part in _parts(one))]
        for name, one in found.totals.items()
        for unit, by in (("timer", 1.0), ("kr", found.price))
    ]
    heads = [Column("Rader", width=30), Column(""), *(Column(heading, "kr_change") for heading in HEADS)]
    return Table(heads, rows, "Veksten i alt, delt på tre", "Vekst i alt", "growth", [EXACT])


def _by_area(found: Causes) -> Table:
    rows: list[list[Cell]] = [[one.area, ROWS[one.rows], *_parts(one)] for one in found.growth if one.area != SUM]
    heads = [Column("Byområde"), Column("Rader", width=30), *(Column(heading, "hours_change") for heading in HEADS)]
    return Table(heads, rows, "Veksten i timer i hvert område", "Vekst", "areas", [EXACT])


def _named(found: Causes, question: str) -> Table:
    rows: list[list[Cell]] = [
        [one.cause, VERDICTS[one.verdict], "; ".join(_said(*item) for item in one.figures.items()), one.source]
        for one in found.causes
        if one.question == question
    ]
    heads = [
        Column("Årsak", width=60),
        Column("Tallene", width=30),
        Column("Tall", width=60),
        Column("Kilde", width=50),
    ]
    titles = {"merforbruk": "Årsaker til merforbruket som lysbildene nevner", "sykefravaer": "Årsaker til sykefraværet"}
    return Table(heads, rows, titles[question], question.capitalize(), question)


def _said(name: str, value: float) -> str:
    """Return a figure with its name in words: ``besøk 2017 2019 +12 895``."""
    words = name.replace("_", " ").replace("oe", "ø").replace("aar", "år")
    return f"{words}: {numbers.percent(value) if 0 < value < 1 else numbers.decimals(round(value, 1))}"


def _absence(found: Causes) -> str:
    by_money, by_hours = found.absence.values()
    return (
        "Ingen av årsakene til fraværet lar seg regne ut av kildene. Fraværet på 11,7 % (uten årstall, T-24) svarer "
        f"til {by_money:.0f} årsverk regnet av kronene (T-28), og {by_hours:.0f} av vedtakstimene, som bare er tiden "
        "hos brukerne."
    )
