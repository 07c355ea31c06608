"""``causes``: why the published hours grew, and what of the causes that the slides name the figures bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Kroner, Question, as_recorded
from openfisca_bergen_hbt.analysis.causes.decomposition import SUM, Growth, growth
from openfisca_bergen_hbt.analysis.causes.named import Absence, Cause, absences, named
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population.embedded import PUBLISHED_YEARS, published
from openfisca_bergen_hbt.rules.derived import leaf
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked

FIRST, LAST = PUBLISHED_YEARS[0], PUBLISHED_YEARS[-1]


@dataclass(frozen=True)
class Causes:
    """Why the hours grew, by area and in all; the causes that are named; and what the absence comes to."""

    first: int
    last: int
    #: The model's price of an hour, which is calibrated.
    price: float
    growth: tuple[Growth, ...]
    causes: tuple[Cause, ...]
    absence: tuple[Absence, ...]

    @property
    def totals(self) -> dict[str, Growth]:
        """The growth in all, by the rows that it is taken from."""
        return {found.rows: found for found in self.growth if found.area == SUM}

    def kroner(self, one: Growth) -> dict[str, float]:
        """Return a growth, and what each factor adds, at the model's price."""
        return {name: hours * self.price for name, hours in one.amounts.items()}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """From which year to which."""

    first: Annotated[
        int, Meta(ge=FIRST, le=LAST, description=marked("The first year, 2017 to 2018."), extra={"option": "--from"})
    ] = FIRST
    last: Annotated[
        int, Meta(ge=FIRST, le=LAST, description=marked("The last year, 2018 to 2019."), extra={"option": "--to"})
    ] = LAST


def _run(asked: Asked) -> Causes:
    first, last = asked.options.first, asked.options.last
    if first >= last:
        message = _("The first year ({first}) comes before the last ({last}): give --from and --to in order.")
        raise ValueError(message.format(first=first, last=last))
    results = simulate(published(LAST), SYSTEMS.system(in_force()), LAST)
    price = float(leaf(results.system.parameters, "aktivitetsbasert.timepris").get_at_instant(f"{LAST}-01-01"))
    causes, absence = named(first, last, results), absences(results)
    return Causes(first, last, price, tuple(growth(first, last)), tuple(causes), tuple(absence))


def _recorded(found: Causes, _done: Done) -> Figures:
    kroner: Kroner = {rows: {} for rows in found.totals}
    for one in found.growth:
        kroner[one.rows][one.area] = {name: round(amount) for name, amount in found.kroner(one).items()}
    return Figures(as_recorded(found), kroner)


QUESTION = Question(
    name="causes",
    about=marked("""Say why the published hours grew, and which of the causes that the slides name the figures bear out.

    Hours are users times visits per user times hours per visit: the growth is divided among the three, exactly.
    """),
    examples=("causes", "causes --from 2018 --to 2019 --format markdown", "causes --plot aarsaker.svg"),
    run=_run,
    bodies=({"from": 2017, "to": 2019},),
    options=Options,
    takes=(),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    drawn=True,
    recorded=_recorded,
)
