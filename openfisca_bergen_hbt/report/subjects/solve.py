"""Which value of a number gives an amount, or that none does."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.solve import Solved
from openfisca_bergen_hbt.law.values import written
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.text.numbers import whole


def paper(solved: Solved) -> Paper:
    """Return what was found as a paper: a sentence, and what the population is."""
    found, target = solved.solution, solved.target
    low, high, nearest = (written(value, solved.unit) for value in (found.low, found.high, found.nearest))
    at_ends = f"{whole(found.amount_at_low)} til {whole(found.amount_at_high)}"
    ends = f"{solved.parameter} fra {low} til {high} gir {target.member} {at_ends}."
    if found.value is None:
        said = (
            f"Ingen verdi gir {target.variable} {whole(target.amount)} for {target.member}. {ends} "
            f"Nærmest: {nearest}, som gir {whole(found.amount)}."
        )
    else:
        said = f"{solved.parameter} = {nearest} gir {target.member} {whole(found.amount)}. {ends}"
    return Paper(said, [], notes=[solved.population.description])


def as_json(solved: Solved) -> dict[str, Any]:
    """Return what was found as JSON holds it."""
    return {"parameter": solved.parameter, "until": solved.until, **asdict(solved.solution)}
