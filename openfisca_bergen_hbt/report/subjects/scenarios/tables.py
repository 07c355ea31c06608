"""The tables of scenarios: each beside the one that it is measured against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy
from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.assumptions import Foundations, foundations
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Run, knows_frame
from openfisca_bergen_hbt.analysis.history import Rule, Value
from openfisca_bergen_hbt.analysis.scenarios import Scenarios
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE
from openfisca_bergen_hbt.law.values import written
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.regelverk import applied_like_readings
from openfisca_bergen_hbt.regelverk import decisions as decided
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts import findings, ground_tables, sureness
from openfisca_bergen_hbt.report.parts.answer import HANDED_OUT, LEFT, OVER, SHOWN, who_gains_most
from openfisca_bergen_hbt.report.parts.figures import (
    Groups,
    gains,
    groups,
    hides_total,
    shares,
    total,
    total_cell,
    with_sum,
)
from openfisca_bergen_hbt.report.parts.rules_and_numbers import day_text
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.vedtak import Reading

#: What stands where a scenario has not what another has.
NONE = "–"
#: What of the totals is left out first where there is little room.
BASIS = ("etat_aktivitetskostnad", "etat_ramme_i_alt")


def _name(run: Run) -> str:
    return run.version.id


def totals(found: Scenarios) -> Table:
    """Return cost, frame, what is handed out and left, and the overspend where it is known, of each scenario."""
    compared, names = found.compared, _headline_names(found)
    rows: list[list[Cell]] = [
        [_name(run), *(total_cell(compared, run, name) for name in names)] for run in compared.runs
    ]
    heads = [
        Column(say("Scenario"), width=30),
        *(Column(say(SHOWN[name]), "kr", detail=name in BASIS, variable=name) for name in names),
    ]
    return Table(heads, rows, say("Scenarioene side om side"), say("Scenarioer"), "scenarios", sureness.notes(compared))


def changes(found: Scenarios) -> Table | None:
    """Return what each of these differs by from the first scenario; None for one alone."""
    names = _headline_names(found)
    rows: list[list[Cell]] = [
        [_name(run), *(_change_of_all(found, run, name) for name in names)] for run in found.others
    ]
    heads = [
        Column(say("Scenario"), width=30),
        *(Column(say(SHOWN[name]), "kr_change", detail=name in BASIS) for name in names),
    ]
    title = say("Forskjell fra «{first}»").format(first=_name(found.first))
    return Table(heads, rows, title, say("Forskjell"), "changes") if rows else None


def _change_of_all(found: Scenarios, run: Run, name: str) -> Cell:
    """Return what a total differs by from that of the first; None where it is held back."""
    change = total(run, name) - total(found.first, name)
    return None if hides_total(found.compared, name) else change


def _headline_names(found: Scenarios) -> list[str]:
    known = knows_frame(found.compared.population, found.compared.year)
    return [name for name in SHOWN if name != OVER or known]


def given(found: Scenarios, by: Groups) -> Table:
    """Return what each area, or unit, is given under each scenario."""
    compared = found.compared
    columns = [by.shown(compared, run, GIVEN) for run in compared.runs]
    heads = [Column(by.heading, width=30), *(Column(_name(run), "kr") for run in compared.runs)]
    title = say("Samlet tildeling etter {groups}").format(groups=by.heading.lower())
    return Table(heads, by.rows(columns), title, by.heading, f"given-{by.level}", has_sum=True, ranked_by=1)


def given_apart(found: Scenarios, by: Groups) -> Table | None:
    """Return what each area, or unit, is given more or less of than under the first scenario; None for one alone."""
    if not found.others:
        return None
    before = with_sum(by.values(found.first.results, GIVEN))
    heads, columns = [Column(by.heading, width=30)], list[list[Cell]]()
    for run in found.others:
        change = with_sum(by.values(run.results, GIVEN)) - before
        heads += [Column(_name(run), "kr_change"), Column(f"{_name(run)}, %", "percent_change", detail=True)]
        columns.append(by.cells(found.compared, run, CHANGE, change))
        columns.append(by.cells(found.compared, run, CHANGE_SHARE, shares(change, before)))
    title = say("Samlet tildeling etter {groups}, forskjell fra «{first}»")
    title = title.format(groups=by.heading.lower(), first=_name(found.first))
    name = say("{heading}, forskjell").format(heading=by.heading)
    ranked_by = len(heads) - 1
    return Table(heads, by.rows(columns), title, name, f"apart-{by.level}", has_sum=True, ranked_by=ranked_by)


def who_gains(found: Scenarios) -> Table | None:
    """Return how many units gain and lose under each scenario, by how much, and which the most; None for one alone."""
    names, hidden = found.compared.population.unit_names, found.compared.hides(GIVEN, "enhet")
    before = found.first.results.value(GIVEN)
    rows: list[list[Cell]] = []
    for run in found.others:
        change = run.results.value(GIVEN) - before
        row: list[Cell] = [_name(run)]
        for sign, some in ((1, change > 0), (-1, change < 0)):
            # beside the units' own amounts the sum would give back the one that is held back
            small = hidden is not None and bool((hidden & some).any())
            seen = change * sign if hidden is None else numpy.where(hidden, 0, change * sign)
            row += [float(some.sum()), None if small else float(change[some].sum()), _most(names, seen)]
        rows.append([*row, float((change == 0).sum())])
    heads = [Column(say("Scenario"), width=30)]
    for enheter, kroner, most in (
        (say("Enheter som får mer"), say("Kroner mer"), say("Mest mer")),
        (say("Enheter som får mindre"), say("Kroner mindre"), say("Mest mindre")),
    ):
        heads += [Column(enheter, "count"), Column(kroner, "kr_change"), Column(most, detail=True)]
    heads.append(Column(say("Enheter som får det samme"), "count", detail=True))
    title = say("Hvem som får mer og mindre enn etter «{first}»").format(first=_name(found.first))
    return Table(heads, rows, title, say("Vinnere og tapere"), "gains") if rows else None


def _most(names: Sequence[str], change: numpy.typing.NDArray[numpy.float64]) -> str:
    """Return who gains the most; nothing where nobody gains."""
    place = int(change.argmax())
    return names[place] if change[place] > 0 else ""


def sentence(found: Scenarios) -> Callable[[Run], str]:
    """Return what says of a scenario in a sentence what it does."""
    first, by = found.first, groups(found.compared)

    def said(run: Run) -> str:
        more = total(run, HANDED_OUT) - total(first, HANDED_OUT)
        change = gains(found.compared, first, run)
        against = say("«{name}» mot «{first}»: ").format(name=_name(run), first=_name(first))
        if hides_total(found.compared, HANDED_OUT):
            return against + say("beløpene er holdt tilbake, fordi for få brukere står bak dem.")
        left = numbers.whole(total(run, LEFT))
        if not change.any() and not more:
            none = say("ingen krone flyttes mellom {groups}; {left} kr blir igjen sentralt.")
            return against + none.format(groups=by.plural, left=left)
        handed = (
            say("{more} kr mer deles ut, og {left} kr blir igjen sentralt.")
            if more > 0
            else say("{more} kr mindre deles ut, og {left} kr blir igjen sentralt.")
            if more < 0
            else say("like mye deles ut, og {left} kr blir igjen sentralt.")
        )
        handed_out = handed.format(more=numbers.whole(abs(more)), left=left)
        return against + " ".join([handed_out, *who_gains_most(by, change)])

    return said


def readings_apart(one: Version, other: Version) -> list[str]:
    """Return the ids of the readings that only one of two regulations is read by."""
    apart = set(one.readings) ^ set(other.readings)
    return [reading.id() for reading in (*one.readings, *other.readings) if reading in apart]


def differing(found: Scenarios) -> Table | None:
    """Return the decisions, readings and numbers that the scenarios' regulations differ by; None for none."""
    runs = found.compared.runs
    rows = [*_decisions(found), *_readings(found), *_numbers(found)]
    heads = [
        Column(say("Slag"), width=12),
        Column(say("Hva"), width=50),
        *(Column(_name(run), width=30) for run in runs),
    ]
    notes = [say("Der et tall er et annet i en del av året, står hver verdi med dagen den gjelder fra.")]
    title = say("Vedtak, lesninger og tall som skiller")
    return Table(heads, rows, title, say("Forskjeller"), "differing", notes) if rows else None


def rules(found: Scenarios) -> Table | None:
    """Return the rules that the scenarios' regulations differ by at the end of the year; None for none."""
    rows = list(_rules(found))
    heads = [Column(say("Regel"), width=50), *(Column(_name(run), width=30) for run in found.compared.runs)]
    title = say("Regler som skiller, og hva som brakte dem")
    return Table(heads, rows, title, say("Regler"), "rules") if rows else None


def _decisions(found: Scenarios) -> Iterator[list[Cell]]:
    apart = {decision.id: decision for one in found.differences.values() for decision in one.decisions}
    for name, decision in sorted(apart.items()):
        held = [any(of.id() == name for of in run.version.decisions) for run in found.compared.runs]
        yield [say("Vedtak"), say(decision.title), *(say("med") if holds else say("uten") for holds in held)]


def _readings(found: Scenarios) -> Iterator[list[Cell]]:
    runs = found.compared.runs
    read: dict[type[Reading], None] = dict.fromkeys(reading for run in runs for reading in run.version.readings)
    for reading in read:
        held = [reading in run.version.readings for run in runs]
        if not all(held):
            what = f"{say(reading.title)} ({reading.replaces})"
            yield [say("Lesning"), what, *(say(reading.said_as) if holds else NONE for holds in held)]


def _numbers(found: Scenarios) -> Iterator[list[Cell]]:
    pairs: dict[str, dict[str, list[tuple[Value | None, Value | None]]]] = {}
    for name, one in found.differences.items():
        for parameter, before, after in one.values:
            pairs.setdefault(parameter, {}).setdefault(name, []).append((before, after))
    for parameter, by_name in sorted(pairs.items()):
        every = [pair for pairs in by_name.values() for pair in pairs]
        mine = _values([before for before, _after in every])
        label = next(value.description for pair in every for value in pair if value)
        cells = [
            _values([after for _before, after in by_name[_name(run)]]) if _name(run) in by_name else mine
            for run in found.compared.runs
        ]
        yield [say("Tall"), f"{say(label)} ({parameter})", *cells]


def _values(values: Sequence[Value | None]) -> str:
    """Return a number as it is in a year, with the day that it holds from; more than once where it becomes another."""
    return "; ".join(dict.fromkeys(_value(value) for value in values))


def _value(value: Value | None) -> str:
    return NONE if value is None or value.value is None else f"{written(value.value, value.unit)}{_since(value)}"


def _since(value: Value | Rule | None) -> str:
    return say(" fra {start}").format(start=day_text(value.start)) if value else ""


def _rules(found: Scenarios) -> Iterator[list[Cell]]:
    pairs: dict[str, dict[str, tuple[Rule | None, Rule | None]]] = {}
    for name, one in found.differences.items():
        for variable, before, after in one.rules:
            pairs.setdefault(variable, {})[name] = before, after
    for _variable, by_name in sorted(pairs.items()):
        mine = next(iter(by_name.values()))[0]
        label = next(rule.label for pair in by_name.values() for rule in pair if rule)
        yield [say(label), *(_rule(by_name.get(_name(run), (mine, mine))[1]) for run in found.compared.runs)]


def _rule(rule: Rule | None) -> str:
    """Return what brought a rule, and when."""
    if rule is None:
        return NONE
    known = {of.id(): say(of.short_title) for of in (*decided(), *applied_like_readings().values())}
    brought_by = known.get(rule.decision) or say("Grunnregelverket")
    return f"{brought_by}{_since(rule)}"


def acting(found: Scenarios) -> list[tuple[str, str]]:
    """Return from when the changed numbers of each scenario act, with its heading."""
    said = [(run, findings.acting_in(found.compared, run)) for run in found.compared.runs]
    told = [f"«{_name(run)}»: {'; '.join(lines)}." for run, lines in said if lines]
    return [(say("Når tallene virker"), " ".join(told))] if told else []


def ground(found: Scenarios, rests_on: Foundations) -> list[Table]:
    """Return the assumptions and interpretations that the figures rest on, each with the scenarios that it is under."""
    runs = found.compared.runs
    each = [foundations([run.results]) for run in runs]
    under = {
        "assumptions": [[one in of.assumptions for of in each] for one in rests_on.assumptions],
        "interpretations": [[name in of.interpretations for of in each] for name in rests_on.interpretations],
    }
    tables = (ground_tables.assumptions(rests_on), ground_tables.interpretations(rests_on))
    return [_with_scenarios(table, runs, under[table.id]) for table in tables]


def _with_scenarios(table: Table, runs: Sequence[Run], holds: Sequence[Sequence[bool]]) -> Table:
    """Return a table with the scenarios that each row holds under, where they are not all the same."""
    if all(map(all, holds)):
        return table
    names = [", ".join(_name(run) for run, is_so in zip(runs, some, strict=True) if is_so) for some in holds]
    *heads, last = table.columns
    rows = [[*row[:-1], name, row[-1]] for row, name in zip(table.rows, names, strict=True)]
    return replace(table, columns=[*heads, Column(say("Scenario"), width=30), last], rows=rows)
