"""The analyst's page: a choice in, the same comparison as the command's out, on the server and without scripts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from dataclasses import replace as copied
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, request
from msgspec.structs import replace
from openfisca_core.errors import SituationParsingError
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.analysis import compare
from openfisca_bergen_hbt.analysis import explain as why
from openfisca_bergen_hbt.analysis.asking import (
    Asked,
    LackingInputsError,
    NoFiguresError,
    Request,
    found_versions,
    prepare,
    read_frames,
)
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.intake.microdata import Files, Microdata, read_populations
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.law.values import beyond_doubt
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report.forms import comparison_charts, outputs
from openfisca_bergen_hbt.report.forms.pages import environment
from openfisca_bergen_hbt.report.paper import Paper, Table
from openfisca_bergen_hbt.report.parts.figures import described
from openfisca_bergen_hbt.report.subjects import compare as comparison
from openfisca_bergen_hbt.report.subjects import explain
from openfisca_bergen_hbt.web.api.errors import BAD, BUSY, NOT_FOUND, RequestError, refusals
from openfisca_bergen_hbt.web.api.questions import refuse_too_many
from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.sent_files import InMemory, Sent, users_with

#: How many comparisons of embedded populations are kept, for the charts and downloads of a page.
KEPT = 12
PAGE = "text/html; charset=utf-8"
OK, NOT_YET = 200, 202
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
#: The header that the page's script asks for the results alone with; with this value, in the background.
PART, BACKGROUND = "X-Del", "spenn"
#: What of the page a person opens.
ENDPOINTS = ("front", "explained", "download", "chart")
NO_POPULATION = (
    f"Den innebygde befolkningen har årene {', '.join(map(str, embedded.YEARS))}. "
    "Velg ett av dem, eller legg ved egne data."
)
#: Fields that say something of files alone, and what they hold.
OF_OWN_DATA = {"ramme": "Rammen", "ark": "Arket", "behold": "Enheter som ser ut som summer,"}
#: The reports to take home: their forms and types.
REPORTS = {
    "rapport.html": ("html", PAGE),
    "rapport.xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_TEMPLATES = environment(__package__)
_TEMPLATES.filters.update(plain=choices.in_field, digits=beyond_doubt)


@dataclass
class PageResult:
    """A comparison made for the page."""

    asked: Asked
    compared: Comparison | Years
    paper: Paper
    notes: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def recorded(self) -> dict[str, Any]:
        """Return the record of the run; what it asks of the comparison is computed by one request at a time."""
        with self.lock:
            return record.record(self.asked, self.compared)


class Pages:
    """The page's comparisons; those of embedded populations are kept, those of sent files never."""

    def __init__(self) -> None:
        self._of_address = lru_cache(KEPT)(self._asked_by)
        #: Held while bands are worked out: one choice at a time, so that others get their figures.
        self.drawing = threading.Lock()

    def result(self, choice: Choice, sent: Mapping[str, Sent]) -> PageResult:
        """Return the comparison of a choice.

        Raises:
            DataError: a sent file that can't be used.
            RequestError: a choice that can't be run.
        """
        request = choices.request(choice)
        if not sent:
            return self._of_address(choice.query())
        with self._in_turn(choice):
            return self._of_files(choice, request, sent)

    def _asked_by(self, query: str) -> PageResult:
        """Return the comparison of an embedded population that an address asks for."""
        choice = choices.choice_in(MultiDict(parse_qsl(query, keep_blank_values=True)))
        with self._in_turn(choice):
            return _compared(choices.request(choice))

    @contextmanager
    def _in_turn(self, choice: Choice) -> Iterator[None]:
        """Work; on bands, where nobody else does.

        Raises:
            RequestError: somebody does.
        """
        if not choice.bands:
            yield
        elif self.drawing.acquire(blocking=False):
            try:
                yield
            finally:
                self.drawing.release()
        else:
            raise RequestError("Serveren regner ut spenn for et annet valg. Prøv igjen om litt.", status=BUSY)

    def ladder(self, choice: Choice, sureness: Any) -> Table | None:
        """Return all regulations on an embedded population, from the foundation to today, with bands where known."""
        if choice.year not in embedded.YEARS:
            return None
        every = [version.id for version in versions()]
        all_of_them = Choice(year=choice.year, example=choice.example, regulations=every)
        found = copy(self.result(all_of_them, {}).compared)
        assert isinstance(found, Comparison)  # noqa: S101 (of one year)
        found.sureness = sureness
        return comparison.ladder(found)

    def _of_files(self, choice: Choice, request: Request, sent: Mapping[str, Sent]) -> PageResult:
        try:
            frames = read_frames([choice.frame] if choice.frame else [])
        except ValueError:
            message = f"Rammen «{choice.frame}» er ikke et beløp. Skriv hele kroner, som 1021686820."
            raise RequestError(message) from None
        keep = tuple(filter(None, (name.strip() for name in choice.keep.split(";"))))
        written = Written(sheet=choice.sheet or None, keep=keep)
        files = Files(sent["brukere"], sent.get("enheter"), sent.get("etater"), **frames, written=written)
        read = read_populations(files, request.years or [choice.year])
        found = _compared(replace(request, population=None, keep=keep, **frames), read.__getitem__)
        found.notes.extend(dict.fromkeys(note for one in read.values() for note in one.notes))
        lack = found.asked.left_out.items()
        found.notes.extend(f"Utelatt: «{title}» regner timene av {inputs}." for title, inputs in lack)
        return found


def _compared(request: Request, read: Callable[[int], Microdata] | None = None) -> PageResult:
    """Return the comparison that a request asks for."""
    try:
        asked = prepare(compare.QUESTION, request, read, leave_out=True)
        refuse_too_many(asked, Limits())
        compared = compare.QUESTION.run(asked)
        return PageResult(asked, compared, comparison.paper(compared))
    except NoFiguresError:
        raise RequestError(NO_POPULATION) from None
    except LackingInputsError as error:
        raise RequestError(f"Dataene mangler {error.inputs}, som timene regnes av.") from None
    except SituationParsingError as error:
        raise RequestError(" ".join(str(error).split())) from None
    except RequestError as error:
        if error.path == ["samples"]:
            many = "Enhetene og regelverkene er for mange til at spenn regnes ut her."
            raise RequestError(f"{many} Bruk bergen-hbt compare --samples {choices.SAMPLES}.") from None
        raise
    except ValueError as error:
        raise RequestError(str(error)) from None


def add_pages(app: Flask) -> None:
    """Add the page, its charts, explanations and downloads, and what it loads."""
    app.request_class = InMemory
    app.config["MAX_FORM_PARTS"] = 200
    pages = Pages()
    app.add_url_rule("/", "front", lambda: _front(pages), methods=["GET", "POST"])
    app.add_url_rule("/diagram/<name>.svg", "chart", lambda name: _chart(pages, name))
    app.add_url_rule("/forklar", "explained", _explained)
    app.add_url_rule("/last-ned/<name>", "download", lambda name: _downloaded(pages, name), methods=["GET", "POST"])
    app.add_url_rule("/fil/<name>", "file", _file)


def _shown(template: str, status: int = 200, **values: Any) -> Response:
    part = {PART: "1"} if request.headers.get(PART) else {}
    text = _TEMPLATES.get_template(template).render(base=request.script_root, **values)
    return Response(text, status, part, content_type=PAGE)


def refusal(message: str, status: int) -> Response | None:
    """Return a refusal for a person to read, where one asked by the page; else None."""
    values = {"heading": "Kan ikke regnes ut", "faults": message.splitlines()}
    if request.endpoint in ENDPOINTS and request.headers.get(PART):
        return _shown("faults.html.j2", status, **values)
    by_person = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    if request.endpoint == "front" or (request.endpoint in ENDPOINTS and by_person):
        return _shown("refused.html.j2", status, **values)
    return None


def _front(pages: Pages) -> Response:
    """Return the page; to its script, the results alone."""
    choice, sent, refused = _chosen(), {}, ""
    try:
        sent = _sent()
    except RequestError as error:
        refused = error.message
    values = _results(pages, choice, sent, refused)
    result, status = values["result"], values.pop("status")
    if status == BUSY and request.headers.get(PART) == BACKGROUND:
        status = NOT_YET  # it asks again, and nothing is wrong
    values["ladder"] = None
    if result and not sent and not choice.until:
        values["ladder"] = pages.ladder(choice, result.compared.sureness)
    if request.headers.get(PART):
        return _shown("results.html.j2", status, **values)
    values |= {"timeline": choices.shown_timeline(choice), "numbers": choices.movable(choice)}
    values["readings"] = choices.shown_readings(choice)
    return _shown("front.html.j2", status, **values, years=embedded.YEARS, limits=choices.LIMITS)


def _chart(pages: Pages, name: str) -> Response:
    choice = _chosen()
    drawn = comparison_charts.charts_by_table(pages.result(choice, {}).paper).get(name)
    if drawn is None:
        raise RequestError(f"There is no chart '{name}'.", status=NOT_FOUND)
    return Response(str(drawn.svg), content_type="image/svg+xml")


def _explained() -> Response:
    """Return how what a unit gets is computed, as a tree."""
    choice = _chosen(["hvem", "variabel", "under"])
    member, variable = request.args.get("hvem", ""), request.args.get("variabel", "enhet_samlet_tildeling")
    asked = choices.request(choice)
    versions = {version.id: version for version in found_versions(compare.QUESTION, asked)}
    wanted = request.args.get("under", next(reversed(versions)))
    if choice.year not in embedded.YEARS:
        raise RequestError(NO_POPULATION, status=NOT_FOUND)
    if wanted not in versions:
        raise RequestError(f"Det er ikke noe regelverk «{wanted[:60]}» i valget.", status=NOT_FOUND)
    version = versions[wanted]
    asked = replace(asked, question="explain", options={"variable": variable, "id": member})
    with refusals(status=NOT_FOUND):
        found = why.QUESTION.run(prepare(why.QUESTION, asked, versions=[version]))
    return _shown(
        "explained.html.j2",
        population=described(found.population, suppression=True),
        step=found.step,
        root=explain.branch(found.step),
        version=version,
        back=f"{request.script_root}/?{choice.query()}",
        others=[
            (other.title, _explanation(choice, hvem=member, variabel=variable, under=other.id))
            for other in versions.values()
        ],
    )


def _downloaded(pages: Pages, name: str) -> Response:
    content_of, content_type = _download(name, pages, _chosen(), _sent())
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content_of, content_type=content_type, headers=headers)


def _file(name: str) -> Response:
    """Return a style sheet or script of the page."""
    ending = name[name.rfind(".") :]
    file = next((file for file in files(__package__).joinpath("static").iterdir() if file.name == name), None)
    if file is None or ending not in TYPES:
        raise RequestError(f"There is no file '{name}'.", status=NOT_FOUND)
    text = file.read_text(encoding="utf-8")
    if name == "page.css":
        text = files("openfisca_bergen_hbt.report.forms").joinpath("templates", "report.css").read_text("utf-8") + text
    return Response(text, content_type=TYPES[ending], headers={"Cache-Control": "max-age=300"})


def _chosen(also: Sequence[str] = ()) -> Choice:
    """Return the choice that a request holds: an address, or a form with the files that it is about."""
    found = choices.choice_in(request.values, also)
    if request.method != "POST":
        for name, what in OF_OWN_DATA.items():
            if request.args.get(name, "").strip():
                found.errors[name] = f"{what} gjelder egne data: legg ved filen med brukere også, eller tøm feltet."
    return found


def _sent() -> dict[str, Sent]:
    """Return the files of a form; an address has none."""
    return users_with(request) if request.method == "POST" else {}


def _results(pages: Pages, choice: Choice, sent: Mapping[str, Sent], refused: str) -> dict[str, Any]:
    """Return what the results show: a comparison, or what is wrong."""
    faults = [refused] if refused else []
    result, status = None, BAD
    try:
        result = None if refused else pages.result(choice, sent)
        status = OK if result else BAD
    except DataError as error:
        faults = str(error).splitlines()
    except RequestError as error:
        faults, status = [] if choice.errors else [error.message], error.status
    plain = copied(choice, bands=False)
    charts = comparison_charts.charts_by_table(result.paper) if result and sent else {}
    return {
        "choice": choice,
        "status": status,
        "query": choice.query(),
        "plain": plain.query(),
        "banded": copied(choice, bands=True).query(),
        "result": result,
        "faults": faults,
        "own_data": bool(sent or refused),
        "charts": charts,
        "links": _links(result, plain) if result and not sent and not choice.until else {},
        "population": described(result.compared.population, suppression=True) if result else "",
        "titles": [run.version.title for run in result.compared.runs] if result else [],
    }


def _links(result: PageResult, choice: Choice) -> dict[str, str]:
    """Return the address of the explanation of what each unit gets under the last regulation, by its name."""
    under = result.compared.runs[-1].version.id
    return {name: _explanation(choice, hvem=name, under=under) for name in result.compared.population.unit_names}


def _explanation(choice: Choice, **asked: str) -> str:
    return f"{request.script_root}/forklar?{choice.query(**asked)}"


def _download(name: str, pages: Pages, choice: Choice, sent: Mapping[str, Sent]) -> tuple[bytes, str]:
    """Return a file to take home, and its type."""
    with refusals():
        result = pages.result(choice, sent)
    if name in REPORTS:
        form, content_type = REPORTS[name]
        return outputs.write(form, result.paper, result.recorded()), content_type
    if name == "kjoering.json":
        return record.as_text(result.recorded()).encode(), "application/json"
    if name == "forslag.yaml":
        proposal = choices.own_numbers(choice)
        if proposal is None:
            raise RequestError("Ingen tall er endret, så det er ikke noe forslag.")
        version = result.compared.runs[-1].version
        baseline = version.last if version.proposals else version.id
        return choices.as_yaml(choice, proposal, baseline).encode(), "application/yaml"
    raise RequestError(f"There is no file '{name}'.", status=NOT_FOUND)
