"""An explanation: the calculation of a figure as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Foundations
from openfisca_bergen_hbt.analysis.explain import Explained, Read, Step
from openfisca_bergen_hbt.report.paper import Branch, Paper, Section, Tree
from openfisca_bergen_hbt.report.subjects.figures import described
from openfisca_bergen_hbt.report.subjects.rules_and_numbers import BASES
from openfisca_bergen_hbt.text.numbers import decimals

#: How many characters the text of a month has: ``2019-01``.
MONTH = 7


def paper(found: Explained) -> Paper:
    """Return an explanation as a paper."""
    tree = Section([Tree(branch(found.step))], "regnestykket", "Regnestykket")
    return Paper(_title(found.step), [tree], notes=[_rests_on(found.rests_on), _population(found)])


def as_json(found: Explained) -> dict[str, Any]:
    """Return an explanation as JSON holds it."""
    return {
        "regulation": found.version.id,
        "population": _population(found),
        "explanation": asdict(found.step),
        "assumptions": [asdict(assumption) for assumption in found.rests_on.assumptions],
        "interpretations": {name: text["text"] for name, text in found.rests_on.interpretations.items()},
    }


def _population(found: Explained) -> str:
    return described(found.population, suppression=found.suppression)


def branch(step: Step) -> Branch:
    """Return a step with all below it, its steps of one variable in several months together."""
    return Branch(
        f"{step.label} ({step.of}, {step.period}): ",
        _value(step),
        " (forklart over)" if step.shown_before else "",
        f"{step.variable} · {_origin(step)}",
        [*map(_parameter, step.parameters), *map(_months, _alike(step.steps))],
    )


def _parameter(read: Read) -> Branch:
    value = f"{decimals(read.value)} {_unit(read)}"
    return Branch(f"{read.description}: ", value, about=f"{read.parameter} · {_basis(read)}")


def _months(steps: Sequence[Step]) -> Branch:
    first, last = steps[0], steps[-1]
    if len(steps) == 1:
        return branch(first)
    values = [step.value for step in steps]
    if all(isinstance(value, float) for value in values) and data.units()[first.unit].get("additive"):
        total = f"sum {decimals(sum(value for value in values if isinstance(value, float)))} {_unit(first)}"
    else:
        total = f"{_value(first)} … {_value(last)}"
    name = f"{first.label} ({first.of}, {first.period} til {last.period}): {total}"
    return Branch(name, below=[branch(step) for step in steps], months=True)


def _rests_on(rests_on: Foundations) -> str:
    """Return the assumed and derived numbers, and the interpretations, that the figure rests on."""
    assumed = [f"{found.parameter} ({BASES[found.basis]})" for found in rests_on.assumptions]
    return f"Hviler på {', '.join([*assumed, *rests_on.interpretations])}."


def _title(step: Step) -> str:
    return f"{step.label}, {step.of}, {step.period}: {_value(step)}"


def _alike(steps: Sequence[Step]) -> list[list[Step]]:
    """Return the steps, those of one variable in several months together."""
    return [list(found) for _, found in groupby(steps, key=lambda step: (step.variable, len(step.period) == MONTH))]


def _unit(step: Step | Read) -> str:
    return str(data.units()[step.unit]["label"])


def _value(step: Step) -> str:
    if isinstance(step.value, dict):
        return ", ".join(f"{answer}: {count}" for answer, count in step.value.items())
    if isinstance(step.value, str):
        return step.value
    of_agency = f" (etaten: {decimals(step.of_agency)})" if step.of_agency is not None else ""
    return f"{decimals(step.value)} {_unit(step)}{of_agency}"


def _basis(read: Read) -> str:
    place = "; ".join(reference["place"] for reference in read.reference)
    return " · ".join(filter(None, [BASES[read.basis], read.interpretation, place]))


def _origin(step: Step) -> str:
    return " · ".join([step.decision, "; ".join(step.reference)])
