"""Every question as a page: its form made from what it declares, its answer the paper of its command, with downloads.

A new question has a page without a line here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request

from openfisca_bergen_hbt.analysis.asking import Asked, Question
from openfisca_bergen_hbt.intake.beside.amounts import with_extra
from openfisca_bergen_hbt.intake.microdata import read_populations
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.report.forms import comparison_charts, outputs
from openfisca_bergen_hbt.report.forms.charts import WIDTH, Chart
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.text.language import _, say, spoken, to_say
from openfisca_bergen_hbt.verify.option_files import option_in_file, reads_of
from openfisca_bergen_hbt.web.api.errors import BAD, BUSY, NOT_FOUND, RequestError, refusals
from openfisca_bergen_hbt.web.api.questions import answered
from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.api.turns import Turn
from openfisca_bergen_hbt.web.page import downloads, fields, leads
from openfisca_bergen_hbt.web.page.language import KEY
from openfisca_bergen_hbt.web.page.scenarios.place import PLACE
from openfisca_bergen_hbt.web.page.sent_files import (
    EXPECTED,
    EXTRA,
    FIELDS,
    OF_OPTION,
    Sent,
    files_of,
    files_with,
    refuse_without_users,
    told_in,
)

#: How many answers are kept, for their pictures and downloads.
KEPT = 8
#: The types of forms that are taken home, by their endings; others are bytes.
TYPES = {
    **downloads.PICTURES,
    ".html": downloads.PAGE,
    ".xlsx": downloads.XLSX,
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".yaml": "application/yaml",
}
#: Questions that have a place of their own: no form holds what is nested in them.
PLACES = {"scenarios": PLACE}
#: What the fields of files are called.
FILES = {
    "brukere": to_say("Brukere"),
    "enheter": to_say("Enheter"),
    "etater": to_say("Etater"),
    EXTRA: to_say("Tilleggsbevilgninger: etat, maaned og kroner"),
    EXPECTED: to_say("Ventede brukere i månedene etter dem i filen"),
    f"{OF_OPTION}accounts": to_say("Regnskap: enhet, maaned og kroner"),
    f"{OF_OPTION}inhabitants": to_say(
        "Innbyggere etter alder og år, som lagret fra Statistikkbanken (CSV eller JSON-stat)"
    ),
    f"{OF_OPTION}allocations": to_say("Tildelt: enhet og kroner"),
    f"{OF_OPTION}since": to_say("Forrige prognose: rapporten, eller protokollen"),
}
Shown = Callable[..., Response]


@dataclass(frozen=True)
class Answer:
    """An answer."""

    asked: Asked
    result: Any

    @property
    def paper(self) -> Paper:
        """All that is said of it."""
        subject = questions.subject(self.asked.question.name)
        paper: Paper = outputs.content("html", subject, self.asked, self.result)
        return paper

    def charts(self, width: int) -> dict[str, Chart]:
        """Return the pictures of it, which lead to where their figures are explained."""
        return comparison_charts.charts_by_table(self.paper, width, leads.of_answer(self.asked, self.result))


class QuestionPages:
    """The pages of questions; answers to addresses are kept, those about files never."""

    def __init__(self, shown: Shown) -> None:
        """Take what makes answers of templates."""
        self._shown = shown
        #: Held while a question is answered, which may take some seconds: one at a time.
        self._working = Turn()
        self._of_body = lru_cache(KEPT)(self._kept)

    def index(self) -> Response:
        """Return the questions, each with what it is."""
        found = [(name, _title(questions.question(name))) for name in questions.names()]
        return self._shown("questions.html.j2", questions=found)

    def page(self, name: str) -> Response:
        """Return the page of a question; of its answer a form (``NAME.ENDING``) or a picture (``NAME.TABLE.ENDING``).

        Raises:
            RequestError: there is none.
        """
        name, *of = name.split(".")
        if name not in questions.names():
            raise RequestError(_("There is no question '{name}'.").format(name=name[:60]), status=NOT_FOUND)
        if name in PLACES:
            language = f"?{urlencode({KEY: request.values[KEY]})}" if KEY in request.values else ""
            return redirect(f"{request.script_root}/{PLACES[name]}{language}", 303)  # type: ignore[return-value] # werkzeug's
        question = questions.question(name)
        sent, fault = _sent_or_fault(question)
        form = fields.form_of(question, request.values, [one.removeprefix(OF_OPTION) for one in sent])
        form.errors |= {"": fault} if fault else {}
        if of:
            return self._download(question, form, sent, of)
        answer, status = None, BAD if form.errors else 200
        if fields.SENT in request.values and not form.errors:
            answer, status = self._tried(question, form, sent)
        return self._page(question, form, answer, status)

    def _page(self, question: Question, form: fields.Form, answer: Answer | None, status: int) -> Response:
        paper = answer and answer.paper
        wide, narrow = (answer.charts(width) if answer else {} for width in (WIDTH, NARROW))
        known = {one.name for one in form.fields}
        return self._shown(
            "question.html.j2",
            status,
            question=question,
            title=_title(question),
            about=_(question.about).partition("\n\n")[2],
            fields=form.with_errors(),
            faults=[line for name, said in form.errors.items() if name not in known for line in said.splitlines()],
            paper=paper,
            wide=wide,
            pictures_at=f"{request.script_root}/sporsmaal/{question.name}.",
            narrow=narrow,
            forms=_endings(question),
            files=[(name, say(FILES.get(name, ""))) for name in _fields_of_files(question)],
            query=request.query_string.decode("latin-1"),
            own_data=request.method == "POST",
            notes=_notes(answer) if answer else [],
            kept=request.values,
        )

    def _tried(self, question: Question, form: fields.Form, sent: Mapping[str, Sent]) -> tuple[Answer | None, int]:
        """Return the answer; None, and what is wrong at its field, where there is none."""
        try:
            return self._answer(question, form, sent), 200
        except DataError as error:
            form.errors["brukere"] = str(error)
            return None, BAD
        except RequestError as error:
            form.errors[error.path[0] if error.path else ""] = error.message
            return None, error.status

    def _answer(self, question: Question, form: fields.Form, sent: Mapping[str, Sent]) -> Answer:
        if request.method == "POST":
            return self._answered(question.name, json.dumps({**form.body, **_in_files(question, form, sent)}), sent)
        return self._of_body(question.name, json.dumps(form.body), spoken())

    def _kept(self, name: str, body: str, _language: str) -> Answer:
        """Return an answer that is kept: in the language that it was asked in, as some of it may be in words."""
        return self._answered(name, body)

    def _answered(self, name: str, body: str, sent: Mapping[str, Sent] | None = None) -> Answer:
        question, asked = questions.question(name), json.loads(body)
        if not self._working.acquire():
            raise RequestError(_("The server answers another question. Try again in a while."), status=BUSY)
        try:
            users = {field: file for field, file in (sent or {}).items() if not field.startswith(OF_OPTION)}
            if not users:
                return Answer(*answered(question, asked, Limits()))
            files, said = files_with(users, told_in(request.form))
            files = replace(files, may_end_early="months" in question.takes)
            read = read_populations(files, _years(asked))
            if EXTRA in users:
                read = with_extra(read, users[EXTRA], replace(files.written, sheet=None, is_of_users=False))
            return Answer(*answered(question, asked, Limits(), read.__getitem__, **said))
        finally:
            self._working.release()

    def _download(self, question: Question, form: fields.Form, sent: Mapping[str, Sent], of: list[str]) -> Response:
        if form.errors:
            raise RequestError(" ".join(form.errors.values()))
        *table, ending = of
        written_as = _endings(question).get(f".{ending}")
        if (written_as is None and not table) or len(table) > 1:
            message = _("The answer is not written as '.{ending}'.").format(ending=ending[:20])
            raise RequestError(message, status=NOT_FOUND)
        answer = self._answer(question, form, sent)
        content = (
            downloads.pictured(answer.paper, table[0], ending, leads.of_answer(answer.asked, answer.result))
            if table
            else _written(question, answer, str(written_as))
        )
        named = f'attachment; filename="{".".join([question.name, *of])}"'
        kind = TYPES.get(ending) or TYPES.get(f".{ending}", "application/octet-stream")
        return Response(content, content_type=kind, headers={"Content-Disposition": named})


def _fields_of_files(question: Question) -> list[str]:
    """Return the fields of files that a question's page has, those of users first."""
    of_users = [*FIELDS, EXTRA] if question.is_of_users else []
    return [
        *of_users,
        *([EXPECTED] if "expected" in question.takes else []),
        *(f"{OF_OPTION}{name}" for name in reads_of(question)),
    ]


def _sent_or_fault(question: Question) -> tuple[dict[str, Sent], str]:
    """Return the files that a form sends; none, and what is wrong, where they can't be used."""
    try:
        return (_sent(question) if request.method == "POST" else {}), ""
    except RequestError as error:
        return {}, error.message


def _sent(question: Question) -> dict[str, Sent]:
    """Return the files that a form sends.

    Raises:
        RequestError: none, one that would not be used, or one that goes with users without them.
    """
    found = files_of(request, _fields_of_files(question))
    of_users = {name: file for name, file in found.items() if not name.startswith(OF_OPTION)}
    if of_users or not found or any(told_in(request.form).values()):
        refuse_without_users(of_users)
    return found


def _in_files(question: Question, form: fields.Form, sent: Mapping[str, Sent]) -> dict[str, Any]:
    """Return the values of options that files hold.

    Raises:
        RequestError: a file that can't be used, at its option.
    """
    found = {}
    told = {name: text or None for name, text in told_in(request.form).items()}
    written = Written(encoding=told.get("koding"), decimal=told.get("desimal"), is_of_users=False)
    for name, reads in reads_of(question).items():
        if file := sent.get(f"{OF_OPTION}{name}"):
            with refusals([name]):
                found[name] = option_in_file(reads, file, written, _years(form.body)[-1])
    return found


def _title(question: Question) -> str:
    """Return what a question is, in its first sentence."""
    return _(question.about).partition("\n\n")[0].strip()


def _years(body: Mapping[str, Any]) -> list[int]:
    """Return the years that a body asks for, as far as files are concerned."""
    if isinstance(years := body.get("years"), str) and years[:4].isdigit() and years[-4:].isdigit():
        return list(range(int(years[:4]), int(years[-4:]) + 1))
    return [body.get("year", embedded.PUBLISHED_YEARS[-1])]


def _endings(question: Question) -> dict[str, str]:
    """Return the forms that a question's answer is taken home in, by the endings of their files."""
    found = {}
    for name in question.forms:
        ending = next(iter(outputs.FORMS[name].endings), "")
        if ending != ".txt":
            found[ending] = name
    return found


def _written(question: Question, answer: Answer, written_as: str) -> bytes:
    content = outputs.content(written_as, questions.subject(question.name), answer.asked, answer.result)
    return outputs.write(written_as, content, record.record(answer.asked, answer.result) if question.recorded else None)


def _notes(answer: Answer) -> list[str]:
    """Return what is said of how files were read."""
    files = answer.asked.files
    return list(files.notes) if files else []
