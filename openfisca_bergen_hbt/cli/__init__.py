"""The command line, ``bergen-hbt``: each command in a module of its own, imported when it is asked for.

Click rather than typer: it starts a tenth of a second sooner, a quarter of what a whole ``compare`` takes.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from openfisca_bergen_hbt.cli import speech
from openfisca_bergen_hbt.cli.console import USAGE, standard_streams, version_option
from openfisca_bergen_hbt.report.questions import names
from openfisca_bergen_hbt.text.language import marked

# A command lives for a second and leaves next to no garbage: looking for it less often saves a tenth of that second.
gc.set_threshold(50_000, 20, 20)
# Nor is it looked for at the end, through all that was imported: the process goes, and its memory with it.
atexit.register(gc.freeze)

#: The commands that are no questions, each in a module of its name.
OTHERS = ("audit", "population", "proposal", "serve", "verify")


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run a command in the language that it asks for, with streams that say when they can't be written."""
        language, fault = speech.asked_for(sys.argv[1:] if args is None else args)
        with speech.spoken_in(language), standard_streams():
            if fault:
                click.echo(fault, err=True)
                sys.exit(USAGE)
            return super(Commands, speech.spoken(self)).main(args, *more, **options)

    def invoke(self, context: click.Context) -> object:
        """Run a command; an input that the law refuses ends it with the reason."""
        from openfisca_bergen_hbt.rules.errors import SituationError

        try:
            return super().invoke(context)
        except SituationError as error:
            raise click.UsageError(str(error)) from None

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted([*OTHERS, *names()])

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command, in the language that is spoken; None for a name that none has."""
        with speech.making():
            if name in OTHERS:
                found: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
            elif name in names():
                found = import_module(f"{__name__}.questions").command(name)
            else:
                return None
        return speech.spoken(found)


@click.group(
    cls=Commands,
    no_args_is_help=True,
    help=marked(
        "How Bergen kommune funds its home-care units, as code.\n\n"
        "The regulation before October 2017 and after each of the six decisions since, on published figures or on data "
        "of your own."
    ),
)
@version_option
def main() -> None:
    """Take a command."""
