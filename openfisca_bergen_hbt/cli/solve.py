"""``bergen-hbt solve``: which value of a number gives the amount that is wished for."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec

import click

from openfisca_bergen_hbt.analysis import solve as solver
from openfisca_bergen_hbt.cli.console import needs, progress
from openfisca_bergen_hbt.cli.data import DataOptions, data_options, population, require_inputs
from openfisca_bergen_hbt.cli.options import example_option, known, regulation_option, year_option
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.text import numbers

EXAMPLES = """
Examples:

\b
  bergen-hbt solve --parameter kategorimodell.vekt.kategori_5 --until "enhet_samlet_tildeling[Bergenhus] = 163000000"
  bergen-hbt solve --parameter avstand.andel --until "enhet_avstandstilskudd[Arna Åsane] = 9000000" --example bevegelse
"""


@click.command(epilog=EXAMPLES)
@click.option("--parameter", required=True, metavar="PATH", help="The number to change, from the year's first day.")
@click.option("--until", required=True, metavar='"VARIABLE[NAME] = AMOUNT"', help="What is to come out.")
@year_option
@example_option
@data_options
@regulation_option("in force")
@click.option("--between", nargs=2, type=float, metavar="LOW HIGH", help="Range to search. Default: the number's own.")
@click.option("--format", "written_as", type=click.Choice(["text", "json"]), default="text", show_default=True)
def solve(
    *,
    parameter: str,
    until: str,
    year: int,
    example: str,
    given: DataOptions,
    regulation: Version,
    between: tuple[float, float] | None,
    written_as: str,
) -> None:
    """Find the value of a number that gives a unit, an area or the agency an amount, or say that none does.

    The value is sought within the number's own range, with SciPy's root finding.
    """
    needs("scipy", find_spec("scipy") is not None)
    system, people = SYSTEMS.system(regulation), population(given, example, year)
    require_inputs(people, system, year)
    target = known(lambda: solver.parse_target(until))
    searched = known(lambda: solver.limits(system, parameter, between))
    with progress("Leter", solver.PLACES) as done:
        found = known(
            lambda: solver.solve(system, people, year, parameter=parameter, target=target, between=searched, done=done)
        )
    if written_as == "json":
        click.echo(json.dumps({"parameter": parameter, "until": until, **asdict(found)}, ensure_ascii=False, indent=1))
        return
    ends = (
        f"{parameter} fra {found.low:g} til {found.high:g} gir {target.member} "
        f"{numbers.whole(found.amount_at_low)} til {numbers.whole(found.amount_at_high)}."
    )
    if found.value is None:
        click.echo(
            f"Ingen verdi gir {target.variable} {numbers.whole(target.amount)} for {target.member}. {ends} "
            f"Nærmest: {found.nearest:.10g}, som gir {numbers.whole(found.amount)}.",
        )
    else:
        click.echo(f"{parameter} = {found.value:.10g} gir {target.member} {numbers.whole(found.amount)}. {ends}")
    click.echo(people.description)
