"""The place of scenarios: up to four beside each other, held by the address, changed one by one, out and in as a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as copied
from functools import lru_cache
from typing import Any

import msgspec
from flask import Flask, Response, redirect, request
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.analysis import scenarios as question
from openfisca_bergen_hbt.analysis.asking import Asked, Request, prepare
from openfisca_bergen_hbt.analysis.scenarios import Scenarios
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.law.scenario_files import read_plan
from openfisca_bergen_hbt.law.scenario_files import written as as_file
from openfisca_bergen_hbt.law.scenarios import MOST, Plan, Scenario, versions
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import beyond_doubt
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.regelverk import FOUNDATION, applied_like_readings, decisions
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.report.paper import Paper, written_rows
from openfisca_bergen_hbt.report.parts.figures import described
from openfisca_bergen_hbt.report.parts.rules_and_numbers import day_text
from openfisca_bergen_hbt.report.subjects import scenarios as subject
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.strict_yaml import read_text
from openfisca_bergen_hbt.web.api.errors import BAD, NOT_FOUND, RequestError
from openfisca_bergen_hbt.web.api.questions import refuse_too_many
from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import KEPT, on_own_files, refusing
from openfisca_bergen_hbt.web.page.downloads import RECORD, REPORTS
from openfisca_bergen_hbt.web.page.scenario_address import scenarios_in, written
from openfisca_bergen_hbt.web.page.scenario_edits import FIELDS, edited
from openfisca_bergen_hbt.web.page.sent_files import Sent, users_with

#: The address of the place, and the name of the file that scenarios go out and in by.
PLACE, FILE = "scenarioer", "scenarioer.yaml"
#: The field of a scenario file, and how long the address may be that it becomes: servers in between take no more.
FIELD, LONGEST_ADDRESS = "fil", 7000
TOO_LONG = (
    "Scenarioene er for lange til at en adresse kan holde dem. Kjør filen med bergen-hbt scenarios, eller gjør tekstene "
    "i forslagene kortere."
)


@dataclass
class Beside:
    """Scenarios run for the page."""

    asked: Asked
    found: Scenarios
    paper: Paper
    notes: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def recorded(self) -> dict[str, Any]:
        """Return the record of the run; what it asks of the comparison is computed by one request at a time."""
        with self.lock:
            return record.record(self.asked, self.found)


@lru_cache(KEPT)
def _of_address(query: str) -> Beside:
    """Return the scenarios of an embedded population that an address asks for."""
    return _beside(choices.choice_in(MultiDict(msgspec.json.decode(query))), {})


def _beside(choice: Choice, sent: Mapping[str, Sent]) -> Beside:
    """Return the scenarios of a choice, on sent files where there are some, which are never kept.

    Raises:
        DataError: a sent file that can't be used.
        RequestError: what can't be run.
    """
    with refusing():
        plan = _plan(choice)
        options = msgspec.to_builtins(plan)
        asked_for = Request(question="scenarios", options=options, year=choice.year, population=choice.example)
        read = None
        if sent:
            asked_for, read = on_own_files(choice, asked_for, sent)
        asked = prepare(question.QUESTION, asked_for, read and read.__getitem__, leave_out=True)
        refuse_too_many(asked, Limits())
        found = question.QUESTION.run(asked)
        notes = dict.fromkeys(note for one in (read or {}).values() for note in one.notes)
        return Beside(asked, found, subject.paper(found), list(notes))


def _plan(choice: Choice) -> Plan:
    """Return the scenarios of a choice.

    Raises:
        ValueError: none, too many, or some that can't be made.
    """
    scenarios = scenarios_in(choice.scenarios)
    if len(scenarios) > MOST:
        raise ValueError(f"Det er plass til {MOST} scenarioer side om side, og adressen har {len(scenarios)}: fjern noen.")
    plan = Plan(tuple(scenarios), choice.against or None)
    versions(plan)  # refuses what can't be made
    return plan


def _result(choice: Choice, sent: Mapping[str, Sent]) -> Beside:
    if choice.errors:
        raise RequestError(" ".join(choice.errors.values()))
    if sent:
        return _beside(choice, sent)
    kept = {"aar": [str(choice.year)], "eksempel": [choice.example], "s": choice.scenarios, "mot": [choice.against]}
    return _of_address(msgspec.json.encode(kept).decode())


def add_scenarios(app: Flask, shown: Any) -> None:
    """Add the place of scenarios and its downloads; ``shown`` makes a page of a template."""
    app.add_url_rule(f"/{PLACE}", PLACE, lambda: _place(shown), methods=["GET", "POST"])
    app.add_url_rule(f"/{PLACE}/last-ned/<name>", f"{PLACE}-download", _downloaded, methods=["GET", "POST"])


def _place(shown: Any) -> Response:
    """Return the place of scenarios: as the address has them, as a form changes them, or as a sent file has them."""
    choice, sent = choices.choice_in(request.values, FIELDS), dict[str, Sent]()
    fault, status, result = "", 200, None
    try:
        if changed := _changed(choice):
            return changed
        if request.method == "POST":
            sent = users_with(request)
        if choice.scenarios:
            result = _result(choice, sent)
        elif choice.errors:
            raise RequestError(" ".join(choice.errors.values()))
    except (DataError, ValueError) as error:
        fault, status = str(error), getattr(error, "status", BAD)
    values = {"choice": choice, "result": result, "faults": fault.splitlines(), "own_data": bool(sent), "most": MOST}
    return shown("scenarios.html.j2", status, **values, **_of_cards(choice, result), years=embedded.YEARS)


def _changed(choice: Choice) -> Response | None:
    """Return the way to the address that a form of the page, or a sent file, makes; None where neither was sent.

    Raises:
        ValueError: a form or a file that can't be used.
    """
    found = edited(choice, request.values)
    file = request.files.get(FIELD)
    if file and file.filename:
        sent = Sent(file.filename, file.read())
        plan = read_plan(read_text(sent, sent.name), sent.name)
        found = copied(choice, scenarios=list(map(written, plan.scenarios)), against=plan.against or "")
    if found is None:
        return None
    query = found.query()
    if len(query) > LONGEST_ADDRESS:
        raise ValueError(TOO_LONG)
    return redirect(f"{request.script_root}/{PLACE}?{query}", 303)  # type: ignore[return-value] # one of werkzeug's


def _of_cards(choice: Choice, result: Beside | None) -> dict[str, Any]:
    """Return what the templates show of each scenario, whether they could be run or not."""
    try:
        scenarios = scenarios_in(choice.scenarios)
    except ValueError:
        scenarios = []
    law = SYSTEMS.foundation()
    return {
        "cards": [_card(choice, scenarios, place, result) for place in range(len(scenarios))],
        "query": choice.query(),
        "choices_of_law": [(FOUNDATION, "Grunnregelverket"), *((d.id(), d.title) for d in decisions())],
        "in_force": in_force().title,
        "decisions": [(decision.id(), decision.title) for decision in decisions()],
        "readings": [(one.id(), f"{one.replaces}: {one.title}") for one in applied_like_readings().values()],
        "numbers": [(one.name, one.description) for one in names.parameters(law.parameters) if _is_set_by_hand(one)],
        "population": described(result.found.compared.population, suppression=True) if result else "",
    }


def _is_set_by_hand(parameter: Any) -> bool:
    """Return whether a number is one that a scenario may be of: no published table, and none that follows from others."""
    return not parameter.name.startswith("kostra.") and "derived_from" not in parameter.metadata


def _card(choice: Choice, scenarios: Sequence[Scenario], place: int, result: Beside | None) -> dict[str, Any]:
    """Return a scenario with what it comes to, what is in it, and the addresses of the page without it and against it."""
    scenario = scenarios[place]
    others = [text for number, text in enumerate(choice.scenarios) if number != place]
    against = choice.against if choice.against != scenario.name else ""
    first = choice.against or scenarios[0].name
    law = SYSTEMS.foundation()
    known = {parameter.name: parameter for parameter in names.parameters(law.parameters)}
    return {
        "scenario": scenario,
        "place": place,
        "is_first": scenario.name == first,
        "without": copied(choice, scenarios=others, against=against).query(),
        "against": copied(choice, against=scenario.name).query(),
        "proposals": [one if isinstance(one, str) else one.title for one in scenario.proposals],
        "changes": [
            {
                "label": known[change.parameter].description if change.parameter in known else change.parameter,
                "parameter": change.parameter,
                "value": beyond_doubt(change.value).replace(".", ","),
                "since": day_text(change.start.isoformat()),
                "until": day_text(change.stop.isoformat()) if change.stop else "",
            }
            for change in scenario.changes
        ],
        "figures": list(_figures(result, scenario.name)) if result else [],
    }


def _figures(result: Beside, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the totals of a scenario, each with its heading, and with what it differs by from the first."""
    totals, changes = result.paper.table("scenarios"), result.paper.table("changes")
    assert totals  # noqa: S101 (every paper has them)
    of_all, apart = ({row[0]: row[1:] for row in written_rows(table)} if table else {} for table in (totals, changes))
    heads = [column.heading for column in totals.columns[1:]]
    if name in of_all:
        yield from zip(heads, of_all[name], apart.get(name, [""] * len(heads)), strict=True)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except RequestError:
        raise
    except ValueError as error:
        raise RequestError(str(error)) from None


def _downloaded(name: str) -> Response:
    """Return scenarios as a file: their own, a workbook, a report, or the record of the run."""
    choice = choices.choice_in(request.values)
    with _in_words():
        sent = users_with(request) if request.method == "POST" else {}
        if name == FILE:
            return _file(as_file(_plan(choice), _how_to_run(choice)).encode(), "application/yaml", FILE)
        form, content_type = REPORTS.get(name.replace(PLACE, "rapport"), ("", ""))
        if not form and name != RECORD:
            raise RequestError(f"Det er ingen fil «{name[:60]}».", status=NOT_FOUND)
        result = _result(choice, sent)
    called = f"{PLACE}-{choice.year}"
    if name == RECORD:
        return _file(record.as_text(result.recorded()).encode(), "application/json", f"{called}-protokoll.json")
    content = outputs.write(form, result.paper, result.recorded())
    return _file(content, content_type, f"{called}.{form}")


def _how_to_run(choice: Choice) -> list[str]:
    """Return how the command line runs the same."""
    example = f" --example {choice.example}" if choice.example != Choice().example else ""
    return [f"Laget på siden. Kjør det med: bergen-hbt scenarios {FILE} --year {choice.year}{example}"]


def _file(content: bytes, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)
