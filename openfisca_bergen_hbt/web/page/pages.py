"""The analyst's page: a choice in, the same comparison as the command's out, on the server and without scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace as copied
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, request
from msgspec.structs import replace

from openfisca_bergen_hbt.analysis import compare
from openfisca_bergen_hbt.analysis import explain as why
from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.analysis.asking.preparing import found_versions, prepare
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.template import template
from openfisca_bergen_hbt.law import scenarios
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.report.forms import comparison_charts, tidy
from openfisca_bergen_hbt.report.forms.charts import asked
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.forms.pages import environment, page_language, style
from openfisca_bergen_hbt.report.parts.about import described
from openfisca_bergen_hbt.report.subjects import explain
from openfisca_bergen_hbt.text.language import ENGLISH, NORWEGIAN, _, marked, spoken
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.web.api.controls import in_fields
from openfisca_bergen_hbt.web.api.errors import BAD, BUSY, NOT_FOUND, RequestError, refusals
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page import downloads, leads, shown, understood
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import Pages, no_population
from openfisca_bergen_hbt.web.page.downloads import PAGE, XLSX
from openfisca_bergen_hbt.web.page.language import KEY, OF_THE_PAGE, is_of_a_person
from openfisca_bergen_hbt.web.page.questions import QuestionPages
from openfisca_bergen_hbt.web.page.scenarios.address import written
from openfisca_bergen_hbt.web.page.scenarios.edits import as_scenario
from openfisca_bergen_hbt.web.page.scenarios.place import PLACE, add_scenarios, plan_of
from openfisca_bergen_hbt.web.page.sent_files import PUBLIC, InMemory, Sent, users_with

OK, NOT_YET = 200, 202
TEMPLATE = "mal.xlsx"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
#: The header that the page's script asks for the results alone with; with this value, in the background.
PART, BACKGROUND = "X-Del", "spenn"
#: Fields that say something of files alone, and what is said of them without any.
OF_OWN_DATA = {
    "ramme": marked("The frame is about your own data: attach the file of users, too, or empty the field."),
    "ark": marked("The sheet is about your own data: attach the file of users, too, or empty the field."),
    "behold": marked(
        "Units that look like sums are about your own data: attach the file of users, or empty the field."
    ),
    "koding": marked("The encoding is about your own data: attach the file of users, too, or empty the field."),
    "desimal": marked("The decimal mark is about your own data: attach the file of users, too, or empty the field."),
    PUBLIC: marked("What can be published is about your own data: attach the file of users, too, or untick the box."),
}
#: The headings of what is wrong.
HEADINGS = {
    "not_there": marked("Not found"),
    "refused": marked("Can't be computed"),
    "choice": marked("Something in the choice can't be used"),
    "files": marked("The files can't be used"),
    "way_back": marked("The browser's back button leads to where you came from."),
    "front": marked("To the front page"),
}
#: What the page's script says.
OF_SCRIPT = {
    "noAnswer": marked(
        "No answer came from the server. The choice and the files are kept: try again. If a file has changed since you "
        "chose it, choose it anew."
    ),
    "tooLarge": marked("What was sent is larger than the server takes ({status}). The choice and the files are kept."),
    "failed": marked("The request was not carried out ({status}). The choice and the files are kept."),
    "drawing": marked("The bands are being worked out …"),
    "notDrawn": marked("The bands were not worked out. {why} The figures are otherwise as before."),
}
#: How the names of charts end that are as narrow as a telephone.
NARROW_CHART = "-smal"
_TEMPLATES = environment(__package__)
_TEMPLATES.filters.update(digits=plain, in_fields=in_fields)
_TEMPLATES.globals.update(
    heading_of=lambda name: _(HEADINGS[name]),
    of_script=lambda: json.dumps({name: _(message) for name, message in OF_SCRIPT.items()}, ensure_ascii=False),
    spoken=spoken,
)
#: The templates that hold errors alone.
ERRORS = ("faults.html.j2", "refused.html.j2")


def add_pages(app: Flask) -> None:
    """Add the page, its charts, explanations and downloads, and what it loads."""
    app.request_class = InMemory
    app.config["MAX_FORM_PARTS"] = 200
    pages = Pages()
    app.add_url_rule("/", "front", lambda: _front(pages), methods=["GET", "POST"])
    app.add_url_rule("/diagram/<name>", "chart", lambda name: _chart(pages, name), methods=["GET", "POST"])
    app.add_url_rule("/forklar", "explained", _explained)
    app.add_url_rule("/last-ned/<name>", "download", lambda name: _downloaded(pages, name), methods=["GET", "POST"])
    app.add_url_rule("/fil/<name>", "file", _file)
    asking = QuestionPages(_shown)
    app.add_url_rule("/sporsmaal", "questions", asking.index)
    app.add_url_rule("/sporsmaal/<name>", "question", asking.page, methods=["GET", "POST"])
    add_scenarios(app, _shown)


def _shown(template: str, status: int = 200, **values: Any) -> Response:
    part = {PART: "1"} if request.headers.get(PART) else {}
    language = page_language()
    text = _TEMPLATES.get_template(template).render(
        base=request.script_root,
        language=language,
        same_language=_same_language(),
        other_language=NORWEGIAN if language == ENGLISH else ENGLISH,
        in_other_language=_in_other_language(),
        **values,
    )
    return Response(text, status, {**part, "Content-Language": language}, content_type=PAGE)


def _same_language() -> str:
    """Return what an address of the page ends in, for messages in the same language; nothing for the usual one."""
    return "" if spoken() == NORWEGIAN else f"?{KEY}={spoken()}"


def _in_other_language() -> str:
    """Return the address of the same page in the other language; nothing where files were sent, as none holds them."""
    if request.method != "GET" or request.endpoint not in OF_THE_PAGE:
        return ""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != KEY]
    asked += [] if spoken() == ENGLISH else [(KEY, ENGLISH)]
    return f"{request.script_root}{quote(request.path)}{'?' if asked else ''}{urlencode(asked)}"


def refusal(message: str, status: int) -> Response | None:
    """Return a refusal for a person to read, where one asked by the page or by a browser; else None."""
    heading = _(HEADINGS["not_there" if status == NOT_FOUND else "refused"])
    values = {"heading": heading, "faults": message.splitlines()}
    if request.endpoint in OF_THE_PAGE and request.headers.get(PART):
        return _shown("faults.html.j2", status, **values)
    return _shown("refused.html.j2", status, **values) if is_of_a_person(request) else None


def _front(pages: Pages) -> Response:
    """Return the page; to its script, the results alone."""
    choice, sent, refused = _chosen(), {}, ""
    try:
        sent = _sent()
    except RequestError as error:
        refused = error.message
    values, status = _results(pages, choice, sent, refused)
    if status == BUSY and request.headers.get(PART) == BACKGROUND:
        status = NOT_YET  # it asks again, and nothing is wrong
    if request.headers.get(PART):
        return _shown("results.html.j2", status, **values)
    values |= {"timeline": choices.shown_timeline(choice), "numbers": choices.movable(choice)}
    values["readings"] = choices.shown_readings(choice)
    return _shown("front.html.j2", status, **values, years=embedded.YEARS, limits=choices.LIMITS)


def _chart(pages: Pages, file: str) -> Response:
    """Return a chart, as wide as a part of the page or as narrow as a telephone; or the figures that it is drawn of."""
    choice = _chosen()
    name, _dot, ending = file.rpartition(".")
    sent = _sent()
    with refusals():
        result = pages.result(choice, sent)
        whole = None if sent else pages.ladder(choice, result)
    table = shown.table_of(result, whole, name.removesuffix(NARROW_CHART))
    width = NARROW if name.endswith(NARROW_CHART) else shown.CHART
    where = asked.nowhere if sent else shown.where_explained(result, whole, choice)
    drawn = table and comparison_charts.chart(table, width, where)
    if not (table and drawn and ending in downloads.PICTURES):
        raise RequestError(_("There is no chart '{name}'.").format(name=file[:60]), status=NOT_FOUND)
    if ending == "svg":
        content: bytes = drawn.svg.encode()
    else:
        content = drawn.png if ending == "png" else tidy.table_for_excel(table)
    headers = {"Content-Disposition": f'inline; filename="{downloads.picture_called(name, ending, result)}"'}
    if request.method == "GET":  # of an address, and so of nobody; drawn once for the page and once to be asked
        headers["Cache-Control"] = "private, max-age=300"
    return Response(content, content_type=downloads.PICTURES[ending], headers=headers)


def _explained() -> Response:
    """Return how what a unit gets is computed, as a tree."""
    choice = _chosen(["hvem", "variabel", "under", "scenario"])
    member, variable = request.args.get("hvem", ""), request.args.get("variabel", "enhet_samlet_tildeling")
    asked = choices.request(choice)
    key = "scenario" if "scenario" in request.args else "under"
    with refusals(status=NOT_FOUND):
        of = scenarios.versions(plan_of(choice)) if key == "scenario" else found_versions(compare.QUESTION, asked)
    versions = {version.id: version for version in of}
    wanted = request.args.get(key, next(reversed(versions)))
    if choice.year not in embedded.YEARS:
        raise RequestError(no_population(), status=NOT_FOUND)
    if wanted not in versions:
        message = _("There is no regulation '{name}' in the choice.")
        raise RequestError(message.format(name=wanted[:60]), status=NOT_FOUND)
    version = versions[wanted]
    asked = replace(asked, question="explain", options={"variable": variable, "id": member})
    with refusals(status=NOT_FOUND):
        prepared = prepare(why.QUESTION, asked, versions=[version])
    _refuse_unknown(member, variable, prepared)
    with refusals(status=NOT_FOUND):
        found = why.QUESTION.run(prepared)
    return _shown(
        "explained.html.j2",
        population=described(found.population, suppression=True),
        step=found.step,
        root=explain.branch(found.step),
        version=version,
        back=f"{request.script_root}/{PLACE if key == 'scenario' else ''}?{choice.query()}",
        others=[
            (other.title, leads.explanation(choice, hvem=member, variabel=variable, **{key: other.id}))
            for other in versions.values()
        ],
    )


def _refuse_unknown(member: str, variable: str, asked: Asked) -> None:
    """Refuse to explain a figure that there is none of.

    Raises:
        RequestError: no such unit, area or agency, or no such variable.
    """
    people = asked.population
    known = [*people.unit_names, *(people.area_names or ()), *people.agency_names]
    if member not in known:
        message = _("There is no '{name}' to explain. There are these: {names}.")
        names = ", ".join(dict.fromkeys(known))
        raise RequestError(message.format(name=member[:60], names=names), status=NOT_FOUND)
    if variable not in asked.system.variables:
        raise RequestError(_("There is no figure called '{name}'.").format(name=variable[:60]), status=NOT_FOUND)


def _downloaded(pages: Pages, name: str) -> Response:
    choice = _chosen()
    with refusals():
        result = pages.result(choice, _sent())
    content, content_type = downloads.content(name, result, choice)
    headers = {"Content-Disposition": f'attachment; filename="{downloads.called(name, result)}"'}
    return Response(content, content_type=content_type, headers=headers)


def _file(name: str) -> Response:
    """Return a style sheet or script of the page, or the workbook to fill in."""
    if name == TEMPLATE:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(template(), content_type=XLSX, headers=headers)
    ending = name[name.rfind(".") :]
    file = next((file for file in files(__package__).joinpath("static").iterdir() if file.name == name), None)
    if file is None or ending not in TYPES:
        raise RequestError(_("There is no file '{name}'.").format(name=name[:60]), status=NOT_FOUND)
    text = file.read_text(encoding="utf-8")
    if name == "page.css":
        text = f"{style()}{text}"
    return Response(text, content_type=TYPES[ending], headers={"Cache-Control": "max-age=300"})


def _chosen(also: Sequence[str] = ()) -> Choice:
    """Return the choice that a request holds: an address, or a form with the files that it is about."""
    found = choices.choice_in(request.values, also)
    if request.method != "POST":
        for name, message in OF_OWN_DATA.items():
            if request.args.get(name, "").strip():
                found.errors[name] = _(message)
    return found


def _sent() -> dict[str, Sent]:
    """Return the files of a form; an address has none."""
    return users_with(request) if request.method == "POST" else {}


def _results(pages: Pages, choice: Choice, sent: Mapping[str, Sent], refused: str) -> tuple[dict[str, Any], int]:
    """Return what the results show, a comparison or what is wrong, with the status of the answer."""
    faults, result, status = [refused] if refused else [], None, BAD
    about: dict[str, Any] = {"seen": [], "fault": None, "understood_of": ""}
    try:
        result = None if refused else pages.result(choice, sent)
        status = OK if result else BAD
    except DataError as error:
        faults = str(error).splitlines()
        about["fault"] = understood.fault(sent, choice.of_files, error.problems)
    except RequestError as error:
        faults, status = [] if choice.errors else [error.message], error.status
    if sent and not choice.errors:
        with suppress(RequestError):  # of the frame, which is said already
            about["seen"] = understood.seen(sent, choice.of_files)
    public = result is not None and result.asked.request.public
    if result and sent and not public:
        about["understood_of"] = understood.said_of(result.asked, result.paper.table("units"))
    values = {
        **about,
        "choice": choice,
        "query": choice.query(),
        "plain": copied(choice, bands=False).query(),
        "banded": copied(choice, bands=True).query(),
        "result": result,
        "public": public,
        "faults": faults,
        "own_data": bool(sent or refused),
    }
    if result and public:
        values |= {"paper": result.paper, "wide": {}, "narrow": {}}  # its amounts are made to be read, and not compared
    elif result:
        whole = None if sent else pages.ladder(choice, result)
        scenario = as_scenario(result.asked.request)
        values["saved"] = written(scenario) if scenario else None
        values["at_scenarios"] = choices.Choice(
            choice.year,
            example=choice.example,
            scenarios=choice.scenarios,
            against=choice.against,
            language=choice.language,
        ).query()
        values |= shown.of_result(result, whole, choice, own_data=bool(sent))
    return values, status
