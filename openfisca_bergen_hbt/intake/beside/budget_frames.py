"""The frames of the agencies: one given for the only agency, or a file with one for each agency and year."""

from __future__ import annotations

from collections.abc import Sequence

import polars

from openfisca_bergen_hbt.intake.problems import Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.population.table import ONE_AGENCY
from openfisca_bergen_hbt.text.names import nearest


def frames_by_agency(
    frame: int | str | None, file: FileRows | None, agencies: Sequence[str], year: int, users: str
) -> tuple[dict[str, float], list[str], list[Problem]]:
    """Return the frames of a year in kroner (empty where none is given), what is to be said, and what is wrong.

    Either ``frame`` is that of the only agency, in whole kroner, or the regulation's own (``bergen``), or a file has
    them; ``users`` names the users' file.
    """
    several = len(agencies) > 1
    if frame is not None:
        message = "the frame is given twice, by --agency and by --frame. Give one of them."
        problems = [Problem(message, file=file.file)] if file else []
        message = f"--frame is for one etat, and there are {len(agencies)}. Give their frames with --agency."
        given = {} if isinstance(frame, str) else {agencies[0]: float(frame)}
        notes = [] if given else ["the frame of Bergen kommune is used (--frame bergen)"]
        return given, notes, [*problems, Problem(message, "etat", file=users)] if several else problems
    if file:
        return _frames_in_file(file, agencies, year)
    if several:
        message = f"there are {len(agencies)} etater: give the frame of each with --agency FILE."
        return {}, [], [Problem(message, "etat", file=users)]
    message = (
        f"no frame is given for {year}. Give it with --frame KR or --agency FILE; --frame bergen for that of Bergen "
        "kommune."
    )
    return {}, [], [Problem(message, file=users)]


def _frames_in_file(
    file: FileRows, agencies: Sequence[str], year: int
) -> tuple[dict[str, float], list[str], list[Problem]]:
    """Return the frames of a year in a file; the only agency has the name that the file gives it."""
    rows = file.rows.filter(polars.col("aar") == year) if "aar" in file.rows.columns else file.rows
    if rows.is_empty():
        message = f"no frame for {year}. Add a row, or give another --year."
        return {}, [], [Problem(message, "aar", file=file.file)]
    frames = dict(zip(rows["etat"] if "etat" in rows.columns else agencies[:1], rows["budsjettramme"], strict=True))
    if agencies == [ONE_AGENCY] and len(frames) == 1:
        return frames, [], []
    lacking = [name for name in agencies if name not in frames]
    if lacking:
        message = f"no frame in {year} for: {', '.join(lacking[:3])}. {nearest(lacking[0], frames)}"
        return {}, [], [Problem(message, "etat", file=file.file)]
    unknown = ", ".join(name for name in frames if name not in agencies)
    notes = [f"{file.file}: no users in {unknown}: not used"] if unknown else []
    return {name: frames[name] for name in agencies}, notes, []


def grants_by_agency(
    file: FileRows | None, agencies: Sequence[str], year: int, users: str
) -> tuple[dict[str, float], list[Problem]]:
    """Return what of the reform's grant each agency gets in a year (empty where none is given), and what is wrong.

    The sources have one agency, which gets all of it (T-20): several have to say.
    """
    if file is None or "tillitsreform_styrking" not in file.rows.columns:
        message = (
            "the reform's grant went to one etat, and there are several. Add the column tillitsreform_styrking to the "
            "file of --agency: what each gets, 0 for none."
        )
        return {}, [Problem(message, "etat", file=users)] if file and len(agencies) > 1 else []
    rows = file.rows.filter(polars.col("aar") == year) if "aar" in file.rows.columns else file.rows
    names = rows["etat"] if "etat" in rows.columns else agencies[:1]
    found = dict(zip(names, rows["tillitsreform_styrking"], strict=True))
    return {name: found.get(name, 0.0) for name in agencies}, []
