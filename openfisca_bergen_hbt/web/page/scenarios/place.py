"""The place of scenarios: up to four beside each other, which the address holds; changed, and out and in as a file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as copied
from functools import lru_cache, partial
from typing import Any

import msgspec
from flask import Flask, Response, redirect, request
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.analysis import scenarios as question
from openfisca_bergen_hbt.analysis.asking import Asked, Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.scenarios import Scenarios
from openfisca_bergen_hbt.intake.microdata import Microdata
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.law.scenario_files import read_plan
from openfisca_bergen_hbt.law.scenario_files import written as as_file
from openfisca_bergen_hbt.law.scenarios import MOST, Plan, versions
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.report.forms.charts.asked import Leads, nowhere
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.report.parts.about import of_population
from openfisca_bergen_hbt.report.subjects import scenarios as subject
from openfisca_bergen_hbt.text.language import _, marked, say
from openfisca_bergen_hbt.text.strict_yaml import read_text
from openfisca_bergen_hbt.web.api.errors import BAD, NOT_FOUND, RequestError, refusals
from openfisca_bergen_hbt.web.api.questions import refuse_too_many
from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page import shown
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import KEPT, in_turn, on_own_files, refusing
from openfisca_bergen_hbt.web.page.downloads import PICTURES, RECORD, REPORTS, pictured
from openfisca_bergen_hbt.web.page.language import KEY
from openfisca_bergen_hbt.web.page.leads import Explains, explanation, leads
from openfisca_bergen_hbt.web.page.scenarios.address import scenarios_in, written
from openfisca_bergen_hbt.web.page.scenarios.cards import shown_beside
from openfisca_bergen_hbt.web.page.scenarios.edits import FIELDS, edited
from openfisca_bergen_hbt.web.page.sent_files import PUBLIC, Sent, users_with

#: The address of the place, and the name of the file that scenarios go out and in by.
PLACE, FILE = "scenarioer", "scenarioer.yaml"
#: The field of a scenario file, and how long the address may be that it becomes: servers in between take no more.
FIELD, LONGEST_ADDRESS = "fil", 7000
#: What of a choice scenarios have, and what they have besides where users are sent.
OF_ADDRESS, OF_OWN_DATA = ("aar", "eksempel", "s", "mot", "spenn", KEY), ("ramme", "ark", "behold", PUBLIC)
TOO_LONG = marked(
    "The scenarios are too long for an address. Run the file with bergen-hbt scenarios, or shorten the proposals' "
    "texts."
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
    choice = choices.choice_in(MultiDict(msgspec.json.decode(query)))
    with in_turn(choice):
        return _beside(choice, {})


def _beside(choice: Choice, sent: Mapping[str, Sent]) -> Beside:
    """Return the scenarios of a choice, on sent files where there are some, which are never kept.

    Raises:
        DataError: a sent file that can't be used.
        RequestError: what can't be run.
    """
    with refusing():
        plan = plan_of(choice)
        options = {**msgspec.to_builtins(plan), **choices.samples(choice)}
        asked_for = Request(question="scenarios", options=options, year=choice.year, population=choice.example)
        read: dict[int, Microdata] = {}
        if sent:
            asked_for, read = on_own_files(choice, asked_for, sent)
        asked = prepare(question.QUESTION, asked_for, read.__getitem__ if sent else None, leave_out=True)
        refuse_too_many(asked, Limits())
        found = question.QUESTION.run(asked)
        notes = list(dict.fromkeys(note for one in read.values() for note in one.notes))
        left_out = _("Left out: '{title}' counts the hours from {inputs}.")
        notes += [left_out.format(title=title, inputs=inputs) for title, inputs in asked.left_out.items()]
        refused = _("'{title}' can't be computed: {why}")
        notes += [refused.format(title=title, why=why) for title, why in found.compared.not_computable.items()]
        return Beside(asked, found, subject.paper(found), notes)


def plan_of(choice: Choice) -> Plan:
    """Return the scenarios of a choice.

    Raises:
        ValueError: none, too many, or some that can't be made.
    """
    scenarios = scenarios_in(choice.scenarios)
    if len(scenarios) > MOST:
        message = _("There is room for {most} scenarios beside each other, and there are {count}: take some away.")
        raise ValueError(message.format(most=MOST, count=len(scenarios)))
    plan = Plan(tuple(scenarios), choice.against or None)
    versions(plan)  # refuses what can't be made
    return plan


def _result(choice: Choice, sent: Mapping[str, Sent]) -> Beside:
    if sent:
        with in_turn(choice):
            return _beside(choice, sent)
    kept = {"aar": [str(choice.year)], "eksempel": [choice.example], "s": choice.scenarios, "mot": [choice.against]}
    kept |= {"spenn": ["1"]} if choice.bands else {}
    kept[KEY] = [choice.language]  # what can't be computed is told in it
    return _of_address(msgspec.json.encode(kept).decode())


def add_scenarios(app: Flask, page: Any) -> None:
    """Add the place of scenarios and its downloads; ``page`` makes one of a template."""
    app.add_url_rule(f"/{PLACE}", PLACE, lambda: _place(page), methods=["GET", "POST"])
    app.add_url_rule(f"/{PLACE}/diagram/<name>", f"{PLACE}-picture", _picture)
    app.add_url_rule(f"/{PLACE}/last-ned/<name>", f"{PLACE}-download", _downloaded, methods=["GET", "POST"])


def _chosen() -> Choice:
    """Return what a request chooses, with an error for each field that says nothing here."""
    found = choices.choice_in(request.values, FIELDS)
    known = {*OF_ADDRESS, *FIELDS, *(OF_OWN_DATA if request.method == "POST" else ())}
    found.errors = {name: error for name, error in found.errors.items() if name not in FIELDS}
    for name in request.values:
        if name not in known:
            message = _("The field '{name}' is not about scenarios.")
            found.errors.setdefault(name, message.format(name=name[:60]))
    return found


def _refuse_errors(choice: Choice) -> None:
    if choice.errors:
        raise RequestError("\n".join(choice.errors.values()))


def _place(page: Any) -> Response:
    """Return the place of scenarios: as the address has them, as a form changes them, or as a sent file has them."""
    choice, sent = _chosen(), dict[str, Sent]()
    fault, status, result = "", 200, None
    try:
        _refuse_errors(choice)
        if changed := _changed(choice):
            return changed
        if request.method == "POST":
            sent = users_with(request)
        result = _result(choice, sent) if choice.scenarios else None
    except (DataError, ValueError) as error:
        fault, status = str(error), getattr(error, "status", BAD)
    values: dict[str, Any] = {
        "choice": choice,
        "result": result,
        "faults": fault.splitlines(),
        "own_data": bool(sent),
        "most": MOST,
    }
    values |= {"plain": copied(choice, bands=False).query(), "banded": copied(choice, bands=True).query()}
    if result:
        where = nowhere if sent else _leads(choice, result)
        wide, narrow = (charts_by_table(result.paper, width, where) for width in (shown.CHART, NARROW))
        values |= {"wide": wide, "narrow": narrow, "pictures_at": f"{request.script_root}/{PLACE}/diagram/"}
        values["population"] = of_population(result.found.compared)
    answer: Response = page(
        "scenarios.html.j2", status, **values, **shown_beside(choice, result.paper if result else None)
    )
    return answer


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
        raise ValueError(_(TOO_LONG))
    return redirect(f"{request.script_root}/{PLACE}?{query}", 303)  # type: ignore[return-value] # one of werkzeug's


def _downloaded(name: str) -> Response:
    """Return scenarios as a file: their own, a workbook, a report, or the record of the run."""
    choice = _chosen()
    with refusals():
        _refuse_errors(choice)
        sent = users_with(request) if request.method == "POST" else {}
        if name == FILE:
            return _file(as_file(plan_of(choice), _how_to_run(choice)).encode(), "application/yaml", FILE)
        form, content_type = REPORTS.get(name.replace(PLACE, "rapport"), ("", ""))
        if not form and name != RECORD:
            raise RequestError(_("There is no file '{name}'.").format(name=name[:60]), status=NOT_FOUND)
        result = _result(choice, sent)
    called = f"{PLACE}-{choice.year}"
    if name == RECORD:
        return _file(record.as_text(result.recorded()).encode(), "application/json", f"{called}-protokoll.json")
    content = outputs.write(form, result.paper, result.recorded())
    return _file(content, content_type, f"{called}.{form}")


def _picture(name: str) -> Response:
    """Return a picture of scenarios, or the figures that it is drawn of."""
    choice = _chosen()
    with refusals():
        _refuse_errors(choice)
        result = _result(choice, {})
    table, _dot, ending = name.rpartition(".")
    content = pictured(result.paper, table, ending, _leads(choice, result))
    return _file(content, PICTURES[ending], f"{PLACE}-{choice.year}-{name}")


def _leads(choice: Choice, result: Beside) -> Leads:
    """Return where the figures of a picture are explained, each under its scenario."""
    compared = result.found.compared

    def law(scenario: str) -> Explains:
        return partial(explanation, choice, scenario=scenario)

    return leads(compared.population, compared.runs[-1].results.system, law)


def _how_to_run(choice: Choice) -> list[str]:
    """Return how the command line runs the same."""
    example = f" --example {choice.example}" if choice.example != Choice().example else ""
    command = f"bergen-hbt scenarios {FILE} --year {choice.year}{example}"
    return [say("Laget på siden. Kjør det med: {command}").format(command=command)]


def _file(content: bytes, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)
