"""``scenarios``: regulations that are named in a file, beside each other, each measured against one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import MOST_SAMPLES, Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.compare import recorded, run_all
from openfisca_bergen_hbt.analysis.comparison import Comparison, Run
from openfisca_bergen_hbt.analysis.history import Difference
from openfisca_bergen_hbt.analysis.scenarios.differing import differing
from openfisca_bergen_hbt.law.scenario_files import options_in
from openfisca_bergen_hbt.law.scenarios import Plan, Scenario, versions
from openfisca_bergen_hbt.text.language import _, marked


class Options(Plan, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which scenarios, and how many draws are to say how far their figures reach."""

    samples: Annotated[
        int, Meta(ge=0, le=MOST_SAMPLES, description=marked("Draws of the assumed numbers: bands below the figures."))
    ] = 0


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Scenarios run beside each other: the first of the runs is the one that the others are measured against."""

    compared: Comparison
    #: What was asked for, by name.
    asked_for: dict[str, Scenario]
    #: What differs between the regulation of the first and of each of the others, by name.
    differences: dict[str, Difference]

    @property
    def first(self) -> Run:
        """The scenario that the others are measured against."""
        return self.compared.runs[0]

    @property
    def others(self) -> list[Run]:
        """The others, in order."""
        return self.compared.runs[1:]


def _run(asked: Asked) -> Scenarios:
    wanted: Options = asked.options
    first = versions(wanted)[0]
    compared = run_all(asked, asked.versions)
    lacking = compared.left_out.get(first.title) or compared.not_computable.get(first.title)
    if lacking:
        message = _("The scenario '{name}', which the others are measured against, can't be computed: {why}")
        raise ValueError(message.format(name=first.title, why=lacking))
    others = [run.version for run in compared.runs[1:]]
    return Scenarios(
        compared,
        {scenario.name: scenario for scenario in wanted.scenarios},
        {other.id: differing(first, other, asked.year) for other in others},
    )


def _recorded(found: Scenarios, done: Done) -> Figures:
    return recorded(found.compared, done)


QUESTION = Question(
    name="scenarios",
    about=marked("""Set named scenarios beside each other: what each gives, and the difference from one of them.

    FILE holds up to four scenarios, each with a name and a regulation: which one, without which decisions, read how,
    with which proposals and numbers (docs/scenarioer.md). The page reads and writes the same files.
    """),
    examples=(
        "scenarios plan.yaml",
        "scenarios plan.yaml --output resultat.xlsx",
        "scenarios plan.yaml --against 'Større reserve' --year 2018",
        "scenarios plan.yaml --data brukere.csv --frame bergen --output scenarioer.html",
    ),
    run=_run,
    options=Options,
    takes=("population", "parts", "year", "suppression"),
    bodies=(
        {
            "scenarios": [
                {"name": "I dag"},
                {
                    "name": "Større reserve",
                    "changes": [{"parameter": "reserve.andel", "from": "2019-01-01", "value": 0.04}],
                },
            ],
            "year": 2019,
        },
        {
            "scenarios": [
                {"name": "I dag", "regulation": "2021-12"},
                {"name": "Reserven deles ut", "readings": ["lesning_t05_reserven_deles_ut"]},
                {"name": "Uten planen", "without": ["vedtak_2019_05_plan_hjemmeboende_eldre"]},
            ],
            "against": "Reserven deles ut",
            "users": {"enhet": ["A", "A", "B"], "timer_per_uke": [5, 20, 100]},
        },
    ),
    forms=("table", "csv", "json", "parquet", "markdown", "html", "xlsx"),
    by_ending=True,
    public=True,
    recorded=_recorded,
    versions=versions,
    read=options_in,
)
