"""Files that a command writes: told apart from those that it reads, looked at before any work is done, and written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from openfisca_bergen_hbt.report.forms import files
from openfisca_bergen_hbt.text.language import _, marked, of_system

#: What is written for standard output, its other spellings, and the number by which the system knows it.
STANDARD_OUTPUT = Path("-")
SPELLINGS = ("/dev/stdout", "/dev/fd/1")
DESCRIPTOR = 1
BESIDE = marked("the record beside --output")


class OutputFile(click.Path):
    """A file to write; ``-`` is standard output."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False, readable=False, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; a text that names no file is refused."""
        if not str(value) or str(value).endswith(("/", os.sep)):
            self.fail(_("'{text}' names no file.").format(text=value), param, ctx)
        return STANDARD_OUTPUT if str(value) in SPELLINGS else super().convert(value, param, ctx)


force_option = click.option("--force", is_flag=True, help=marked("Overwrite the file if it exists."))
output_option = click.option(
    "--output",
    type=OutputFile(),
    metavar="FILE",
    help=marked("File to write to; - is standard output, as without it."),
)


def may_write(*, beside: Iterable[Path] = (), read: Iterable[Path] = ()) -> None:
    """Refuse outputs by which something would be lost, before any work is done.

    Outputs are what a command's options of that type name, inputs all other files that it names, however they are
    spelled and whatever links lead there.

    Raises:
        click.UsageError: two outputs are one, an output is an input, or it exists and ``--force`` is off.
    """
    context = click.get_current_context()
    read_by = [*_files(context, outputs=False), *((_("the command"), path) for path in read)]
    is_read = _("{who} ('{file}') is the file that {other} reads. Give another file.")
    is_written = _("{who} ('{file}') is what {other} writes to, too. Give another file.")
    taken = {_identity(path): (is_read, who) for who, path in read_by}
    for who, path in [*_files(context, outputs=True), *((_(BESIDE), path) for path in beside)]:
        if path != STANDARD_OUTPUT:
            _refuse_existing(path, who, force=context.params["force"])
            if files.is_stream(files.mode_of(path)):
                continue  # takes several
        identity = _identity(path)
        if identity in taken:
            message, other = taken[identity]
            raise click.UsageError(message.format(who=who, file=path, other=other))
        taken[identity] = is_written, who


def keeps_nothing(path: Path | None) -> bool:
    """Return whether a path is that of standard output, a device or a pipe: it has no ending, and nothing beside it."""
    if path is None or path == STANDARD_OUTPUT:
        return True
    try:
        return files.is_stream(files.mode_of(path))
    except OSError:  # which ``may_write`` says
        return False


def deliver(text: str, output: Path | None, *, force: bool) -> None:
    """Write text to a file, or to standard output where none is given; in UTF-8 either way.

    Raises:
        click.BadParameter: the file exists and ``force`` is off, or it can't be written.
    """
    deliver_all({output: text.encode(errors="backslashreplace")}, force=force)


def deliver_all(contents: Mapping[Path | None, bytes], *, force: bool) -> None:
    """Write files, all of them or none; what stands under None or ``-`` goes to standard output.

    Raises:
        click.BadParameter: a file exists and ``force`` is off, or can't be written.
    """
    to_files = {path: content for path, content in contents.items() if path and path != STANDARD_OUTPUT}
    for path in to_files:
        _refuse_existing(path, "--output", force=force)
    for shown in (content for path, content in contents.items() if path not in to_files):
        click.echo(shown, nl=False)
    try:
        files.write_all(to_files, force=force)
    except FileExistsError as error:
        raise _existing(error.filename2 or error.filename, "--output") from None
    except OSError as error:
        raise _unwritable(error.filename2 or error.filename or next(iter(to_files)), error, "--output") from None


def _files(context: click.Context, *, outputs: bool) -> Iterator[tuple[str, Path]]:
    """Yield what the parameters of a command name, with the parameter: the outputs, or the other files."""
    for param in context.command.params:
        if isinstance(param.type, click.Path) and isinstance(param.type, OutputFile) is outputs:
            who = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
            value = context.params[str(param.name)]
            if value is None and who == "--output":
                value = STANDARD_OUTPUT
            several = value if isinstance(value, tuple) else [value]
            yield from ((who, Path(path)) for path in several if isinstance(path, str | Path))  # no address elsewhere


def _identity(path: Path) -> object:
    """Return what tells a file from every other."""
    shown = path == STANDARD_OUTPUT
    try:
        found = os.fstat(DESCRIPTOR) if shown else path.stat()
    except OSError:
        return path if shown else os.path.normcase(os.path.realpath(path))
    return path if shown and not stat.S_ISREG(found.st_mode) else (found.st_dev, found.st_ino)


def _refuse_existing(path: Path, who: str, *, force: bool) -> None:
    try:
        mode = files.mode_of(path)
    except OSError as error:
        raise _unwritable(path, error, who) from None
    if mode is not None and not force and not files.is_stream(mode):
        raise _existing(path, who)


def _existing(path: object, who: str) -> click.BadParameter:
    message = _("'{file}' exists. Give another name, or --force to overwrite it.")
    return click.BadParameter(message.format(file=path), param_hint=who)


def _unwritable(path: object, error: OSError, who: str) -> click.BadParameter:
    message = _("'{file}' can't be written: {why}.").format(file=path, why=of_system(error))
    return click.BadParameter(message, param_hint=who)
