"""What must be said first of a comparison: a frame that does not hold, and what two decisions do together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy

from openfisca_bergen_hbt.analysis.causes import FIRST
from openfisca_bergen_hbt.analysis.causes.decomposition import FANA, OWN, SUM, growth
from openfisca_bergen_hbt.analysis.comparison import Comparison, Run
from openfisca_bergen_hbt.analysis.history import acts_from
from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.parts.figures import NOT_HELD_BACK, UNSAFE
from openfisca_bergen_hbt.rules.derived import DERIVED, leaf
from openfisca_bergen_hbt.text import numbers

MONTHS = range(1, 13)
#: The rows that visits are taken from, where the hours' growth is divided.
ROWS = {OWN: "områdenes rader", FANA: "med Fanas besøk", SUM: "SUM-radene"}
#: The norm time, which the areas of the embedded population have of their own.
NORM = "normtid.minutter_per_besoek"
OWN_NORMS = (
    "den innebygde befolkningen har hvert områdes egen tid per besøk, så tallet endrer ingenting der; "
    "lesning_t22_27_minutter bruker det"
)
#: What a published figure is that the model was fitted to.
CALIBRATED = "kalibrert, ikke en prøve"
#: How a breach of the frame by the reserve begins.
OVERDRAWN = "Reserven er overtrukket"


def first_lines(compared: Comparison) -> list[str]:
    """Return what is to be read before any figure: each breach of a frame, with its amount and month, by regulation."""
    found: dict[str, list[str]] = {}
    for run in compared.runs:
        for line in _breaches(compared, run):
            found.setdefault(line, []).append(run.version.short_title)
    return _held_back(compared) + [f"{line} Gjelder: {', '.join(titles)}." for line, titles in found.items()]


def _held_back(compared: Comparison) -> list[str]:
    """Return how many figures that are held back can be reckoned back; or, of own data, that none is held back."""
    if not compared.suppression:
        return [NOT_HELD_BACK] if compared.population.personal else []
    known = compared.unsafe
    if not known.held:
        return []
    return [UNSAFE.format(unsafe=numbers.whole(known.unsafe), held=numbers.whole(known.held))]


def _shows(compared: Comparison, *amounts: str) -> bool:
    """Return whether amounts of all etater are shown, and not held back."""
    hidden = [compared.hides(name, "sum") for name in amounts]
    return not any(mask is not None and mask.any() for mask in hidden)


def _breaches(compared: Comparison, run: Run) -> Iterator[str]:
    results = run.results
    if "etat_reserve_saldo" in run.version.not_brought:
        return
    overdrawn = -results.value("etat_reserve_saldo").clip(max=0).sum()
    if overdrawn > 0 and _shows(compared, "etat_reserve_saldo"):
        yield f"{OVERDRAWN} med {numbers.whole(overdrawn)} kr: det er delt ut mer enn rammen."
    unmet = results.by_month("etat_udekket_over_80").sum(axis=1)
    if unmet.any() and _shows(compared, "etat_udekket_over_80"):
        month = next(month for month in MONTHS if unmet[month - 1] > 0)
        yield (
            f"Krav for {numbers.whole(unmet.sum())} kr for brukere over 80 timer er ikke dekket: potten rakk ikke "
            f"lenger enn til {numbers.month_name(month)}."
        )
    undistributed = results.value("etat_ufordelt").sum()
    if undistributed > 0 and _shows(compared, "etat_ufordelt"):
        yield f"{numbers.whole(undistributed)} kr er ikke delt ut, fordi ingen enhet kunne få dem."


def why_hours_grew(compared: Comparison) -> list[str]:
    """Return why the published hours grew since the first year: a line for each set of rows for the visits."""
    if not compared.population.matches_published or compared.year == FIRST:
        return []
    lines = []
    for one in (one for one in growth(FIRST, compared.year) if one.area == SUM):
        users, visits, hours = map(numbers.signed, (one.brukere, one.besoek_per_bruker, one.timer_per_besoek))
        parts = f"brukere {users}, besøk/bruker {visits}, timer/besøk {hours}"
        lines.append(f"{numbers.signed(one.hours)} timer fra {FIRST}: {parts} ({ROWS[one.rows]})")
    return lines


def acting(compared: Comparison) -> str:
    """Return from when each number that proposals change acts, or that it never does, and what a reading has fixed."""
    return "; ".join(dict.fromkeys(line for run in compared.runs for line in acting_in(compared, run)))


def acting_in(compared: Comparison, run: Run) -> list[str]:
    """Return the same of a single regulation, a line for each thing to be said."""
    said = []
    system, unchanged = run.results.system, SYSTEMS.system(replace(run.version, proposals=()))
    for change in dict.fromkeys(change for proposal in run.version.proposals for change in proposal.changes):
        fixed = leaf(system.parameters, change.parameter).metadata.get("fixed_by")
        day = None if fixed else acts_from(unchanged, change)
        if fixed:
            said.append(f"{change.parameter} gjør ingenting: {fixed} har gitt tallet")
        elif day is None:
            said.append(f"{change.parameter} virker aldri: ingen regel leser tallet i den tiden (T-30)")
        else:
            said.append(f"{change.parameter} virker fra {numbers.date_text(day)}")
        if change.parameter in DERIVED and compared.published_overspend() is not None:
            sources = ", ".join(followed(system, change))
            follows = f"{change.parameter} er utledet av det publiserte merforbruket ({sources})"
            said.append(f"{follows}, som modellen da ikke lenger gir")
        if change.parameter == NORM and compared.population.made_for:
            said.append(OWN_NORMS)
    return said


def unread(compared: Comparison) -> list[tuple[str, str]]:
    """Return what was asked for or given and does nothing, each with its heading: readings, and inputs."""
    idle: dict[str, list[str]] = {}
    ignored: dict[str, list[str]] = {}
    for run in compared.runs:
        version, given = run.version, {**compared.population.units, **compared.population.agencies}
        for reading in (reading for reading in version.readings if reading not in version.reforms):
            idle.setdefault(reading.title, []).append(version.short_title)
        for name in (name for name in given if name in version.not_brought and numpy.any(given[name])):
            ignored.setdefault(run.results.system.get_variable(name).label, []).append(version.short_title)
    found = []
    for heading, said in (("Lesninger som ikke gjør noe", idle), ("Inndata som ikke leses", ignored)):
        if said:
            found.append((heading, "; ".join(f"{what} (i {', '.join(titles)})" for what, titles in said.items())))
    return found


def followed(system: Any, change: Change) -> list[str]:
    """Return the numbers that a changed one is derived from."""
    found: list[str] = leaf(system.parameters, change.parameter).metadata["derived_from"]
    return found


def closing(compared: Comparison, run: Run) -> str:
    """Return how a closed frame adds up, to the krone; an empty text where the frame is open, or a part held back."""
    if "etat_reserve_saldo" in run.version.not_brought or run.results.year < decisions()[1].in_force.year:
        return ""
    if not _shows(compared, "etat_samlet_tildeling", "etat_rest_pott_over_80"):
        return ""
    parts = {
        "delt ut": run.results.value("etat_samlet_tildeling"),
        "i reserven": run.results.value("etat_reserve_saldo"),
        "i potten": run.results.value("etat_rest_pott_over_80", 12),
        "ufordelt": run.results.value("etat_ufordelt"),
    }
    added = " + ".join(f"{numbers.whole(amounts.sum())} {name}" for name, amounts in parts.items())
    return f"{added} = {numbers.whole(run.results.value('etat_ramme_i_alt').sum())} i ramme."


def joint(compared: Comparison) -> tuple[Run, Run, Run] | None:
    """Return the foundation, the first decision on it, and the first two, where they are among what is compared.

    The sources do not tell the effects of the two apart (T-26).
    """
    first, second = decisions()[:2]
    by_last = {run.version.decisions[-1:]: run for run in reversed(compared.runs) if not run.version.proposals}
    found = [by_last[last] for last in ((), (first,), (second,)) if last in by_last]
    if compared.year < second.in_force.year:
        return None
    match found:
        case [before, alone, both]:
            return before, alone, both
    return None


def together(compared: Comparison) -> list[str]:
    """Return what the first two decisions do together, and how much of the second is arithmetic on an assumption."""
    if not (found := joint(compared)) or not _shows(compared, "etat_samlet_tildeling"):
        return []
    before, alone, both = found

    def given(run: Run) -> float:
        return float(run.results.value("etat_samlet_tildeling").sum())

    left = float(both.results.value("etat_igjen_sentralt").sum())
    closed = float(both.results.value("etat_ramme_i_alt").sum()) - given(alone)
    names = [f"«{run.version.decisions[-1].short_title}»" for run in (alone, both)]
    effect = (
        f"{' og '.join(names)} virker fra samme dag (T-26): til sammen endrer de det som deles ut med "
        f"{numbers.signed(given(both) - given(before))} kr. Hvert av dem alene er et regnestykke, og var aldri regelen "
        "for et budsjett."
    )
    parts = (
        f"Av {numbers.signed(given(both) - given(alone))} kr i trinn 2 er {numbers.signed(closed)} kr at rammen "
        f"lukkes, og {numbers.signed(-left)} kr det som blir liggende sentralt, mest av en reserve som er antatt (T-5)."
    )
    return [effect, parts]
