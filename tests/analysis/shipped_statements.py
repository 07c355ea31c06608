"""Writes the statements that ship for the embedded years: ``python -m tests.analysis.shipped_statements``."""

import csv
import io
from pathlib import Path

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.conclusions.shipped import to_row
from openfisca_bergen_hbt.analysis.sensitivity import QUESTION
from openfisca_bergen_hbt.population.embedded import EXAMPLES, YEARS

FILE = Path(data.__file__).parent / "utsagn.csv"


def rows(example, year):
    """Return the rows of an example in a year, with the draws that ``sensitivity`` does by default."""
    found = QUESTION.run(prepare(QUESTION, Request(question="sensitivity", population=example, year=year)))
    return [to_row(example, year, one) for one in found.statements]


if __name__ == "__main__":
    text = io.StringIO()
    every = [row for example in EXAMPLES for year in YEARS for row in rows(example, year)]
    writer = csv.DictWriter(text, every[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(every)
    FILE.write_text(text.getvalue(), encoding="utf-8")
