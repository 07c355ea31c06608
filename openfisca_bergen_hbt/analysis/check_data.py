"""``check-data``: what users of one's own are, when they have passed the checks, and which regulations lack what."""

from __future__ import annotations

from dataclasses import dataclass

from openfisca_bergen_hbt.analysis.asking import Asked, Question
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.systems import runnable
from openfisca_bergen_hbt.law.versions import in_force, versions
from openfisca_bergen_hbt.text.language import marked


@dataclass(frozen=True)
class Checked:
    """Users in order, under the law in force."""

    compared: Comparison
    #: Whether the users are by month.
    by_month: bool
    #: The titles of regulations that can't be run, each with the inputs that it lacks.
    lack: dict[str, str]


def _run(asked: Asked) -> Checked:
    people, files = asked.population, asked.files
    compared = Comparison(people, asked.year, [in_force()], suppression=asked.suppression)
    _, lack = runnable(versions(), people, asked.year)
    return Checked(compared, bool(files and files.has_months), lack)


QUESTION = Question(
    name="check-data",
    about=marked("Check users of your own (CSV, Excel or Parquet), with all that is wrong at once, and describe them."),
    examples=(
        "check-data brukere.csv",
        "check-data brukere.csv --units enheter.csv --frame 1021686820 --format markdown",
    ),
    run=_run,
    bodies=({"users": {"enhet": ["A", "A", "B"], "timer_per_uke": [5, 20, 100]}},),
    takes=("users", "year", "suppression"),
    not_public=marked("It shows what the file holds."),
)
