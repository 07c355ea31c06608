"""``bergen-hbt population``: an embedded population as files to copy."""

from __future__ import annotations

from pathlib import Path

import click

from openfisca_bergen_hbt.cli.numbers import whole
from openfisca_bergen_hbt.cli.options import YEARS, example_option, known, year_option
from openfisca_bergen_hbt.cli.writing import OutputFile, deliver_all, force_option, keeps_nothing, may_write
from openfisca_bergen_hbt.intake import export
from openfisca_bergen_hbt.population import embedded

EXAMPLES = """
Examples:

\b
  bergen-hbt population --year 2019 --output brukere.csv
  bergen-hbt population --example bevegelse --output brukere.xlsx --units-output enheter.xlsx
  bergen-hbt population --scale 10 --output mange.parquet
"""


@click.command(epilog=EXAMPLES)
@year_option
@example_option
@click.option("--scale", type=whole(1, 1000), default=1, show_default=True, help="How many times each user.")
@click.option("--output", required=True, type=OutputFile(), metavar="FILE", help="Users: .csv, .xlsx or .parquet.")
@click.option("--units-output", type=OutputFile(), metavar="FILE", help="The units' driving time and director's money.")
@force_option
def population(*, year: int, example: str, scale: int, output: Path, units_output: Path | None, force: bool) -> None:
    """Write an embedded population in the form that --data reads: an example to copy.

    The users are synthetic, made from published figures.
    """
    if year not in embedded.YEARS:
        raise click.UsageError(f"There are no published figures for {year}. The years are: {YEARS}.")
    may_write()
    people = embedded.EXAMPLES[example](year)
    tables = {output: export.users_table(people, year, scale)}
    if units_output:
        tables[units_output] = export.units_table(people)
    contents: dict[Path | None, bytes] = known(
        lambda: {path: export.table_in_file(table, _ending(path)) for path, table in tables.items()}
    )
    deliver_all(contents, force=force)
    click.echo(people.description, err=True)
    if units_output is None and people.units:
        click.echo(
            "The example has driving time and director's money as well: write them with --units-output.", err=True
        )


def _ending(path: Path) -> str:
    """Return the ending that says how to write; standard output and devices have none."""
    return path.suffix.lower() or (".csv" if keeps_nothing(path) else "")
