"""What has changed since an earlier forecast, in words and in a table."""

from __future__ import annotations

from datetime import date

from openfisca_bergen_hbt.analysis.forecast.since import Change, Earlier
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import called
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say


def in_words(changed: list[Change], earlier: Earlier) -> str:
    """Return how much has changed since, and whether the law has."""
    law = hashes.law()
    same = (earlier.parameters, earlier.rules) == (law["parameters"], law["rules"])
    count, when = len(changed), numbers.date_text(date.fromisoformat(earlier.date))
    if earlier.months is None:
        said = (
            say("{count} beløp er endret siden prognosen {when}.")
            if changed
            else say("Ingen beløp er endret siden prognosen {when}.")
        )
    else:
        said = (
            say("{count} beløp er endret siden prognosen {when}, med {months} kjente måneder.")
            if changed
            else say("Ingen beløp er endret siden prognosen {when}, med {months} kjente måneder.")
        )
    of_law = [] if same else [say("Regelverkets tall eller regler er også endret siden.")]
    return " ".join([said.format(count=count, when=when, months=earlier.months), *of_law])


def table(changed: list[Change], earlier: Earlier) -> Table:
    """Return every amount that differs."""
    rows: list[list[Cell]] = [
        [
            one.name,
            say(called(one.variable)),
            "" if one.before is None else one.before,
            "" if one.now is None else one.now,
            "" if one.before is None or one.now is None else one.now - one.before,
        ]
        for one in changed
    ]
    heads = [
        Column(say("For")),
        Column(say("Beløp"), width=30),
        Column(say("Da"), "kr"),
        Column(say("Nå"), "kr"),
        Column(say("Endring"), "kr_change"),
    ]
    when = numbers.date_text(date.fromisoformat(earlier.date))
    return Table(heads, rows, say("Siden prognosen {when}").format(when=when), say("Siden sist"), "since", ranked_by=4)
