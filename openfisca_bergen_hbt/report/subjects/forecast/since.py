"""What has changed since an earlier forecast, in words and in tables: amounts, and all else that two records hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.forecast import Forecast
from openfisca_bergen_hbt.analysis.forecast.since import Change, Earlier
from openfisca_bergen_hbt.provenance.differences import Difference, of_inputs, of_law, of_requests, of_software
from openfisca_bergen_hbt.provenance.record import without_result
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import called
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What records are of, by the kind of difference and its part.
INPUTS = {
    "users": to_say("Brukerne"),
    "units": to_say("Enhetene: kjøretid, etatsdirektørens midler, det som er ført over"),
    "frames": to_say("Rammene"),
    "extra": to_say("Tilleggsbevilgningene"),
    "expected": to_say("De ventede brukerne"),
    "example": to_say("Det innebygde eksemplet"),
}
OPTIONS = {
    "months": to_say("Kjente måneder"),
    "method": to_say("Metode for resten av året"),
    "samples": to_say("Trekk"),
    "seed": to_say("Frø"),
    "flow": to_say("Hva om (--flow)"),
    "accounts": to_say("Regnskapet"),
}
REQUEST = {
    "population": to_say("Innebygd eksempel"),
    "readings": to_say("Lesninger"),
    "proposals": to_say("Forslag"),
    "frame": to_say("Ramme"),
    "frames": to_say("Rammer etter år"),
    "hours": to_say("Timene er (--hours)"),
    "suppression": to_say("Små tall holdt tilbake"),
}
#: What the others are called, by the kind of difference.
CALLED = {
    "parameters": to_say("Regelverkets tall"),
    "rules": to_say("Regelverkets regler"),
    "decision": to_say("Vedtaket {part}"),
    "regulation": to_say("Regelverket som er kjørt"),
    "request": to_say("Hvordan filene er lest ({part})"),
    "software": to_say("Programvaren {part}"),
}
CHANGED, GIVEN = to_say("endret"), to_say("oppgitt")
NONE, USUAL = to_say("ikke oppgitt"), to_say("som vanlig")
#: What is said of an amount that only one of the two has: names of units that came or went are not told apart from
#: those whose amounts are held back, of which a record holds nothing.
HELD_OR_NEW = to_say(
    "Et beløp som mangler i én av prognosene, er holdt tilbake der, eller er for en enhet den ikke har."
)


def in_words(found: Forecast, earlier: Earlier) -> Iterator[str]:
    """Yield how much has changed since, and what else than amounts."""
    changed = found.changed or []
    options = earlier.request.options
    when = numbers.date_text(earlier.date)
    months = options.get("months")
    if months:
        said = (
            say("{count} beløp er endret siden prognosen {when}, med {months} kjente måneder.")
            if changed
            else say("Ingen beløp er endret siden prognosen {when}, med {months} kjente måneder.")
        )
    else:
        said = (
            say("{count} beløp er endret siden prognosen {when}.")
            if changed
            else say("Ingen beløp er endret siden prognosen {when}.")
        )
    yield said.format(count=len(changed), when=when, months=months)
    lost, new = (sum(getattr(one, name) is None for one in changed) for name in ("now", "before"))
    if lost or new:
        told = say("{lost} beløp fra den gangen er ikke vist nå, og {new} som er vist nå, var ikke vist da.")
        yield told.format(lost=lost, new=new)
    if others := [row[0] for row in rows(found, earlier)]:
        yield say("Også endret: {others}.").format(others="; ".join(map(str, others)))
    else:
        yield say("Ellers er ingenting endret: verken brukere, valg, regelverk eller programvare.")


def tables(found: Forecast, earlier: Earlier) -> list[Table]:
    """Return every amount that differs, and all else that does."""
    heads = [Column(say("Hva"), width=40), Column(say("Da"), width=30), Column(say("Nå"), width=30)]
    title = say("Annet enn beløp som er endret")
    others = Table(heads, rows(found, earlier), title, say("Annet endret"), "since_others")
    return [_amounts(found.changed or [], earlier), *([others] if others.rows else [])]


def rows(found: Forecast, earlier: Earlier) -> list[list[Cell]]:
    """Return what else than amounts differs: what it is, what it was, and what it is now."""
    return [[_called(one), *_beside(one)] for one in differences(found, earlier)]


def differences(found: Forecast, earlier: Earlier) -> list[Difference]:
    """Return what else than amounts differs between an earlier forecast's record and that of this one."""
    assert found.asked  # noqa: S101 (an earlier one is given)
    then: dict[str, Any] = msgspec.to_builtins(earlier)
    now = without_result(found.asked)
    asked = (one for one in of_requests(then, now) if one.part != "since")
    parts = [*of_inputs(then, now), *asked, *of_law(then, now), *of_software(then, now)]
    told = any(one.kind not in ("input", "software") for one in parts)
    hashes = [record["regulations"][-1].get("hash") for record in (then, now)]
    another = [Difference("regulation", "", None, None)] if hashes[0] != hashes[1] and not told else []
    return [*parts, *another]


def _called(one: Difference) -> str:
    by_part = {"input": INPUTS, "option": OPTIONS, "request": REQUEST}.get(one.kind, {})
    usual = CALLED.get(one.kind, "{part}")
    return say(by_part.get(one.part) or usual).format(part=one.part)


def _beside(one: Difference) -> list[Cell]:
    """Return what it was and what it is, where that can be told."""
    if one.part == "accounts":
        return [_amount_of(one.then), _amount_of(one.now)]
    if one.kind in ("option", "request", "software"):
        nothing = USUAL if one.kind == "option" else NONE
        return [_told(one.then, nothing), _told(one.now, nothing)]
    came, went = one.then is None and one.now, one.now is None and one.then
    return [say(NONE) if came else "", say(NONE if went else GIVEN if came else CHANGED)]


def _amount_of(kroner: Mapping[str, Mapping[str, int]] | None) -> str:
    """Return how many amounts accounts have, and what they come to."""
    if not kroner:
        return say(NONE)
    amounts = [amount for by_month in kroner.values() for amount in by_month.values()]
    said = say("{count} beløp, i alt {sum} kr")
    return said.format(count=numbers.whole(len(amounts)), sum=numbers.whole(sum(amounts)))


def _told(value: Any, nothing: str) -> str:
    match value:
        case None | [] | {} | "":
            return say(nothing)
        case bool():
            return say("ja") if value else say("nei")
        case list():
            return ", ".join(map(_told_of_one, value))
        case dict():
            return ", ".join(f"{name}: {of}" for name, of in value.items())
    return str(value)


def _told_of_one(value: Any) -> str:
    """Return a reading, a flow or the like as it is; a proposal by its id and its numbers."""
    if not isinstance(value, dict):
        return str(value)
    numbers_of = [f"{one['parameter']} = {one['value']}" for one in value["changes"]]
    return f"{value['id']} ({', '.join(numbers_of)})"


def _amounts(changed: list[Change], earlier: Earlier) -> Table:
    cells: list[list[Cell]] = [
        [
            one.name,
            called(one.variable),
            "" if one.before is None else one.before,
            "" if one.now is None else one.now,
            "" if one.before is None or one.now is None else one.now - one.before,
        ]
        for one in changed
    ]
    heads = [
        Column(say("For")),
        Column(say("Beløp"), width=30),
        Column(say("Da"), "kr"),
        Column(say("Nå"), "kr"),
        Column(say("Endring"), "kr_change"),
    ]
    when = numbers.date_text(earlier.date)
    notes = [say(HELD_OR_NEW)] if any(one.before is None or one.now is None for one in changed) else []
    title = say("Siden prognosen {when}").format(when=when)
    return Table(heads, cells, title, say("Siden sist"), "since", notes, ranked_by=4)
