"""What has changed since an earlier forecast, in words and in a table."""

from __future__ import annotations

from datetime import date

from openfisca_bergen_hbt.analysis.forecast.since import Change, Earlier
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import called
from openfisca_bergen_hbt.text import numbers


def in_words(changed: list[Change], earlier: Earlier) -> str:
    """Return how much has changed since, and whether the law has."""
    law = hashes.law()
    same = (earlier.parameters, earlier.rules) == (law["parameters"], law["rules"])
    of_law = "" if same else " Regelverkets tall eller regler er også endret siden."
    when = numbers.date_text(date.fromisoformat(earlier.date))
    known = "" if earlier.months is None else f", med {earlier.months} kjente måneder"
    if not changed:
        return f"Ingen beløp er endret siden prognosen {when}{known}.{of_law}"
    return f"{len(changed)} beløp er endret siden prognosen {when}{known}.{of_law}"


def table(changed: list[Change], earlier: Earlier) -> Table:
    """Return every amount that differs."""
    rows: list[list[Cell]] = [
        [
            one.name,
            called(one.variable),
            "" if one.before is None else one.before,
            "" if one.now is None else one.now,
            "" if one.before is None or one.now is None else one.now - one.before,
        ]
        for one in changed
    ]
    heads = [
        Column("For"),
        Column("Beløp", width=30),
        Column("Da", "kr"),
        Column("Nå", "kr"),
        Column("Endring", "kr_change"),
    ]
    when = numbers.date_text(date.fromisoformat(earlier.date))
    return Table(heads, rows, f"Siden prognosen {when}", "Siden sist", "since", ranked_by=4)
