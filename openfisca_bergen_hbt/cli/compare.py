"""``bergen-hbt compare``: regulations run on one population, each beside the one before."""

from __future__ import annotations

from pathlib import Path

import click

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.cli.console import (
    deliver_all,
    force_option,
    may_write,
    output_option,
    progress,
    show,
    version_option,
)
from openfisca_bergen_hbt.cli.data import DataOptions, data_options, population, suppression_option
from openfisca_bergen_hbt.cli.options import (
    example_option,
    known,
    proposal_option,
    read_proposals,
    set_option,
    year_option,
)
from openfisca_bergen_hbt.law.systems import runnable
from openfisca_bergen_hbt.law.versions import Version, asked_for
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.report.forms import outputs

FORMS = ("table", "csv", "json", "parquet", "markdown", "html", "xlsx")
EXAMPLES = """
Examples:

\b
  bergen-hbt compare
  bergen-hbt compare --year 2018 --example bevegelse
  bergen-hbt compare --regulation grunnregelverk --regulation 2019-06
  bergen-hbt compare --without vedtak_2018_01_kategorimodell
  bergen-hbt compare --proposal stoerre_reserve
  bergen-hbt compare --set kategorimodell.vekt.kategori_2=5.0@2019-01-01
  bergen-hbt compare --data brukere.csv --frame 1021686820
  bergen-hbt compare --data brukere.csv --units enheter.csv --output rapport.html
  bergen-hbt compare --output compare.xlsx --record kjoering.json
"""


@click.command(epilog=EXAMPLES)
@year_option
@example_option
@data_options
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
    type=click.Choice(FORMS),
    help="How to write it. Default: by the ending of --output, else table.",
)
@output_option
@click.option(
    "--record",
    "record_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the run's record (.json), which bergen-hbt verify runs again.",
)
@suppression_option
@force_option
@version_option
def compare(
    *,
    year: int,
    example: str,
    given: DataOptions,
    regulations: tuple[str, ...],
    without: tuple[str, ...],
    proposals: tuple[str, ...],
    settings: tuple[str, ...],
    written_as: str | None,
    output: Path | None,
    record_file: Path | None,
    suppression: bool,
    force: bool,
) -> None:
    """Compare regulations: what each gives the areas, and why the overspend.

    On users of your own (--data), or on an embedded population that is synthetic, made from figures published by
    Bergen kommune: nothing about real users is in it.
    """
    written_as = written_as or known(lambda: _by_ending(output))
    form = outputs.FORMS[written_as]
    if form.binary and output is None:
        texts = ", ".join(name for name in FORMS if not outputs.FORMS[name].binary)
        raise click.UsageError(f"--format {written_as} is no text: give a file with --output, or one of {texts}.")
    records = [*([record_file] if record_file else []), *outputs.beside(written_as, output)]
    files = [*([output] if output else []), *records]
    if len(set(files)) < len(files):
        raise click.UsageError("--output and --record are one file. Give two.")
    for file in files:
        may_write(file, force=force)
    wanted = known(lambda: asked_for(regulations, without, read_proposals(proposals, settings, year)))
    with progress("Leser og regner ut", len(wanted) + 1) as done:
        people = population(given, example, year)
        done()
        can, left_out = known(lambda: _runnable(wanted, people, year, explicit=bool(regulations)))
        compared = Comparison(people, year, can, suppression=suppression, left_out=left_out)
        compared.compute(done)
    from openfisca_bergen_hbt.report.subjects import comparison

    if written_as == "table" and not files:
        from openfisca_bergen_hbt.report.forms import screen  # rich takes its time to import

        show(screen.shown(comparison.brief(compared)))
        return
    from openfisca_bergen_hbt.provenance import record

    paper = comparison.brief if written_as == "table" else comparison.paper
    # before the record: it rests on what it asks for, and not on all that the record holds
    content = compared if form.tidy else paper(compared)
    with progress("Skriver", len(compared.runs)) as done:
        recorded = record.record(compared, record.inputs_of(people, year, example, given.reading()), done)
        written = outputs.write(written_as, content, recorded)
    deliver_all(outputs.with_record(written, output, records, recorded), force=force)
    if not form.says_what_it_is:
        from openfisca_bergen_hbt.report.subjects.figures import described

        click.echo(described(people, suppression=suppression), err=True)  # the table has no room for it


def _by_ending(output: Path | None) -> str:
    """Return the form that a file's ending asks for; a table for none.

    Raises:
        ValueError: no form has the ending.
    """
    names, ending = outputs.by_ending(FORMS), output.suffix.lower() if output else ""
    if ending and ending not in names:
        raise ValueError(f"'{output}': no form ends in {ending}. Give one of {', '.join(names)}, or --format.")
    return names.get(ending, "table")


def _runnable(
    wanted: list[Version], people: Population, year: int, *, explicit: bool
) -> tuple[list[Version], dict[str, str]]:
    """Return the regulations that the data are enough for; those asked for by name all must be.

    Raises:
        ValueError: the data are not enough for one asked for by name, or for any.
    """
    can, lack = runnable(wanted, people, year)
    if lack and (explicit or not can):
        title, names = next(iter(lack.items()))
        raise ValueError(
            f"The data lack {names}, from which '{title}' counts the hours of {year}. Add the column; or give "
            "timer_per_uke, which holds in every regulation; or run other regulations (--regulation)."
        )
    for title, names in lack.items():
        click.echo(f"left out: '{title}' counts the hours of {year} from {names}, which the data lack", err=True)
    return can, lack
