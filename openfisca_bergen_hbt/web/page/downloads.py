"""What can be taken home from the page: reports, the record of the run, and the numbers that were moved."""

from __future__ import annotations

import re

from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.report.forms import comparison_charts, outputs, tidy
from openfisca_bergen_hbt.report.forms.charts import asked
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import NOT_FOUND, RequestError
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import PageResult

PAGE = "text/html; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The reports: their forms and types.
REPORTS = {
    "rapport.html": ("html", PAGE),
    "rapport.xlsx": ("xlsx", XLSX),
}
#: What a picture is given as, and its type: drawn twice over, and as the figures that it is drawn of.
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
RECORD, PROPOSAL = "kjoering.json", "forslag.yaml"
#: How the name of a file ends, by what it is.
ENDINGS = {"rapport.html": ".html", "rapport.xlsx": ".xlsx", RECORD: "-protokoll.json", PROPOSAL: "-forslag.yaml"}


def content(name: str, result: PageResult, choice: Choice) -> tuple[bytes, str]:
    """Return a file to take home, and its type.

    Raises:
        RequestError: there is no such file.
    """
    if name in REPORTS:
        form, content_type = REPORTS[name]
        return outputs.write(form, result.paper, result.recorded()), content_type
    if name == RECORD:
        return record.as_text(result.recorded()).encode(), "application/json"
    if name == PROPOSAL:
        proposal = choices.own_numbers(choice)
        if proposal is None:
            raise RequestError(_("No number is changed, so there is no proposal."))
        version = result.compared.runs[-1].version
        baseline = version.last if version.proposals else version.id
        return choices.as_yaml(choice, proposal, baseline).encode(), "application/yaml"
    raise RequestError(_("There is no file '{name}'.").format(name=name[:60]), status=NOT_FOUND)


def pictured(paper: Paper, name: str, ending: str, leads: asked.Leads = asked.nowhere) -> bytes:
    """Return the picture of a table of a paper, or the figures that it is drawn of, as its ending asks.

    Raises:
        RequestError: there is no such picture.
    """
    table = paper.table(name)
    drawn = table and comparison_charts.chart(table, leads=leads)
    if not (table and drawn and ending in PICTURES):
        message = _("There is no chart '{name}'.").format(name=f"{name[:60]}.{ending[:20]}")
        raise RequestError(message, status=NOT_FOUND)
    if ending == "csv":
        return tidy.table_for_excel(table)
    return drawn.png if ending == "png" else drawn.svg.encode()


def picture_called(name: str, ending: str, result: PageResult) -> str:
    """Return what a picture is called at home: ``kategorimodell-2019-change.png``."""
    return f"{_after(result)}-{name}.{ending}"


def called(name: str, result: PageResult) -> str:
    """Return what a file is called at home, after what it holds: ``kategorimodell-2019.xlsx``."""
    return _after(result) + ENDINGS[name]


def _after(result: PageResult) -> str:
    """Return what the files of a result are named after.

    Whose users it is about stands first where they are not the published ones, and before the year what is otherwise
    than adopted.
    """
    compared = result.compared
    if isinstance(compared, Years):
        parts, span = ["aar"], f"{compared.years[0].year}-{compared.years[-1].year}"
    else:
        version, span = compared.runs[-1].version, str(compared.year)
        named = version.last if version.proposals else version.id
        parts = [re.sub(r"^vedtak_\d{4}_\d\d_", "", named) if named[:1].isalpha() else f"vedtatt-innen-{named}"]
        parts += [f"uten-{decision.id().split('_', 3)[-1]}" for decision in version.left_out]
        parts += [reading.id().removeprefix("lesning_") for reading in version.readings]
        parts += [version.id] if version.proposals else []
    example = result.asked.request.population
    whose = {"publisert": [], None: ["egne-data"]}.get(example, [example])
    whose += ["til-publisering"] if result.asked.request.public else []
    return re.sub("[^a-z0-9.-]+", "-", "-".join(map(str, [*whose, *parts, span])))
