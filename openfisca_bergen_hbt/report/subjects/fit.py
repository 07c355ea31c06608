"""Which numbers give back what the units got, in words, in tables and as a proposal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.fit import Fit
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.paper import Cell, Code, Column, Paper, Section, Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.text.numbers import plain

NO_PROOF = to_say(
    "At tallene gir brevene tilbake, viser at de kan ha vært brukt, ikke at de ble det: andre tall kan gi det samme, "
    "og brevene kan ha vært laget på en annen måte."
)

FEW = to_say("Det er ikke flere enheter enn tall: da lar nesten hvilke tildelinger som helst seg gi tilbake.")


def paper(found: Fit) -> Paper:
    """Return the numbers, what each unit misses, and what the letters can't tell."""
    return Paper(
        say("Tall som gir tilbake det enhetene fikk i {year}").format(year=found.year),
        [
            Section([_numbers(found)], "tall", say("Tallene")),
            Section([_units(found)], "enheter", say("Hva hver enhet fikk")),
            Section([Code(as_proposal(found), say("Som forslag"))], "forslag", say("Forslaget")),
        ],
        [_said(found), *_told(found)],
        notes=[say(NO_PROOF)],
    )


def as_json(found: Fit) -> dict[str, Any]:
    """Return what was found as JSON holds it, with the proposal's text."""
    return {**asdict(found), "proposal": as_proposal(found)}


def as_proposal(found: Fit) -> str:
    """Return the numbers as a proposal's file, which says what they rest on."""
    how = (
        say("det gjør de til kronen")
        if found.fits
        else say("det gjør de ikke, største avvik er {amount} kr").format(amount=found.largest_miss)
    )
    lines = [
        "title: " + say("Tall tilpasset det enhetene fikk i {year}").format(year=found.year),
        "author: bergen-hbt fit",
        "reference: "
        + say("Tildelingene til {letters} enheter i {year}").format(letters=len(found.letters), year=found.year),
        "description: >-",
        "  " + say("Tallene er søkt innenfor spennene sine for å få tildelingene tilbake: {how}.").format(how=how),
        *(f"  {line}" for line in (*_wrong(found), *_told(found), say(NO_PROOF))),
        f"baseline: {found.baseline}",
        "changes:",
    ]
    for name, value in found.values.items():
        lines += [f"  - parameter: {name}", f"    from: {found.year}-01-01", f"    value: {plain(value)}"]
    return "\n".join(lines) + "\n"


def _said(found: Fit) -> str:
    if found.fits:
        return say("Tallene gir hver enhet det den fikk, til kronen (avrundingen).")
    if found.wrong:
        return _wrong(found)[0]
    shown = {unit: missed for unit, missed in found.misses.items() if missed is not None}
    if not shown:
        return say(
            "Ingen tall innenfor spennene ble funnet som gjør det. Avvikene er holdt tilbake: få brukere står bak dem."
        )
    unit = max(shown, key=lambda name: abs(shown[name]))
    return say(
        "Ingen tall innenfor spennene ble funnet som gjør det. Det nærmeste bommer mest på {unit}: {amount} kr."
    ).format(unit=unit, amount=numbers.signed(shown[unit]))


def _wrong(found: Fit) -> list[str]:
    if not found.wrong:
        return []
    misses = {unit: found.misses[unit] for unit in found.wrong}
    by = {unit: MARK if missed is None else numbers.signed(-missed) for unit, missed in misses.items()}
    got = say("{unit} fikk {amount} kr mot det de andres tall gir")
    each = "; ".join(got.format(unit=unit, amount=amount) for unit, amount in by.items())
    said = say("Ingen tall gir alle tilbake, men alle unntatt {wrong}: {each}.")
    return [said.format(wrong=", ".join(found.wrong), each=each)]


def _told(found: Fit) -> list[str]:
    said = []
    if found.fits and len(found.letters) <= len(found.values):
        said.append(say(FEW))
    if found.told and found.told.silent:
        said.append(say("Tildelingene sier ingenting om {silent}.").format(silent=", ".join(found.told.silent)))
    if found.told and found.told.apart:
        ranges = [f"{name} {_span(span)}" for name, span in found.told.apart.items()]
        apart = say("Disse kan være andre (vekter bare sammen) og gi det samme: {ranges}.")
        said.append(apart.format(ranges="; ".join(ranges)))
    return said


def _span(span: tuple[float, float]) -> str:
    return say("{low} til {high}").format(low=_number(span[0]), high=_number(span[1]))


def _number(value: float) -> str:
    return numbers.exact(float(f"{value:.3g}"))


def _numbers(found: Fit) -> Table:
    rows: list[list[Cell]] = [
        [name, found.before[name], float(f"{value:.8g}"), found.units[name], _sure(found, name)]
        for name, value in found.values.items()
    ]
    heads = [
        Column(say("Tall"), width=36),
        Column(say("I regelverket"), "exact"),
        Column(say("Funnet"), "exact"),
        Column(say("Enhet"), width=10),
        Column(say("Hva tildelingene sier"), width=34),
    ]
    return Table(heads, rows, say("Tallene som kommer nærmest"), say("Tall"), "numbers")


def _sure(found: Fit, name: str) -> str:
    if found.told is None:
        return say("går ikke sammen")
    if name in found.told.silent:
        return say("ingenting")
    if name not in found.told.apart:
        return say("bestemt")
    return say("kan være {span}").format(span=_span(found.told.apart[name]))


def _units(found: Fit) -> Table:
    rows: list[list[Cell]] = [
        [unit, got, None if got is None or (missed := found.misses[unit]) is None else got + missed, found.misses[unit]]
        for unit, got in found.letters.items()
    ]
    heads = [
        Column(say("Enhet")),
        Column(say("Fikk"), "kr"),
        Column(say("Tallene gir"), "kr"),
        Column(say("Avvik"), "kr_change"),
    ]
    return Table(heads, rows, say("Det enhetene fikk, og det tallene gir"), say("Enheter"), "units")
