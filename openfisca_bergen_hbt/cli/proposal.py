"""``bergen-hbt proposal new``: a proposal to fill in."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from openfisca_bergen_hbt.cli.writing import OutputFile, deliver, force_option, keeps_nothing
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.text.language import _, marked

TEMPLATE = marked("""\
# A proposal: the numbers of a regulation, changed. Run it with
#   bergen-hbt compare --proposal {file}
# `bergen-hbt show` lists every number with its path, value, unit and range.
title: Mitt forslag
author: Navn
reference: Hvor forslaget står
description: >-
  Hva forslaget går ut på, og hvorfor.
# What it builds on: grunnregelverk, a decision's id (with all before it), or a date (as adopted by then).
baseline: {baseline}
changes:
  # Each change: the number's path, from which day, to and including which day (leave `to` out for good), and the value.
  - parameter: reserve.andel
    from: 2019-01-01
    to: 2021-12-31
    value: 0.03
""")


@click.group(help=marked("Write proposals: changed numbers in a small YAML file, without Python."))
def proposal() -> None:
    """Take a command."""


@proposal.command(
    epilog="Examples:\n\n\b\n  bergen-hbt proposal new forslag.yaml\n",
    help=marked("Write a commented proposal that runs as it stands."),
)
@click.argument("file", type=OutputFile())
@force_option
def new(file: Path, *, force: bool) -> None:
    """Write a commented proposal that runs as it stands."""
    name = "forslag.yaml" if keeps_nothing(file) else shlex.quote(click.format_filename(file))
    if not name.isprintable():
        message = _("{name} has a line break or a control character. Give another.")
        raise click.BadParameter(message.format(name=ascii(name)), param_hint=_("FILE"))
    deliver(_(TEMPLATE).format(file=name, baseline=in_force().id), file, force=force)
    if not keeps_nothing(file):
        message = _("{file}: run it with bergen-hbt compare --proposal {name}")
        click.echo(message.format(file=file, name=name), err=True)
