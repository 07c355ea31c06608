"""The statements of the embedded years, tested beforehand, so that ``compare`` need not draw (``data/utsagn.csv``)."""

from __future__ import annotations

from collections.abc import Mapping

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.conclusions import Statement, Tested, Turn
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import CARRIED_FORWARD, MOVING, SYNTHETIC
from openfisca_bergen_hbt.text.language import Told

#: The embedded examples by what is said of their users, in a year of their own or carried forward.
EXAMPLES: dict[str, str] = {
    Told(SYNTHETIC, about, later): example
    for example, about in (("publisert", ""), ("bevegelse", MOVING))
    for later in ("", CARRIED_FORWARD)
}
#: What stands between several of a kind in a cell.
BETWEEN = "; "


def tested(compared: Comparison) -> list[Tested] | None:
    """Return the conclusions of a comparison with what they survive; None where they have not been tested.

    They have been where draws were asked for; and for all decisions on the embedded users of a year, as they are.
    """
    if compared.sureness is not None:
        return list(compared.sureness.statements)
    people = compared.population
    example, own_frame = EXAMPLES.get(people.description), "etat_budsjettramme" in people.agencies
    if example is None or own_frame or [run.version for run in compared.runs] != versions():
        return None
    mine = (example, str(compared.year))
    return [from_row(row) for row in data.rows("utsagn") if (row["eksempel"], row["aar"]) == mine]


def to_row(example: str, year: int, one: Tested) -> dict[str, str]:
    """Return a tested statement as a row of the shipped table."""
    return {
        "eksempel": example,
        "aar": str(year),
        "om": one.statement.about,
        "fortegn": str(one.statement.sign),
        "enhet": one.statement.unit,
        "andel": f"{one.share:.3f}",
        "snur_ved": BETWEEN.join(f"{turn.parameter} {turn.value:.5g}" for turn in one.turns),
        "snus_av": BETWEEN.join(one.overturned_by),
    }


def from_row(row: Mapping[str, str]) -> Tested:
    """Return the tested statement of a row of the shipped table."""
    turns = (turn.split(" ") for turn in row["snur_ved"].split(BETWEEN) if turn)
    return Tested(
        Statement(row["om"], int(row["fortegn"]), row["enhet"]),
        float(row["andel"]),
        tuple(Turn(parameter, float(value)) for parameter, value in turns),
        tuple(reading for reading in row["snus_av"].split(BETWEEN) if reading),
    )
