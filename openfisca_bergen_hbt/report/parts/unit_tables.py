"""The tables of a comparison's report that tell of each unit: what it is given, its users and their categories."""

from __future__ import annotations

from typing import Any

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, HOURS, USERS
from openfisca_bergen_hbt.privacy.suppression import COUNTS
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts import figures
from openfisca_bergen_hbt.report.parts.figures import (
    CATEGORIES,
    OF_CATEGORY_6,
    OVER_BOUND,
    called,
    groups,
    hours_of_category_6,
    shares,
    with_sum,
)
from openfisca_bergen_hbt.text.language import say, to_say

#: What of an agency is left out first where there is little room.
OWN = ("etat_disponibel_ramme", "etat_aktivitetskostnad", "etat_ufordelt")


def hours_by_group(compared: Comparison) -> Table:
    """Return the users and hours of each area, or unit, under the last regulation."""
    by, last = groups(compared), compared.runs[-1]
    columns = [by.shown(compared, last, name) for name in (USERS, HOURS)]
    heads = [Column(by.heading, width=30), Column(say("Brukere"), "count"), Column(say("Vedtakstimer"), "hours")]
    title = say("Brukere og timer etter {groups}").format(groups=by.heading.lower())
    return Table(heads, by.rows(columns), title, say("Brukere og timer"), has_sum=True, ranked_by=len(heads) - 1)


def units(compared: Comparison) -> Table:
    """Return what each unit is given under the last regulation, part by part."""
    start, end = compared.runs[0], compared.runs[-1]
    first, last = start.results, end.results
    population, by = compared.population, figures.units(compared)
    heads = [Column(say("Enhet"), width=30)]
    columns: list[list[Cell]] = []
    places: list[tuple[str, Any, Any]] = [(say("Byområde"), population.area_names, population.area_of_unit)]
    if len(population.agency_names) > 1:
        places.append((say("Etat"), population.agency_names, population.agency_of_unit))
    for heading, names, of_unit in places:
        if names and of_unit is not None:
            heads.append(Column(heading, detail=True))
            columns.append([names[place] if place >= 0 else "" for place in of_unit.tolist()] + [""])
    for name, heading, kind in ((USERS, say("Brukere"), "count"), (HOURS, say("Vedtakstimer"), "hours")):
        heads.append(Column(heading, kind, detail=name != USERS, variable=name))
        columns.append(by.shown(compared, end, name))
    for name in (*shown.parts(), *shown.HELD_AGAINST):
        amounts = shown.in_year(last, name)
        if name in compared.runs[-1].version.not_brought or (name not in shown.HELD_AGAINST and not amounts.any()):
            continue  # a part that no unit gets would only make the table wider
        heading = say(OVER_BOUND).format(hours=hours_of_category_6(last)) if name == OF_CATEGORY_6 else called(name)
        heads.append(Column(heading, "kr", detail=name != GIVEN, variable=name))
        columns.append(by.cells(compared, end, name, with_sum(amounts)))
    before, after = with_sum(first.value(GIVEN)), with_sum(last.value(GIVEN))
    if len(compared.runs) > 1:
        heads += [
            Column(
                say("Før: {short_title}").format(short_title=compared.runs[0].version.short_title), "kr", detail=True
            ),
            Column(say("Endring, kr"), "kr_change", variable=CHANGE),
            Column(say("Endring, %"), "percent_change", variable=CHANGE_SHARE),
        ]
        columns += [
            by.cells(compared, start, GIVEN, before),
            by.cells(compared, end, CHANGE, after - before),
            by.cells(compared, end, CHANGE_SHARE, shares(after - before, before)),
        ]
    title = say("Hver enhet etter «{title}»").format(title=compared.runs[-1].version.title)
    notes = [say("Underdekning er det timene hadde gitt etter aktivitet, utover det enheten får.")]
    return Table(heads, by.rows(columns), title, say("Enheter"), "units", notes, has_sum=True, ranked_by=len(heads) - 1)


def agencies(compared: Comparison) -> Table | None:
    """Return what each agency has and hands out under the last regulation; None where there is only one."""
    names, run = compared.population.agency_names, compared.runs[-1]
    if len(names) == 1:
        return None
    by = figures.Groups(names, "etat", say("Etat"), say("etatene"))
    columns = [by.cells(compared, run, name, with_sum(run.results.value(name))) for name in shown.OF_AGENCIES]
    heads = [Column(say("Etat"), width=30)]
    heads += [Column(called(name), "kr", detail=name in OWN, variable=name) for name in shown.OF_AGENCIES]
    title = say("Hver etat etter «{title}»").format(title=compared.runs[-1].version.title)
    notes = [say("Hver etat har sin egen ramme: ingen sum krysser en etat.")]
    ranked_by = 1 + shown.OF_AGENCIES.index("etat_merforbruk")
    return Table(heads, by.rows(columns), title, say("Etater"), "agencies", notes, has_sum=True, ranked_by=ranked_by)


def categories(compared: Comparison) -> Table | None:
    """Return the users of each unit by category; None where there are no categories yet."""
    by, last = figures.units(compared), compared.runs[-1]
    if not any(by.values(last.results, name).any() for name in COUNTS[:-1]):
        return None
    columns = [by.shown(compared, last, name) for name in COUNTS]
    heads = [Column(say("Enhet"), width=30)]
    heads += [
        Column(say(heading), "count", variable=name)
        for name, heading in zip(COUNTS, (*CATEGORIES, to_say("Alle")), strict=True)
    ]
    title = say("Brukere etter kategori ved inngangen av året")
    bound = say("Kategori 6 er {hours} timer i uken eller mer, og betales av en sentral pott.")
    notes = [bound.format(hours=hours_of_category_6(last.results))]
    ranked_by = len(heads) - 1
    return Table(
        heads, by.rows(columns), title, say("Kategorier"), "categories", notes, has_sum=True, ranked_by=ranked_by
    )
