"""The sources that the tables of a paper name, as notes: numbered, each with the places that name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openfisca_bergen_hbt.report.paper import Paper


@dataclass(frozen=True)
class SourceNote:
    """A source, by its number among those of a paper."""

    number: int
    text: str
    #: Where it is named: the id of the table, and the number of the row from 1 on.
    named: list[tuple[str, int]] = field(default_factory=list)


def source_notes(paper: Paper) -> Mapping[str, SourceNote]:
    """Return the sources of a paper by their texts, in the order in which they are first named."""
    found: dict[str, SourceNote] = {}
    for table in paper.tables:
        for place in (number for number, column in enumerate(table.columns) if column.sources):
            for number, row in enumerate(table.rows, 1):
                if text := row[place]:
                    note = found.setdefault(str(text), SourceNote(len(found) + 1, str(text)))
                    note.named.append((table.id, number))
    return found
