"""What the model rewards, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from openfisca_bergen_hbt.analysis.incentives import Gain, Incentives, Rewards
from openfisca_bergen_hbt.analysis.incentives.gathering import ALL, Gathered
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

NAMES = (to_say("Regelverket"), to_say("Gjennomsnitt som vekt"), to_say("Timer som poeng"))
MOST_PAYING = 3
ABOUT = to_say(
    "Som poeng: poengene en enhet får mer, ganger kroner per poeng (over 80 timer: kronene per time). Regnet på nytt: "
    "hele fordelingen med brukeren nærmest under grensen løftet til akkurat grensen; da er hvert poeng verdt litt "
    "mindre, også for enheten selv. Kroner i året."
)
OF_P = to_say(
    "p: hvor sannsynlig så ulike andeler er, om ingenting har endret seg (Fishers eksakte test, tosidig). De fleste er "
    "de samme brukerne begge ganger, og prøven er da forsiktig. Blant så mange prøver er noen under 0,05 ved "
    "tilfeldighet alene."
)
OF_PAID = to_say(
    "Enheten får: vekten ganger kroner per poeng; fra den siste grensen timene ganger kroner per time fra potten. "
    "Timene koster: timene ganger modellens pris. Kroner i året, for en bruker med de samme timene hele året."
)
NO_ACCUSATION = to_say(
    "Tallene sier hva modellen lønner, ikke hva noen har gjort. Ingen kilde sier at noen vurderer timer etter grensene."
)


def paper(found: Incentives) -> Paper:
    """Return what is rewarded at the bounds and within them, by unit, and what would soften it."""
    sections = [
        Section([_bounds(found), _paid(found)], "grenser", say("Hva grensene er verdt")),
        Section([_near(found)], "naer", say("Brukere nær grensene")),
        Section([_across(found)], "over", say("Om alle like under ble flyttet over")),
        Section([_softer(found)], "demper", say("Hva som ville dempet det")),
    ]
    if found.gathered:
        sections.append(Section([_gathered(found)], "samler", say("Samler brukere seg over grensene?")))
    notes = [say(NO_ACCUSATION), found.population]
    return Paper(
        say("Hva modellen lønner, {year}").format(year=found.year), sections, list(_headlines(found)), notes=notes
    )


def _headlines(found: Incentives) -> Iterator[str]:
    law = found.rewards[0]
    worth = {category: max(_points(law, category), default=0) for category in list(found.bounds)[:-1]}
    if any(worth.values()):
        category = max(worth, key=worth.__getitem__)
        said = say(
            "En bruker som når {bound}, er verdt {worth} kr i året for enheten som poeng. En time mer "
            "innenfor en kategori gir ingen poeng ({again} kr regnet på nytt), og koster {hour_costs} kr "
            "etter modellens pris."
        )
        points, costs = numbers.whole(worth[category]), numbers.whole(found.hour_costs)
        bound = _hours(found.bounds[category])
        yield said.format(bound=bound, worth=points, again=_between(law), hour_costs=costs)
    gains = {unit: gain.run_again for unit, gain in law.all_across.items() if gain.run_again is not None}
    if gains:
        unit = max(gains, key=gains.__getitem__)
        said = say(
            "Mest å hente har {unit}: {moved} brukere like under grensene, {hours} timer i uken til sammen, "
            "ville gitt {gains} kr, tatt fra de andre enhetene og potten over 80 timer."
        )
        moved, hours = _moved(found, unit), round(found.hours_across[unit] or 0, 1)
        kroner = numbers.signed(gains[unit])
        yield said.format(unit=unit, moved=numbers.whole(moved), hours=numbers.decimals(hours), gains=kroner)


def _between(law: Rewards) -> str:
    amounts = {gain.run_again or 0 for gain in law.hour_more.values()} or {0}
    low, high = min(amounts), max(amounts)
    if low == high:
        return numbers.signed(low)
    return say("{low} til {high}").format(low=numbers.signed(low), high=numbers.signed(high))


def _points(one: Rewards, category: int) -> list[int]:
    return [gain.by_points for gain in _at(one, category) if gain.by_points is not None]


def _at(one: Rewards, category: int) -> list[Gain]:
    return [gains[category] for gains in one.crossing.values() if category in gains]


def _hours(bound: float) -> str:
    return say("{hours} timer").format(hours=numbers.decimals(bound))


def _moved(found: Incentives, unit: str) -> int:
    return sum(near.below or 0 for near in list(found.near[unit].values())[:-1])


def _bounds(found: Incentives) -> Table:
    law = found.rewards[0]
    rows: list[list[Cell]] = []
    for category, bound in found.bounds.items():
        again = [gain.run_again for gain in _at(law, category) if gain.run_again is not None]
        others = [max(_points(one, category), default="") for one in found.rewards[1:]]
        row = [max(_points(law, category), default=""), min(again, default=""), max(again, default="")]
        reached = say("Nå {bound} (kategori {category})").format(bound=_hours(bound), category=category)
        rows.append([reached, *row, *others])
    more = [list(one.hour_more.values()) for one in found.rewards]
    again = [gain.run_again for gain in more[0] if gain.run_again is not None]
    points = [max((gain.by_points or 0 for gain in gains), default="") for gains in more]
    ends = (min(again, default=""), max(again, default=""))
    rows.append([say("En time mer, innenfor kategorien"), points[0], *ends, *points[1:]])
    rows.append([say("Til sammenlikning: en time mer koster"), round(found.hour_costs), "", "", "", ""])
    heads = [
        Column(say("En bruker"), width=40),
        Column(say("Som poeng"), "kr"),
        Column(say("Regnet på nytt, minst"), "kr_change"),
        Column(say("Regnet på nytt, mest"), "kr_change"),
        *(Column(say("{name}, som poeng").format(name=say(name)), "kr") for name in NAMES[1:]),
    ]
    softer = say("Med timer som poeng er ingen grense verdt noe i seg selv: tallene er for timene fram til den.")
    return Table(
        heads, rows, say("Hva en bruker over en grense er verdt i året"), say("Grenser"), "bounds", [say(ABOUT), softer]
    )


def _paid(found: Incentives) -> Table:
    rows: list[list[Cell]] = []
    for one in found.paid:
        category = say("Kategori {category}").format(category=one.category)
        costs = [float(round(hours * found.hour_costs)) for hours in one.hours]
        rows.append([one.agency, category, *map(float, one.hours), *(one.kroner or (None, None)), *costs])
    heads = [
        Column(say("Etat")),
        Column(say("Kategori"), width=12),
        Column(say("Timer i uken, fra"), "number"),
        Column(say("til"), "number"),
        *(
            Column(say("{what}, ved {end}").format(what=what, end=end), "kr")
            for what in (say("Enheten får"), say("Timene koster"))
            for end in (say("fra"), say("til"))
        ),
    ]
    title = say("Hva en enhet får i året for en bruker, og hva timene koster")
    return Table(heads, rows, title, say("Betalt etter timer"), "paid", [say(OF_PAID)], ranked_by=4)


def _near(found: Incentives) -> Table:
    law = found.rewards[0]
    rows: list[list[Cell]] = []
    for unit, by_category in found.near.items():
        for category, near in by_category.items():
            gain = law.crossing[unit].get(category)
            amounts: list[Cell] = [gain.by_points, gain.run_again] if gain else ["", ""]
            rows.append([unit, _hours(found.bounds[category]), near.below, near.above, *amounts])
    heads = [
        Column(say("Enhet")),
        Column(say("Grense"), width=12),
        Column(say("Inntil 5 % under"), "count"),
        Column(say("På eller inntil 5 % over"), "count"),
        Column(say("En over, som poeng"), "kr"),
        Column(say("En over, regnet på nytt"), "kr_change"),
    ]
    return Table(
        heads, rows, say("Brukere nær grensene, og hva én over er verdt"), say("Nær grensene"), "near", ranked_by=5
    )


def _across(found: Incentives) -> Table:
    rows: list[list[Cell]] = []
    for unit, gain in found.rewards[0].all_across.items():
        hidden = gain.run_again is None
        moved = None if hidden else float(_moved(found, unit))
        rows.append([unit, moved, found.hours_across[unit], gain.by_points, gain.run_again, _paying(gain)])
    heads = [
        Column(say("Enhet")),
        Column(say("Brukere"), "count"),
        Column(say("Timer i uken"), "number"),
        Column(say("Som poeng"), "kr"),
        Column(say("Regnet på nytt"), "kr_change"),
        Column(say("Mest fra"), width=70),
    ]
    note = say("Brukere inntil 5 % under grensene til kategoriene som deles ut direkte, løftet til akkurat grensen.")
    return Table(
        heads, rows, say("Alle like under grensene, flyttet over"), say("Flyttet over"), "across", [note], ranked_by=4
    )


def _paying(gain: Gain) -> str:
    losing = sorted((change, unit) for unit, change in gain.others.items() if change < 0)
    return "; ".join(f"{unit} {numbers.signed(change)}" for change, unit in losing[:MOST_PAYING])


def _softer(found: Incentives) -> Table:
    law, *others = (one.given for one in found.rewards)
    rows: list[list[Cell]] = [
        [unit, float(given), *(float(other[unit] - given) for other in others)] for unit, given in law.items()
    ]
    heads = [Column(say("Enhet")), Column(say(NAMES[0]), "kr"), *(Column(say(name), "kr_change") for name in NAMES[1:])]
    note = say("Endring fra regelverket: hvem som får mer og mindre om grensene lønnet mindre.")
    return Table(heads, rows, say("Fordelt med andre vekter"), say("Demper"), "softer", [note], ranked_by=2)


def _gathered(found: Incentives) -> Table:
    rows: list[list[Cell]] = []
    for one in found.gathered:
        bound = _hours(found.bounds[one.category])
        shares = [_share_above(one, time) for time in (0, 1)]
        rows.append([one.unit if one.unit != ALL else say("Alle"), bound, *one.below, *one.above, *shares, one.p])
    first, last = found.moments
    heads = [
        Column(say("Enhet")),
        Column(say("Grense"), width=12),
        *(Column(f"{side}, {moment}", "count") for side in (say("Under"), say("Over")) for moment in (first, last)),
        *(Column(say("Andel over, {moment}").format(moment=moment), "percent") for moment in (first, last)),
        Column("p", "number"),
    ]
    title = say("Brukere inntil 5 % fra grensene, før og etter")
    return Table(heads, rows, title, say("Samling"), "gathered", [say(OF_P)], ranked_by=7)


def _share_above(one: Gathered, time: int) -> float | str | None:
    below, above = one.below[time], one.above[time]
    if below is None or above is None:
        return None
    return above / (below + above) if below + above else ""
