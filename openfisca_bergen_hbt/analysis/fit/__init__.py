"""``fit``: which numbers give back what the units got, as the budget letters say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.fit.search import THRESHOLD, TOLERANCE, TRIES, Found, Mask, Search, Told
from openfisca_bergen_hbt.analysis.sensitivity.draws import Model
from openfisca_bergen_hbt.analysis.solve import NEAR, Trial, limits
from openfisca_bergen_hbt.privacy.suppression import held_back
from openfisca_bergen_hbt.rules.money import MOST_KRONER, FloatArray
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked

#: The numbers that the sources leave open, and letters may tell: T-4 to T-8.
OPEN = (
    *(f"kategorimodell.vekt.kategori_{number}" for number in range(1, 6)),
    "reserve.andel",
    TOLERANCE,
    "avstand.andel",
    THRESHOLD,
)
#: The largest share of the units whose letters may be wrong, where the others fit.
WRONG = 0.2


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the units got, and the numbers that may be otherwise."""

    allocations: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=int(MOST_KRONER))]],
        Meta(
            description=marked(
                "What each unit got in the year, as in the budget letters: a file with the columns "
                "'enhet' and 'kroner'."
            ),
            extra={
                "metavar": "FILE",
                "reads": "allocations",
                "fault": marked("'allocations' is an object: a unit, and what it got in whole kroner."),
            },
        ),
    ]
    parameter: Annotated[
        tuple[str, ...],
        Meta(
            description=marked(
                "A number that may be otherwise, within its own range. Repeatable. Default: the weights, "
                "the reserve and its tolerance, the share for distance, and the threshold."
            ),
            extra={"metavar": "PATH"},
        ),
    ] = OPEN


@dataclass(frozen=True)
class Fit:
    """The numbers that come nearest to the letters."""

    year: int
    #: The regulation whose numbers they are: its id and its title.
    baseline: str
    title: str
    #: Whether every letter is given back to the krone (that rounding moves).
    fits: bool
    #: The numbers by their paths, what they were, and their units.
    values: dict[str, float]
    before: dict[str, float]
    units: dict[str, str]
    #: What each unit got, and what it is given more by the numbers found; in kroner. None where few users make it, as
    #: a letter that is given back is what the unit is given.
    letters: dict[str, int | None]
    misses: dict[str, int | None]
    #: How far off a unit is the most, whether its amounts are shown or not.
    largest_miss: int
    #: The units whose letters do not go with the others, which are all given back; none where there are no such.
    wrong: tuple[str, ...]
    #: What they tell of the numbers; None where they do not go together.
    told: Told | None


def _run(asked: Asked) -> Fit:
    wanted, system, people = asked.options, asked.system, asked.population
    letters = numpy.array(_in_order(wanted.allocations, list(people.unit_names)), dtype=numpy.float64)
    parameters = tuple(dict.fromkeys(wanted.parameter)) or OPEN
    ranges = [limits(system, parameter, None) for parameter in parameters]
    trial = Trial(system, people, asked.year, parameters)
    model = Model(people, asked.year, [asked.version])
    search = Search(trial, model, ranges, letters, asked.begin(TRIES))
    everyone = numpy.ones(len(letters), dtype=bool)
    found, right = search.best(everyone), everyone
    if not found.fits(everyone):
        found, right = _without_wrong(search, found)
    values = dict(zip(parameters, search.values(found.place).tolist(), strict=True))
    units = [search.trial.unit(number) for number in range(len(parameters))]
    hidden = (
        held_back([trial.run(list(values.values()))]).mask(system.get_variable(GIVEN), "enhet")
        if asked.suppression
        else None
    )
    return Fit(
        asked.year,
        asked.version.id,
        asked.version.title,
        found.fits(everyone),
        values,
        dict(zip(parameters, map(float, trial.now), strict=True)),
        dict(zip(parameters, units, strict=True)),
        _shown(people.unit_names, letters, hidden),
        _shown(people.unit_names, found.misses, hidden),
        int(numpy.abs(found.misses).max(initial=0)),
        tuple(numpy.array(people.unit_names)[~right].tolist()),
        search.told(found, right) if found.fits(right) else None,
    )


def _shown(units: Sequence[str], amounts: FloatArray, hidden: Mask | None) -> dict[str, int | None]:
    """Return amounts by unit; None for those that are held back."""
    held = [False] * len(units) if hidden is None else hidden.tolist()
    of_units = zip(units, map(int, amounts), held, strict=True)
    return {unit: None if hides else amount for unit, amount, hides in of_units}


def _in_order(allocations: Mapping[str, int], units: list[str]) -> list[int]:
    """Return what each unit got, in the order of the units.

    Raises:
        ValueError: a unit without a letter, or a letter to no unit.
    """
    for name in allocations:
        names.position(units, name, names.NO_UNIT)
    if lacking := [name for name in units if name not in allocations]:
        message = _("No amount is given for: {names}. Give one for each unit, 0 for none.")
        raise ValueError(message.format(names=", ".join(lacking[:5])))
    return [allocations[name] for name in units]


def _without_wrong(search: Search, found: Found) -> tuple[Found, Mask]:
    """Return the best place, and the units that it gives back: all but few whose letters do not go with the others.

    The one that is farthest off is left out, and the others are sought again, while there are more units than numbers.
    Where that leads to nothing, it is the best place for all, and all count.
    """
    everyone = numpy.ones(len(search.letters), dtype=bool)
    right, place = everyone.copy(), found
    for _left_out in range(int(WRONG * len(right))):
        right[numpy.where(right, numpy.abs(place.misses), -1.0).argmax()] = False
        if right.sum() <= len(search.smooth):
            break
        place = search.best(right, place.place)
        if place.fits(right):
            return place, numpy.abs(place.misses) <= NEAR
    return found, everyone


def _recorded(found: Fit, _done: Done) -> Figures:
    given = {
        unit: {GIVEN: got + missed}
        for unit, got in found.letters.items()
        if got is not None and (missed := found.misses[unit]) is not None
    }
    return Figures({"fits": found.fits, "misses": found.misses, "wrong": list(found.wrong)}, {found.baseline: given})


QUESTION = Question(
    name="fit",
    about=marked("""Find the numbers that give back what the units got, as the budget letters say; or that none do.

    The weights, the reserve and its tolerance, the share for distance and the threshold are guesses (T-4 to T-8); the
    letters hold the answer. They are sought within their ranges, with SciPy; which of them the letters can't tell apart
    is said. Written to a .yaml file, the answer is a proposal.
    """),
    examples=(
        "fit --data brukere.csv --frame bergen --allocations tildelt.csv",
        "fit --data brukere.csv --frame bergen --allocations tildelt.csv --output tilpasset.yaml",
    ),
    run=_run,
    options=Options,
    takes=("population", "parts", "year", "regulation", "suppression"),
    not_public=marked("What it finds is made of exact amounts and hours, and tells them."),
    bodies=(
        {
            "users": {"enhet": ["A", "B"], "timer_per_uke": [5, 10]},
            "etater": {"etat": {"etat_budsjettramme": 1000000, "etat_tillitsreform_styrking": 0}},
            "allocations": {"A": 307143, "B": 692857},
            "parameter": ["reserve.andel"],
        },
    ),
    forms=("text", "json", "markdown", "html", "xlsx", "yaml"),
    by_ending=True,
    runs=60,
    recorded=_recorded,
)
