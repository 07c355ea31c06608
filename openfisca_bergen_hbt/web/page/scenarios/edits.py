"""What the forms of scenarios change: each makes other scenarios of those in an address, which are then an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as copied
from datetime import date
from typing import Any

from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenarios import Scenario
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import read_value
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.scenarios.address import BETWEEN, scenario_in, scenarios_in, written

#: The fields of the form that saves a choice, and of the form of one scenario; those that may hold several values.
SAVED, EDITED = ("ny", "navn"), ("endre", "navn", "lov", "uten-vedtak", "lest", "forslag", "verdi", "tall", "ny-verdi")
FIELDS = tuple(dict.fromkeys((*SAVED, *EDITED)))


def as_scenario(asked_for: Request) -> Scenario | None:
    """Return what the front page compares as a scenario without a name; None for several years.

    It is the last of the regulations, as it is read and changed.
    """
    if asked_for.years:
        return None
    last = asked_for.regulations[-1:]
    return Scenario(
        "",
        last[0] if last else None,
        tuple(name for name in asked_for.without if name not in last),
        asked_for.readings,
        changes=tuple(change for proposal in asked_for.proposals for change in proposal.changes),
    )


def shown(change: Change) -> str:
    """Return the value of a number as a field shows it: a share in per cent."""
    known = {parameter.name: parameter for parameter in names.parameters(SYSTEMS.foundation().parameters)}
    parameter = known.get(change.parameter)
    return choices.in_field(change.value, parameter.metadata["unit"] if parameter else "")


def edited(choice: Choice, fields: Any) -> Choice | None:
    """Return the choice that a form of the page makes; None where none was sent.

    Args:
        choice: the scenarios as they are.
        fields: names with one or more values each (``werkzeug.MultiDict``).

    Raises:
        ValueError: what can't be read as it was written.
    """
    if "ny" in fields:
        new = replace(scenario_in(fields["ny"]), name=_name(fields))
        return copied(choice, scenarios=[*choice.scenarios, written(new)])
    if "endre" not in fields:
        return None
    all_of_them = scenarios_in(choice.scenarios)
    place = int(fields["endre"]) if fields["endre"].isdecimal() else len(all_of_them)
    if place >= len(all_of_them):
        raise ValueError(_("The scenario that was to be changed is not in the address."))
    before = all_of_them[place]
    all_of_them[place] = after = _edited(before, fields, choice.year)
    against = after.name if choice.against == before.name else choice.against
    return copied(choice, scenarios=list(map(written, all_of_them)), against=against)


def _name(fields: Any) -> str:
    """Return the name that a form gives a scenario, without what stands between parts in an address."""
    return " ".join(fields.get("navn", "").replace(BETWEEN, " ").split())


def _edited(scenario: Scenario, fields: Any, year: int) -> Scenario:
    """Return a scenario as its form has it."""
    kept = set(fields.getlist("forslag"))
    proposals = tuple(one for number, one in enumerate(scenario.proposals) if str(number) in kept)
    return Scenario(
        _name(fields),
        fields.get("lov", "").strip() or None,
        tuple(fields.getlist("uten-vedtak")),
        tuple(fields.getlist("lest")),
        proposals,
        tuple(_changes(scenario.changes, fields, year)),
    )


def _changes(before: Sequence[Change], fields: Any, year: int) -> list[Change]:
    """Return the numbers of a scenario: each as it is now written, none for those left empty, and the new one."""
    law = SYSTEMS.foundation()
    texts = [text.strip() for text in fields.getlist("verdi")]
    found = [
        change
        if text == shown(change)
        else replace(change, value=read_value(text, names.find_parameter(law, change.parameter)))
        for change, text in zip(before, texts, strict=False)
        if text
    ]
    name, text = fields.get("tall", "").strip(), fields.get("ny-verdi", "").strip()
    if bool(name) != bool(text):
        raise ValueError(_("Choose a number, and write its value: one of them is missing."))
    if name:
        parameter = names.find_parameter(law, name)
        start = max(date(year, 1, 1), date.fromisoformat(parameter.values_list[-1].instant_str))
        found = [change for change in found if (change.parameter, change.start) != (name, start)]
        found.append(Change(name, start, read_value(text, parameter)))
    return found
