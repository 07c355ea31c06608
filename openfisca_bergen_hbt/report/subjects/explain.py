"""An explanation as a tree: text, Markdown, or HTML that folds."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Foundations
from openfisca_bergen_hbt.analysis.explain import Read, Step
from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.document import Code, Document, Paragraph
from openfisca_bergen_hbt.report.subjects.history import BASES
from openfisca_bergen_hbt.text.numbers import decimals

#: Where a line of the text is folded.
WIDTH = 96
#: How many characters the text of a month has: ``2019-01``.
MONTH = 7
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
ul { list-style: none; padding-left: 1.5rem; border-left: 1px solid #999; }
.value { font-weight: 600; white-space: nowrap; }
.about { color: #555; font-size: .875rem; display: block; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } .about { color: #bbb; } }
"""


def text(step: Step, synthetic: str, rests_on: Foundations) -> Document:
    """Return the tree as lines, each indented below what it explains."""
    lines = Code("\n".join(tree_lines(step)))
    return Document(_title(step), [lines, *map(Paragraph, [_rests_on(rests_on), synthetic])])


def tree_lines(step: Step) -> list[str]:
    """Return the lines of a tree, each indented below what it explains, and folded."""
    return [
        textwrap.fill(line, WIDTH, initial_indent="  " * depth, subsequent_indent="  " * (depth + 2))
        for depth, line in _lines(step, 0)
    ]


def _rests_on(rests_on: Foundations) -> str:
    """Return the assumed and derived numbers, and the interpretations, that the figure rests on."""
    assumed = [f"{found.parameter} ({BASES[found.basis]})" for found in rests_on.assumptions]
    return f"Hviler på {', '.join([*assumed, *rests_on.interpretations])}."


def page(step: Step, synthetic: str, rests_on: Foundations, recorded: Mapping[str, Any]) -> str:
    """Return the tree as a self-contained HTML page, in which each step can be folded, with the record of the run."""
    title = html.escape(_title(step))
    note = f"<p>{html.escape(synthetic)}</p><p>{html.escape(_rests_on(rests_on))}</p>"
    return (
        f'<!doctype html>\n<html lang="nb">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{note}\n"
        f"<ul>{item(step)}</ul>\n</main>\n"
        f'<script type="application/json" id="{KEY}">{within_page(recorded)}</script>\n</body>\n</html>\n'
    )


def _title(step: Step) -> str:
    return f"{step.label}, {step.of}, {step.period}: {_value(step)}"


def _lines(step: Step, depth: int) -> Iterator[tuple[int, str]]:
    yield depth, f"{step.label} ({step.of}, {step.period}): {_value(step)}{_shown_before(step)}"
    yield from _below(step, depth)


def _below(step: Step, depth: int) -> Iterator[tuple[int, str]]:
    yield depth + 1, f"{step.variable} · {_origin(step)}"
    for read in step.parameters:
        yield depth + 1, f"{read.description}: {_parameter(read)}"
        yield depth + 2, f"{read.parameter} · {_basis(read)}"
    for months in _alike(step.steps):
        if len(months) > 1:
            yield depth + 1, f"{_months(months)}; den første måneden:"
            yield from _below(months[0], depth + 1)
        else:
            yield from _lines(months[0], depth + 1)


def _alike(steps: Sequence[Step]) -> list[list[Step]]:
    """Return the steps, those of one variable in several months together."""
    return [list(found) for _, found in groupby(steps, key=lambda step: (step.variable, len(step.period) == MONTH))]


def _months(months: Sequence[Step]) -> str:
    first, last = months[0], months[-1]
    values = [step.value for step in months]
    if all(isinstance(value, float) for value in values) and data.units()[first.unit].get("additive"):
        total = f"sum {decimals(sum(value for value in values if isinstance(value, float)))} {_unit(first)}"
    else:
        total = f"{_value(first)} … {_value(last)}"
    return f"{first.label} ({first.of}, {first.period} til {last.period}): {total}"


def _unit(step: Step | Read) -> str:
    return str(data.units()[step.unit]["label"])


def _value(step: Step) -> str:
    if isinstance(step.value, dict):
        return ", ".join(f"{answer}: {count}" for answer, count in step.value.items())
    if isinstance(step.value, str):
        return step.value
    of_agency = f" (etaten: {decimals(step.of_agency)})" if step.of_agency is not None else ""
    return f"{decimals(step.value)} {_unit(step)}{of_agency}"


def _parameter(read: Read) -> str:
    return f"{decimals(read.value)} {_unit(read)}"


def _basis(read: Read) -> str:
    place = "; ".join(reference["place"] for reference in read.reference)
    return " · ".join(filter(None, [BASES[read.basis], read.interpretation, place]))


def _origin(step: Step) -> str:
    return " · ".join([step.decision, "; ".join(step.reference)])


def _shown_before(step: Step) -> str:
    return " (forklart over)" if step.shown_before else ""


def item(step: Step) -> str:
    """Return a tree as an item of an HTML list, in which each step can be folded."""
    heading = (
        f'{html.escape(step.label)} ({html.escape(step.of)}, {step.period}): <span class="value">'
        f"{html.escape(_value(step))}</span>{_shown_before(step)}"
    )
    about = f'<span class="about">{html.escape(step.variable)} · {html.escape(_origin(step))}</span>'
    below = "".join(_parameter_item(read) for read in step.parameters)
    below += "".join(_months_item(months) for months in _alike(step.steps))
    if not below:
        return f"<li>{heading}{about}</li>"
    return f"<li><details open><summary>{heading}</summary>{about}<ul>{below}</ul></details></li>"


def _parameter_item(read: Read) -> str:
    return (
        f'<li>{html.escape(read.description)}: <span class="value">{html.escape(_parameter(read))}</span>'
        f'<span class="about">{html.escape(read.parameter)} · {html.escape(_basis(read))}</span></li>'
    )


def _months_item(months: Sequence[Step]) -> str:
    if len(months) == 1:
        return item(months[0])
    below = "".join(item(step) for step in months)
    return f"<li><details><summary>{html.escape(_months(months))}</summary><ul>{below}</ul></details></li>"
