"""Populations: users, the units and areas that they belong to, and the agency's inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.rules.groups import blocks
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray

MONTHS = 12
#: A user's input for a year: one array that holds in each month, or twelve, one for each month.
MonthlyInput = FloatArray | Sequence[FloatArray]


def arrays(given: MonthlyInput) -> Sequence[FloatArray]:
    """Return the arrays of a user's input: one where it holds all year, else one for each month."""
    if isinstance(given, numpy.ndarray):
        return [given] if given.ndim == 1 else list(given)
    return given


def held_after(given: MonthlyInput, months: int) -> MonthlyInput:
    """Return a user's input with the last of so many months held for the rest of the year."""
    by_month = arrays(given)
    return given if len(by_month) == 1 else [*by_month[:months], *[by_month[months - 1]] * (len(by_month) - months)]


@dataclass(frozen=True, eq=False)
class InParts:
    """Users of whom no arrays are held: they are read part by part, and become sums over the users of each unit."""

    #: Gives the sums under a regulation, with some numbers other than its own (see ``simulate.sums_of_units``).
    sums: Callable[[Any, Any], Any]
    #: Whether each unit has users.
    has_users: NDArray[numpy.bool_]
    #: The hash of what was read.
    content: str


@dataclass(frozen=True)
class Population:
    """A population for one year, in columns.

    Users carry no identifiers: user 17 is row 17 of the columns.
    """

    unit_names: Sequence[str]
    #: The unit of each user, as an index in ``unit_names``.
    unit_of_user: IndexArray
    agency_names: Sequence[str]
    #: The agency of each unit, as an index in ``agency_names``.
    agency_of_unit: IndexArray
    #: Inputs of the users by variable, such as ``vurdert_timer_per_uke``.
    users: Mapping[str, MonthlyInput]
    #: The areas, where they are known, and the area of each unit.
    area_names: Sequence[str] = ()
    area_of_unit: IndexArray | None = None
    #: Inputs of the units, the areas and the agencies by variable: of the year, or (of agencies) one array a month.
    units: Mapping[str, NDArray[numpy.generic]] = field(default_factory=dict)
    areas: Mapping[str, FloatArray] = field(default_factory=dict)
    agencies: Mapping[str, MonthlyInput] = field(default_factory=dict)
    #: What the population is, in Norwegian, for wherever results show it.
    description: str = ""
    synthetic: bool = False
    #: Whether its hours are the published ones, so that results may be held against published results.
    matches_published: bool = False
    #: Whether it is about real users, so that small counts are held back.
    personal: bool = False
    #: Makes an embedded population as a regulation has it (its spread, its reading of the visits); None for others.
    made_for: Callable[[Any], Population] | None = None
    #: Its users, where they are read part by part; ``users`` then names the inputs that they have.
    in_parts: InParts | None = None

    @property
    def has_users(self) -> NDArray[numpy.bool_]:
        """Whether each unit has users."""
        if self.in_parts:
            return self.in_parts.has_users
        seen = numpy.zeros(len(self.unit_names), dtype=numpy.bool_)
        for block in blocks(self.unit_of_user):
            seen[self.unit_of_user[block]] = True
            if seen.all():
                break
        return seen

    def months_apart(self, first: int) -> tuple[Population, Population]:
        """Return the population as it is in the first months alone, and in the others."""
        parts = (slice(first), slice(first, None))
        months = {name: of if len(of := arrays(given)) > 1 else [*of] * MONTHS for name, given in self.users.items()}
        early, late = (replace(self, users={name: of[part] for name, of in months.items()}) for part in parts)
        return early, late

    def with_frame(self, kroner: int) -> Population:
        """Return the same population with a frame for its only agency, in whole kroner."""
        make = self.made_for
        return replace(
            self,
            agencies={**self.agencies, "etat_budsjettramme": numpy.array([float(kroner)])},
            made_for=(lambda system: replace(make(system).with_frame(kroner), made_for=None)) if make else None,
        )
