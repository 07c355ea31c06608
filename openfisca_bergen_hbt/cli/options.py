"""Options and checks that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.analysis.asking import read_years
from openfisca_bergen_hbt.law.proposals import (
    LAST_DAY,
    Proposal,
    ProposalError,
    ProposalReform,
    from_settings,
    read_proposal,
)
from openfisca_bergen_hbt.law.shipped import shipped_proposals
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.rules.errors import reason
from openfisca_bergen_hbt.text.language import _, marked, of_system

Found = TypeVar("Found")
YEARS = ", ".join(map(str, embedded.YEARS))


def known(find: Callable[[], Found]) -> Found:
    """Return what ``find`` finds; a name, date or value that it refuses ends the command with its message."""
    try:
        return find()
    except SituationParsingError as error:  # core's text of it is its body for the web
        raise click.UsageError(reason(error)) from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def is_given(option: str) -> bool:
    """Return whether the command that runs was given an option, and does not have it by default."""
    return click.get_current_context().get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


def _year(_context: click.Context, _option: click.Parameter, text: str) -> int:
    first, last = FOUNDATION_DAY.year, LAST_DAY.year
    if not (text.isascii() and text.isdigit() and first <= int(text) <= last):
        message = _("'{text}' is not a year of the regulation, {first} to {last}. The embedded examples have {years}.")
        raise click.BadParameter(message.format(text=text, first=first, last=last, years=YEARS))
    return int(text)


regulation_option = click.option(
    "--regulation",
    metavar="ID",
    help=marked("grunnregelverk, a decision's id, or a date. Default: the law in force."),
)
#: What says which regulations are run, and read and changed how.
regulations_options = (
    click.option(
        "--regulation",
        "regulations",
        multiple=True,
        metavar="ID",
        help=marked(
            "Regulation to run: grunnregelverk, a decision's id (with all before it), or a date or month (as adopted "
            "by then). Repeatable. Default: the foundation, and each decision on top of the one before."
        ),
    ),
    click.option(
        "--without",
        multiple=True,
        metavar="ID",
        help=marked("Decision to leave out of every regulation. Repeatable."),
    ),
    click.option(
        "--reading",
        "readings",
        multiple=True,
        metavar="ID",
        help=marked(
            "Rival reading of the text (lesning_…) or alternative to it (alternativ_…), in every regulation. "
            "Repeatable; bergen-hbt log lists them."
        ),
    ),
    click.option(
        "--proposal",
        "proposals",
        type=click.Path(),
        multiple=True,
        metavar="FILE",
        help=marked(
            "Proposal to run on top of its baseline: a YAML file, or a shipped one by name. Repeatable, in order."
        ),
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PARAMETER=VALUE[@DATE]",
        help=marked("Number to change, from the year's beginning or a date. Repeatable."),
    ),
)
year_option = click.option(
    "--year",
    default="2019",
    show_default=True,
    callback=_year,
    metavar="YEAR",
    help=marked("Calendar year: {years}; with --data any from {first}."),
)
years_option = click.option(
    "--years",
    callback=lambda _context, _option, text: known(lambda: read_years(text)) if text is not None else (),
    metavar="FROM-TO",
    help=marked(
        "Several years beside each other, each under its own law: cost, frame, and what each day's decisions changed."
    ),
)
example_option = click.option(
    "--example",
    type=click.Choice(list(embedded.EXAMPLES)),
    default="publisert",
    show_default=True,
    help=marked("Embedded population: the published figures, or a year in which every rule fires."),
)


def read_proposals(files: Sequence[str], settings: Sequence[str], year: int) -> list[Proposal]:
    """Return the proposals in files, or shipped ones by name; and then, as one more, the numbers set for a year.

    Raises:
        ProposalError: there is no such file, it is no proposal, or a number is not set as it should be.
    """
    law, found = SYSTEMS.foundation() if files or settings else None, []
    for name in files:
        found.append(_read_proposal(name, law))
        law = ProposalReform(law, found[-1])  # the next one builds on it
    return [*found, from_settings(settings, law, date(year, 1, 1))] if settings else found


def _read_proposal(name: str, system: Any) -> Proposal:
    """Return a proposal from a file, or a shipped one by name."""
    shipped = shipped_proposals()
    path = shipped[name] if name in shipped and not Path(name).exists() else Path(name)
    try:
        return read_proposal(path, system)
    except OSError as error:
        known_ones = ", ".join(shipped)
        message = _("'{name}' can't be read: {why}. The shipped ones are: {known}.")
        raise ProposalError(message.format(name=name, why=of_system(error), known=known_ones)) from None
