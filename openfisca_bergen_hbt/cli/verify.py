"""``bergen-hbt verify``: a recorded run, run again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openfisca_bergen_hbt.analysis.asking import written_frames
from openfisca_bergen_hbt.cli.console import progress, version_option
from openfisca_bergen_hbt.cli.data import (
    FILE,
    OPTIONS,
    READ_BY,
    DataOptions,
    data_in_files,
    data_options,
    expected_option,
)
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.cli.writing import OutputFile, deliver, force_option, may_write

if TYPE_CHECKING:
    from openfisca_bergen_hbt.provenance.record import AuditRecord, Record
    from openfisca_bergen_hbt.verify.rerun import Again

EXAMPLES = """
Examples:

\b
  bergen-hbt verify kjoering.json
  bergen-hbt verify rapport.html --data brukere.csv --units enheter.csv
  bergen-hbt verify arbeidspapir.html
  bergen-hbt verify rapport.html --requirements krav.txt
"""
#: How many amounts that differ are listed; the rest are counted.
LISTED = 20
DIFFERS = 1
PYTHON = "python"


@click.command(epilog=EXAMPLES)
@click.argument("file", type=FILE)
@partial(data_options, options=(*OPTIONS, expected_option))
@click.option(
    "--requirements",
    type=OutputFile(),
    metavar="FILE",
    help="Write for pip what the run was made with, and run nothing: pip install --requirement FILE.",
)
@force_option
@version_option
@click.pass_context
def verify(context: click.Context, file: Path, *, given: DataOptions, requirements: Path | None, force: bool) -> None:
    """Run a recorded question or audit again, and say whether it comes out the same to the krone.

    FILE is a record (--record), or an output that carries one: this is made again, and every figure, text and picture
    in it is compared. A run on data of your own needs the same data (--data); an audit is run where its test files are
    found by the recorded paths.
    Exit code 0: the same. 1: the population, the result or the file is another. 2: it can't be run.
    """
    import msgspec

    from openfisca_bergen_hbt.provenance.record import AuditRecord  # what they need takes its time to import
    from openfisca_bergen_hbt.verify import rerun

    recorded = known(lambda: rerun.record_in(file))
    if requirements:
        may_write(read=[file])
        deliver(known(lambda: _requirements(recorded.software)), requirements, force=force)
        return
    if isinstance(recorded, AuditRecord):
        again, same = _audited_again(recorded, given, file), "The same"
    else:
        again, same = _asked_again(recorded, given, file), "Same to the krone"
    then = msgspec.to_builtins(recorded)
    by_kind: dict[str, list[str]] = {}
    found = rerun.differences(then, again.record)
    if not any(difference.kind in ("input", "result") for difference in found):  # which would stand in the file, too
        found += rerun.of_file(file, again, then, found)
    for difference in found:
        by_kind.setdefault(difference.kind, []).append(difference.text)
    for kind in ("input", "law", "software"):
        for text in by_kind.get(kind, ()):
            click.echo(f"{kind}: {text}")
    _list("The result is another:", by_kind.get("result", []), "amounts")
    _list("The file is not what the run writes:", by_kind.get("file", []), "places")
    if not by_kind.keys() & {"result", "file"}:
        click.echo(f"{same} as recorded {recorded.date}: result {again.record['result']['hash']}")
        click.echo(_not_compared(file, again), err=True, nl=False)
    if by_kind.keys() & {"input", "result", "file"}:
        context.exit(DIFFERS)


def _not_compared(file: Path, again: Again) -> str:
    """Return what of a file that is the same could not be held against anything."""
    from openfisca_bergen_hbt.verify import in_hand

    if not again.forms:
        return "This is a record alone: there is no report that could be compared.\n"
    program = in_hand.saved_again_by(file)
    looks = "how it looks (colours, fonts, widths, kinds of charts, headers and prompts) was not compared"
    return f"Saved again by {program}: {looks}.\n" if program else ""


def _requirements(software: Mapping[str, str]) -> str:
    """Return the packages of a record as pip reads them; Python itself, which pip does not install, as a comment.

    Raises:
        ValueError: what is no name or no version, and might tell pip something else.
    """
    for name, number in software.items():
        if not (re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) and re.fullmatch(r"[A-Za-z0-9.+!_-]+", number)):
            raise ValueError(f"The record's software holds '{name[:40]}', which is no package with a version.")
    lines = [f"{name}=={number}" for name, number in software.items() if name != PYTHON]
    return "\n".join([f"# python {software.get(PYTHON, '')}".rstrip(), *lines, ""])


def _list(heading: str, texts: Sequence[str], what: str) -> None:
    """List what differs, the first of many, under a heading; nothing where nothing does."""
    if texts:
        click.echo(heading)
    for text in texts[:LISTED]:
        click.echo(f"  {text}")
    if len(texts) > LISTED:
        click.echo(f"  … and {len(texts) - LISTED} more {what}")


def _audited_again(recorded: AuditRecord, given: DataOptions, file: Path) -> Again:
    """Return an audit of the recorded paths, made again."""
    from openfisca_bergen_hbt.audit import session
    from openfisca_bergen_hbt.report.forms import audit_forms, outputs
    from openfisca_bergen_hbt.report.subjects.audit import audited
    from openfisca_bergen_hbt.verify import in_hand, rerun

    if given != DataOptions():
        raise click.UsageError("An audit is of test files: give no data.")
    paths = [Path(path) for path in recorded.inputs.paths]
    with progress("Prøver testene på nytt") as begin:
        found = known(lambda: session.audit(paths, begin))
    coverage = None
    if "coverage" in recorded.result:
        from openfisca_bergen_hbt.audit.coverage import survey

        with progress("Prøver endringer av regelverket på nytt") as begin:
            coverage = survey(found, begin)
    report = audited(found, paths, coverage, recorded.result.get("depth"))
    forms = in_hand.forms_of(file, outputs.AUDIT_FORMS)
    return rerun.Again(
        dict(report.record), forms, lambda form, held: audit_forms.write(form, replace(report, record=dict(held)))
    )


def _asked_again(recorded: Record, given: DataOptions, file: Path) -> Again:
    """Return a question, asked again; own files are read as they were, where nothing else is said."""
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
    users = (
        None
        if given.data is None
        else data_in_files(files, years, takes_parts=takes_parts, may_end_early="months" in question.takes)
    )
    with progress("Regner ut på nytt") as begin:
        return known(lambda: rerun.ask_again(recorded, file, users, begin))
