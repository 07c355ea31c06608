"""From where a calculation is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.suppression import HeldBack
from openfisca_bergen_hbt.simulate import Results


@dataclass(frozen=True)
class View:
    """From where the calculation is seen: an agency, and in it a unit or an area if that is what is asked about."""

    results: Results
    agency: int
    unit: int | None = None
    area: int | None = None
    #: A user of a test case; users of populations are never shown one by one.
    user: int | None = None
    #: The counts that are not to be shown, where the users are real.
    held_back: HeldBack | None = None

    @property
    def of_agency(self) -> View:
        """The agency as a whole."""
        return replace(self, unit=None, area=None)

    @property
    def units(self) -> NDArray[numpy.bool_]:
        """Which units are the agency's."""
        found: NDArray[numpy.bool_] = numpy.asarray(self.results.population.agency_of_unit) == self.agency
        return found

    def hides(self, variable: Any) -> bool:
        """Return whether the view's figures of a variable are held back."""
        if self.held_back is None:
            return False
        level, place = ("enhet", self.unit) if self.unit is not None else ("byomraade", self.area)
        if place is None or variable.entity.key == "etat":
            level, place = "etat", self.agency
        mask = self.held_back.mask(variable, level)
        return mask is not None and bool(mask[place])

    def hides_users(self) -> bool:
        """Return whether the number of the view's users is held back."""
        return self.hides(self.results.system.get_variable("enhet_antall_brukere"))

    def hides_hours(self) -> bool:
        """Return whether the hours of the view's users are held back."""
        return self.hides(self.results.system.get_variable("enhet_vedtakstimer"))
