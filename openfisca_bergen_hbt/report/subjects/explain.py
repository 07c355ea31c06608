"""An explanation: the calculation of a figure as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.explain import Explained
from openfisca_bergen_hbt.analysis.explain.steps import Read, Step
from openfisca_bergen_hbt.report.paper import Branch, Paper, Section, Tree
from openfisca_bergen_hbt.report.parts import ground_tables
from openfisca_bergen_hbt.report.parts.about import described
from openfisca_bergen_hbt.report.parts.rules_and_numbers import BASES, places
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.text.numbers import decimals

#: How many characters the text of a month has: ``2019-01``.
MONTH = 7


def paper(found: Explained) -> Paper:
    """Return an explanation as a paper."""
    step = found.step
    title = f"{say(step.label)}, {step.of}, {step.period}: {_value(step)}"
    tree = Section([Tree(branch(step))], "regnestykket", say("Regnestykket"))
    assumed = [f"{number.parameter} ({say(BASES[number.basis])})" for number in found.rests_on.assumptions]
    rests_on = say("Hviler på {these}.").format(these=", ".join([*assumed, *found.rests_on.interpretations]))
    return Paper(title, [tree], notes=[rests_on, _population(found)])


def as_json(found: Explained) -> dict[str, Any]:
    """Return an explanation as JSON holds it."""
    return {
        "regulation": found.version.id,
        "population": _population(found),
        "explanation": asdict(found.step),
        **ground_tables.as_json(found.rests_on),
    }


def _population(found: Explained) -> str:
    return described(found.population, suppression=found.suppression)


def branch(step: Step) -> Branch:
    """Return a step with all below it, its steps of one variable in several months together."""
    alike = groupby(step.steps, key=lambda below: (below.variable, len(below.period) == MONTH))
    return Branch(
        f"{say(step.label)} ({step.of}, {step.period}): ",
        _value(step),
        say(" (forklart over)") if step.shown_before else "",
        " · ".join([step.variable, say(step.decision), "; ".join(step.reference)]),
        [*map(_parameter, step.parameters), *(_months(list(steps)) for _, steps in alike)],
        arithmetic=step.arithmetic,
    )


def _parameter(read: Read) -> Branch:
    value = f"{decimals(read.value)} {_unit(read)}"
    about = [read.parameter, say(BASES[read.basis]), read.interpretation, places(read.reference)]
    return Branch(f"{say(read.description)}: ", value, about=" · ".join(filter(None, about)))


def _months(steps: Sequence[Step]) -> Branch:
    first, last = steps[0], steps[-1]
    if len(steps) == 1:
        return branch(first)
    values = [step.value for step in steps]
    if all(isinstance(value, float) for value in values) and data.unit(first.unit).get("additive"):
        amount = decimals(sum(value for value in values if isinstance(value, float)))
        total = say("sum {amount} {unit}").format(amount=amount, unit=_unit(first))
    else:
        total = f"{_value(first)} … {_value(last)}"
    name = say("{label} ({of}, {first} til {last}): {total}").format(
        label=say(first.label), of=first.of, first=first.period, last=last.period, total=total
    )
    return Branch(name, below=[branch(step) for step in steps], months=True)


def _unit(step: Step | Read) -> str:
    return data.unit_label(step.unit)


def _value(step: Step) -> str:
    if isinstance(step.value, dict):
        return ", ".join(f"{say(answer)}: {count}" for answer, count in step.value.items())
    if isinstance(step.value, str):
        return say(step.value)
    value = f"{decimals(step.value)} {_unit(step)}"
    if step.of_agency is None:
        return value
    return value + say(" (etaten: {of_agency})").format(of_agency=decimals(step.of_agency))
