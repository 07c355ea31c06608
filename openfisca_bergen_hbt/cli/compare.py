"""``bergen-hbt compare``: regulations run on one population, each beside the one before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from openfisca_bergen_hbt import grunnregelverk
from openfisca_bergen_hbt.cli.console import (
    deliver,
    force_option,
    may_write,
    output_option,
    progress,
    rendered,
    show,
    version_option,
)
from openfisca_bergen_hbt.cli.options import (
    example_option,
    known,
    proposal_option,
    read_proposal,
    set_option,
    year_option,
)
from openfisca_bergen_hbt.compare import Comparison, Version, versions, with_proposals
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.proposal import from_settings
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report import tidy

EXAMPLES = """
Examples:

\b
  bergen-hbt compare
  bergen-hbt compare --year 2018 --example bevegelse
  bergen-hbt compare --regulation grunnregelverk --regulation 2019-06
  bergen-hbt compare --without vedtak_2018_01_kategorimodell
  bergen-hbt compare --proposal stoerre_reserve
  bergen-hbt compare --set kategorimodell.vekt.kategori_2=5.0@2019-01-01
  bergen-hbt compare --format csv --output compare.csv
"""


@click.command(epilog=EXAMPLES)
@year_option
@example_option
@click.option(
    "--regulation",
    "regulations",
    multiple=True,
    metavar="ID",
    help="Regulation to run: grunnregelverk, a decision's id (with all before it), or a date or month (as adopted by "
    "then). Repeatable. Default: the foundation, and each decision on top of the one before.",
)
@click.option("--without", multiple=True, metavar="ID", help="Decision to leave out of every regulation. Repeatable.")
@proposal_option
@set_option
@click.option(
    "--format",
    "written_as",
    type=click.Choice(["table", "csv", "json"]),
    help="How to write it. Default: by the ending of --output, else table.",
)
@output_option
@force_option
@version_option
def compare(
    *,
    year: int,
    example: str,
    regulations: tuple[str, ...],
    without: tuple[str, ...],
    proposals: tuple[str, ...],
    settings: tuple[str, ...],
    written_as: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Compare regulations: what each gives the areas, and why the overspend.

    The population is synthetic, made from figures published by Bergen kommune: nothing about real users is in it.
    """
    may_write(output, force=force)
    asked_for = known(lambda: _asked_for(regulations, without, proposals, settings, year))
    compared = Comparison(embedded.EXAMPLES[example](year), year, asked_for)
    written_as = written_as or _by_ending(output)
    if written_as == "table":
        from openfisca_bergen_hbt.report import terminal  # rich takes its time to import

        content = terminal.comparison(compared)
        if output:
            deliver(rendered(content), output, force=force)
        else:
            show(content)
        return
    with progress("Regner ut", len(compared.runs)) as done:
        text = {"csv": tidy.as_csv, "json": tidy.as_json}[written_as](compared, done)
    deliver(text, output, force=force)
    if written_as == "csv":
        click.echo(compared.population.description, err=True)  # the table has no room for it


def _asked_for(
    regulations: tuple[str, ...],
    without: tuple[str, ...],
    proposals: tuple[str, ...],
    settings: tuple[str, ...],
    year: int,
) -> list[Version]:
    """Return the versions to run: the regulations, and then each proposal on top of its baseline and those before."""
    if not proposals and not settings:
        return versions(regulations, without)
    foundation = grunnregelverk.CountryTaxBenefitSystem()
    given = [read_proposal(name, foundation) for name in proposals]
    named = [proposal.baseline for proposal in given] or list(regulations[-1:]) or [decisions()[-1].id()]
    (base,) = versions(named[:1], without)
    if settings:
        given.append(from_settings(settings, foundation, date(year, 1, 1)))
    before = versions(regulations, without) if regulations else [base]
    return [*before, *with_proposals(base, given)]


def _by_ending(output: Path | None) -> str:
    ending = output.suffix.lower() if output else ""
    return {".csv": "csv", ".json": "json"}.get(ending, "table")
