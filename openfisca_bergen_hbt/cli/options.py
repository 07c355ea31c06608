"""Options and checks that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from openfisca_bergen_hbt.population import embedded

Found = TypeVar("Found")
YEARS = ", ".join(map(str, embedded.YEARS))


def known(find: Callable[[], Found]) -> Found:
    """Return what ``find`` finds; a name, date or value that it refuses ends the command with its message.

    Raises:
        click.UsageError: ``find`` raised a ``ValueError``.
    """
    try:
        return find()
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _year(_context: click.Context, _option: click.Parameter, text: str) -> int:
    if text not in map(str, embedded.YEARS):
        raise click.BadParameter(f"There are no published figures for '{text}'. The years are: {YEARS}.")
    return int(text)


year_option = click.option(
    "--year",
    default="2019",
    show_default=True,
    callback=_year,
    metavar="YEAR",
    help=f"Calendar year: {YEARS}.",
)
example_option = click.option(
    "--example",
    type=click.Choice(list(embedded.EXAMPLES)),
    default="publisert",
    show_default=True,
    help="Embedded population: the published figures, or a year in which every rule fires.",
)
