"""The options by which a command gets its population: the analyst's own files, or an embedded example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openfisca_bergen_hbt.analysis.asking import read_frames
from openfisca_bergen_hbt.cli.console import progress
from openfisca_bergen_hbt.cli.numbers import whole
from openfisca_bergen_hbt.cli.options import is_given, known
from openfisca_bergen_hbt.partitions.paths import is_partitioned, is_pattern, paths_in
from openfisca_bergen_hbt.text.language import _, marked

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.microdata import Files, Microdata
    from openfisca_bergen_hbt.partitions.kept import Kept
    from openfisca_bergen_hbt.partitions.stored import Stored
    from openfisca_bergen_hbt.partitions.workers import Workers

#: What a file may be.
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


class _Users(click.Path):
    """A file of users, a folder of such files, a pattern of them, or an address of any."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; a pattern or an address as it is written."""
        if isinstance(value, str) and "://" in value:
            from openfisca_bergen_hbt.partitions.stored import Stored  # polars takes its time to import

            return Stored(value)
        return Path(value) if is_pattern(Path(value)) else super().convert(value, param, ctx)


#: What the users may be given as.
USERS = _Users()
#: The options of how many files are read; and of how any are.
OF_MANY = ("resume", "workers", "scheduler")
READ_BY = ("encoding", "delimiter", "decimal", "sheet", "keep", "columns", "hours")


@dataclass(frozen=True)
class DataOptions:
    """What the options about data say."""

    data: Path | Stored | None = None
    units: Path | None = None
    agency: Path | None = None
    control: Path | None = None
    expected: Path | None = None
    extra: Path | None = None
    #: As ``read_frames`` reads them.
    frame: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    hours: str | None = None
    keep: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    resume: Path | None = None
    workers: int | None = None
    scheduler: str | None = None

    def parts(self) -> list[Path]:
        """Return the files of users, where they are many: none of them is written to."""
        return paths_in(self.data) if isinstance(self.data, Path) and is_partitioned(self.data) else []

    def has_data(self) -> bool:
        """Return whether there are files to read.

        Raises:
            click.UsageError: options that say how to read data, and no data.
        """
        given = [f"--{name}" for name, value in vars(self).items() if value not in (None, ()) and name != "frame"]
        if given and self.data is None:
            message = _("{options}: give the users with --data FILE as well.")
            raise click.UsageError(message.format(options=", ".join(given)))
        return self.data is not None

    def files(self, *, may_end_early: bool = False) -> Files:
        """Return the files to read, and the frames; whether the last months of the year may lack."""
        from openfisca_bergen_hbt.intake.microdata import Files  # polars takes its time to import
        from openfisca_bergen_hbt.intake.sheet import Written

        assert self.data  # noqa: S101 (has_data says so)
        written = Written(self.encoding, self.delimiter, self.decimal, self.sheet, self.keep, self.columns)
        frames = known(lambda: read_frames(self.frame or ()))
        return Files(
            self.data,
            self.units,
            self.agency,
            **frames,
            control=self.control,
            written=written,
            hours=self.hours,
            expected=self.expected,
            may_end_early=may_end_early,
        )

    def reading(self) -> dict[str, Any]:
        """Return how files are read, and the frames: what a record keeps of the options, which is no file's name."""
        how = {name: getattr(self, name) for name in READ_BY}
        return {**known(lambda: read_frames(self.frame or ())), **how}


OPTIONS = (
    click.option(
        "--data",
        type=USERS,
        metavar="FILE|FOLDER|PATTERN|ADDRESS",
        help=marked(
            "Users of your own: CSV, Excel (.xlsx), OpenDocument (.ods) or Parquet; or many files of Parquet or CSV, "
            "also by an address such as s3://bucket/users/ (docs/scale.md). See docs/data.md."
        ),
    ),
    click.option("--units", type=FILE, metavar="FILE", help=marked("Units: driving time, director's money.")),
    click.option("--agency", type=FILE, metavar="FILE", help=marked("The frame by agency and year.")),
    click.option(
        "--control", type=FILE, metavar="FILE", help=marked("Users and hours by unit, to hold the data against.")
    ),
    click.option(
        "--extra",
        type=FILE,
        metavar="FILE",
        help=marked("Extra money that agencies get in a month: a file with the columns 'etat', 'maaned' and 'kroner'."),
    ),
    click.option(
        "--frame",
        multiple=True,
        callback=lambda _context, _option, texts: texts or None,
        metavar="KR|YEAR=KR|bergen",
        help=marked(
            "The frame of the only agency, in whole kroner; that of a year (repeatable); or the regulation's own."
        ),
    ),
    click.option("--encoding", metavar="NAME", help=marked("How CSV files are encoded. Default: detected.")),
    click.option(
        "--delimiter",
        type=click.Choice(["semicolon", "comma", "tab"]),
        help=marked("What stands between the cells of CSV files. Default: detected."),
    ),
    click.option(
        "--decimal", type=click.Choice(["comma", "point"]), help=marked("The decimal mark. Default: detected.")
    ),
    click.option(
        "--hours",
        type=click.Choice(["performed"]),
        help=marked("The hours are performed ones, not assessed (T-31): said in report and record; computed alike."),
    ),
    click.option(
        "--sheet", metavar="NAME", help=marked("The sheet of workbooks. Default: the visible one with the columns.")
    ),
    click.option(
        "--resume",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help=marked("Keep the sums of finished files there, and go on from them: users in many files (docs/scale.md)."),
    ),
    click.option(
        "--workers",
        type=whole(1, None),
        metavar="N",
        help=marked("Read many files in N processes of this machine (docs/scale.md). Default: in one."),
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS|FILE",
        help=marked("Read many files where the workers of a Dask scheduler are (docs/scale.md)."),
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="HEADING=COLUMN",
        help=marked("A heading that stands for a column, such as 'Timer pr uke=timer_per_uke'. Repeatable."),
    ),
    click.option(
        "--keep",
        multiple=True,
        metavar="UNIT",
        help=marked("A unit whose name looks like a sum's, such as Sum. Repeatable."),
    ),
)
suppression_option = click.option(
    "--suppression/--no-suppression",
    default=True,
    help=marked("Hold back counts of 1 to 4 users in data of your own. Off: for internal use only. Default: on."),
)
public_option = click.option(
    "--public",
    is_flag=True,
    help=marked(
        "Show of own data what can be published: units' users and amounts of the year, so rounded that no count of 1 "
        "to 4 users can be told."
    ),
)


def data_options(command: Callable[..., None], options: Sequence[Callable[..., Any]] = OPTIONS) -> Callable[..., None]:
    """Give a command the options about data, which it gets as one argument, ``given``."""

    @wraps(command)
    def with_given(*positional: Any, **arguments: Any) -> None:
        given = {name: arguments.pop(name) for name in DataOptions.__dataclass_fields__ if name in arguments}
        command(*positional, given=DataOptions(**given), **arguments)

    found: Callable[..., None] = with_given
    for option in reversed(options):
        found = option(found)
    return found


#: The option of a command that may be asked in the middle of a year.
expected_option = click.option(
    "--expected",
    type=FILE,
    metavar="FILE",
    help=marked("Expected users of the months after those of the data, with the same columns (docs/controller.md)."),
)
#: The options of a command that takes its file of users as an argument.
reading_options = partial(data_options, options=OPTIONS[1:])


def example_asked_for(given: DataOptions, example: str) -> str | None:
    """Return the embedded population that is asked for; None where users of one's own are given.

    Raises:
        click.UsageError: both are, or options that say how to read data, and no data.
    """
    if not given.has_data():
        return example
    if is_given("example"):
        raise click.UsageError(_("--example and --data are two populations. Give one of them."))
    return None


def option_in_file(file: Path, reads: str, given: DataOptions, year: int) -> dict[str, Any]:
    """Return what an option's file holds (``verify.option_files``); one with a table is written as the data are.

    Raises:
        click.UsageError: a file that can't be used, with all that is wrong.
    """
    from openfisca_bergen_hbt.intake.sheet import Written  # polars takes its time to import
    from openfisca_bergen_hbt.verify import option_files

    written = Written(
        given.encoding, given.delimiter, given.decimal, None, given.keep, given.columns, is_of_users=False
    )
    return known(lambda: option_files.option_in_file(reads, file, written, year))


def _kept(given: DataOptions, years: Sequence[int], law_hash: str) -> Kept:
    """Return the folder of finished files, with the hash of all that their sums depend on beside what they hold."""
    from hashlib import sha256  # takes its time to import

    from openfisca_bergen_hbt.partitions.kept import Kept

    assert given.resume  # noqa: S101 (who calls knows)
    data = given.data
    if isinstance(data, Path) and data.is_dir() and given.resume.resolve().is_relative_to(data.resolve()):
        message = _("--resume {folder}: that is among the users' files. Give a folder elsewhere.")
        raise click.UsageError(message.format(folder=given.resume))
    units = sha256(given.units.read_bytes()).hexdigest() if given.units else ""
    how = [law_hash, units, list(years), *(getattr(given, name) for name in READ_BY)]
    return Kept(given.resume, sha256(repr(how).encode()).hexdigest())


def _workers(given: DataOptions) -> Workers:
    """Return who reads many files."""
    from openfisca_bergen_hbt.partitions.workers import Processes, ThisProcess

    if given.scheduler:
        from openfisca_bergen_hbt.partitions.cluster import Cluster
        from openfisca_bergen_hbt.provenance import hashes

        if given.workers:
            raise click.UsageError(_("--scheduler and --workers are two ways to read. Give one of them."))
        return Cluster(given.scheduler, hashes.identity)
    return Processes(given.workers) if given.workers and given.workers > 1 else ThisProcess()


def data_in_files(
    given: DataOptions,
    years: Sequence[int],
    laws: Callable[[], Mapping[int, Sequence[Any]]] = dict,
    *,
    takes_parts: bool = True,
    may_end_early: bool = False,
    law_hash: Callable[[], str] = str,
) -> Callable[[int], Microdata]:
    """Return what reads the data of a year, all years at once, in the files given; how goes to stderr.

    Of users in many files, the laws of each year say which sums are made of them while they are read.

    It raises ``click.UsageError`` for files that can't be used, with all that is wrong.
    """

    @cache
    def read() -> dict[int, Microdata]:
        from openfisca_bergen_hbt.intake.microdata import read_populations  # polars takes its time to import

        assert given.data  # noqa: S101 (who calls knows)
        if is_partitioned(given.data):
            if given.columns:
                raise click.UsageError(_("--column is for users in one file: rename the headings of many."))
            if not takes_parts:
                message = _(
                    "'{data}' is many files: they are turned into sums part by part, and this question looks at the "
                    "users themselves. Give one file."
                )
                raise click.UsageError(message.format(data=given.data))
            from openfisca_bergen_hbt.partitions.reading import Reader

            kept = _kept(given, years, known(law_hash)) if given.resume else None
            workers = known(lambda: _workers(given))
            click.get_current_context().call_on_close(workers.close)
            with progress(_("Reading")) as begin:
                found = known(lambda: Reader(given.files(), years, begin, kept, workers).read(laws()))
        else:
            for name in (name for name in OF_MANY if getattr(given, name)):
                message = _("--{name} is for users in many files: give a folder, or a pattern.")
                raise click.UsageError(message.format(name=name))
            found = known(lambda: read_populations(given.files(may_end_early=may_end_early), years))
        if given.extra:
            from openfisca_bergen_hbt.intake.beside.amounts import with_extra

            file, written = given.extra, replace(given.files().written, sheet=None, is_of_users=False)
            found = known(lambda: with_extra(found, file, written))
        for note in dict.fromkeys(note for one in found.values() for note in one.notes):
            click.echo(note, err=True)
        return found

    return lambda year: read()[year]
