"""``readings``: rival readings of the text beside the law in force, each alone and each admissible pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Annotated

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, in_force, named
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.regelverk import FOUNDATION, readings
from openfisca_bergen_hbt.simulate import lacking_inputs, simulate
from openfisca_bergen_hbt.text.language import marked
from openfisca_bergen_hbt.vedtak import Reading

#: The figures of the agencies that readings are set beside each other by.
HEADLINES = (
    "etat_samlet_tildeling",
    "etat_igjen_sentralt",
    "etat_reserve_saldo",
    "etat_udekket_over_80_i_aaret",
    "etat_merforbruk",
)


@dataclass(frozen=True)
class Read:
    """The law in force under some readings."""

    readings: tuple[str, ...]
    #: The sums over the agencies, in kroner.
    headlines: dict[str, int]
    #: What each unit is given, in kroner; and what the foundation gives it, where the data are enough for that.
    given: dict[str, int]
    before: dict[str, int]

    def gains(self, unit: str) -> int:
        """Return 1 where a unit gets more than in the foundation, -1 where it gets less, else 0."""
        change = self.given[unit] - self.before.get(unit, self.given[unit])
        return (change > 0) - (change < 0)


@dataclass(frozen=True)
class Readings:
    """The law in force as it is read, and under readings."""

    year: int
    #: The titles of the readings by their id.
    titles: dict[str, str]
    law: Read
    read: tuple[Read, ...]

    def overturning(self, unit: str) -> list[tuple[str, ...]]:
        """Return the readings under which a unit does not gain, or lose, as it does in the law: the smallest sets."""
        found: list[tuple[str, ...]] = []
        for one in self.read:
            if one.gains(unit) != self.law.gains(unit) and not any({*less} <= {*one.readings} for less in found):
                found.append(one.readings)
        return found


def admissible(known: Iterable[type[Reading]], largest: int) -> Iterator[tuple[type[Reading], ...]]:
    """Yield the combinations of readings that do not exclude each other, from single ones to so many at once."""
    every = tuple(known)
    for count in range(1, largest + 1):
        for some in combinations(every, count):
            ids = {reading.id() for reading in some}
            if not any(ids.intersection(reading.excludes) for reading in some):
                yield some


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"every": "all"}):
    """How many readings at once."""

    every: Annotated[
        bool,
        Meta(
            description=marked("Every admissible combination, and not only pairs: some minutes."),
            extra={"option": "--all", "command_line_only": True},
        ),
    ] = False


def _run(asked: Asked) -> Readings:
    people = asked.population
    known = [reading for reading in readings() if people.made_for or not reading.of_population]
    sets = list(admissible(known, len(known) if asked.options.every else 2))
    done = asked.begin(len(sets) + 1)
    foundation = named(FOUNDATION)
    law = in_force()
    held = Comparison(people, asked.year, [law], suppression=asked.suppression).hides(GIVEN, "enhet")
    shown = [name for place, name in enumerate(people.unit_names) if held is None or not held[place]]
    compared = not (people.personal and lacking_inputs(people, SYSTEMS.foundation(), asked.year))
    before: dict[frozenset[str], dict[str, int]] = {}

    def read(some: tuple[type[Reading], ...]) -> Read:
        own = tuple(reading for reading in some if reading.reads is None)
        key = frozenset(reading.id() for reading in own)
        if compared and key not in before:
            before[key] = _given(people, replace(foundation, readings=own), asked.year)
        found = _read(people, replace(law, readings=some), asked.year, before.get(key, {}))
        done()
        of_shown = [{name: of[name] for name in shown if name in of} for of in (found.given, found.before)]
        return replace(found, given=of_shown[0], before=of_shown[1])

    titles = {reading.id(): reading.title for reading in known}
    return Readings(asked.year, titles, read(()), tuple(map(read, sets)))


def _given(people: Population, version: Version, year: int) -> dict[str, int]:
    amounts = simulate(people, SYSTEMS.system(version), year).value(GIVEN)
    return dict(zip(people.unit_names, map(int, amounts), strict=True))


def _read(people: Population, version: Version, year: int, before: dict[str, int]) -> Read:
    results = simulate(people, SYSTEMS.system(version), year)
    headlines = {name: int(results.value(name).sum()) for name in HEADLINES}
    given = dict(zip(people.unit_names, map(int, results.value(GIVEN)), strict=True))
    return Read(tuple(reading.id() for reading in version.readings), headlines, given, before)


def _recorded(found: Readings, _done: Done) -> Figures:
    given = {unit: {GIVEN: amount} for unit, amount in found.law.given.items()}
    return Figures(asdict(found), {in_force().title: given})


QUESTION = Question(
    name="readings",
    about=marked("""Set rival readings of the text beside the law in force: each alone, and each admissible pair.

    For each unit the readings are named that overturn whether it gains or loses. Readings are no votes, and not equally
    likely: none is counted.
    """),
    examples=(
        "readings",
        "readings --example bevegelse --output lesninger.html",
        "readings --data brukere.csv --frame bergen",
    ),
    run=_run,
    options=Options,
    takes=("population", "parts", "year", "suppression"),
    not_public=marked(
        "Some readings pay otherwise than by points and hours. Publish others with compare --reading, a few at a time."
    ),
    bodies=({"year": 2019},),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    recorded=_recorded,
)
