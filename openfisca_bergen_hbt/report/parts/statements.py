"""Conclusions in words, each with how far it holds."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.sensitivity import Tested
from openfisca_bergen_hbt.analysis.sensitivity.statements import (
    HANDED_OUT,
    LEFT,
    MOST_DOWN,
    MOST_UP,
    OVERSPEND,
    Statement,
)
from openfisca_bergen_hbt.text import numbers

#: What is said of all units together, by what it is about and which way it goes.
OF_ALL = {
    (OVERSPEND, 1): "Vedtakstimene koster mer enn rammen",
    (OVERSPEND, -1): "Vedtakstimene koster mindre enn rammen",
    (OVERSPEND, 0): "Vedtakstimene koster det samme som rammen",
    (LEFT, 1): "Det blir penger igjen sentralt",
    (LEFT, -1): "Det er delt ut mer enn rammen",
    (HANDED_OUT, 1): "Det deles ut mer enn etter «{first}»",
    (HANDED_OUT, -1): "Det deles ut mindre enn etter «{first}»",
}
MOST = {MOST_UP: "mest opp", MOST_DOWN: "mest ned"}
MARK = "USIKKERT"


def in_words(statement: Statement, first: str) -> str:
    """Return a statement as a sentence without a stop; ``first`` is the title of what the last is compared with."""
    if statement.about in MOST:
        return f"{statement.unit} går {MOST[statement.about]} fra «{first}»"
    if statement.unit:
        return f"{statement.unit} får {'mer' if statement.sign > 0 else 'mindre'} enn etter «{first}»"
    return OF_ALL[statement.about, statement.sign].format(first=first)


def share_in_words(share: float | None) -> str:
    """Return a share of draws in whole per cent: ranges are judgements, and decimals would say more than is known."""
    if share is None:
        return "ikke trukket"
    if 0 < share < 1:
        share = min(max(share, 0.01), 0.99)
    return f"{numbers.whole(share * 100)} %"


def short_reading(name: str) -> str:
    """Return the id of a reading as tables show it."""
    return name.removeprefix("lesning_")


def doubt(tested: Tested) -> str:
    """Return in how many draws a statement holds, and which readings overturn it."""
    drawn = "" if tested.share is None else f"holder i {share_in_words(tested.share)} av trekkene"
    read = f"snus av {', '.join(map(short_reading, tested.overturned_by))}" if tested.overturned_by else ""
    return "; ".join(filter(None, [drawn, read]))
