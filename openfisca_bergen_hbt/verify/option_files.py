"""What the file of an option holds, whether a command line names it or a form sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from openfisca_bergen_hbt.analysis.asking import Question

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.reading import InputFile
    from openfisca_bergen_hbt.intake.sheet import Written


def reads_of(question: Question) -> dict[str, str]:
    """Return what the files of a question's options hold, by the options' names; other options have none."""
    found = {}
    for field in msgspec.structs.fields(question.options):
        kind = inspect.type_info(field.type)
        if isinstance(kind, inspect.Metadata) and (reads := (kind.extra or {}).get("reads")):
            found[field.encode_name] = str(reads)
    return found


def option_in_file(reads: str, file: InputFile, written: Written, year: int) -> dict[str, Any]:
    """Return what an option's file holds.

    Args:
        reads: what it holds, as the option says it: ``allocations`` (what each unit got), ``accounts`` (what each unit
            cost by month), ``inhabitants`` (by age and year), ``record`` (an earlier forecast).
        file: the file.
        written: how it is written, where it has a table.
        year: the calendar year.

    Raises:
        DataError: a file that can't be used, with all that is wrong.
        RecordError: a file that carries no record of a forecast.
    """
    if reads == "accounts":
        from openfisca_bergen_hbt.intake.beside.amounts import read_accounts  # polars takes its time to import

        return dict(read_accounts(file, written, year))
    if reads == "inhabitants":
        from openfisca_bergen_hbt.intake.beside.inhabitants import read_inhabitants

        return dict(read_inhabitants(file, written))
    if reads == "record":
        from openfisca_bergen_hbt.verify.rerun import earlier_forecast

        return earlier_forecast(file)
    from openfisca_bergen_hbt.intake.microdata import read_allocations

    return dict(read_allocations(file, written, year))
