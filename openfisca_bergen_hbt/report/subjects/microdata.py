"""What data of one's own are: users, hours and categories by unit, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.intake.microdata import Microdata
from openfisca_bergen_hbt.law.systems import runnable
from openfisca_bergen_hbt.law.versions import in_force, versions
from openfisca_bergen_hbt.report.paper import Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.subjects import figures, unit_tables


@dataclass(frozen=True)
class Description:
    """Data in words, and in tables."""

    description: str
    inputs: list[str]
    notes: list[str]
    tables: list[Table]


def describe(found: Microdata, year: int, *, suppression: bool) -> Description:
    """Describe data that have passed the checks.

    Args:
        found: the data.
        year: the year.
        suppression: whether small counts are held back.
    """
    people = found.population
    compared = Comparison(people, year, [in_force()], suppression=suppression)
    return Description(
        description=figures.described(people, suppression=suppression),
        inputs=[*people.users, *people.units, *people.agencies],
        notes=_notes(found, year),
        tables=[table for table in (unit_tables.hours_by_group(compared), unit_tables.categories(compared)) if table],
    )


def _notes(found: Microdata, year: int) -> list[str]:
    """Return what is to be said of the months, and of what is missing."""
    people = found.population
    months = 12 - len(found.months_without_rows)
    notes = [f"Måneder: {months} av 12." if found.has_months else "Måneder: ingen kolonne maaned, så året er likt."]
    if people.area_of_unit is None:
        notes.append("Mangler byomraade: tallene vises for enhetene.")
    _, lack = runnable(versions(), people, year)
    for title, names in lack.items():
        notes.append(f"Mangler {names}: «{title}» regner timene i {year} av den, og kan ikke kjøres.")
    return notes


def paper(described: Description) -> Paper:
    """Return a description as a paper."""
    said = [described.description, f"Inndata: {', '.join(described.inputs)}.", *described.notes]
    return Paper("Dataene er i orden", [Section([*map(Paragraph, said), *described.tables])])


def as_json(described: Description) -> dict[str, Any]:
    """Return a description as JSON holds it; a figure that is held back is null."""
    return {
        "description": described.description,
        "inputs": described.inputs,
        "notes": described.notes,
        "tables": {
            table.name: [
                dict(zip([column.heading for column in table.columns], row, strict=True)) for row in table.rows
            ]
            for table in described.tables
        },
    }
