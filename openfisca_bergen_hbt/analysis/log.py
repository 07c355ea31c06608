"""``log``: the decisions in order, or the whole life of one rule or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.asking import Asked, Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.text.language import marked


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose life; None for the decisions."""

    name: Annotated[str | None, Meta(extra={"argument": True, "metavar": "[VARIABLE_OR_PARAMETER]"})] = None


@dataclass(frozen=True)
class Life:
    """What happened, the oldest first: the stages of a rule or number, or without a name the decisions."""

    name: str | None
    stages: Sequence[history.Decision] | Sequence[history.Rule] | Sequence[history.Value]


def _run(asked: Asked) -> Life:
    name = asked.options.name
    return Life(name, history.log() if name is None else history.life(SYSTEMS.system(in_force()), name))


QUESTION = Question(
    name="log",
    about=marked("List the decisions in order, or the whole life of one rule or number."),
    examples=("log", "log enhet_samlet_tildeling", "log kategorimodell.vekt.kategori_2 --format markdown"),
    run=_run,
    bodies=({}, {"name": "reserve.andel"}),
    options=Options,
    takes=(),
)
