"""Where a figure of the page, or a mark of a picture, is explained: under its own regulation, year and readings.

The addresses of marks are whole, so that they lead here from a picture that was taken home, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as copied
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from flask import request
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.analysis import compare
from openfisca_bergen_hbt.analysis.asking import Asked, Request
from openfisca_bergen_hbt.analysis.asking.preparing import found_versions
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.report.forms.charts.asked import Leads, nowhere
from openfisca_bergen_hbt.report.subjects.compare.ladder import versions_of_steps
from openfisca_bergen_hbt.report.subjects.compare.years import by_row
from openfisca_bergen_hbt.text.language import spoken
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice

#: Makes the address of the explanation of a member's variable; empty where there is none.
Explains = Callable[..., str]


@dataclass(frozen=True)
class Law:
    """A regulation in a year, and the choice that it is to be explained in, where that has it."""

    version: Version
    choice: Choice

    def explains(self, **asked: str) -> str:
        """Return the address of an explanation under it; empty where no address can say which it is."""
        return explanation(self._where[0], **asked, under=self._where[1]) if self._where else ""

    @cached_property
    def _where(self) -> tuple[Choice, str] | None:
        """The choice that has it, and what it is called there."""
        for choice in (self.choice, _choice_of(self.version, self.choice)):
            for found in _versions_of(choice):
                if _rules(found) == _rules(self.version):
                    return choice, found.id
        return None


def explanation(choice: Choice, **asked: str) -> str:
    """Return the address of the explanation of a figure of a choice, which no bands belong to."""
    return f"{request.script_root}/forklar?{copied(choice, bands=False).query(**asked)}"


def leads(people: Population, system: Any, law: Callable[[str], Explains]) -> Leads:
    """Return where the figures of a picture are explained: of an agency, where there is only one.

    Args:
        people: whose figures they are.
        system: one that has every variable that is drawn.
        law: what explains a figure of a step or scenario, by its name; of what is drawn of the last, by none.
    """
    agency, *others = people.agency_names

    def address(row: str, variable: str, under: str = "") -> str:
        of_agency = variable.startswith("etat_")
        if not variable or not row or (of_agency and others):  # counts of all units together are explained nowhere
            return ""
        if of_agency:
            there = law(row)(hvem=agency, variabel=variable)
        else:  # one that is monthly is a part of the explanation of the year's
            yearly = system.get_variable(variable).definition_period == DateUnit.YEAR
            there = law(under)(hvem=row, variabel=variable if yearly else GIVEN)
        return there and urljoin(request.url_root, there)

    return address


def of_choice(compared: Comparison | Years, drawn: Comparison | None, choice: Choice) -> Leads:
    """Return where the figures of the front page are explained.

    Args:
        compared: what was asked for.
        drawn: the comparison that the steps drawn are of, where it is another.
        choice: what was asked for, as the address says it.
    """
    if isinstance(compared, Years):
        return _of_years(compared, choice)
    steps = {name: Law(version, choice) for name, version in versions_of_steps(drawn or compared).items()}
    return _leads(compared.population, steps, Law(compared.runs[-1].version, choice))


def of_answer(asked: Asked, result: Any) -> Leads:
    """Return where the figures of a question's answer are explained; nowhere where no address can say of whom they are.

    That is of files, of a frame that was given, and of users on others' paths.
    """
    wanted = asked.request
    others = bool(wanted.frames or getattr(asked.options, "flow", ()))
    if not asked.versions or not wanted.population or others:
        return nowhere
    choice = _choice_of_request(wanted, [version.id for version in asked.versions if not version.proposals])
    if isinstance(result, Years):
        return _of_years(result, choice)
    steps = versions_of_steps(result) if isinstance(result, Comparison) else {}
    laws = {name: Law(version, choice) for name, version in steps.items()}
    return _leads(asked.population, laws, Law(asked.version, choice))


def _of_years(found: Years, choice: Choice) -> Leads:
    """Return where the figures of several years are explained, each in its own year and law."""
    laws = {}
    for row, compared in by_row(found).items():
        version = compared.runs[-1].version
        of_year = copied(choice, year=compared.year, until=None, regulations=[version.id], date="")
        laws[row] = Law(version, of_year)
    return _leads(found.population, laws, next(reversed(laws.values())))


def _leads(people: Population, steps: Mapping[str, Law], last: Law) -> Leads:
    laws = {"": last, **steps}

    def law(step: str) -> Explains:
        return laws[step].explains if step in laws else lambda **_: ""

    return leads(people, SYSTEMS.system(last.version), law)


def _choice_of_request(wanted: Request, regulations: list[str]) -> Choice:
    """Return the choice that a request makes, as far as one can."""
    return Choice(
        wanted.year,
        example=wanted.population or "",
        regulations=regulations,
        without=list(wanted.without),
        readings=list(wanted.readings),
        numbers=_numbers(wanted.proposals),
        language=spoken(),
    )


def _choice_of(version: Version, like: Choice) -> Choice:
    """Return a choice of one regulation alone, about the same users in the same year as another."""
    return copied(
        like,
        until=None,
        regulations=[version.last],
        date="",
        without=[decision.id() for decision in version.left_out],
        readings=[reading.id() for reading in version.readings],
        numbers=_numbers(version.proposals),
    )


def _numbers(proposals: Any) -> dict[str, float]:
    return {change.parameter: change.value for proposal in proposals for change in proposal.changes}


def _versions_of(choice: Choice) -> list[Version]:
    """Return the regulations of a choice; none where it can't be made."""
    try:
        return found_versions(compare.QUESTION, choices.request(copied(choice, errors={})))
    except (RequestError, ValueError):
        return []


def _rules(version: Version) -> tuple[Any, ...]:
    """Return what two regulations that give the same have in common, whatever they are called."""
    changes = [change for proposal in version.proposals for change in proposal.changes]
    return version.decisions, version.readings, sorted(changes, key=lambda change: (change.parameter, change.start))
