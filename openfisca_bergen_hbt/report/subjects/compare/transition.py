"""What it takes that no unit loses more than a share, in words and tables."""

from __future__ import annotations

from typing import Any

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE
from openfisca_bergen_hbt.analysis.transition import Transition, transition
from openfisca_bergen_hbt.report.paper import Cell, Column, Section, Table
from openfisca_bergen_hbt.report.parts.figures import shares, units, with_sum
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What each way of paying is called.
CALLED = {
    "extra": to_say("Ekstra penger"),
    "reserve": to_say("Reserven"),
    "gainers": to_say("De som får mer, etter hvor mye"),
}


def sections(compared: Comparison) -> list[Section]:
    """Return the section on the transition, where it is asked for."""
    found = _of(compared)
    if found is None:
        return []
    return [
        Section([_ways(found), _units(compared, found)], "overgang", say("Overgang: hva det koster å begrense tapet"))
    ]


def headlines(compared: Comparison) -> list[str]:
    """Return what the transition takes, in a sentence, where it is asked for."""
    found = _of(compared)
    if found is None:
        return []
    names = [name for name, lacks in zip(compared.population.unit_names, found.lacks, strict=True) if lacks]
    first = compared.runs[0].version.short_title
    if not names:
        return [say("Ingen enhet taper mer enn {share} mot «{first}».").format(share=_percent(found), first=first)]
    needs = say("For at ingen enhet skal tape mer enn {share} mot «{first}», trengs {amount} kr til {units}.").format(
        share=_percent(found), first=first, amount=numbers.whole(found.lacks.sum()), units=", ".join(names)
    )
    ways = found.ways.items()
    lacking = [
        say("{way}: {lacking} kr mangler").format(way=say(CALLED[name]).lower(), lacking=numbers.whole(way.lacking))
        for name, way in ways
        if way.lacking
    ]
    short = [say("Strekker ikke til: {ways}.").format(ways="; ".join(lacking))] if lacking else []
    return [" ".join([needs, *short])]


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
    return numbers.short_percent(float(found.max_loss))


def _ways(found: Transition) -> Table:
    needed = float(found.lacks.sum())
    rows: list[list[Cell]] = [
        [
            say(CALLED[name]),
            needed - way.lacking,
            float(way.lacking),
            *map(float, (way.handed_out, way.left, way.frame)),
        ]
        for name, way in found.ways.items()
    ]
    heads = [
        Column(say("Betales av"), width=34),
        Column(say("Betaler"), "kr"),
        Column(say("Mangler"), "kr"),
        Column(say("Delt ut"), "kr"),
        Column(say("Igjen sentralt"), "kr_change"),
        Column(say("Ramme i alt"), "kr"),
    ]
    notes = [
        say("Delt ut og igjen sentralt er rammen. Ekstra penger øker den med det som betales; de andre måtene ikke.")
    ]
    return Table(heads, rows, say("Hvem som betaler"), say("Overgang"), "transition", notes)


def _units(compared: Comparison, found: Transition) -> Table:
    before, after, lacks = map(with_sum, (found.before, found.after, found.lacks))
    heads = [
        Column(say("Enhet"), width=30),
        Column(say("Før: {short_title}").format(short_title=compared.runs[0].version.short_title), "kr"),
        Column(say("Etter: {short_title}").format(short_title=compared.runs[-1].version.short_title), "kr"),
        Column(say("Endring, %"), "percent_change"),
        Column(say("Trenger"), "kr"),
    ]
    given = [before.tolist(), after.tolist(), shares(after - before, before), lacks.tolist()]
    for name, way in found.ways.items():
        heads.append(Column(say("Får da, betalt av: {way}").format(way=say(CALLED[name]).lower()), "kr"))
        given.append(with_sum(way.given).tolist())
    by, last = units(compared), compared.runs[-1]
    cells = [by.cells(compared, last, CHANGE, column) for column in given]
    title = say("Ingen taper mer enn {share}").format(share=_percent(found))
    return Table(heads, by.rows(cells), title, say("Overgang enheter"), "transition-units", has_sum=True, ranked_by=3)
