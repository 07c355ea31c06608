"""``bergen-hbt explain``: why a unit got this amount."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from openfisca_bergen_hbt.analysis.assumptions import foundations
from openfisca_bergen_hbt.analysis.explain import explain_held_back
from openfisca_bergen_hbt.cli.console import (
    as_json,
    deliver_all,
    force_option,
    may_write,
    output_option,
    show_paper,
)
from openfisca_bergen_hbt.cli.data import (
    DataOptions,
    data_options,
    population,
    require_inputs,
    suppression_option,
)
from openfisca_bergen_hbt.cli.options import example_option, known, regulation_option, year_option
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.report.subjects import explain as report
from openfisca_bergen_hbt.report.subjects.figures import described

EXAMPLES = """
Examples:

\b
  bergen-hbt explain enhet_samlet_tildeling --id Bergenhus --year 2019
  bergen-hbt explain enhet_kategoritildeling --id Årstad --depth 2
  bergen-hbt explain enhet_maanedsramme --id Laksevåg --month 7 --example bevegelse
  bergen-hbt explain enhet_samlet_tildeling --id Bergenhus --regulation grunnregelverk --format json
  bergen-hbt explain enhet_samlet_tildeling --id Bergenhus --data brukere.csv
"""


@click.command(epilog=EXAMPLES)
@click.argument("variable")
@click.option("--id", "member", required=True, metavar="NAME", help="The unit, area or agency, by its name.")
@year_option
@click.option("--month", type=click.IntRange(1, 12), help="The month of a monthly variable.")
@example_option
@data_options
@regulation_option()
@click.option("--depth", type=click.IntRange(0), help="How many levels to show. Default: all.")
@click.option(
    "--format",
    "written_as",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
@output_option
@suppression_option
@force_option
def explain(
    variable: str,
    *,
    member: str,
    year: int,
    month: int | None,
    example: str,
    given: DataOptions,
    regulation: Version,
    depth: int | None,
    written_as: str,
    output: Path | None,
    suppression: bool,
    force: bool,
) -> None:
    """Explain a figure: the calculation as a tree, down to inputs and parameters, with each rule's source.

    Users are never listed one by one: they show as counts and sums.
    """
    beside = outputs.beside(written_as, output)
    for file in (output, *beside):
        may_write(file, force=force)
    people, system = population(given, example, year), SYSTEMS.system(regulation)
    require_inputs(people, system, year)
    question = {"variable": variable, "member": member, "month": month, "depth": depth}
    step, results = known(lambda: explain_held_back(people, system, year, question, suppression=suppression))
    note, rests_on = described(people, suppression=suppression), foundations([results])
    paper = report.paper(step, note, rests_on)
    if output is None and written_as == "text":
        show_paper(paper)
        return
    inputs = record.inputs_of(people, year, example, given.reading())
    held = suppression and people.personal
    recorded = record.of_explanation(step, question, regulation, year, inputs, suppression=held)
    content = {
        "regulation": regulation.id,
        "population": note,
        "explanation": asdict(step),
        "assumptions": [asdict(assumption) for assumption in rests_on.assumptions],
        "interpretations": {name: found["text"] for name, found in rests_on.interpretations.items()},
        "record": recorded,
    }
    written = as_json(content).encode() if written_as == "json" else outputs.write(written_as, paper, recorded)
    deliver_all(outputs.with_record(written, output, beside, recorded), force=force)
