"""``bergen-hbt verify``: a recorded run, run again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.explain import explain_held_back
from openfisca_bergen_hbt.cli.console import progress, version_option
from openfisca_bergen_hbt.cli.data import FILE, DataOptions, data_options, population
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import Population, embedded

EXAMPLES = """
Examples:

\b
  bergen-hbt verify kjoering.json
  bergen-hbt verify rapport.html --data brukere.csv --units enheter.csv
  bergen-hbt verify arbeidspapir.html
"""
#: How many amounts that differ are listed; the rest are counted.
LISTED = 20
DIFFERS = 1


@click.command(epilog=EXAMPLES)
@click.argument("file", type=FILE)
@data_options
@version_option
@click.pass_context
def verify(context: click.Context, file: Path, *, given: DataOptions) -> None:
    """Run a recorded comparison, explanation or audit again, and say whether it comes out the same to the krone.

    FILE is a record (--record), or an output that carries one. A run on data of your own needs the same data (--data);
    an audit is run where its test files are found by the recorded paths.
    Exit code 0: the same result. 1: the population or the result is another. 2: it can't be run.
    """
    from openfisca_bergen_hbt.provenance import record  # what they need takes its time to import
    from openfisca_bergen_hbt.verify import rerun as verifying

    recorded = known(lambda: verifying.read(file))
    if recorded["command"] == "audit":
        now = _audited_again(recorded, given)
    else:
        people = _population(recorded, given)
        reading = {**recorded["inputs"].get("files", {}), **_given(given)}
        inputs = record.inputs_of(people, recorded["year"], recorded["inputs"].get("example", ""), reading)
        now = _again(recorded, people, inputs)
    found = verifying.differences(recorded, now)
    for kind in ("input", "law", "software"):
        for difference in found:
            if difference.kind == kind:
                click.echo(f"{kind}: {difference.text}")
    results = [difference.text for difference in found if difference.kind == "result"]
    if results:
        click.echo("The result is another:")
        for text in results[:LISTED]:
            click.echo(f"  {text}")
        if len(results) > LISTED:
            click.echo(f"  … and {len(results) - LISTED} more amounts")
    else:
        same = "The same" if recorded["command"] == "audit" else "Same to the krone"
        click.echo(f"{same} as recorded {recorded['date']}: result {now['result']['hash']}")
    if results or any(difference.kind == "input" for difference in found):
        context.exit(DIFFERS)


def _given(given: DataOptions) -> dict[str, Any]:
    return {name: value for name, value in given.reading().items() if value is not None}


def _population(recorded: dict[str, Any], given: DataOptions) -> Population:
    """Return the population that a record is of.

    Raises:
        click.UsageError: data that are needed and not given, or the other way round, or an example that there is not.
    """
    inputs, year = recorded["inputs"], recorded["year"]
    if "example" in inputs:
        if given != DataOptions():
            raise click.UsageError(f"The run was on the embedded example '{inputs['example']}': give no data.")
        if inputs["example"] not in embedded.EXAMPLES:
            raise click.UsageError(f"There is no embedded example '{inputs['example']}'.")
        return population(given, inputs["example"], year)
    if given.data is None:
        raise click.UsageError("The run was on data of your own: give them with --data FILE (--units, --agency).")
    as_recorded = {name: value for name, value in inputs["files"].items() if name in given.reading()}
    if given.agency:
        as_recorded.pop("frame", None)
    return population(replace(given, **{**as_recorded, **_given(given)}), "", year)


def _audited_again(recorded: dict[str, Any], given: DataOptions) -> dict[str, Any]:
    """Return the record of an audit of the recorded paths, made again.

    Raises:
        click.UsageError: data that are given, or a path that matches no file.
    """
    from openfisca_bergen_hbt.audit import session

    if given != DataOptions():
        raise click.UsageError("An audit is of test files: give no data.")
    paths = [Path(path) for path in recorded["inputs"]["paths"]]
    audit = known(lambda: session.audit(paths))
    return session.record_of(audit, paths, recorded["result"].get("coverage"))


def _again(recorded: dict[str, Any], people: Population, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the record of the recorded run, made again.

    Raises:
        click.UsageError: a law that lacks what is recorded.
    """
    from openfisca_bergen_hbt.provenance import record
    from openfisca_bergen_hbt.verify import rerun as verifying

    asked_for = known(lambda: verifying.recorded_versions(recorded))
    suppression, year = bool(recorded.get("suppression", True)), recorded["year"]
    if recorded["command"] == "explain":
        question, version = recorded["question"], asked_for[-1]
        asked = partial(explain_held_back, people, SYSTEMS.system(version), year, question, suppression=suppression)
        step, _ = known(asked)
        return record.of_explanation(step, question, version, year, inputs, suppression=suppression)
    compared = Comparison(people, year, asked_for, suppression=suppression)
    with progress("Regner ut på nytt", len(compared.runs)) as done:
        return record.record(compared, inputs, done)
