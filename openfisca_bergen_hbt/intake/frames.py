"""The frames of the agencies: one given for the only agency, or a file with one for each agency and year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import polars

from openfisca_bergen_hbt.intake.file_table import Table
from openfisca_bergen_hbt.intake.findings import Findings
from openfisca_bergen_hbt.population.table import ONE_AGENCY
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.text.names import nearest


def given(frame: int, agencies: Sequence[str], users: str, table: Table | None, findings: Findings) -> FloatArray:
    """Return the frame given on the command line.

    Args:
        frame: whole kroner.
        agencies: the agencies of the users.
        users: the name of the users' file.
        table: the file of frames, which must not be there as well.
        findings: where to add what is wrong.
    """
    if table:
        findings.add(table.file, "", "the frame is given twice, by --agency and by --frame. Give one of them.")
    if len(agencies) > 1:
        message = f"--frame is for one etat, and there are {len(agencies)}. Give their frames with --agency."
        findings.add(users, "etat", message)
    return numpy.array([float(frame)])


def from_file(
    table: Table, agencies: list[str], year: int, notes: list[str], findings: Findings
) -> tuple[list[str], FloatArray]:
    """Return the agencies, the only one with the name that the file gives it, and their frames in a year.

    Args:
        table: the file of frames.
        agencies: the agencies of the users.
        year: the year.
        notes: where to add what is to be said.
        findings: where to add what is wrong.
    """
    none = numpy.zeros(len(agencies))
    frame = table.frame
    if "aar" in frame.columns:
        frame = frame.filter(polars.col("aar") == year)
    if frame.is_empty():
        findings.add(table.file, "aar", f"no frame for {year}. Add a row, or give another --year.")
        return agencies, none
    names = frame["etat"].to_list() if "etat" in frame.columns else agencies[:1]
    by_name = dict(zip(names, frame["budsjettramme"].to_list(), strict=True))
    if agencies == [ONE_AGENCY] and len(by_name) == 1:
        agencies = list(by_name)
    lacking = [name for name in agencies if name not in by_name]
    if lacking:
        message = f"no frame in {year} for: {', '.join(lacking[:3])}. {nearest(lacking[0], by_name)}"
        findings.add(table.file, "etat", message)
        return agencies, none
    if unknown := [name for name in by_name if name not in agencies]:
        notes.append(f"{table.file}: no users in {', '.join(unknown)}: not used")
    return agencies, numpy.array([by_name[name] for name in agencies])
