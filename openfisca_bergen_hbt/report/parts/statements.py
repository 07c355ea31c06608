"""Conclusions in words, each with how far it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.conclusions import (
    ENOUGH,
    HANDED_OUT,
    LEFT,
    MOST_DOWN,
    MOST_UP,
    OVERSPEND,
    UNIT,
    Statement,
    Tested,
)
from openfisca_bergen_hbt.analysis.conclusions.shipped import tested
from openfisca_bergen_hbt.regelverk import readings
from openfisca_bergen_hbt.report.paper import Cell, Column, Section, Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What is said of all units together, by what it is about and which way it goes.
OF_ALL = {
    (OVERSPEND, 1): to_say("Vedtakstimene koster mer enn rammen"),
    (OVERSPEND, -1): to_say("Vedtakstimene koster mindre enn rammen"),
    (OVERSPEND, 0): to_say("Vedtakstimene koster det samme som rammen"),
    (LEFT, 1): to_say("Det blir penger igjen sentralt"),
    (LEFT, -1): to_say("Det er delt ut mer enn rammen"),
    (HANDED_OUT, 1): to_say("Det deles ut mer enn etter «{first}»"),
    (HANDED_OUT, -1): to_say("Det deles ut mindre enn etter «{first}»"),
}
MOST = {MOST_UP: to_say("{unit} går mest opp fra «{first}»"), MOST_DOWN: to_say("{unit} går mest ned fra «{first}»")}
MORE_THAN, LESS_THAN = to_say("{unit} får mer enn etter «{first}»"), to_say("{unit} får mindre enn etter «{first}»")
#: The same in a few words, by what it is about, and whether it is more or less.
SHORT = {
    (HANDED_OUT, True): to_say("mer delt ut"),
    (HANDED_OUT, False): to_say("mindre delt ut"),
    (LEFT, True): to_say("penger igjen"),
    (LEFT, False): to_say("penger igjen"),
    (OVERSPEND, True): to_say("merforbruk"),
    (OVERSPEND, False): to_say("merforbruk"),
    (MOST_UP, True): to_say("{unit} mest opp"),
    (MOST_UP, False): to_say("{unit} mest opp"),
    (MOST_DOWN, True): to_say("{unit} mest ned"),
    (MOST_DOWN, False): to_say("{unit} mest ned"),
    (UNIT, True): to_say("{unit} mer"),
    (UNIT, False): to_say("{unit} mindre"),
}
MARK = to_say("USIKKERT")
#: What is said of conclusions that nobody has tested.
NOT_TRIED = to_say("Ikke prøvd: bergen-hbt sensitivity med de samme valgene viser hvilke utsagn som står seg.")


def in_words(statement: Statement, first: str) -> str:
    """Return a statement as a sentence without a stop; ``first`` is the title of what the last is compared with."""
    if statement.about in MOST:
        return say(MOST[statement.about]).format(unit=statement.unit, first=first)
    if statement.unit:
        than_after = MORE_THAN if statement.sign > 0 else LESS_THAN
        return say(than_after).format(unit=statement.unit, first=first)
    return say(OF_ALL[statement.about, statement.sign]).format(first=first)


def share_in_words(share: float | None) -> str:
    """Return a share of draws in whole per cent: ranges are judgements, and decimals would say more than is known."""
    if share is None:
        return say("ikke trukket")
    if 0 < share < 1:
        share = min(max(share, 0.01), 0.99)
    return numbers.whole_percent(share)


#: What a statement that survives does.
SURVIVES = to_say("Et utsagn står seg når det holder i {enough} av trekkene og ingen lesning snur det.")


def short_reading(name: str) -> str:
    """Return the id of a reading as tables show it."""
    return name.removeprefix("lesning_")


def doubt(one: Tested) -> str:
    """Return in how many draws a statement holds, and which readings overturn it."""
    drawn = "" if one.share is None else say("holder i {share} av trekkene").format(share=share_in_words(one.share))
    read = (
        say("snus av {readings}").format(readings=", ".join(map(short_reading, one.overturned_by)))
        if one.overturned_by
        else ""
    )
    return "; ".join(filter(None, [drawn, read]))


def marked(one: Tested, first: str) -> str:
    """Return a statement that does not survive as a sentence that says so."""
    return f"{say(MARK)}: {in_words(one.statement, first)} ({doubt(one)})."


def table(known: Sequence[Tested], first: str, last: str) -> Table:
    """Return statements with what they do not survive."""
    rows: list[list[Cell]] = [
        [
            in_words(one.statement, first),
            say("ja") if one.survives else say("nei"),
            share_in_words(one.share),
            _turns(one),
            ", ".join(map(short_reading, one.overturned_by)) or say("ingen"),
        ]
        for one in known
    ]
    heads = [
        Column(say("Utsagn"), width=60),
        Column(say("Står seg"), width=10),
        Column(say("Andel av trekkene"), width=18),
        Column(say("Snur når ett tall er"), width=50),
        Column(say("Snus av lesninger"), width=50),
    ]
    about = say("Om «{last}», med tallene slik de er. {survives}").format(
        last=last, survives=say(SURVIVES).format(enough=share_in_words(ENOUGH))
    )
    return Table(heads, rows, say("Utsagn, og hva som snur dem"), say("Utsagn"), "statements", [about])


def _turns(one: Tested) -> str:
    """Return the values at which a statement turns, to five digits."""
    said = (f"{turn.parameter} {numbers.exact(float(f'{turn.value:.5g}'))}" for turn in one.turns)
    return "; ".join(said) or say("ingen i spennet")


def of_comparison(compared: Comparison) -> list[str]:
    """Return the conclusions that do not survive, in a line; nothing where all do, or none has been tried."""
    weak = [one for one in tested(compared) or () if not one.survives]
    return [f"{say(MARK)}: {'; '.join(map(in_short, weak))}."] if weak else []


def in_short(one: Tested) -> str:
    """Return a statement in a few words, with the share of draws that it holds in and what overturns it."""
    said = say(SHORT[one.statement.about, one.statement.sign > 0]).format(unit=one.statement.unit)
    replaced = [known.replaces for known in readings() if known.id() in one.overturned_by]
    why = ", ".join(dict.fromkeys([share_in_words(one.share), *replaced]))
    return f"{said} ({why})"


def section(compared: Comparison) -> list[Section]:
    """Return the conclusions of a comparison with what they survive; nothing where they are untried."""
    known = tested(compared)
    if not known:
        return []
    ends = (compared.runs[0].version.title, compared.runs[-1].version.title)
    return [Section([table(known, *ends)], "utsagn", say("Hvilke utsagn som står seg"))]


def about(compared: Comparison) -> list[tuple[str, str]]:
    """Return that the conclusions have not been tested, with its heading, where there are such."""
    moves = len(compared.runs) > 1
    return [(say("Hvor sikkert"), say(NOT_TRIED))] if moves and tested(compared) is None else []


def as_json(compared: Comparison) -> list[dict[str, Any]] | None:
    """Return the conclusions as JSON holds them; None where they are untried."""
    known = tested(compared)
    return known if known is None else [{**asdict(one), "survives": one.survives} for one in known]


def surviving_units(compared: Comparison) -> set[str] | None:
    """Return the units that gain, or lose, whatever the numbers and readings; None where that is untried."""
    if (known := tested(compared)) is None:
        return None
    return {one.statement.unit for one in known if one.statement.about == UNIT and one.survives}


def is_surest(compared: Comparison, sign: int) -> bool:
    """Return whether the unit that gains most (``sign`` 1), or loses most (-1), does so whatever is assumed."""
    about = MOST_UP if sign > 0 else MOST_DOWN
    return any(one.survives for one in tested(compared) or () if one.statement.about == about)
