"""In which language a command speaks: messages, help, and what click itself says; Norwegian, or as it is told.

The locale of the machine is not asked. Commands are made in English, and each run gets a copy in its language.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import TypeVar

import click

from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.text.language import (
    AS_WRITTEN,
    CATALOGUE,
    DOMAIN,
    ENGLISH,
    LANGUAGES,
    NORWEGIAN,
    _,
    marked,
    speaking,
)

OPTION, VARIABLE = "--lang", "BERGEN_HBT_LANG"
#: What stands in places of texts of help.
PLACES = {"years": ", ".join(map(str, embedded.YEARS)), "first": FOUNDATION_DAY.year}
ABOUT = marked("The language of all that is written. Default: that of BERGEN_HBT_LANG, else nb (Norwegian).")
EXAMPLES = marked("Examples:")

Command = TypeVar("Command", bound=click.Command)


def asked_for(arguments: Sequence[str]) -> tuple[str, str]:
    """Return the language that the arguments of a command ask for, or the environment; and what is wrong with it."""
    said = _said(arguments)
    where, language = (OPTION, said) if said is not None else (VARIABLE, os.environ.get(VARIABLE) or NORWEGIAN)
    if language in LANGUAGES or (language == AS_WRITTEN and where == VARIABLE):
        return language, ""
    faults = []
    for known in LANGUAGES:  # nobody knows which is understood
        with speaking(known):
            message = _("There is no language '{name}' ({where}): write nb or en.").format(name=language, where=where)
            faults.append(_("Error: {message}").format(message=message))
    return NORWEGIAN, "\n".join(faults)


@contextmanager
def spoken_in(language: str) -> Iterator[None]:
    """Speak a language, and have click speak it, too."""
    with speaking(language), _click_speaking(language):
        yield


def _said(arguments: Sequence[str]) -> str | None:
    """Return what stands behind the last ``--lang``; None where it is not there, or has nothing behind it."""
    said, before = None, ""
    for argument in arguments:
        if argument == "--":
            break
        if before == OPTION:
            said = argument
        elif argument.startswith(f"{OPTION}="):
            said = argument.partition("=")[2]
        before = "" if before == OPTION else argument
    return said


def without_language(arguments: Sequence[str]) -> Sequence[str]:
    """Return what of arguments comes after languages at their beginning."""
    if arguments and arguments[0].partition("=")[0] == OPTION:
        return without_language(arguments[1 if "=" in arguments[0] else 2 :])
    return arguments


@contextmanager
def _click_speaking(language: str) -> Iterator[None]:
    """Have click's own messages come from the catalogue: it asks gettext of the process, which asks the environment."""
    gettext.bindtextdomain(DOMAIN, CATALOGUE)
    gettext.textdomain(DOMAIN)
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = ENGLISH if language == AS_WRITTEN else language
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before


#: Commands are made while this lasts, whatever is spoken: what click says of them is translated with the rest.
making = partial(_click_speaking, ENGLISH)


def spoken(command: Command) -> Command:
    """Return a command whose help is in the language that is spoken, and which takes ``--lang``."""
    found = copy(command)
    found.help = _help(command.help)
    found.epilog = command.epilog and command.epilog.replace(EXAMPLES, _(EXAMPLES), 1)
    found.options_metavar = _help(command.options_metavar)
    about = click.Option([OPTION], type=click.Choice(LANGUAGES), expose_value=False, help=ABOUT)
    found.params = [_spoken_param(param) for param in [*command.params, about]]
    if isinstance(found, click.Group):
        found.subcommand_metavar = _(found.subcommand_metavar)
        found.commands = {name: spoken(inner) for name, inner in found.commands.items()}
    return found


def _spoken_param(param: click.Parameter) -> click.Parameter:
    """Return an option or an argument whose help, value and faults are told in the language that is spoken."""
    found = copy(param)
    found.type = copy(param.type)
    found.type.name = _(param.type.name)
    if isinstance(found, click.Option):
        found.help = _help(found.help)
    if param.metavar:
        found.metavar = _(param.metavar)
    elif isinstance(param, click.Argument):
        shown = _(param.human_readable_name.upper())
        found.metavar = (shown if param.required else f"[{shown}]") + ("..." if param.nargs != 1 else "")
    return found


def _help(text: str | None) -> str | None:
    """Return a text of help in the language that is spoken."""
    found = _(text) if text else text
    return found.format_map(PLACES) if found and "{" in found else found
