"""Scenarios beside each other, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.scenarios import Scenarios
from openfisca_bergen_hbt.report.paper import Paper, Section, Table, Tidy, made
from openfisca_bergen_hbt.report.parts import answer, figures, findings, ground_tables, sureness
from openfisca_bergen_hbt.report.parts.about import about
from openfisca_bergen_hbt.report.subjects import compare, diff
from openfisca_bergen_hbt.report.subjects.scenarios import tables
from openfisca_bergen_hbt.text.language import say, to_say

#: What is said of differences that nobody has tested.
UNTRIED = to_say(
    "Det er ikke prøvd hvilke lesninger eller tall som snur forskjellene. Lag et scenario av en lesning for å se hva "
    "den gjør."
)

#: How many of the figures that are held back are unsafe, is said by the answer itself (``parts.caution``).
COUNTS_UNSAFE = True


def paper(found: Scenarios) -> Paper:
    """Return all that is to be said of scenarios."""
    if found.compared.public:
        return _public(found)
    by, units = figures.groups(found.compared), figures.units(found.compared)
    each = [tables.given_apart(found, units), tables.given(found, units)] if {*by.names} != {*units.names} else []
    return _paper(
        found,
        ("scenarioer", say("Scenarioene side om side"), [tables.totals(found), tables.changes(found)]),
        (
            "hvem",
            say("Hvem får mer og mindre"),
            [tables.who_gains(found), tables.given_apart(found, by), tables.given(found, by)],
        ),
        ("enheter", say("Enhetene"), each),
        ("forskjeller", say("Det som skiller regelverkene"), [tables.differing(found)]),
        ("regler", say("Reglene som skiller"), [tables.rules(found)]),
    )


def brief(found: Scenarios) -> Paper:
    """Return what there is room for on a screen, with no more computed than that needs."""
    if found.compared.public:
        return _public(found)
    by = figures.groups(found.compared)
    made = [tables.totals(found), tables.changes(found), tables.given(found, by), tables.given_apart(found, by)]
    return _paper(found, ("", "", [*made, tables.differing(found)]))


def _public(found: Scenarios) -> Paper:
    """Return what can be published: the amounts as ``compare`` publishes them, and what differs between the rules."""
    public = compare.paper(found.compared)
    apart = [table for table in (tables.differing(found), tables.rules(found)) if table]
    differing = Section(apart, "forskjeller", say("Det som skiller regelverkene"))
    *sections, ground = public.sections
    return replace(public, sections=[*sections, *([differing] if apart else []), ground])


def _paper(found: Scenarios, *parts: tuple[str, str, Sequence[Table | None]]) -> Paper:
    """Return sections as a paper, with what the figures in them rest on."""
    compared = found.compared
    rests_on = compared.foundations()  # on what the sections have asked for
    ground = ground_tables.section(*tables.ground(found, rests_on), ground_tables.sources(rests_on))
    sections = [Section(made(*some), name, heading) for name, heading, some in parts]
    title = (
        say("Scenarioer for finansieringen av hjemmebaserte tjenester {year}")
        if compared.population.personal
        else say("Scenarioer for finansieringen av hjemmebaserte tjenester i Bergen {year}")
    )
    return Paper(
        title.format(year=compared.year),
        [*(section for section in sections if section.blocks), ground],
        headlines(found),
        [
            *about(compared, rests_on),
            *findings.unread(compared),
            *tables.acting(found),
            (say("Prøving"), say(UNTRIED)),
            *sureness.about(compared),
        ],
    )


def headlines(found: Scenarios) -> list[str]:
    """Return what is read first: where the frame does not hold, and what each scenario does."""
    if found.compared.public:
        return []  # they are made of exact amounts
    return [*answer.broken(found.compared), *answer.lacking(found.compared), *map(tables.sentence(found), found.others)]


def first_lines(found: Scenarios) -> list[str]:
    """Return what is to be read before any figure, in forms that hold figures alone, too."""
    return compare.first_lines(found.compared)


def as_figures(found: Scenarios) -> Comparison:
    """Return the figures that tidy forms hold."""
    return found.compared


def as_tidy(found: Scenarios) -> Tidy:
    """Return every figure, a row each; a figure that is held back is empty."""
    return compare.as_tidy(found.compared)


def as_json(found: Scenarios) -> dict[str, Any]:
    """Return every figure as ``compare`` does, with the scenarios, and what differs between their regulations."""
    return {
        **compare.as_json(found.compared),
        "against": found.first.version.id,
        "scenarios": msgspec.to_builtins(list(found.asked_for.values())),
        "headlines": headlines(found),
        "differences": {
            run.version.id: {
                "readings": tables.readings_apart(found.first.version, run.version),
                **diff.difference_as_json(found.differences[run.version.id]),
            }
            for run in found.others
        },
    }
