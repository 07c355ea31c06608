"""What can be published of a comparison of own data, in words and tables: rounded amounts, and what that loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.privacy.public import FRAME, OF_ETAT, ROUNDING, STEPS, Published
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.report.parts import ground_tables
from openfisca_bergen_hbt.report.parts.figures import called
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What no figure tells.
NOT_SHOWN = to_say(
    "Pottene, antall i kategoriene, timer og tall for månedene står ikke her: sammen med beløpene ville de fortelle om "
    "enkeltbrukere."
)
#: What the rounding keeps from being told; how many small counts there are would itself tell of them.
COUNTS = to_say("Hvert antall på 1 til 4 brukere kan være et annet uten at noe tall her blir et annet.")
CLOSES = to_say("Enhetenes beløp, det som er igjen sentralt, og avrundingen er til sammen rammen i alt, på kronen.")


def of(compared: Comparison) -> Published:
    """Return how a comparison is published."""
    assert compared.published  # noqa: S101 (who asks has had it computed)
    return compared.published


def first_lines(compared: Comparison) -> list[str]:
    """Return what amounts are rounded to, why, and what is lost by it."""
    found = of(compared)
    off, share = found.lost([run.results for run in compared.runs])
    steps = f"{numbers.whole(found.step)} kr"
    nearest = to_say("Til publisering: beløpene er avrundet til nærmeste {steps}, det fineste trinnet som er nok.")
    if found.step == STEPS[0]:
        nearest = to_say("Til publisering: beløpene er avrundet til nærmeste {steps}, det fineste trinnet.")
    rounding = f"{say(nearest).format(steps=steps)} {say(COUNTS)}"
    lost = say("Avrundingen flytter et beløp med høyst {off} kr, og høyst {share} av det.").format(
        off=numbers.whole(off), share=numbers.percent(share)
    )
    lines = [rounding, lost]
    if joined := _joined(found):
        lines.append(
            say("Vist sammen, fordi ingen avrunding verner brukerne i en av dem alene: {joined}.").format(
                joined="; ".join(joined)
            )
        )
    return lines


def _joined(found: Published) -> list[str]:
    """Return the names that stand for several units."""
    together = found.together.tolist()
    return [name for row, name in enumerate(found.names) if together.count(row) > 1]


def paper(compared: Comparison, about: Sequence[tuple[str, str]], ground: Sequence[Table]) -> Paper:
    """Return what can be published as a paper."""
    where = say("Det enhetene får i {year}, avrundet til publisering").format(year=compared.year)
    sections = [
        Section([_units(compared)], "enheter", say("Enhetene")),
        Section([_etater(compared)], "etater", say("Etatene")),
        ground_tables.section(*ground),
    ]
    return Paper(where, sections, first_lines(compared), about)


def _units(compared: Comparison) -> Table:
    found, runs = of(compared), compared.runs
    heads = [Column(say("Enhet"), width=40), Column(say("Brukere"), "count")]
    heads += [Column(run.version.short_title, "kr") for run in runs]
    cells: list[list[Cell]] = [found.users(runs[-1].results).tolist()]
    cells += [found.given(run.results).tolist() for run in runs]
    title = say("Samlet tildeling, nærmeste {step} kr").format(step=numbers.whole(found.step))
    rows = [list(row) for row in zip(found.names, *cells, strict=True)]
    return Table(heads, rows, title, say("Enheter"), "published", [say(NOT_SHOWN)], ranked_by=len(heads) - 1)


def _etater(compared: Comparison) -> Table:
    found = of(compared)
    names = (*OF_ETAT, ROUNDING, FRAME)
    rows: list[list[Cell]] = []
    for run in compared.runs:
        amounts = [*(found.of_etat(run.results, name) for name in OF_ETAT), found.rounding(run.results)]
        amounts.append(run.results.value(FRAME))
        for place, etat in enumerate(compared.population.agency_names):
            rows.append([run.version.short_title, etat, *(float(of_etat[place]) for of_etat in amounts)])
    heads = [Column(say("Regelverk"), width=40), Column(say("Etat"))]
    heads += [Column(say("Avrunding") if name == ROUNDING else called(name), "kr") for name in names]
    title = say("Hver etat: summene er avrundet som enhetenes beløp, rammen er hel")
    return Table(heads, rows, title, say("Etater"), "published-etater", [say(CLOSES)])


def as_json(compared: Comparison) -> dict[str, Any]:
    """Return how the figures are published, as JSON holds it."""
    found = of(compared)
    off, share = found.lost([run.results for run in compared.runs])
    return {"step": found.step, "off_kr": int(off), "off_share": round(share, 4), "shown_together": _joined(found)}
