"""What users of one's own are: hours and categories by unit, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openfisca_bergen_hbt.analysis.check_data import Checked
from openfisca_bergen_hbt.report.paper import Paper, Paragraph, Section, Table, made
from openfisca_bergen_hbt.report.parts import unit_tables
from openfisca_bergen_hbt.report.parts.about import of_population
from openfisca_bergen_hbt.text.language import AS_WRITTEN, say, speaking


def paper(checked: Checked) -> Paper:
    """Return a description as a paper."""
    said = [
        of_population(checked.compared),
        say("Inndata: {inputs}.").format(inputs=", ".join(_inputs(checked))),
        *_notes(checked),
    ]
    return Paper(say("Dataene er i orden"), [Section([*map(Paragraph, said), *_tables(checked)])])


def as_json(checked: Checked) -> dict[str, Any]:
    """Return a description as JSON holds it; a figure that is held back is null, and keys are as written."""
    with speaking(AS_WRITTEN):
        keys = [(table.name, [column.heading for column in table.columns]) for table in _tables(checked)]
    return {
        "description": of_population(checked.compared),
        "inputs": _inputs(checked),
        "notes": list(_notes(checked)),
        "tables": {
            name: [dict(zip(headings, row, strict=True)) for row in table.rows]
            for (name, headings), table in zip(keys, _tables(checked), strict=True)
        },
    }


def _inputs(checked: Checked) -> list[str]:
    people = checked.compared.population
    return [*people.users, *people.units, *people.agencies]


def _notes(checked: Checked) -> Iterator[str]:
    """Yield what is to be said of the months, and of what is missing."""
    yield say("Måneder: alle tolv.") if checked.by_month else say("Måneder: ingen kolonne maaned, så året er likt.")
    if checked.compared.population.area_of_unit is None:
        yield say("Mangler byomraade: tallene vises for enhetene.")
    for title, names in checked.lack.items():
        yield say("Mangler {names}: «{title}» regner timene i {year} av den, og kan ikke kjøres.").format(
            names=names, title=title, year=checked.compared.year
        )


def _tables(checked: Checked) -> list[Table]:
    return made(unit_tables.hours_by_group(checked.compared), unit_tables.categories(checked.compared))
