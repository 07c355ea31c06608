"""``show``: the regulation in force on a date, or one rule or number of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.regelverk import chosen, parse_date
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which day, and what."""

    what: Annotated[
        tuple[str, ...],
        Meta(
            description=marked("A date, and the name of a variable or a parameter."),
            extra={"argument": True, "metavar": "[DATE] [VARIABLE_OR_PARAMETER]"},
        ),
    ] = ()
    adopted_by: Annotated[
        str | None,
        Meta(
            description=marked("Only decisions adopted by this date or month. Default: all of them."),
            extra={"metavar": "DATE"},
        ),
    ] = None


@dataclass(frozen=True)
class Shown:
    """What holds on a day: everything, or the one thing that is asked for by name."""

    at: history.Standpoint
    name: str | None
    values: Sequence[history.Value]
    rules: Sequence[history.Rule]
    #: The parameters that each variable reads.
    reads: Mapping[str, list[str]]

    @property
    def one(self) -> history.Value | history.Rule | None:
        """What is asked for by name; None where it does not hold on the day."""
        by_name: dict[str, history.Value | history.Rule] = {value.parameter: value for value in self.values}
        return (by_name | {rule.variable: rule for rule in self.rules}).get(self.name or "")


def _settled(wanted: Options) -> Options:
    """Return what is asked for with its day, which is today where none is given."""
    if any(_is_date(text) for text in wanted.what):
        return wanted
    return msgspec.structs.replace(wanted, what=(datetime.now(tz=UTC).date().isoformat(), *wanted.what))


def _is_date(text: str) -> bool:
    return text[:1].isdigit()


def _run(asked: Asked) -> Shown:
    wanted = asked.options
    dates = [text for text in wanted.what if _is_date(text)]
    named = [text for text in wanted.what if text not in dates]
    if len(dates) > 1 or len(named) > 1:
        raise ValueError(_("Give at most one date and one variable or parameter."))
    day = parse_date(dates[0])
    at = history.Standpoint(Version(wanted.adopted_by or "", chosen(wanted.adopted_by)), day)
    system = SYSTEMS.system(at.version)
    name = named[0] if named else None
    if name:
        names.find(system, name)
    reads = history.parameters_read(system, day) if name is None or name in system.variables else {}
    return Shown(at, name, history.values_on(system, day), history.rules_on(system, day), reads)


def _recorded(shown: Shown, _done: Done) -> Figures:
    standing = {"day": shown.at.day, "decisions": [decision.id() for decision in shown.at.version.decisions]}
    found = {"values": list(map(asdict, shown.values)), "rules": list(map(asdict, shown.rules)), "reads": shown.reads}
    return Figures(msgspec.to_builtins({**standing, "name": shown.name, **found}), {})


QUESTION = Question(
    name="show",
    about=marked("""Show the regulation in force on a date: every number with its source, every rule with what it reads.

    Two clocks: DATE (default: today) picks the formulas and values that hold, --adopted-by the decisions known.
    """),
    examples=(
        "show 2019-06-01",
        "show 2022-01-01 --adopted-by 2019-06",
        "show 2017-12-31 timer_per_uke",
        "show reserve.andel --format json",
    ),
    run=_run,
    bodies=({"what": ["2019-06-01", "reserve.andel"]},),
    options=Options,
    takes=(),
    settled=_settled,
    recorded=_recorded,
)
