"""``diff``: two versions of the regulation compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.law.versions import named
from openfisca_bergen_hbt.regelverk import parse_date
from openfisca_bergen_hbt.text.language import _, marked


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which two versions."""

    one: Annotated[str, Meta(extra={"argument": True, "metavar": "A"})]
    other: Annotated[str, Meta(extra={"argument": True, "metavar": "B"})]
    on: Annotated[
        str | None,
        Meta(
            description=marked("The day whose rules hold for an id. Default: when all decisions hold."),
            extra={"metavar": "DATE"},
        ),
    ] = None


@dataclass(frozen=True)
class Differing:
    """Two versions, and what differs between them."""

    one: history.Standpoint
    other: history.Standpoint
    found: history.Difference


def _run(asked: Asked) -> Differing:
    wanted = asked.options
    day = history.last_day_of_the_decisions() if wanted.on is None else parse_date(wanted.on)
    one, other = _standpoint(wanted.one, day), _standpoint(wanted.other, day)
    if wanted.on is not None and one.version.day and other.version.day:
        raise ValueError(_("--on is the day of an id. Leave it out: both are dates, whose own days hold."))
    return Differing(one, other, history.diff(one, other))


def _standpoint(name: str, day: date) -> history.Standpoint:
    version = named(name)
    return history.Standpoint(version, version.day or day)


def _recorded(differing: Differing, _done: Done) -> Figures:
    ends = [[at.version.id, at.day] for at in (differing.one, differing.other)]
    return Figures(msgspec.to_builtins({"ends": ends, **asdict(differing.found)}), {})


QUESTION = Question(
    name="diff",
    about=marked("""Compare two versions: values, rules side by side, and the decisions between.

    A and B are each grunnregelverk, a decision's id (with all before it), or a date (adopted by and in force on it).
    """),
    examples=(
        "diff grunnregelverk vedtak_2018_01_kategorimodell",
        "diff 2017-12 2018-01",
        "diff 2019-04 2021-06 --format markdown",
    ),
    run=_run,
    bodies=({"one": "2019-04", "other": "2021-06"},),
    options=Options,
    takes=(),
    recorded=_recorded,
)
