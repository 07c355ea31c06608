"""Switches: yes or no for the whole regulation, which readings of the text re-point and rules ask."""

from __future__ import annotations

from typing import Any

from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.months import year_of


def holds(population: Any, switch: str, period: Period) -> bool:
    """Return whether a switch, a yearly variable of the agencies that is the same for all of them, is on."""
    return bool(population.simulation.etat(switch, year_of(period)).any())
