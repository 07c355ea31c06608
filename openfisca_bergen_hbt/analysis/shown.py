"""The figures that a comparison shows, and that bands are of: one list."""

from __future__ import annotations

from functools import lru_cache

from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.privacy.suppression import COUNTS
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.simulate import Results

USERS, HOURS = "enhet_antall_brukere", "enhet_vedtakstimer"
HOURS_OF_ALL = "etat_vedtakstimer"
#: The totals of each regulation, step by step.
LADDER = (
    HOURS_OF_ALL,
    "etat_aktivitetskostnad",
    "etat_disponibel_ramme",
    "etat_samlet_tildeling",
    "etat_merforbruk",
)
#: What an agency has and hands out.
OF_AGENCIES = (
    "etat_disponibel_ramme",
    "etat_aktivitetskostnad",
    "etat_samlet_tildeling",
    "etat_merforbruk",
    "etat_reserve_saldo",
    "etat_ufordelt",
)
#: What is said in words of all agencies together.
IN_WORDS = ("etat_igjen_sentralt", "etat_udekket_over_80_i_aaret")
#: What the agencies have in all, which is set beside each other of several years.
FRAME_IN_ALL = "etat_ramme_i_alt"
#: All that is shown of the agencies.
OF_ALL = tuple(dict.fromkeys((*LADDER, *OF_AGENCIES, *IN_WORDS, FRAME_IN_ALL)))
#: What is counted of each unit: users, hours, and users by category.
COUNTED = (USERS, HOURS, *COUNTS[:-1])
#: What the parts of what a unit is given are held against.
HELD_AGAINST = (GIVEN, "enhet_aktivitetsbasert_inntekt", "enhet_underdekning")
#: What a unit gains from the first regulation to the last, in kroner and as a share of what it was given.
CHANGE, CHANGE_SHARE = "endring", "endring_andel"


@lru_cache
def parts() -> tuple[str, ...]:
    """Return the parts that a unit's money consists of: what some decision has added up to what it is given."""
    hinges = [hinge for decision in decisions() for hinge in decision.hinges if hinge.__name__ == GIVEN]
    return tuple(dict.fromkeys(name for hinge in hinges for name in history.asks_for(hinge)))


def of_units() -> tuple[str, ...]:
    """Return the figures of each unit under the last regulation, beside what it is given."""
    return (*COUNTED, *parts(), *(name for name in HELD_AGAINST if name != GIVEN))


def in_year(results: Results, name: str) -> FloatArray:
    """Return a figure of a year: the sum of its months where it is monthly."""
    monthly = results.system.get_variable(name).definition_period == DateUnit.MONTH
    found: FloatArray = results.by_month(name).sum(axis=0) if monthly else results.value(name)
    return found
