"""``bergen-hbt verify``: a recorded run, run again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openfisca_bergen_hbt.analysis.asking import written_frames
from openfisca_bergen_hbt.cli.console import progress, version_option
from openfisca_bergen_hbt.cli.data import FILE, READ_BY, DataOptions, data_in_files, data_options
from openfisca_bergen_hbt.cli.options import known

if TYPE_CHECKING:
    from openfisca_bergen_hbt.provenance.record import AuditRecord, Record

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
    """Run a recorded question or audit again, and say whether it comes out the same to the krone.

    FILE is a record (--record), or an output that carries one. A run on data of your own needs the same data (--data);
    an audit is run where its test files are found by the recorded paths.
    Exit code 0: the same result. 1: the population or the result is another. 2: it can't be run.
    """
    import msgspec

    from openfisca_bergen_hbt.provenance.record import AuditRecord  # what they need takes its time to import
    from openfisca_bergen_hbt.verify import rerun

    recorded = known(lambda: rerun.record_in(file))
    audited = isinstance(recorded, AuditRecord)
    now = _audited_again(recorded, given) if isinstance(recorded, AuditRecord) else _asked_again(recorded, given)
    found = rerun.differences(msgspec.to_builtins(recorded), now)
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
        same = "The same" if audited else "Same to the krone"
        click.echo(f"{same} as recorded {recorded.date}: result {now['result']['hash']}")
    if results or any(difference.kind == "input" for difference in found):
        context.exit(DIFFERS)


def _audited_again(recorded: AuditRecord, given: DataOptions) -> dict[str, Any]:
    """Return the record of an audit of the recorded paths, made again."""
    from openfisca_bergen_hbt.audit import session

    if given != DataOptions():
        raise click.UsageError("An audit is of test files: give no data.")
    paths = [Path(path) for path in recorded.inputs.paths]
    return session.record_of(known(lambda: session.audit(paths)), paths, recorded.result.get("coverage"))


def _asked_again(recorded: Record, given: DataOptions) -> dict[str, Any]:
    """Return the record of a question, asked again; own files are read as they were, where nothing else is said."""
    from openfisca_bergen_hbt.report import questions
    from openfisca_bergen_hbt.verify import rerun

    request = recorded.request
    question = known(lambda: questions.question(request.question))
    of_users = question.is_of_users
    if not of_users and given != DataOptions():
        raise click.UsageError(f"{request.question} is not asked of users: give no data.")
    if request.population is not None and given != DataOptions():
        raise click.UsageError(f"The run was on the embedded example '{request.population}': give no data.")
    if of_users and request.population is None and given.data is None:
        raise click.UsageError("The run was on data of your own: give them with --data FILE (--units, --agency).")
    said = {name: getattr(given, name) for name in ("frame", *READ_BY) if getattr(given, name) not in (None, ())}
    as_then = {name: getattr(request, name) for name in READ_BY}
    frames = () if given.agency else written_frames(request)
    files = replace(given, **{**as_then, "frame": frames, **said})
    takes_parts = "parts" in question.takes
    years = request.years or [request.year]
    users = None if given.data is None else data_in_files(files, years, takes_parts=takes_parts)
    with progress("Regner ut på nytt") as begin:
        return known(lambda: rerun.ask_again(recorded, users, begin))
