"""What it takes that no unit loses more than a share, in words and tables."""

from __future__ import annotations

from typing import Any

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE
from openfisca_bergen_hbt.analysis.transition import Transition, transition
from openfisca_bergen_hbt.report.paper import Cell, Column, Section, Table
from openfisca_bergen_hbt.report.parts.figures import shares, table_rows, units, with_sum
from openfisca_bergen_hbt.text import numbers

#: What each way of paying is called.
CALLED = {"extra": "Ekstra penger", "reserve": "Reserven", "gainers": "De som får mer, etter hvor mye"}


def sections(compared: Comparison) -> list[Section]:
    """Return the section on the transition, where it is asked for."""
    found = _of(compared)
    if found is None:
        return []
    return [Section([_ways(found), _units(compared, found)], "overgang", "Overgang: hva det koster å begrense tapet")]


def headlines(compared: Comparison) -> list[str]:
    """Return what the transition takes, in a sentence, where it is asked for."""
    found = _of(compared)
    if found is None:
        return []
    names = [name for name, lacks in zip(compared.population.unit_names, found.lacks, strict=True) if lacks]
    first = compared.runs[0].version.short_title
    limit = f"mer enn {_percent(found)} mot «{first}»"
    if not names:
        return [f"Ingen enhet taper {limit}."]
    needs = f"trengs {numbers.whole(found.lacks.sum())} kr"
    ways = found.ways.items()
    lacking = [f"{CALLED[name].lower()}: {numbers.whole(way.lacking)} kr mangler" for name, way in ways if way.lacking]
    short = f" Strekker ikke til: {'; '.join(lacking)}." if lacking else ""
    return [f"For at ingen enhet skal tape {limit}, {needs} til {', '.join(names)}.{short}"]


def as_json(compared: Comparison) -> dict[str, Any] | None:
    """Return the transition as JSON holds it; None where it is not asked for."""
    found = _of(compared)
    if found is None:
        return None
    units, hidden = compared.population.unit_names, compared.hides(GIVEN, "enhet")

    def by_unit(amounts: Any) -> dict[str, int | None]:
        shown = [None if hidden is not None and hidden[place] else int(of) for place, of in enumerate(amounts)]
        return dict(zip(units, shown, strict=True))

    return {
        "max_loss": float(found.max_loss),
        "lacks": by_unit(found.lacks),
        "ways": {
            name: {
                "given": by_unit(way.given),
                **{key: getattr(way, key) for key in ("lacking", "handed_out", "left", "frame")},
            }
            for name, way in found.ways.items()
        },
    }


def _of(compared: Comparison) -> Transition | None:
    return None if compared.max_loss is None else transition(compared, compared.max_loss)


def _percent(found: Transition) -> str:
    return f"{numbers.decimals(float(found.max_loss * 100))} %"


def _ways(found: Transition) -> Table:
    needed = float(found.lacks.sum())
    rows: list[list[Cell]] = [
        [CALLED[name], needed - way.lacking, float(way.lacking), *map(float, (way.handed_out, way.left, way.frame))]
        for name, way in found.ways.items()
    ]
    heads = [
        Column("Betales av", width=34),
        Column("Betaler", "kr"),
        Column("Mangler", "kr"),
        Column("Delt ut", "kr"),
        Column("Igjen sentralt", "kr_change"),
        Column("Ramme i alt", "kr"),
    ]
    notes = ["Delt ut og igjen sentralt er rammen. Ekstra penger øker den med det som betales; de andre måtene ikke."]
    return Table(heads, rows, "Hvem som betaler", "Overgang", "transition", notes)


def _units(compared: Comparison, found: Transition) -> Table:
    before, after, lacks = map(with_sum, (found.before, found.after, found.lacks))
    heads = [
        Column("Enhet", width=30),
        Column(f"Før: {compared.runs[0].version.short_title}", "kr"),
        Column(f"Etter: {compared.runs[-1].version.short_title}", "kr"),
        Column("Endring, %", "percent_change"),
        Column("Trenger", "kr"),
    ]
    given = [before.tolist(), after.tolist(), shares(after - before, before), lacks.tolist()]
    for name, way in found.ways.items():
        heads.append(Column(f"Får da, betalt av: {CALLED[name].lower()}", "kr"))
        given.append(with_sum(way.given).tolist())
    by, last = units(compared), compared.runs[-1]
    cells = [by.cells(compared, last, CHANGE, column) for column in given]
    names = [*compared.population.unit_names, "Sum"]
    title = f"Ingen taper mer enn {_percent(found)}"
    return Table(
        heads, table_rows(names, cells), title, "Overgang enheter", "transition-units", has_sum=True, ranked_by=3
    )
