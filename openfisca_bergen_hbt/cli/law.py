"""``bergen-hbt log``, ``show`` and ``diff``: which rules held when, and which decision brought them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.cli.console import emit, paper_options
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, in_force, named
from openfisca_bergen_hbt.regelverk import chosen, parse_date
from openfisca_bergen_hbt.report.subjects import history as report
from openfisca_bergen_hbt.text import names


@click.command(
    epilog="""
Examples:

\b
  bergen-hbt log
  bergen-hbt log enhet_samlet_tildeling
  bergen-hbt log kategorimodell.vekt.kategori_2 --format markdown
""",
)
@click.argument("name", required=False, metavar="[VARIABLE_OR_PARAMETER]")
@paper_options
def log(name: str | None, *, written_as: str, output: Path | None, force: bool) -> None:
    """List the decisions in order, or the whole life of one rule or number."""
    if name is None:
        decided = history.log()
        emit(report.log(decided), [asdict(row) for row in decided], written_as, output, force=force)
        return
    stages = known(lambda: history.life(SYSTEMS.system(in_force()), name))
    emit(report.life(name, stages), [asdict(stage) for stage in stages], written_as, output, force=force)


@click.command(
    epilog="""
Examples:

\b
  bergen-hbt show 2019-06-01
  bergen-hbt show 2022-01-01 --adopted-by 2019-06
  bergen-hbt show 2017-12-31 timer_per_uke
  bergen-hbt show reserve.andel --format json
""",
)
@click.argument("what", nargs=-1, metavar="[DATE] [VARIABLE_OR_PARAMETER]")
@click.option(
    "--adopted-by", metavar="DATE", help="Only decisions adopted by this date or month. Default: all of them."
)
@paper_options
def show(
    what: tuple[str, ...],
    *,
    adopted_by: str | None,
    written_as: str,
    output: Path | None,
    force: bool,
) -> None:
    """Show the regulation in force on a date: every number with its source, every rule with what it reads.

    Two clocks: DATE (default: today) picks the formulas and values that hold, --adopted-by the decisions known.
    """
    dates = [text for text in what if text[:1].isdigit()]
    wanted = [text for text in what if text not in dates]
    if len(dates) > 1 or len(wanted) > 1:
        raise click.UsageError("Give at most one date and one variable or parameter.")
    day = known(lambda: parse_date(dates[0])) if dates else datetime.now(tz=UTC).date()
    at = history.Standpoint(Version(adopted_by or "", known(lambda: chosen(adopted_by))), day)
    system = SYSTEMS.system(at.version)
    values, rules = history.values_on(system, day), history.rules_on(system, day)
    if wanted:
        name = wanted[0]
        known(lambda: names.find(system, name))
        reads = history.parameters_read(system, day).get(name, []) if name in system.variables else []
        by_name: dict[str, Any] = {value.parameter: value for value in values}
        by_name |= {rule.variable: rule for rule in rules}
        found = by_name.get(name)
        content = {"date": day.isoformat(), "found": asdict(found) if found else None, "reads": reads}
        emit(report.one(day, found, name, reads), content, written_as, output, force=force)
        return
    reads_of = history.parameters_read(system, day)
    everything = {
        "date": day.isoformat(),
        "decisions": [decision.id() for decision in at.version.decisions],
        "parameters": [asdict(value) for value in values],
        "rules": [{**asdict(rule), "reads": reads_of.get(rule.variable, [])} for rule in rules],
    }
    emit(report.version(at, values, rules, reads_of), everything, written_as, output, force=force)


@click.command(
    epilog="""
Examples:

\b
  bergen-hbt diff grunnregelverk vedtak_2018_01_kategorimodell
  bergen-hbt diff 2017-12 2018-01
  bergen-hbt diff 2019-04 2021-06 --format markdown
""",
)
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--on", metavar="DATE", help="The day whose rules hold for an id. Default: when all decisions hold.")
@paper_options
def diff(one: str, other: str, *, on: str | None, written_as: str, output: Path | None, force: bool) -> None:
    """Compare two versions: values, rules side by side, and the decisions between.

    A and B are each grunnregelverk, a decision's id (with all before it), or a date (adopted by and in force on it).
    """
    day = known(lambda: parse_date(on)) if on else history.last_day_of_the_decisions()
    first, second = known(lambda: (_standpoint(one, day), _standpoint(other, day)))
    differing = history.diff(first, second)
    content = {
        "a": {"id": first.version.id, "date": first.day.isoformat()},
        "b": {"id": second.version.id, "date": second.day.isoformat()},
        "decisions": [asdict(row) for row in differing.decisions],
        "values": [{"parameter": name, "a": _dict(a), "b": _dict(b)} for name, a, b in differing.values],
        "rules": [{"variable": name, "a": _dict(a), "b": _dict(b)} for name, a, b in differing.rules],
    }
    emit(report.diff(first, second, differing), content, written_as, output, force=force)


def _standpoint(name: str, day: date) -> history.Standpoint:
    version = named(name)
    return history.Standpoint(version, version.day or day)


def _dict(found: history.Value | history.Rule | None) -> dict[str, Any] | None:
    return asdict(found) if found else None
