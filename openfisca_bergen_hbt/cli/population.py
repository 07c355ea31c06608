"""``bergen-hbt population``: an embedded population as files to copy."""

from __future__ import annotations

from pathlib import Path

import click

from openfisca_bergen_hbt.cli.numbers import whole
from openfisca_bergen_hbt.cli.options import YEARS, example_option, is_given, known, year_option
from openfisca_bergen_hbt.cli.writing import OutputFile, deliver_all, force_option, keeps_nothing, may_write
from openfisca_bergen_hbt.intake import export
from openfisca_bergen_hbt.intake.template import template as made_template
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.population.country import country
from openfisca_bergen_hbt.text.language import _, marked, say

EXAMPLES = """
Examples:

\b
  bergen-hbt population --year 2019 --output brukere.csv
  bergen-hbt population --example bevegelse --output brukere.xlsx --units-output enheter.xlsx
  bergen-hbt population --scale 10 --output mange.parquet
  bergen-hbt population --municipalities 356 --output land.parquet --agency-output land-etater.csv
  bergen-hbt population --template --output mal.xlsx
"""


@click.command(
    epilog=EXAMPLES,
    help=marked(
        "Write an embedded population in the form that --data reads: an example to copy.\n\n"
        "The users are synthetic, made from published figures; a country's municipalities are made up, too."
    ),
)
@year_option
@example_option
@click.option(
    "--municipalities",
    type=whole(1, 10_000),
    metavar="N",
    help=marked(
        "A made-up country instead: so many municipalities (Norway had 356 in 2020), each an agency. See docs/data.md."
    ),
)
@click.option("--scale", type=whole(1, 1000), default=1, show_default=True, help=marked("How many times each user."))
@click.option(
    "--output", required=True, type=OutputFile(), metavar="FILE", help=marked("Users: .csv, .xlsx or .parquet.")
)
@click.option(
    "--units-output",
    type=OutputFile(),
    metavar="FILE",
    help=marked("The units' driving time and director's money."),
)
@click.option(
    "--agency-output", type=OutputFile(), metavar="FILE", help=marked("The frame and grant of each municipality.")
)
@click.option(
    "--template", is_flag=True, help=marked("A workbook to fill in instead, with drop-downs and checks (.xlsx).")
)
@force_option
def population(
    *,
    template: bool,
    year: int,
    example: str,
    municipalities: int | None,
    scale: int,
    output: Path,
    units_output: Path | None,
    agency_output: Path | None,
    force: bool,
) -> None:
    """Write an embedded population, or the template."""
    if template:
        _write_template(output, force=force)
        return
    if year not in embedded.YEARS:
        message = _("There are no published figures for {year}. The years are: {years}.")
        raise click.UsageError(message.format(year=year, years=YEARS))
    if agency_output and municipalities is None:
        raise click.UsageError(_("--agency-output is of --municipalities: an embedded population has one agency."))
    if municipalities is not None and is_given("example"):
        raise click.UsageError(_("--example and --municipalities are two populations. Give one of them."))
    may_write()
    if municipalities is None:
        people, times = embedded.EXAMPLES[example](year), scale
    else:
        people, times = known(lambda: country(municipalities, scale)), 1
    tables = {output: export.users_table(people, year, times)}
    if units_output:
        tables[units_output] = export.units_table(people)
    if agency_output:
        tables[agency_output] = export.agencies_table(people, year)
    contents: dict[Path | None, bytes] = known(
        lambda: {path: export.table_in_file(table, _ending(path)) for path, table in tables.items()}
    )
    deliver_all(contents, force=force)
    click.echo(say(people.description), err=True)
    if units_output is None and people.units:
        message = _("The example has driving time and director's money as well: write them with --units-output.")
        click.echo(message, err=True)
    if agency_output is None and municipalities is not None:
        message = _("Each municipality has a frame and a grant as well: write them with --agency-output.")
        click.echo(message, err=True)


def _write_template(output: Path, *, force: bool) -> None:
    """Write the workbook to fill in, which is about no population."""
    others = ("year", "example", "municipalities", "scale", "units_output", "agency_output")
    if given := [name for name in others if is_given(name)]:
        message = _("--template is empty: leave --{option} out.")
        raise click.UsageError(message.format(option=given[0].replace("_", "-")))
    if _ending(output) != ".xlsx":
        message = _("'{file}': the template is a workbook. Give a file that ends in .xlsx.")
        raise click.UsageError(message.format(file=output))
    may_write()
    deliver_all({output: made_template()}, force=force)


def _ending(path: Path) -> str:
    """Return the ending that says how to write; standard output and devices have none."""
    return path.suffix.lower() or (".csv" if keeps_nothing(path) else "")
