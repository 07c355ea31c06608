"""The most important figures of a comparison in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, Run, knows_frame
from openfisca_bergen_hbt.analysis.conclusions import ENOUGH
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population.embedded import EXAMPLES
from openfisca_bergen_hbt.regelverk import readings
from openfisca_bergen_hbt.report.parts import findings, statements
from openfisca_bergen_hbt.report.parts.figures import (
    NO_FRAME,
    TOO_FEW,
    columns,
    gains,
    groups,
    hides_amounts,
    total,
    totals,
)
from openfisca_bergen_hbt.report.subjects.compare.areas import rests_on_own_norms
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.vedtak import Reading

#: Who gains, or loses, the most; and who does so surely.
MOST_UP = to_say("Fra «{title}» går {name} mest opp: {change} kr ({share})")
MOST_DOWN = to_say("Fra «{title}» går {name} mest ned: {change} kr ({share})")
SURE_UP = to_say(
    "{name} får mer enn etter «{title}»: {change} kr ({share}), i minst {share_of_draws} av trekkene og under hver "
    "lesning."
)
SURE_DOWN = to_say(
    "{name} får mindre enn etter «{title}»: {change} kr ({share}), i minst {share_of_draws} av trekkene og under hver "
    "lesning."
)


def headlines(compared: Comparison) -> list[str]:
    """Return the most important figures in words."""
    if hides_amounts(compared):
        return [say(TOO_FEW)]
    first, last = compared.runs[0], compared.runs[-1]
    given = say("Etter «{title}» deles det ut {handed_out} kr til enhetene.").format(
        title=last.version.title, handed_out=numbers.whole(total(last, "etat_samlet_tildeling"))
    )
    found = [_cost_and_frame(compared, last), *findings.together(compared), given]
    if len(columns(compared)) == 1:
        if first is not last:
            found.append(say("Ingen av regelverkene flytter penger mellom dem som får."))
        return found
    return [*found, *_most(compared)]


def _cost_and_frame(compared: Comparison, last: Run) -> str:
    """Return what the hours cost, and what that is beside the frame, where one is known."""
    _, cost, frame, _, over = totals(last)
    costs = say("Vedtakstimene i {year} koster {cost} kr").format(year=compared.year, cost=numbers.whole(cost))
    if not knows_frame(compared.population, compared.year):
        return say("{costs} etter prisen for 2019; {no_frame} for {year} (T-21).").format(
            costs=costs, no_frame=say(NO_FRAME), year=compared.year
        )
    beside = (
        say("Det er {over} kr mer enn den disponible rammen på {frame} kr")
        if over > 0
        else say("Det er {over} kr mindre enn den disponible rammen på {frame} kr")
    ).format(over=numbers.whole(abs(over)), frame=numbers.whole(frame))
    if frame > 0:
        beside += say(" ({share} av rammen)").format(share=numbers.percent(abs(over) / frame))
    if compared.published_overspend() is not None:
        beside += f" ({say(findings.CALIBRATED)})"
    return f"{costs}. {beside}."


def _most(compared: Comparison) -> list[str]:
    """Return who gains most and who loses most, of those whose amounts are shown."""
    found: list[str] = []
    first, last, by = compared.runs[0], compared.runs[-1], groups(compared)
    before, after = by.values(first.results, GIVEN), by.values(last.results, GIVEN)
    change, surviving = gains(compared, first, last), statements.surviving_units(compared)
    for place, most, sure_to, sign in (
        (int(change.argmax()), say(MOST_UP), say(SURE_UP), 1),
        (int(change.argmin()), say(MOST_DOWN), say(SURE_DOWN), -1),
    ):
        if change[place] * sign > 0:
            rests_on = _rests_on(compared, place, float(after[place]))
            said = f"{most.format(name=by.names[place], **_change(compared, change, before, place))}{rests_on}."
            if surviving is None or statements.is_surest(compared, sign):
                found.append(said)
                continue
            # A headline that does not survive is none: the next one that does takes its place, and it is marked.
            ordered = [by.names[number] for number in (-change * sign).argsort() if change[number] * sign > 0]
            if sure := [name for name in ordered if name in surviving]:
                number, share = list(by.names).index(sure[0]), statements.share_in_words(ENOUGH)
                found.append(
                    sure_to.format(name=sure[0], share_of_draws=share, **_change(compared, change, before, number))
                )
            found.append(f"{say(statements.MARK)}: {said}")
    return found


def _change(compared: Comparison, change: FloatArray, before: FloatArray, place: int) -> dict[str, str]:
    """Return what is said of one of those who gain or lose: since when, how much, and how much that is."""
    return {
        "title": compared.runs[0].version.title,
        "change": numbers.signed(change[place]),
        "share": numbers.signed_percent(change[place], before[place]),
    }


def _rests_on(compared: Comparison, place: int, after: float) -> str:
    """Return what a change from norm times rests on: whose time per visit is the norm (T-22), beside its rivals."""
    if not rests_on_own_norms(compared):
        return ""
    rivals = []
    for reading in (reading for reading in readings() if reading.of_population):
        before = float(_given_under(compared, reading)[place])
        rivals.append(f"{say(reading.short_title)} {numbers.signed_percent(after - before, before)}")
    given = say("gitt områdets egen tid per besøk i 2017 (T-22). Lest på andre måter: {rivals}")
    return f", {given.format(rivals='; '.join(rivals))}"


def _given_under(compared: Comparison, reading: type[Reading]) -> FloatArray:
    """Return what the first regulation, read in another way, gives each area; of an embedded example found out once."""
    found = (name for name, example in EXAMPLES.items() if example(compared.year) is compared.population)
    if name := next(found, None):
        return _given_by(replace(compared.runs[0].version, readings=(reading,)), name, compared.year)
    return groups(compared).values(compared.first_under(reading), GIVEN)


@lru_cache(maxsize=64)
def _given_by(version: Version, example: str, year: int) -> FloatArray:
    compared = Comparison(EXAMPLES[example](year), year, [version])
    return groups(compared).values(compared.runs[0].results, GIVEN)
