"""The commands of questions, each made from what the question says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import inspect

from openfisca_bergen_hbt.analysis.asking import BERGEN, Asked, Question, Request
from openfisca_bergen_hbt.analysis.asking.preparing import (
    LackingInputsError,
    NoFiguresError,
    found_versions,
    laws_of,
    prepare,
)
from openfisca_bergen_hbt.cli import data, options, writing
from openfisca_bergen_hbt.cli.console import progress, show, version_option
from openfisca_bergen_hbt.cli.data import FILE, DataOptions
from openfisca_bergen_hbt.cli.numbers import number, whole
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.cli.writing import STANDARD_OUTPUT, OutputFile
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.strict_yaml import read_text
from openfisca_bergen_hbt.verify.option_files import reads_of

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
#: Whom CSV can be written for.
EXCEL = "excel"
#: The options of each part that questions share.
SHARED: dict[str, Sequence[Option]] = {
    "year": [options.year_option],
    "years": [options.years_option],
    "population": [options.example_option, data.data_options],
    "users": [click.argument("file", type=FILE), data.reading_options],
    "expected": [data.expected_option],
    "regulation": [options.regulation_option],
    "regulations": options.regulations_options,
    "suppression": [data.suppression_option, data.public_option],
}


def command(name: str) -> click.Command:
    """Return the command of a question."""
    question = questions.question(name)
    found: Callable[..., Any] = lambda **arguments: _ask(question, arguments)  # noqa: E731 (click hangs options on it)
    for option in reversed([*_own_options(question), *_options(question)]):
        found = option(found)
    examples = "".join(f"  bergen-hbt {example}\n" for example in question.examples)
    return click.command(name, help=question.about, epilog=f"Examples:\n\n\b\n{examples}")(found)


def _own_options(question: Question) -> Iterator[Option]:
    """Yield what the fields of a question's own options are on a command line."""
    info = inspect.type_info(question.options)
    assert isinstance(info, inspect.StructType)  # noqa: S101 (a question's options are one)
    for field in info.fields:
        kind: Any = field.type
        said: dict[str, Any] = {}
        about = ""
        if isinstance(kind, inspect.Metadata):
            kind, said, about = kind.type, kind.extra or {}, (kind.extra_json_schema or {}).get("description", "")
        typed = {"metavar": said.get("metavar"), "required": field.required, **_typed(kind)}
        if "file" in said:
            typed = {"type": FILE, "metavar": said["metavar"]}
        if "argument" in said:
            if typed.pop("multiple", False):
                typed["nargs"] = -1
            yield click.argument(field.name, **typed)
        else:
            flag = said.get("option", f"--{field.name.replace('_', '-')}")
            yield click.option(flag, field.name, help=about, **typed)


def _typed(kind: Any) -> dict[str, Any]:
    """Return what a type is to click."""
    found: dict[str, Any] = {"type": str}
    match kind:
        case inspect.UnionType():
            some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            found = _typed(next((one for one in some if isinstance(one, inspect.VarTupleType)), some[0]))
        case inspect.IntType():
            found = {"type": whole(kind.ge, kind.le)}
        case inspect.FloatType():
            found = {"type": number(kind.ge, kind.le)}
        case inspect.BoolType():
            found = {"is_flag": True}
        case inspect.LiteralType():
            found = {"type": click.Choice(list(map(str, kind.values)))}
        case inspect.TupleType():
            found = {**_typed(kind.item_types[0]), "nargs": len(kind.item_types)}
        case inspect.DictType() | inspect.StructType():
            found = {"type": FILE}  # a table of names and amounts, say (``data.option_in_file``)
        case inspect.VarTupleType():
            found = {**_typed(kind.item_type), "multiple": True}
    return found


def _options(question: Question) -> Iterator[Option]:
    """Yield the options that questions share, of those that a question takes."""
    for part, shared in SHARED.items():
        if part in question.takes:
            yield from shared
    by_ending = marked("How to write it. Default: by the ending of --output, else table.")
    yield click.option(
        "--format",
        "written_as",
        type=click.Choice(question.forms),
        default=None if question.by_ending else question.forms[0],
        show_default=True,
        help=by_ending if question.by_ending else marked("How to write it."),
    )
    if "csv" in question.forms:
        about = marked("Write CSV as a Norwegian Excel opens it: semicolons, decimal commas, a byte order mark.")
        yield click.option("--csv-for", type=click.Choice([EXCEL]), help=about)
    yield writing.output_option
    if question.recorded:
        about = marked("Write the run's record (.json), which bergen-hbt verify runs again.")
        yield click.option("--record", "record_file", type=OutputFile(), metavar="FILE", help=about)
    if question.drawn:
        yield click.option("--plot", type=OutputFile(), metavar="FILE", help=marked("Draw: .svg, .png or .html."))
    yield from (writing.force_option, version_option)


def _ask(question: Question, arguments: dict[str, Any]) -> None:
    """Ask a question and write the answer."""
    output, force, plot = arguments["output"], arguments["force"], arguments.get("plot")
    written_as = arguments["written_as"] or known(lambda: _by_ending(question, output))
    if arguments.get("csv_for"):
        if written_as != "csv":
            message = _("--csv-for is for CSV, and the answer is written as {form}.")
            raise click.UsageError(message.format(form=written_as))
        written_as = outputs.CSV_FOR_EXCEL
    form = outputs.FORMS[written_as]
    if form.binary and output is None:
        texts = ", ".join(name for name in question.forms if not outputs.FORMS[name].binary)
        message = _("--format {form} is no text: give a file with --output, or one of {texts}.")
        raise click.UsageError(message.format(form=written_as, texts=texts))
    output = None if output == STANDARD_OUTPUT else output
    beside = outputs.beside(written_as, output) if question.recorded and not writing.keeps_nothing(output) else []
    writing.may_write(beside=beside, read=arguments.get("given", DataOptions()).parts())
    records = [*filter(None, [arguments.get("record_file")]), *beside]
    asked, result = _answered(question, arguments)
    subject = questions.subject(question.name)
    if plot:
        from openfisca_bergen_hbt.report.forms import charts  # they take their time to import
        from openfisca_bergen_hbt.report.forms.charts import published
        from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table

        paper = subject.paper(result)
        drawn = list(charts_by_table(paper).values()) or published.charts(result)
        writing.deliver_all({plot: known(lambda: charts.draw(plot, drawn, paper.title))}, force=force)
    content = known(lambda: outputs.content(written_as, subject, asked, result))
    if written_as in ("table", "text") and output is None and not records:
        from openfisca_bergen_hbt.report.forms import screen, terminal  # rich takes its time to import

        show(screen.shown(content) if written_as == "table" else terminal.shown(content))
        return
    recorded = None
    if question.recorded:  # after the content, which rests on what it asks for, and not on all that the record holds
        from openfisca_bergen_hbt.provenance import record

        with progress(_("Writing")) as begin:
            recorded = record.record(asked, result, begin(len(asked.versions)))
    written = known(lambda: outputs.write(written_as, content, recorded))
    writing.deliver_all(outputs.with_record(written, output, records, recorded or {}), force=force)
    if not form.says_what_it_is:
        from openfisca_bergen_hbt.report.parts.about import described

        said = [] if asked.request.public else [described(asked.population, suppression=asked.suppression)]
        for line in (*subject.first_lines(result), *said):
            click.echo(line, err=True)


def _by_ending(question: Question, output: Path | None) -> str:
    """Return the form that a file's ending asks for; the question's first for none.

    Raises:
        ValueError: no form has the ending.
    """
    names, ending = outputs.by_ending(question.forms), output.suffix.lower() if output else ""
    if ending and ending not in names:
        message = _("'{file}': no form ends in {ending}. Give one of {endings}, or --format.")
        raise ValueError(message.format(file=output, ending=ending, endings=", ".join(names)))
    return names.get(ending, question.forms[0])


def _answered(question: Question, arguments: dict[str, Any]) -> tuple[Asked, Any]:
    """Return a question made ready, and its answer; what was left out goes to stderr."""
    request, given = _request(question, arguments)
    users = None
    if given.data:
        users = data.data_in_files(
            given,
            request.years or [request.year],
            partial(laws_of, question, request),
            takes_parts="parts" in question.takes,
            may_end_early="months" in question.takes,
            law_hash=partial(_law_hash, question, request),
        )
    with progress(_("Reading and computing")) as begin:
        try:
            asked = prepare(question, request, users, begin=begin)
        except NoFiguresError as error:
            message = _("{fault} The years are: {years}; with --data FILE any from 2017.")
            raise click.UsageError(message.format(fault=error, years=options.YEARS)) from None
        except LackingInputsError as error:
            message = _(
                "The data lack {inputs}, from which '{title}' counts the hours of {year}. Add the column; or give "
                "timer_per_uke, which holds in every regulation; or run other regulations (--regulation)."
            )
            raise click.UsageError(message.format(**vars(error))) from None
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        for title, names in asked.left_out.items():
            message = _("left out: '{title}' counts the hours of {year} from {inputs}, which the data lack")
            click.echo(message.format(title=title, year=asked.year, inputs=names), err=True)
        return asked, known(lambda: question.run(asked))


def _read(question: Question, own: dict[str, Any], holds: Callable[[str, Path], Any]) -> dict[str, Any]:
    """Return what stands in the files that options name; what is said beside a file of all options counts before it."""
    files = {name: file for name, file in own.items() if isinstance(file, Path)}
    if question.read is None:
        return {name: holds(name, file) for name, file in files.items()}
    found: dict[str, Any] = {}
    for file in files.values():
        found |= known(partial(question.read, known(partial(read_text, file, str(file))), str(file)))
    return found | {name: value for name, value in own.items() if name not in files}


def _law_hash(question: Question, request: Request) -> str:
    """Return the hash of the regulations that a request asks for, and of what they are run with."""
    from openfisca_bergen_hbt.provenance import hashes, record

    asked_for = [record.hash_of(version) for version in found_versions(question, request)]
    return hashes.hash_of([asked_for, hashes.law(), hashes.software()])


def _request(question: Question, arguments: dict[str, Any]) -> tuple[Request, DataOptions]:
    """Return the request that options make, and the files that it is about."""
    given: DataOptions = arguments.get("given", DataOptions())
    if "users" in question.takes:  # which need no frame to be described
        given = replace(given, data=arguments["file"], frame=given.frame or (None if given.agency else (BERGEN,)))
    request = Request(question=question.name)
    years = arguments.get("years") or ()
    if years and click.get_current_context().get_parameter_source("year") is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError(_("--year and --years are two questions. Give one of them."))
    year = years[0] if years else arguments.get("year", request.year)
    regulations = arguments.get("regulations") or filter(None, [arguments.get("regulation")])
    proposals = known(
        lambda: options.read_proposals(arguments.get("proposals", ()), arguments.get("settings", ()), year)
    )
    fields = msgspec.structs.fields(question.options)
    own = {field.encode_name: arguments[field.name] for field in fields if arguments[field.name] not in (None, ())}
    reads = reads_of(question)
    own = {**own, **_read(question, own, lambda name, file: data.option_in_file(file, reads[name], given, year))}
    return msgspec.structs.replace(
        request,
        options=own,
        year=year,
        years=years,
        regulations=tuple(regulations),
        without=arguments.get("without", ()),
        readings=arguments.get("readings", ()),
        proposals=tuple(proposals),
        population=data.example_asked_for(given, arguments["example"]) if "population" in question.takes else None,
        **given.reading(),
        suppression=arguments.get("suppression", True),
        public=arguments.get("public", False),
    ), given
