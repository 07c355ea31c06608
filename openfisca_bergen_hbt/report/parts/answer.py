"""What is read first of a comparison: its answer in a sentence, its figures, and what overturns it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.comparison import Comparison, Run, knows_frame
from openfisca_bergen_hbt.analysis.conclusions import Tested
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.values import written as value_written
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.paper import Answer, Column, Figure
from openfisca_bergen_hbt.report.parts import findings, statements
from openfisca_bergen_hbt.report.parts.about import described
from openfisca_bergen_hbt.report.parts.figures import (
    HEADED,
    NO_FRAME,
    TOO_FEW,
    Groups,
    gains,
    groups,
    hides_amounts,
    total,
    total_cell,
)
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.text import names, numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The figures of the answer, in the order that they follow from each other.
COST, FRAME, OVER = "etat_aktivitetskostnad", "etat_ramme_i_alt", "etat_merforbruk"
HANDED_OUT, LEFT = "etat_samlet_tildeling", "etat_igjen_sentralt"
SHOWN = {
    COST: to_say("Timene koster"),
    FRAME: to_say("Rammen"),
    OVER: to_say("Merforbruk"),
    HANDED_OUT: to_say("Delt ut"),
    LEFT: to_say("Igjen sentralt"),
}
#: How it is said that more is handed out than the frame.
BROKEN = to_say("Rammen er brutt")
#: What is said of the first decision without the second.
ALONE = to_say("Det er et regnestykke, og var aldri regelen for et budsjett (T-26).")
#: Who gets most more, or most less, by a change.
MOST_MORE, MOST_LESS = to_say("Mest mer: {name} ({change} kr)."), to_say("Mest mindre: {name} ({change} kr).")
#: What a change hands out, against the same regulation without it.
HANDED_OUT_MORE = to_say("Mot «{title}» uten endringen deles det ut {amount} kr mer")
HANDED_OUT_LESS = to_say("Mot «{title}» uten endringen deles det ut {amount} kr mindre")
HANDED_OUT_ALIKE = to_say("Mot «{title}» uten endringen deles det ut like mye")
#: What is said of an answer that nobody has tested.
UNTRIED = to_say("Det er ikke prøvd hvilke lesninger som snur svaret.")
UNTRIED_CHANGE = to_say("Det er ikke prøvd hvilke lesninger som snur virkningen av endringen.")
NOTHING_TURNS = to_say("Hvert utsagn om svaret holder i nesten alle trekkene, og ingen lesning snur noe av det.")


def answer(compared: Comparison, known: Sequence[Tested] | None, bands_of: Comparison | None = None) -> Answer:
    """Return the answer of a comparison; of two regulations of which the last is the first with a change, of that.

    Args:
        compared: what is compared.
        known: its conclusions with what they survive; None where they are untried.
        bands_of: the comparison that has the bands of the last regulation, where it is another one.
    """
    first, last = compared.runs[0], compared.runs[-1]
    changes = changed(first, last) if bands_of is not None else []
    figures = [
        _figure(name, last, bands_of or compared, first if changes else None)
        for name in SHOWN
        if name != OVER or knows_frame(compared.population, compared.year)
    ]
    title = "; ".join(changes) or " → ".join(run.version.title for run in compared.runs)
    sentence = say(TOO_FEW) if hides_amounts(compared) else _of_change(compared) if changes else _of_frame(compared)
    doubt = say(UNTRIED_CHANGE) if changes and known is None else _doubt(known)
    return Answer(title, sentence, broken(compared), lacking(compared), figures, doubt)


def for_years(found: Years) -> Answer:
    """Return the answer of several years, with the figures of the last."""
    last = found.comparisons[-1]
    of_last = answer(last, None)
    figures = [
        replace(figure, heading=say("{figure} i {year}").format(figure=figure.heading, year=last.year))
        for figure in of_last.figures
    ]
    span = say("{first} til {last}, hvert år under sin egen lov").format(first=found.years[0].year, last=last.year)
    lacking = [f"{one.year}: {line}" for one in found.comparisons for line in findings.first_lines(one)]
    said = rests_on(last)
    return Answer(span, of_years(found), [], lacking, figures, say(UNTRIED), said, ("years",))


def of_years(found: Years) -> str:
    """Return the answer of several years in a sentence."""
    known = [(one.year, one.overspend) for one in found.years if one.overspend is not None]
    said = [
        say("I {year} koster vedtakstimene {over}").format(year=year, over=_beyond(float(over))) for year, over in known
    ]
    others = [str(one.year) for one in found.years if one.overspend is None]
    unknown = (
        say("{no_frame} for {others} (T-21)").format(no_frame=say(NO_FRAME), others=", ".join(others)) if others else ""
    )
    return f"{'; '.join(filter(None, [*said, unknown]))}."


def changed(first: Run, last: Run) -> list[str]:
    """Return what is otherwise in a regulation than in another: each number from what to what, decisions, readings."""
    said = []
    for change in _proposed(last.version):
        parameter = names.find_parameter(first.results.system, change.parameter)
        before, unit = parameter.get_at_instant(change.start.isoformat()), parameter.metadata["unit"]
        said.append(
            f"{say(parameter.description)}: {value_written(before, unit)} → {value_written(change.value, unit)}"
        )
    then, now = first.version, last.version
    said += [
        say("lest «{title}»").format(title=say(reading.short_title))
        for reading in now.readings
        if reading not in then.readings
    ]
    return said + [
        say("uten «{title}»").format(title=say(decision.short_title))
        for decision in now.left_out
        if decision not in then.left_out
    ]


def _proposed(version: Version) -> Iterable[Change]:
    """Return what the proposals of a regulation change: of a number that two of them change, what the last says."""
    every = [change for proposal in version.proposals for change in proposal.changes]
    return {(change.parameter, change.start): change for change in every}.values()


def rests_on(compared: Comparison) -> list[str]:
    """Return what an answer rests on, a sentence each: whom it is about, and how much of it is assumed."""
    found = compared.foundations()
    assumed = say(
        "For {year} er {assumptions} tall antatt, avledet eller foreslått, og {interpretations} "
        "tolkninger er lagt til grunn der kildene er tause."
    ).format(year=compared.year, assumptions=len(found.assumptions), interpretations=len(found.interpretations))
    return [described(compared.population, suppression=compared.suppression), assumed]


def broken(compared: Comparison) -> list[str]:
    """Return where more is handed out than the frame, a line each: by hours without a cap, or by the reserve."""
    lines = []
    known = not hides_amounts(compared) and knows_frame(compared.population, compared.year)
    for version, over in ((run.version, -total(run, LEFT)) for run in compared.runs):
        if known and over > 0 and "etat_reserve_saldo" in version.not_brought:
            by = say(
                "«{title}» deler ut {over} kr mer enn rammen, fordi pengene følger timene uten tak (T-27)."
            ).format(title=version.short_title, over=numbers.whole(over))
            lines.append(f"{say(BROKEN)}: {by}{_alone(version, compared.year)}")
    said = findings.first_lines(compared)
    return lines + [f"{say(BROKEN)}: {line[0].lower()}{line[1:]}" for line in said if findings.is_overdrawn(line)]


def lacking(compared: Comparison) -> list[str]:
    """Return what else is lacking, a line each: claims that are not met, money that nobody could be given."""
    return [line for line in findings.first_lines(compared) if not findings.is_overdrawn(line)]


def _alone(version: Version, year: int) -> str:
    """Return that the first decision without the second, which works from the same day, was no year's rule (T-26)."""
    first, second, *_ = decisions()
    alone = version.decisions == (first,) and year >= second.in_force.year
    return f" {say(ALONE)}" if alone else ""


def _figure(name: str, run: Run, bands_of: Comparison, before: Run | None) -> Figure:
    column = Column(SHOWN[name], HEADED.get(name, ("", "kr"))[1])
    now, cell = total(run, name), total_cell(bands_of, run, name)
    if cell is None:
        return Figure(name, say(SHOWN[name]), MARK, "", "", None)
    text, _, band = written(cell, column).partition("\n")
    was = total(before, name) if before else now
    return Figure(name, say(SHOWN[name]), text, band, "" if was == now else numbers.whole(was), now)


def _beyond(over: float) -> str:
    beyond = say("{over} kr mer enn rammen") if over > 0 else say("{over} kr mindre enn rammen")
    return beyond.format(over=numbers.whole(abs(over)))


def _of_frame(compared: Comparison) -> str:
    """Return whether the frame holds, what is handed out of it, and what is left."""
    last = compared.runs[-1]
    over, frame = total(last, OVER), total(last, FRAME)
    cost = say("Vedtakstimene i {year} koster {beyond}").format(year=compared.year, beyond=_beyond(over))
    if not knows_frame(compared.population, compared.year):
        cost = say("For {year} er det {no_frame} å holde timene opp mot (T-21)")
        cost = cost.format(year=compared.year, no_frame=say(NO_FRAME))
    elif frame > 0:
        cost += f" ({numbers.percent(abs(over) / frame)})"
    if compared.published_overspend() is not None:
        cost += f", {say(findings.CALIBRATED)}"
    handed = say("«{title}» deler ut {amount} kr").format(
        title=last.version.short_title, amount=numbers.whole(total(last, HANDED_OUT))
    )
    return f"{cost}. {handed}{_left(last)}."


def _left(run: Run) -> str:
    left = total(run, LEFT)
    return f", {say('og {left} kr blir igjen sentralt').format(left=numbers.whole(left))}" if left > 0 else ""


def _of_change(compared: Comparison) -> str:
    """Return what a change does against the same regulation without it."""
    first, last = compared.runs[0], compared.runs[-1]
    more = total(last, HANDED_OUT) - total(first, HANDED_OUT)
    by, change = groups(compared), gains(compared, first, last)
    if not change.any() and not more:
        still = say("Endringen flytter ingen krone mellom {groups} i {year}")
        return f"{still.format(groups=by.plural, year=compared.year)}{_left(last)}."
    handed = HANDED_OUT_MORE if more > 0 else HANDED_OUT_LESS if more else HANDED_OUT_ALIKE
    said = say(handed).format(title=first.version.short_title, amount=numbers.whole(abs(more)))
    return " ".join([f"{said}{_left(last)}.", *who_gains_most(by, change)])


def who_gains_most(by: Groups, change: FloatArray) -> list[str]:
    """Return who gets most more, and who most less, by a change, a sentence each."""
    return [
        say(end).format(name=by.names[place], change=numbers.signed(change[place]))
        for place, end, sign in ((int(change.argmax()), MOST_MORE, 1), (int(change.argmin()), MOST_LESS, -1))
        if change[place] * sign > 0
    ]


def _doubt(known: Sequence[Tested] | None) -> str:
    if known is None:
        return say(UNTRIED)
    weak = [statements.in_short(one) for one in known if not one.survives]
    return (
        say("Usikkert (andel av trekkene, tolkning som snur det): {weak}.").format(weak="; ".join(weak))
        if weak
        else say(NOTHING_TURNS)
    )
