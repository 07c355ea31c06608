"""``bergen-hbt check-data``: the checks of data alone, and what the data are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from openfisca_bergen_hbt.cli.console import emit, paper_options
from openfisca_bergen_hbt.cli.data import FILE, DataOptions, read, reading_options, suppression_option
from openfisca_bergen_hbt.cli.options import year_option

EXAMPLES = """
Examples:

\b
  bergen-hbt check-data brukere.csv
  bergen-hbt check-data brukere.csv --units enheter.csv --frame 1021686820 --format markdown
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", type=FILE)
@year_option
@reading_options
@suppression_option
@paper_options
def check_data(
    file: Path,
    *,
    year: int,
    given: DataOptions,
    suppression: bool,
    written_as: str,
    output: Path | None,
    force: bool,
) -> None:
    """Check users of your own (CSV, Excel or Parquet), with all that is wrong at once, and describe them."""
    found = read(replace(given, data=file), year)
    from openfisca_bergen_hbt.report.subjects import microdata as report

    described = report.describe(found, year, suppression=suppression)
    emit(report.paper(described), report.as_json(described), written_as, output, force=force)
