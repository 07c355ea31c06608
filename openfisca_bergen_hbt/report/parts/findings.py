"""What must be said first of a comparison: a frame that does not hold, and what two decisions do together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy

from openfisca_bergen_hbt.analysis.causes import FIRST
from openfisca_bergen_hbt.analysis.causes.decomposition import FANA, OWN, SUM, growth
from openfisca_bergen_hbt.analysis.comparison import Comparison, Run
from openfisca_bergen_hbt.analysis.history import acts_from
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.parts.about import NOT_HELD_BACK, UNSAFE
from openfisca_bergen_hbt.report.parts.figures import hides_amounts, hides_total, total
from openfisca_bergen_hbt.rules.derived import DERIVED, leaf
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

MONTHS = range(1, 13)
#: The rows that visits are taken from, where the hours' growth is divided.
ROWS = {OWN: to_say("områdenes rader"), FANA: to_say("med Fanas besøk"), SUM: to_say("SUM-radene")}
#: The norm time, which the areas of the embedded population have of their own.
NORM = "normtid.minutter_per_besoek"
OWN_NORMS = to_say(
    "den innebygde befolkningen har hvert områdes egen tid per besøk, så tallet endrer ingenting der; "
    "lesning_t22_27_minutter bruker det"
)
#: What a published figure is that the model was fitted to.
CALIBRATED = to_say("kalibrert, ikke en prøve")


class Overdrawn(str):
    """A line that says that the reserve is overdrawn, and with it the frame."""

    __slots__ = ()


def first_lines(compared: Comparison) -> list[str]:
    """Return what is to be read before any figure: each breach of a frame, with its amount and month, by regulation."""
    found: dict[str, list[str]] = {}
    for run in compared.runs:
        for line in _breaches(compared, run):
            found.setdefault(line, []).append(run.version.short_title)
    of_whom = say("Gjelder: {titles}.")
    said = [(line, f"{line} {of_whom.format(titles=', '.join(titles))}") for line, titles in found.items()]
    return _held_back(compared) + [Overdrawn(whole) if is_overdrawn(line) else whole for line, whole in said]


def is_overdrawn(line: str) -> bool:
    """Return whether one of the first lines says that the reserve is overdrawn."""
    return isinstance(line, Overdrawn)


def _held_back(compared: Comparison) -> list[str]:
    """Return how many figures that are held back can be reckoned back; or, of own data, that none is held back."""
    if not compared.suppression:
        return [say(NOT_HELD_BACK)] if compared.population.personal else []
    known = compared.unsafe
    if not known.held:
        return []
    return [say(UNSAFE).format(unsafe=numbers.whole(known.unsafe), held=numbers.whole(known.held))]


def _breaches(compared: Comparison, run: Run) -> Iterator[str]:
    results = run.results
    if "etat_reserve_saldo" in run.version.not_brought:
        return
    overdrawn = -results.value("etat_reserve_saldo").clip(max=0).sum()
    if overdrawn > 0 and not hides_total(compared, "etat_reserve_saldo"):
        said = say("Reserven er overtrukket med {amount} kr: det er delt ut mer enn rammen.")
        yield Overdrawn(said.format(amount=numbers.whole(overdrawn)))
    unmet = results.by_month("etat_udekket_over_80").sum(axis=1)
    if unmet.any() and not hides_total(compared, "etat_udekket_over_80"):
        month = next(month for month in MONTHS if unmet[month - 1] > 0)
        said = say(
            "Krav for {amount} kr for brukere over 80 timer er ikke dekket: potten rakk ikke lenger enn til {month}."
        )
        yield said.format(amount=numbers.whole(unmet.sum()), month=numbers.month_name(month))
    undistributed = results.value("etat_ufordelt").sum()
    if undistributed > 0 and not hides_total(compared, "etat_ufordelt"):
        said = say("{amount} kr er ikke delt ut, fordi ingen enhet kunne få dem.")
        yield said.format(amount=numbers.whole(undistributed))


def why_hours_grew(compared: Comparison) -> list[str]:
    """Return why the published hours grew since the first year: a line for each set of rows for the visits."""
    if not compared.population.matches_published or compared.year == FIRST:
        return []
    lines = []
    for one in (one for one in growth(FIRST, compared.year) if one.area == SUM):
        users, visits, hours = map(numbers.signed, (one.brukere, one.besoek_per_bruker, one.timer_per_besoek))
        parts = say("brukere {users}, besøk/bruker {visits}, timer/besøk {hours}")
        parts = parts.format(users=users, visits=visits, hours=hours)
        line = say("{hours} timer fra {first}: {parts} ({rows})")
        growth_in_all = numbers.signed(one.hours)
        lines.append(line.format(hours=growth_in_all, first=FIRST, parts=parts, rows=say(ROWS[one.rows])))
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
            acts = say("{parameter} gjør ingenting: {fixed} har gitt tallet")
        elif day is None:
            acts = say("{parameter} virker aldri: ingen regel leser tallet i den tiden (T-30)")
        else:
            acts = say("{parameter} virker fra {day}")
        since = day and numbers.date_text(day)
        said.append(acts.format(parameter=change.parameter, fixed=fixed, day=since))
        if change.parameter in DERIVED and compared.published_overspend() is not None:
            sources = ", ".join(leaf(system.parameters, change.parameter).metadata["derived_from"])
            follows = say(
                "{parameter} er utledet av det publiserte merforbruket ({sources}), som modellen da ikke lenger gir"
            )
            said.append(follows.format(parameter=change.parameter, sources=sources))
        if change.parameter == NORM and compared.population.made_for:
            said.append(say(OWN_NORMS))
    return said


def unread(compared: Comparison) -> list[tuple[str, str]]:
    """Return what was asked for or given and does nothing, each with its heading: readings, and inputs."""
    idle: dict[str, list[str]] = {}
    ignored: dict[str, list[str]] = {}
    for run in compared.runs:
        version, given = run.version, {**compared.population.units, **compared.population.agencies}
        for reading in (reading for reading in version.readings if reading not in version.reforms):
            idle.setdefault(say(reading.title), []).append(version.short_title)
        for name in (name for name in given if name in version.not_brought and numpy.any(given[name])):
            label = say(run.results.system.get_variable(name).label)
            ignored.setdefault(label, []).append(version.short_title)
    found, within = [], say("{what} (i {regulations})")
    for heading, said in ((say("Lesninger som ikke gjør noe"), idle), (say("Inndata som ikke leses"), ignored)):
        if said:
            told = [within.format(what=what, regulations=", ".join(titles)) for what, titles in said.items()]
            found.append((heading, "; ".join(told)))
    return found


def closing(compared: Comparison, run: Run) -> str:
    """Return how a closed frame adds up, to the krone; an empty text where the frame is open, or a part held back."""
    if "etat_reserve_saldo" in run.version.not_brought or run.results.year < decisions()[1].in_force.year:
        return ""
    if hides_amounts(compared) or hides_total(compared, "etat_rest_pott_over_80"):
        return ""
    parts = {
        "given": run.results.value("etat_samlet_tildeling"),
        "reserve": run.results.value("etat_reserve_saldo"),
        "pot": run.results.value("etat_rest_pott_over_80", 12),
        "undistributed": run.results.value("etat_ufordelt"),
        "frame": run.results.value("etat_ramme_i_alt"),
    }
    added = say("{given} delt ut + {reserve} i reserven + {pot} i potten + {undistributed} ufordelt = {frame} i ramme.")
    return added.format(**{name: numbers.whole(amounts.sum()) for name, amounts in parts.items()})


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
    if not (found := joint(compared)) or hides_amounts(compared):
        return []
    given, given_alone, given_by_both = (total(run, "etat_samlet_tildeling") for run in found)
    *_, alone, both = found
    left, closed = total(both, "etat_igjen_sentralt"), total(both, "etat_ramme_i_alt") - given_alone
    first, second = (say(run.version.decisions[-1].short_title) for run in (alone, both))
    effect = say(
        "«{first}» og «{second}» virker fra samme dag (T-26): til sammen endrer de det som deles ut med {change} kr. "
        "Hvert av dem alene er et regnestykke, og var aldri regelen for et budsjett."
    ).format(first=first, second=second, change=numbers.signed(given_by_both - given))
    parts = say(
        "Av {change} kr i trinn 2 er {closed} kr at rammen lukkes, og {left} kr det som blir liggende "
        "sentralt, mest av en reserve som er antatt (T-5)."
    ).format(
        change=numbers.signed(given_by_both - given_alone), closed=numbers.signed(closed), left=numbers.signed(-left)
    )
    return [effect, parts]
