"""The frames of the agencies: one given for the only agency, or a file with one for each agency and year."""

from __future__ import annotations

from collections.abc import Sequence

import polars

from openfisca_bergen_hbt.intake.problems import Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.population.table import ONE_AGENCY
from openfisca_bergen_hbt.text.language import _
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
        message = _("the frame is given twice, by --agency and by --frame. Give one of them.")
        problems = [Problem(message, file=file.file)] if file else []
        message = _("--frame is for one agency, and there are {number}. Give their frames with --agency.").format(
            number=len(agencies)
        )
        given = {} if isinstance(frame, str) else {agencies[0]: float(frame)}
        notes = [] if given else [_("the frame of Bergen kommune is used (--frame bergen)")]
        return given, notes, [*problems, Problem(message, "etat", file=users)] if several else problems
    if file:
        return _frames_in_file(file, agencies, year)
    if several:
        message = _("there are {number} agencies: give the frame of each with --agency FILE.").format(
            number=len(agencies)
        )
        return {}, [], [Problem(message, "etat", file=users)]
    message = _(
        "no frame is given for {year}. Give it with --frame KR or --agency FILE; --frame bergen "
        "for that of Bergen kommune."
    ).format(year=year)
    return {}, [], [Problem(message, file=users)]


def _frames_in_file(
    file: FileRows, agencies: Sequence[str], year: int
) -> tuple[dict[str, float], list[str], list[Problem]]:
    """Return the frames of a year in a file; the only agency has the name that the file gives it."""
    frames = _by_agency(file, agencies, year, "budsjettramme")
    if not frames:
        message = _("no frame for {year}. Add a row, or give another --year.").format(year=year)
        return {}, [], [Problem(message, "aar", file=file.file)]
    if agencies == [ONE_AGENCY] and len(frames) == 1:
        return frames, [], []
    lacking = [name for name in agencies if name not in frames]
    if lacking:
        message = _("no frame in {year} for: {names}. {hint}").format(
            year=year, names=", ".join(lacking[:3]), hint=nearest(lacking[0], frames)
        )
        return {}, [], [Problem(message, "etat", file=file.file)]
    unknown = ", ".join(name for name in frames if name not in agencies)
    notes = [_("{file}: no users in {unknown}: not used").format(file=file.file, unknown=unknown)] if unknown else []
    return {name: frames[name] for name in agencies}, notes, []


def _by_agency(file: FileRows, agencies: Sequence[str], year: int, column: str) -> dict[str, float]:
    """Return what a column has for each agency in a year, the only one where none is named; nothing without rows."""
    rows = file.rows.filter(polars.col("aar") == year) if "aar" in file.rows.columns else file.rows
    if rows.is_empty():
        return {}
    return dict(zip(rows["etat"] if "etat" in rows.columns else agencies[:1], rows[column], strict=True))


def grants_by_agency(
    file: FileRows | None, agencies: Sequence[str], year: int, users: str
) -> tuple[dict[str, float], list[Problem]]:
    """Return what of the reform's grant each agency gets in a year (empty where none is given), and what is wrong.

    The sources have one agency, which gets all of it (T-20): several have to say.
    """
    if file is None or "tillitsreform_styrking" not in file.rows.columns:
        message = _(
            "the reform's grant went to one agency, and there are several. Add the column "
            "tillitsreform_styrking to the file of --agency: what each gets, 0 for none."
        )
        return {}, [Problem(message, "etat", file=users)] if file and len(agencies) > 1 else []
    found = _by_agency(file, agencies, year, "tillitsreform_styrking")
    return {name: found.get(name, 0.0) for name in agencies}, []
