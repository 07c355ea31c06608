"""``explain``: how a figure of a unit, an area or an agency is computed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.assumptions import Foundations, foundations
from openfisca_bergen_hbt.analysis.explain.steps import Step, explain
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import held_back
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an explanation is of."""

    variable: Annotated[str, Meta(extra={"argument": True})]
    id: Annotated[str, Meta(description=marked("The unit, area or agency, by its name."), extra={"metavar": "NAME"})]
    month: Annotated[
        Annotated[int, Meta(ge=1, le=12)] | None, Meta(description=marked("The month of a monthly variable."))
    ] = None
    depth: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description=marked("How many levels to show. Default: all."))
    ] = None


@dataclass(frozen=True)
class Explained:
    """An explanation, of whom under which regulation, and what it rests on."""

    step: Step
    member: str
    version: Version
    population: Population
    suppression: bool
    rests_on: Foundations


def _run(asked: Asked) -> Explained:
    people, system, wanted = asked.population, asked.system, asked.options
    if wanted.variable in asked.version.not_brought:
        message = _(
            "{variable} is brought by a decision that this regulation ({regulation}) does not "
            "contain, and is no part of its results."
        )
        raise ValueError(message.format(variable=wanted.variable, regulation=asked.version.id))
    hidden = held_back([simulate(people, system, asked.year)]) if asked.suppression else None
    results = simulate(people, system, asked.year, trace=True)
    step = explain(results, wanted.variable, wanted.id, wanted.month, wanted.depth, hidden=hidden)
    return Explained(step, wanted.id, asked.version, people, asked.suppression, foundations([results]))


def _recorded(found: Explained, _done: Done) -> Figures:
    step = found.step
    amount = {step.variable: int(step.value)} if step.unit == "kr" and isinstance(step.value, float) else {}
    return Figures(asdict(step), {found.version.id: {found.member: amount}})


QUESTION = Question(
    name="explain",
    about=marked("""Explain a figure: the calculation as a tree, down to inputs and parameters, with each rule's source.

    Users are never listed one by one: they show as counts and sums.
    """),
    examples=(
        "explain enhet_samlet_tildeling --id Bergenhus --year 2019",
        "explain enhet_kategoritildeling --id Årstad --depth 2",
        "explain enhet_maanedsramme --id Laksevåg --month 7 --example bevegelse",
        "explain enhet_samlet_tildeling --id Bergenhus --regulation grunnregelverk --format json",
        "explain enhet_samlet_tildeling --id Bergenhus --data brukere.csv --frame 1021686820",
    ),
    run=_run,
    bodies=({"variable": "enhet_samlet_tildeling", "id": "Bergenhus", "depth": 1},),
    options=Options,
    takes=("population", "year", "regulation", "suppression"),
    not_public=marked("It shows the counts, hours and pots that an amount is made of."),
    forms=("text", "json", "markdown", "html"),
    recorded=_recorded,
)
