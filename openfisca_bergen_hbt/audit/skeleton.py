"""A test case to complete: a situation that the rule needs, what it reads, and a placeholder that is never right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from openfisca_core.periods import DateUnit, Instant, Period

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.history import parameters_read
from openfisca_bergen_hbt.audit.cases.model import Case
from openfisca_bergen_hbt.audit.changes import KINDS_IN_WORDS, LAST_DAY, LawChange
from openfisca_bergen_hbt.audit.runner import Recorder, Traced, formula_start
from openfisca_bergen_hbt.grunnregelverk import inputs
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.law.versions import Version, in_force, named
from openfisca_bergen_hbt.regelverk import FOUNDATION, chosen_readings
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, kroner_by_month
from openfisca_bergen_hbt.simulate import traced_nodes
from openfisca_bergen_hbt.situation import ROLE, reader
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, say
from openfisca_bergen_hbt.text.periods import IN_WORDS

Given = dict[str, dict[str, dict[str, Any]]]
#: Who there is, and what may be given of them; a case gives what its rule reads. Inputs whose default is a number of
#: the law are left out, so that the number is tested.
SITUATION: Given = {
    "brukere": {
        "a": {"besoek_per_uke": 10, "vurdert_timer_per_uke": 5},
        "b": {"besoek_per_uke": 20, "vurdert_timer_per_uke": 20},
        "c": {"besoek_per_uke": 200, "vurdert_timer_per_uke": 100},
        "d": {"besoek_per_uke": 5, "vurdert_timer_per_uke": 10},
    },
    "enheter": {
        "A": {
            "brukere": ["a"],
            "enhet_kjoeretid_per_uke": 10,
            "enhet_etatsdirektoer_omfordeling": 0,
            "enhet_overfoert_fra_i_fjor": 10,
            "enhet_tjenesteomraade": "HJEMMETJENESTER",
            "enhet_deltar_i_teamutproeving": True,
        },
        "B": {
            "brukere": ["b", "c"],
            "enhet_kjoeretid_per_uke": 30,
            "enhet_etatsdirektoer_omfordeling": 500,
            "enhet_overfoert_fra_i_fjor": -20,
            "enhet_tjenesteomraade": "HJEMMETJENESTER",
            "enhet_deltar_i_teamutproeving": False,
        },
        "C": {
            "brukere": ["d"],
            "enhet_kjoeretid_per_uke": 0,
            "enhet_etatsdirektoer_omfordeling": 300,
            "enhet_overfoert_fra_i_fjor": 0,
            "enhet_tjenesteomraade": "ANDRE",
            "enhet_deltar_i_teamutproeving": False,
        },
    },
    "byomraader": {
        "omraadet": {
            "brukere": ["a", "b", "c", "d"],
            "publiserte_vedtakstimer": 6500,
            "publiserte_brukere": 3,
            "publiserte_besoek": 12000,
            "lmh_pasienter": 100,
        }
    },
    "etater": {
        "etaten": {
            "brukere": ["a", "b", "c", "d"],
            "etat_budsjettramme": 10000000,
            "publisert_sum_vedtakstimer": 6600,
            "publisert_sum_brukere": 4,
            "publisert_sum_besoek": 12500,
        }
    },
}
#: The year that a case is about where nothing else is asked for.
YEAR = 2019
#: What can't be given by year.
BY_MONTH = {name for name, given in inputs("etat").items() if given.set_input is kroner_by_month}


def new(
    variable: str,
    systems: Systems,
    version: Version | None = None,
    periods: Sequence[Period] = (),
    why: str = "",
) -> str:
    """Return a commented test case of a variable, which runs and does not hold until it is completed.

    It is about the law in force and a usual period where no others are given, and says why in a line.

    Raises:
        UnknownNameError: no variable has the name.
        ValueError: the variable is an input, or is not computed in a period.
    """
    version = version or in_force()
    system = systems.system(version)
    rule = names.pick(system.variables, variable, names.NO_VARIABLE)
    if not rule.formulas:
        raise ValueError(
            _("'{variable}' is an input: no rule computes it, and so there is nothing to test.").format(
                variable=variable
            )
        )
    asked = list(periods) or [_usual_period(rule)]
    for period in asked:
        if period.unit != rule.definition_period:
            raise ValueError(
                _("'{variable}' is asked for by {unit}, and not for {period}.").format(
                    variable=variable, unit=_(IN_WORDS[rule.definition_period]), period=period
                )
            )
        if rule.get_formula(period) is None:
            raise ValueError(
                _("'{variable}' is not computed in {period}: it begins on {start}.").format(
                    variable=variable, period=period, start=min(rule.formulas)
                )
            )
    traced, recorder = _traced(variable, asked, system)
    below = set().union(*(traced.inputs_below(variable, period) for period in asked))
    read = {f"{name} = {names.find_parameter(system, name).get_at_instant(day):.10g}" for name, day in recorder.read}
    computed = {period: traced.simulation.calculate(variable, period) for period in asked}
    lines = list(_comments(rule, sorted(read), why))
    if version.decisions != in_force().decisions:
        lines.insert(0, f"# regulation: {version.id}")
    name = _("{variable} in {periods}").format(variable=variable, periods=_(" and ").join(map(str, asked)))
    lines += [f"- name: {name}", f"  period: {asked[0]}", "  input:"]
    lines += list(_input(_situation(system), below - {variable}, asked))
    lines += ["  output:", *_output(rule, computed)]
    return "\n".join(lines) + "\n"


def _usual_period(rule: Any) -> Period:
    """Return a period in which the last formula of a variable that holds once all decisions do computes it."""
    start = max(start for start in rule.formulas if start <= LAST_DAY)
    return period_at(rule, max(date.fromisoformat(start), date(YEAR, 1, 1)))


def period_at(rule: Any, day: date) -> Period:
    """Return the year or month of a variable that a day lies in."""
    monthly = rule.definition_period == DateUnit.MONTH
    return Period((rule.definition_period, Instant((day.year, day.month if monthly else 1, 1)), 1))


def _traced(variable: str, periods: Sequence[Period], system: Any) -> tuple[Traced, Recorder]:
    """Return the situation computed for a variable, with all that may be given."""
    years = sorted({str(period.start.year) for period in periods})
    body = {
        plural: {
            name: {
                key: value if key == ROLE else dict.fromkeys(_when(key, years), value)
                for key, value in given.items()
                if key != variable
            }
            for name, given in members.items()
        }
        for plural, members in _situation(system).items()
    }
    recorder = Recorder()
    situation = reader.read_situation(body, system, reader.Door())
    traced = Traced(Case("", 0, "", situation=situation), system, recorder)
    traced.simulation.trace = True
    for period in periods:
        traced.simulation.calculate(variable, period)
    for node in traced_nodes(traced.simulation):
        recorder.read.update((parameter.name, str(parameter.period)) for parameter in node.parameters)
    return traced, recorder


def _situation(system: Any) -> Given:
    """Return what may be given, with a plain value of each input of which none stands above."""
    found = {}
    for entity in system.entities:
        members = SITUATION[entity.plural]
        known = {name for given in members.values() for name in given}
        more = [
            given
            for name, given in sorted(inputs(entity.key).items())
            if name not in known and not issubclass(given, DefaultFromParameter)
        ]
        found[entity.plural] = {
            member: {**given, **{one.__name__: _plain(one, number) for one in more}}
            for number, (member, given) in enumerate(members.items())
        }
    return found


def _plain(variable: Any, number: int) -> Any:
    """Return a value of an input, another for each member."""
    if variable.value_type is bool:
        return number % 2 == 0
    answers = list(getattr(variable, "possible_values", ()))
    return answers[number % len(answers)].name if answers else 10 * (number + 1)


def _comments(rule: Any, read: Sequence[str], why: str) -> Iterator[str]:
    yield f"# {rule.name}: {say(rule.label)} ({data.unit_label(rule.unit)})."
    yield "# " + _("Rule: {text}").format(text=say(rule.documentation))
    for reference in rule.reference:
        yield "# " + _("Source: {text}").format(text=reference)
    if read:
        yield "# " + _("Numbers that it rests on (`bergen-hbt show` gives their sources):")
        yield from (f"#   {number}" for number in read)
    if why:
        yield f"# {why}"
    complete = _(
        "To complete: make the situation your own, work the expected values out by hand or from the sources, and\n"
        "write the sum beside each. Never copy what the model says. The values below are placeholders, not right."
    )
    yield from (f"# {line}" for line in complete.splitlines())


def _input(situation: Given, below: set[str], periods: Sequence[Period]) -> Iterator[str]:
    by_year = any(period.unit == DateUnit.MONTH for period in periods) or len(periods) > 1
    by_year = by_year or bool(below & BY_MONTH)
    years = sorted({period.start.year for period in periods}) if by_year else []
    for plural, members in situation.items():
        yield f"    {plural}:"
        for name, given in members.items():
            kept = {key: value for key, value in given.items() if key == ROLE or key in below}
            yield f"      {name}: {{{', '.join(f'{key}: {_given(key, value, years)}' for key, value in kept.items())}}}"


def _given(key: str, value: Any, years: Sequence[int]) -> str:
    if key == ROLE:
        return f"[{', '.join(value)}]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    when = _when(key, years)
    return f"{{{', '.join(f'{period}: {text}' for period in when)}}}" if when else text


def _when(key: str, years: Sequence[Any]) -> list[str]:
    """Return the periods that an input is given for: years, or the first month of each for what is given by month."""
    return [f"{year}-01" if key in BY_MONTH else str(year) for year in years]


def _output(rule: Any, computed: Mapping[Period, Any]) -> Iterator[str]:
    members = list(SITUATION[rule.entity.plural])
    of_each = _("{names}: your own sum").format(names=", ".join(members))
    whose = "  # " + (of_each if len(members) > 1 else _("your own sum"))
    texts = {}
    for period, values in computed.items():
        placeholders = [_placeholder(rule, value) for value in values]
        texts[period] = placeholders[0] if len(placeholders) == 1 else f"[{', '.join(placeholders)}]"
    if len(texts) == 1:
        yield f"    {rule.name}: {next(iter(texts.values()))}{whose}"
        return
    yield f"    {rule.name}:"
    for period, text in texts.items():
        yield f"      {period}: {text}{whose}"


def _placeholder(rule: Any, value: Any) -> str:
    """Return a value that is not the right one."""
    if hasattr(rule, "possible_values"):
        answers = list(rule.possible_values.names)
        index = int(getattr(value, "index", value))
        return str(answers[(index + 1) % len(answers)])
    if rule.value_type is bool:
        return "false" if value else "true"
    return "0" if value else "1"


def for_change(change: LawChange, systems: Systems) -> str:
    """Return a test case that would catch a change, for who completes it with the values of the law."""
    version = in_force()
    law = systems.system(version)
    start = date.fromisoformat(change.start)
    kind = _(KINDS_IN_WORDS[change.kind])
    why = _("It is to notice: {kind} {name}, {what}.").format(kind=kind, name=change.name, what=change.what)
    if change.kind in ("parameter", "bound"):
        variable = _reader(change.name, law, max(YEAR, start.year))
        if change.kind == "bound":
            why += " " + _("Let a value lie exactly at the bound.")
    elif change.kind == "reading":
        return _of_reading(change.name, systems, why)
    elif change.kind == "decision":
        variable = _hinge(change.decision, law)
    else:
        variable = change.variable
    rule = law.variables[variable]
    if change.kind in ("formula", "branch") and formula_start(rule, period_at(rule, start)) != change.start:
        version = named(FOUNDATION)
        rule = systems.system(version).variables[variable]
    periods = [period_at(rule, start)]
    if change.kind in ("decision", "hinge"):
        periods.insert(0, periods[0].offset(-1))
    computed = [period for period in periods if rule.get_formula(period) is not None]
    return new(variable, systems, version, computed, why)


def _of_reading(name: str, systems: Systems, why: str) -> str:
    """Return a test case of what a reading re-points, or of what reads the number that it fixes, under the reading."""
    (reading,) = chosen_readings([name])
    version = replace(in_force(), readings=(reading,))
    law = systems.system(version)
    variable = reading.hinges[0].__name__ if reading.hinges else _reader(next(iter(reading.numbers)), law, YEAR)
    text = new(variable, systems, version, [period_at(law.variables[variable], date(YEAR, 1, 1))], why)
    named = "\n".join(f"    - {reform.__module__}.{reform.__name__}" for reform in version.reforms)
    return text.replace("  input:\n", f"  reforms:\n{named}\n  input:\n", 1)


@lru_cache
def _hinge(decision: str, law: Any) -> str:
    """Return a variable by whose months a decision shows."""
    hinges = next(found.hinges for found in law.vedtak if found.id() == decision)
    monthly = [hinge.__name__ for hinge in hinges if law.variables[hinge.__name__].definition_period == DateUnit.MONTH]
    return str((monthly or [hinge.__name__ for hinge in hinges])[0])


@lru_cache
def _read_by(law: Any, year: int) -> dict[str, list[str]]:
    return parameters_read(law, date(year, 12, 31))


def _reader(parameter: str, law: Any, year: int) -> str:
    """Return a variable whose rule reads a parameter; what units are given rests on the default of an input, too."""
    return next((name for name, read in _read_by(law, year).items() if parameter in read), "enhet_samlet_tildeling")
