"""The most important figures of a comparison in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, knows_frame
from openfisca_bergen_hbt.analysis.conclusions import ENOUGH
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population.embedded import EXAMPLES
from openfisca_bergen_hbt.regelverk import readings
from openfisca_bergen_hbt.report.parts import findings, statements
from openfisca_bergen_hbt.report.parts.figures import NO_FRAME, TOO_FEW, columns, groups, hides_amounts, totals
from openfisca_bergen_hbt.report.subjects.compare.areas import rests_on_own_norms
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.vedtak import Reading


def headlines(compared: Comparison) -> list[str]:
    """Return the most important figures in words."""
    if hides_amounts(compared):
        return [TOO_FEW]
    first, last = compared.runs[0], compared.runs[-1]
    _, cost, frame, handed_out, over = totals(last)
    share = f" ({numbers.percent(abs(over) / frame)} av rammen)" if frame > 0 else ""
    more_or_less = "mer enn" if over > 0 else "mindre enn"
    cost_and_frame = f"Vedtakstimene i {compared.year} koster {numbers.whole(cost)} kr"
    if knows_frame(compared.population, compared.year):
        cost_and_frame += (
            f". Det er {numbers.whole(abs(over))} kr {more_or_less} den disponible rammen på {numbers.whole(frame)} "
            f"kr{share}"
        )
        if compared.published_overspend() is not None:
            cost_and_frame += f" ({findings.CALIBRATED})"
    else:
        cost_and_frame += f" etter prisen for 2019; {NO_FRAME} for {compared.year} (T-21)"
    cost_and_frame += "."
    given = f"Etter «{last.version.title}» deles det ut {numbers.whole(handed_out)} kr til enhetene."
    found = [cost_and_frame, *findings.together(compared), given]
    if len(columns(compared)) == 1:
        if first is not last:
            found.append("Ingen av regelverkene flytter penger mellom dem som får.")
        return found
    return [*found, *_most(compared)]


def _most(compared: Comparison) -> list[str]:
    """Return who gains most and who loses most, of those whose amounts are shown."""
    found: list[str] = []
    first, last, by = compared.runs[0], compared.runs[-1], groups(compared)
    before, after = by.values(first.results, GIVEN), by.values(last.results, GIVEN)
    change = after - before
    if (hidden := compared.hides(GIVEN, by.level)) is not None:
        change[hidden] = 0
    surviving = statements.surviving_units(compared)
    for place, way, sign in ((int(change.argmax()), "opp", 1), (int(change.argmin()), "ned", -1)):
        if change[place] * sign > 0:
            most = (
                f"Fra «{first.version.title}» går {by.names[place]} mest {way}: {numbers.signed(change[place])} kr "
                f"({numbers.signed_percent(change[place], before[place])})"
                f"{_rests_on(compared, place, float(after[place]))}."
            )
            if surviving is None or statements.is_surest(compared, sign):
                found.append(most)
                continue
            # A headline that does not survive is none: the next one that does takes its place, and it is marked.
            ordered = [by.names[number] for number in (-change * sign).argsort() if change[number] * sign > 0]
            if sure := [name for name in ordered if name in surviving]:
                number = list(by.names).index(sure[0])
                found.append(
                    f"{sure[0]} får {'mer' if sign > 0 else 'mindre'} enn etter «{first.version.title}»: "
                    f"{numbers.signed(change[number])} kr ({numbers.signed_percent(change[number], before[number])}), "
                    f"i minst {statements.share_in_words(ENOUGH)} av trekkene og under hver lesning."
                )
            found.append(f"{statements.MARK}: {most}")
    return found


def _rests_on(compared: Comparison, place: int, after: float) -> str:
    """Return what a change from norm times rests on: whose time per visit is the norm (T-22), beside its rivals."""
    if not rests_on_own_norms(compared):
        return ""
    rivals = []
    for reading in (reading for reading in readings() if reading.of_population):
        before = float(_given_under(compared, reading)[place])
        rivals.append(f"{reading.short_title} {numbers.signed_percent(after - before, before)}")
    return f", gitt områdets egen tid per besøk i 2017 (T-22). Lest på andre måter: {'; '.join(rivals)}"


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
