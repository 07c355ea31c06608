"""What the report of a comparison says, before it becomes a page or a workbook: words, and tables with raw values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.grunnregelverk import package_version
from openfisca_bergen_hbt.report.paper import Lines, Paper, Section, Table, Tidy, made
from openfisca_bergen_hbt.report.parts import figures, findings, ground_tables, statements, sureness, unit_tables
from openfisca_bergen_hbt.report.parts.about import about, of_population, population_as_json
from openfisca_bergen_hbt.report.parts.figures import groups, state, title
from openfisca_bergen_hbt.report.subjects.compare import common, public, transition, years
from openfisca_bergen_hbt.report.subjects.compare.areas import areas
from openfisca_bergen_hbt.report.subjects.compare.effects import effects_by_area
from openfisca_bergen_hbt.report.subjects.compare.gains import bands
from openfisca_bergen_hbt.report.subjects.compare.headlines import headlines
from openfisca_bergen_hbt.report.subjects.compare.ladder import ladder
from openfisca_bergen_hbt.report.subjects.compare.opening import opening
from openfisca_bergen_hbt.text.language import say

__all__ = ["as_json", "as_tidy", "brief", "drawn", "first_lines", "ladder", "paper"]

#: How many of the figures that are held back are unsafe, is said by the answer itself (``parts.caution``).
COUNTS_UNSAFE = True


def paper(compared: Comparison | Years) -> Paper:
    """Return all that is to be said of a comparison, or of several years."""
    if isinstance(compared, Years):
        return years.paper(compared)
    if compared.public:
        return _public(compared)
    every = unit_tables.units(compared)
    changes = made(*_of_areas(compared), bands(compared))
    told = groups(compared).level == "enhet"  # what units have in common is told where they stand for areas
    in_common = None if told else common.in_common(compared, figures.units(compared), every)
    units = made(unit_tables.agencies(compared), every, in_common, unit_tables.categories(compared))
    decided = made(ground_tables.effects(compared), effects_by_area(compared), ground_tables.decisions(compared))
    found = _paper(
        compared,
        [
            *findings.first_lines(compared),
            *findings.why_hours_grew(compared),
            *sureness.first_lines(compared),
            *transition.headlines(compared),
            *headlines(compared),
        ],
        Section([ladder(compared)], "trinn", say("Trinn for trinn")),
        *transition.sections(compared),
        Section(changes, "hvem", say("Hvem får mer og mindre")),
        *sureness.sections(compared),
        Section(units, "enheter", say("Enhetene")),
        Section(decided, "vedtak", say("Vedtakene")),
    )
    return replace(found, answer=opening(compared))


def brief(compared: Comparison | Years) -> Paper:
    """Return what there is room for on a screen, with no more computed than that needs."""
    if isinstance(compared, Years):
        return years.paper(compared)
    if compared.public:
        return _public(compared)
    said = [*findings.first_lines(compared), *findings.why_hours_grew(compared)]
    said += [*sureness.first_lines(compared), *transition.headlines(compared)]
    sections = [Section([ladder(compared)]), Section(_of_areas(compared)), *transition.sections(compared)]
    return _paper(compared, said, *sections)


def drawn(compared: Comparison) -> Paper:
    """Return what of a comparison stands as pictures on a first screen, with no more computed than that needs."""
    return Paper(title(compared), [Section([ladder(compared), areas(compared)])])


def first_lines(compared: Comparison | Years) -> list[str]:
    """Return what is to be read before any figure, in forms that hold figures alone, too."""
    if isinstance(compared, Years):
        return years.first_lines(compared)
    return public.first_lines(compared) if compared.public else findings.first_lines(compared)


def as_tidy(compared: Comparison | Years) -> Tidy:
    """Return every figure, a row each; a figure that is held back is empty."""
    by_name = dict(zip(sureness.columns(compared), zip(*sureness.rows(compared), strict=True), strict=True))
    about = of_population(compared)
    said = {"description": about, "first_lines": json.dumps(first_lines(compared), ensure_ascii=False)}
    return Tidy(by_name, said)


def as_json(compared: Comparison | Years) -> dict[str, Any]:
    """Return every figure as JSON holds it, with the regulations, the population, and what the figures rest on.

    The figures of a variable and period stand together as a column, in the order of the ids of their level.
    """
    if isinstance(compared, Years):
        return years.as_json(compared)
    ids: dict[str, Sequence[str]] = {}
    figures = Lines()
    for block in compared.blocks():
        ids[block.level] = block.ids
        figures.append(msgspec.json.encode(block.as_column()))
    rests_on = compared.foundations()  # on what the figures have asked for
    return {
        "ids": ids,
        "figures": figures,
        "year": compared.year,
        "population": population_as_json(compared),
        "regulations": [
            {
                "id": run.version.id,
                "title": run.version.title,
                "decisions": [decision.id() for decision in run.version.decisions],
                "readings": [reading.id() for reading in run.version.readings],
                "proposals": msgspec.to_builtins(run.version.proposals),
                **({} if compared.public else {"state": state(run, earlier)}),
            }
            for run, earlier in zip(compared.runs, [None, *compared.runs], strict=False)
        ],
        "first_lines": first_lines(compared),
        **({"public": public.as_json(compared)} if compared.public else _beyond_figures(compared)),
        "left_out": compared.left_out,
        "not_computable": compared.not_computable,
        **ground_tables.as_json(rests_on),
        "version": package_version(),
    }


def _beyond_figures(compared: Comparison) -> dict[str, Any]:
    """Return what JSON holds beside the figures: how sure they are, what does nothing, and a transition."""
    return {
        **({} if (said := statements.as_json(compared)) is None else {"statements": said}),
        **({} if compared.sureness is None else {"sureness": sureness.as_json(compared.sureness)}),
        "notes": dict(_effects_said(compared)),
        **({"transition": found} if (found := transition.as_json(compared)) else {}),
    }


def _public(compared: Comparison) -> Paper:
    """Return what can be published."""
    rests_on = compared.foundations()
    ground = [make(rests_on) for make in (ground_tables.assumptions, ground_tables.interpretations)]
    return public.paper(compared, [*about(compared, rests_on), *_effects_of_changes(compared)], ground)


def _paper(compared: Comparison, headlines: Sequence[str], *sections: Section) -> Paper:
    """Return sections as a paper, with what the figures in them rest on."""
    rests_on = compared.foundations()  # on what the sections have asked for
    makers = (ground_tables.assumptions, ground_tables.interpretations, ground_tables.sources)
    ground = ground_tables.section(*(make(rests_on) for make in makers))
    said = [*about(compared, rests_on), *_effects_said(compared)]
    return Paper(title(compared), [*sections, ground], headlines, said)


def _effects_said(compared: Comparison) -> list[tuple[str, str]]:
    """Return what does nothing, from when each changed number acts, and what is untried, each with its heading."""
    return [*_effects_of_changes(compared), *statements.about(compared), *sureness.about(compared)]


def _effects_of_changes(compared: Comparison) -> list[tuple[str, str]]:
    """Return what does nothing, and from when each changed number acts, each with its heading."""
    acted = findings.acting(compared)
    return [*findings.unread(compared), *([(say("Når tallene virker"), acted)] if acted else [])]


def _of_areas(compared: Comparison) -> list[Table]:
    """Return what each area is given, and where they are many, what those at both ends have in common."""
    table = areas(compared)
    return made(table, common.in_common(compared, groups(compared), table))
