"""Which values of numbers give wished-for amounts, or that none do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.solve import Solution, Solved, Together
from openfisca_bergen_hbt.analysis.solve.target import Target
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.text.numbers import exact, whole

ONE_OF_SEVERAL = to_say("Flere svar kan finnes: søket begynner ved verdiene som gjelder, og gir et svar nær dem.")


def paper(solved: Solved) -> Paper:
    """Return what was found as a paper: a sentence, and what the population is."""
    found = solved.solution
    said, notes = (_of_one(solved, found), []) if isinstance(found, Solution) else _of_several(solved, found)
    return Paper(said, [], notes=[*notes, say(solved.population.description)])


def _of_one(solved: Solved, found: Solution) -> str:
    ((parameter, unit),), ((target, of),) = solved.parameters.items(), solved.targets
    ends = say("{parameter} fra {low} til {high} {unit} gir {amount_at_low} til {amount_at_high}.").format(
        parameter=parameter,
        low=_number(found.low),
        high=_number(found.high),
        unit=unit,
        amount_at_low=_amount(found.amount_at_low),
        amount_at_high=_amount(found.amount_at_high, of),
    )
    if found.value is None:
        none = say("Ingen verdi gir {target}.").format(target=_said(target, target.amount, of))
        nearest = say("Nærmest: {nearest} {unit}, som gir {amount}.").format(
            nearest=_number(found.nearest), unit=unit, amount=_amount(found.amount, of)
        )
        return f"{none} {ends} {nearest}"
    one = say("{parameter} = {value} {unit} gir {target}.").format(
        parameter=parameter, value=_number(found.value), unit=unit, target=_said(target, found.amount, of)
    )
    also = [say("Det gjør også {values}.").format(values=_listed([*map(_number, found.also)]))] if found.also else []
    return " ".join([one, *also, ends])


def _of_several(solved: Solved, found: Together) -> tuple[str, list[str]]:
    values = [f"{name} = {_number(value)} {solved.parameters[name]}" for name, value in found.values.items()]
    given = [_said(target, amount, unit) for (target, unit), amount in zip(solved.targets, found.amounts, strict=True)]
    if found.solved:
        return say("{values} gir {given}.").format(values=_listed(values), given=_listed(given)), [say(ONE_OF_SEVERAL)]
    wanted = [_said(target, target.amount, unit) for target, unit in solved.targets]
    none = say("Ingen verdier innenfor tallenes spenn ble funnet som gir {wanted}. Nærmest: {values}, som gir {given}.")
    return none.format(wanted=_listed(wanted), values=_listed(values), given=_listed(given)), []


def _said(target: Target, amount: float, unit: str) -> str:
    return f"{target.text} = {_amount(amount, unit)}"


def _amount(amount: float, unit: str = "") -> str:
    return f"{whole(amount) if unit == 'kr' else _number(amount)} {unit}".rstrip()


def _number(value: float) -> str:
    """Write a number as Norwegians do, with ten digits at most."""
    return exact(float(f"{value:.10g}"))


def _listed(texts: list[str]) -> str:
    *first, last = texts
    return say("{first} og {last}").format(first=", ".join(first), last=last) if first else last


def as_json(solved: Solved) -> dict[str, Any]:
    """Return what was found as JSON holds it: of one number as ever, of several with a value and an amount of each."""
    found = asdict(solved.solution)
    if isinstance(solved.solution, Together):
        return {"parameter": list(solved.parameters), "until": list(solved.until), **found}
    return {"parameter": next(iter(solved.parameters)), "until": solved.until[0], **found}
