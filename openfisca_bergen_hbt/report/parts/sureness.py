"""How sure it is, where draws were asked for: what is said of bands, and the tables that several papers have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from openfisca_bergen_hbt.analysis.comparison import Comparison, Row
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.regelverk import readings
from openfisca_bergen_hbt.report.paper import Cell, Column, Section, Table, from_to, made
from openfisca_bergen_hbt.report.parts import statements
from openfisca_bergen_hbt.report.parts.statements import in_words, share_in_words
from openfisca_bergen_hbt.text.language import say, to_say

if TYPE_CHECKING:
    from openfisca_bergen_hbt.analysis.sensitivity import Sensitivity

RANGES = to_say("Spennene er skjønn, og ingen sannsynligheter")
JUDGED = to_say(
    "Spennene er skjønn, og ingen sannsynligheter: en andel av trekkene sier hvor mye et utsagn hviler på tallene, "
    "ikke hvor sannsynlig det er. Lesningene er prøvd hver for seg, med tallene slik de er."
)
CERTAIN = to_say(
    "Merforbruket er det samme i hver trekning, fordi rammen og prisen er regnet av det: det er ikke et tall som er "
    "sikkert, men et tall som er forutsatt (kalibrert, ikke en prøve)."
)
#: The kroner that rounding moves, up and down.
ROUNDING = 2
BANDED = to_say("Ni av ti trekk ligger mellom de to tallene (5 og 95 %).")
TURNS = to_say("snur")
ALONE = to_say("De andre lesningene snur ingen av utsagnene alene. Parene står i bergen-hbt readings.")
AT_ONCE = to_say(
    "Alle på én gang: alle lesningene samtidig, med én eller en annen av dem som utelukker hverandre (T-22)."
)
BELOW = to_say(
    "Under tallene som trekkene flytter, står spennet: ni av ti av {done} trekk ligger i det (5 til 95 %). Tallet selv "
    "kan ligge utenfor, der et antatt tall står ved enden av det det kan være (som ukene i året)."
)


def interrupted(found: Sensitivity) -> list[str]:
    """Return that not all draws were done, where somebody interrupted."""
    done = say("Avbrutt: {done} av {samples} trekninger er gjort, og tallene gjelder dem.").format(
        done=found.done, samples=found.samples
    )
    return [done] if found.done < found.samples else []


def first_lines(compared: Comparison) -> list[str]:
    """Return the conclusions that do not survive, in a line, and whether draws are lacking."""
    cut_short = [] if compared.sureness is None else interrupted(compared.sureness)
    return [*cut_short, *statements.of_comparison(compared)]


def sections(compared: Comparison) -> list[Section]:
    """Return the conclusions of a comparison with what they survive, and how far they reach where that was drawn."""
    found = compared.sureness
    if found is None:
        return statements.section(compared)
    tables = made(matrix(found), units(found))
    return [
        *statements.section(compared),
        *([Section(tables, "spenn", say("Hvor langt tallene rekker"))] if tables else []),
    ]


def about(compared: Comparison) -> list[tuple[str, str]]:
    """Return what bands are, with its heading, where there are such."""
    found = compared.sureness
    return [(say("Spenn"), f"{say(BELOW).format(done=found.done)} {say(JUDGED)}")] if found is not None else []


def notes(compared: Comparison) -> list[str]:
    """Return what must be said beside the band of an overspend that is the same in every draw."""
    return [say(CERTAIN)] if compared.sureness is not None and is_still(compared.sureness) else []


def as_json(found: Sensitivity) -> dict[str, Any]:
    """Return the bands as JSON holds them."""
    content = found.as_recorded()
    return {name: content[name] for name in ("samples", "done", "alike", "bands", "steps", "units")}


def columns(compared: Comparison | Years) -> Sequence[str]:
    """Return the columns of tidy figures: with the ends of bands where there are such."""
    return (*Row._fields, "low", "high") if _drawn(compared) else Row._fields


def rows(compared: Comparison | Years) -> Iterable[Sequence[Any]]:
    """Return tidy figures in those columns."""
    if not _drawn(compared):
        return compared.rows()
    return chain.from_iterable(map(_with_bands, comparisons(compared)))


def comparisons(compared: Comparison | Years) -> Sequence[Comparison]:
    """Return the comparison of each year."""
    return [compared] if isinstance(compared, Comparison) else compared.comparisons


def _drawn(compared: Comparison | Years) -> bool:
    return any(one.sureness is not None for one in comparisons(compared))


def _with_bands(compared: Comparison) -> Iterator[Sequence[Any]]:
    found = compared.sureness
    if found is None:  # a year after the one in which somebody interrupted
        yield from ((*row, None, None) for row in compared.rows())
        return
    several = any(one.level == "etat" for one in found.bands)  # the only agency's figures are those of all
    for row in compared.rows():
        whom = ("sum", "") if row.level == "etat" and not several else (row.level, row.id)
        is_of_year = len(row.period) == len("2019")
        band = found.band(row.regulation, *whom, row.variable) if is_of_year else None
        yield (*row, *(band or (None, None)))


def matrix(found: Sensitivity) -> Table | None:
    """Return which readings overturn which conclusions, alone and all at once; None where none does."""
    known = sorted({reading for one in found.statements for reading in one.overturned_by})
    if not known and not found.overturned_together:
        return None
    rows: list[list[Cell]] = [
        [
            in_words(one.statement, found.first),
            *(say(TURNS) if reading in one.overturned_by else "" for reading in known),
            say(TURNS) if one.statement in found.overturned_together else "",
        ]
        for one in found.statements
    ]
    called = {one.id(): f"{one.replaces}: {say(one.short_title)}" for one in readings()}
    heads = [
        Column(say("Utsagn"), width=60),
        *(Column(called[reading]) for reading in known),
        Column(say("Alle på én gang")),
    ]
    return Table(heads, rows, say("Utsagn og lesninger"), say("Lesninger"), "matrix", [say(ALONE), say(AT_ONCE)])


def units(found: Sensitivity) -> Table | None:
    """Return what each unit gains or loses, and how far that reaches; None where nothing was drawn."""
    if not found.units or found.first == found.last:
        return None
    rows: list[list[Cell]] = [
        [
            *(one.unit, float(one.value), float(one.low), float(one.high)),
            *(share_in_words(one.gains), share_in_words(one.loses)),
            *(float(one.place), float(one.place_low), float(one.place_high)),
        ]
        for one in found.units
    ]
    heads = [
        Column(say("Enhet")),
        *(Column(say("Endring"), "kr_change"), *from_to("kr_change")),
        *(Column(heading, width=16) for heading in (say("Får mer i"), say("Får mindre i"))),
        *(Column(heading, "count", detail=True) for heading in (say("Plass"), say("Plass fra"), say("Plass til"))),
    ]
    title = say("Endring fra «{first}» til «{last}»").format(first=found.first, last=found.last)
    notes = [say(BANDED), say("Plass 1 har enheten som får mest mer, i kroner.")]
    return Table(heads, rows, title, say("Endring, spenn"), "unit_bands", notes)


def is_still(found: Sensitivity) -> bool:
    """Return whether some overspend is the same in every draw, but for rounding."""
    bands = [one for one in found.bands if one.figure == "etat_merforbruk" and one.level == "sum"]
    return any(one.low is not None and one.high is not None and one.high - one.low <= ROUNDING for one in bands)
