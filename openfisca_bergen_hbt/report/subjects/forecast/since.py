"""What has changed since an earlier forecast, in words and in tables: amounts, and all else that two records hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.forecast import Forecast
from openfisca_bergen_hbt.analysis.forecast.since import Change, Earlier
from openfisca_bergen_hbt.provenance.differences import Difference, of_inputs, of_law, of_requests, of_software
from openfisca_bergen_hbt.provenance.record import without_result
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import called
from openfisca_bergen_hbt.text import numbers

#: What records are of, by the kind of difference and its part.
INPUTS = {
    "users": "Brukerne",
    "units": "Enhetene: kjøretid, etatsdirektørens midler, det som er ført over",
    "frames": "Rammene",
    "extra": "Tilleggsbevilgningene",
    "expected": "De ventede brukerne",
    "example": "Det innebygde eksemplet",
}
OPTIONS = {
    "months": "Kjente måneder",
    "method": "Metode for resten av året",
    "samples": "Trekk",
    "seed": "Frø",
    "flow": "Hva om (--flow)",
    "accounts": "Regnskapet",
}
REQUEST = {
    "population": "Innebygd eksempel",
    "readings": "Lesninger",
    "proposals": "Forslag",
    "frame": "Ramme",
    "frames": "Rammer etter år",
    "hours": "Timene er (--hours)",
    "suppression": "Små tall holdt tilbake",
}
#: What the others are called, by the kind of difference.
CALLED = {
    "parameters": "Regelverkets tall",
    "rules": "Regelverkets regler",
    "decision": "Vedtaket {part}",
    "regulation": "Regelverket som er kjørt",
    "request": "Hvordan filene er lest ({part})",
    "software": "Programvaren {part}",
}
CHANGED, GIVEN, NONE, USUAL = "endret", "oppgitt", "ikke oppgitt", "som vanlig"
#: What is said of an amount that only one of the two has: names of units that came or went are not told apart from
#: those whose amounts are held back, of which a record holds nothing.
HELD_OR_NEW = "Et beløp som mangler i én av prognosene, er holdt tilbake der, eller er for en enhet den ikke har."


def in_words(found: Forecast, earlier: Earlier) -> Iterator[str]:
    """Yield how much has changed since, and what else than amounts."""
    changed = found.changed or []
    options = earlier.request.options
    when = numbers.date_text(date.fromisoformat(earlier.date))
    months = options.get("months")
    known = f", med {months} kjente måneder" if months else ""
    amounts = f"{len(changed)} beløp er endret" if changed else "Ingen beløp er endret"
    yield f"{amounts} siden prognosen {when}{known}."
    lost, new = (sum(getattr(one, name) is None for one in changed) for name in ("now", "before"))
    if lost or new:
        yield f"{lost} beløp fra den gangen er ikke vist nå, og {new} som er vist nå, var ikke vist da."
    if others := [row[0] for row in rows(found, earlier)]:
        yield f"Også endret: {'; '.join(map(str, others))}."
    else:
        yield "Ellers er ingenting endret: verken brukere, valg, regelverk eller programvare."


def tables(found: Forecast, earlier: Earlier) -> list[Table]:
    """Return every amount that differs, and all else that does."""
    heads = [Column("Hva", width=40), Column("Da", width=30), Column("Nå", width=30)]
    title = "Annet enn beløp som er endret"
    others = Table(heads, rows(found, earlier), title, "Annet endret", "since_others")
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
    return by_part.get(one.part) or usual.format(part=one.part)


def _beside(one: Difference) -> list[Cell]:
    """Return what it was and what it is, where that can be told."""
    if one.part == "accounts":
        return [_amount_of(one.then), _amount_of(one.now)]
    if one.kind in ("option", "request", "software"):
        nothing = USUAL if one.kind == "option" else NONE
        return [_told(one.then, nothing), _told(one.now, nothing)]
    came, went = one.then is None and one.now, one.now is None and one.then
    return [NONE if came else "", NONE if went else GIVEN if came else CHANGED]


def _amount_of(kroner: Mapping[str, Mapping[str, int]] | None) -> str:
    """Return how many amounts accounts have, and what they come to."""
    if not kroner:
        return NONE
    amounts = [amount for by_month in kroner.values() for amount in by_month.values()]
    return f"{numbers.whole(len(amounts))} beløp, i alt {numbers.whole(sum(amounts))} kr"


def _told(value: Any, nothing: str) -> str:
    match value:
        case None | [] | {} | "":
            return nothing
        case bool():
            return "ja" if value else "nei"
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
        Column("For"),
        Column("Beløp", width=30),
        Column("Da", "kr"),
        Column("Nå", "kr"),
        Column("Endring", "kr_change"),
    ]
    when = numbers.date_text(date.fromisoformat(earlier.date))
    notes = [HELD_OR_NEW] if any(one.before is None or one.now is None for one in changed) else []
    return Table(heads, cells, f"Siden prognosen {when}", "Siden sist", "since", notes, ranked_by=4)
