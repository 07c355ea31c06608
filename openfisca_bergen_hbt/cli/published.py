"""``bergen-hbt published``: the published figures, reconciled."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import click

from openfisca_bergen_hbt.analysis import published as reconciled
from openfisca_bergen_hbt.cli.console import deliver_all, emit, needs, paper_options
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.report.subjects import published as report

EXAMPLES = """
Examples:

\b
  bergen-hbt published
  bergen-hbt published --table timer_per_besoek
  bergen-hbt published --plot publisert.svg
  bergen-hbt published --table kostra --plot kostra.html --format json
"""


@click.command(epilog=EXAMPLES)
@click.option("--table", "wanted", metavar="NAME", help=f"One table: {', '.join(reconciled.TABLES)}. Default: all.")
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw: .svg, .png or .html."
)
@paper_options
def published(*, wanted: str | None, plot: Path | None, written_as: str, output: Path | None, force: bool) -> None:
    """Set the published figures beside what the model computes: deviations are marked and explained, never mended."""
    figures = known(lambda: reconciled.figures(reconciled.TABLES if wanted is None else (wanted,)))
    if plot:
        needs("altair and vl-convert", bool(find_spec("altair") and find_spec("vl_convert")))
        from openfisca_bergen_hbt.report.forms import charts  # altair takes its time to import

        drawn = charts.charts(figures)
        picture = known(lambda: charts.draw(plot, drawn))
        deliver_all({plot: picture}, force=force)
    content = [{**asdict(figure), "deviates": figure.deviates} for figure in figures]
    emit(report.tables(figures), content, written_as, output, force=force)
