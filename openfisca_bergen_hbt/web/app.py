"""The web application: the stock API's routes, what analysts' clients need besides, and safe answers to all else."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.analysis.asking import Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.report.questions import names
from openfisca_bergen_hbt.report.questions import question as of_name
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.names import NO_PARAMETER, NO_VARIABLE
from openfisca_bergen_hbt.text.numbers import whole
from openfisca_bergen_hbt.web.api import bodies, calculation, docs, openapi, questions, regulations
from openfisca_bergen_hbt.web.api.catalogue import Catalogue
from openfisca_bergen_hbt.web.api.controls import in_keys
from openfisca_bergen_hbt.web.api.errors import NOT_FOUND, RequestError
from openfisca_bergen_hbt.web.api.openapi30 import in_30
from openfisca_bergen_hbt.web.callers import refuse_strangers
from openfisca_bergen_hbt.web.page import pages
from openfisca_bergen_hbt.web.page.language import App, told
from openfisca_bergen_hbt.web.settings import MEBIBYTE, Settings

LOG = logging.getLogger("bergen-hbt.access")
#: What no page of ours needs: scripts and frames of others, guessing at types, and telling others where one came from.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without any, browsers send forms of our own pages with the origin null
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
#: What a page of a site that is named may send, and read of an answer beside its body.
SHARED = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Requested-With",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Expose-Headers": "Country-Package, Country-Package-Version",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
#: The keys of a body that choose the regulation, beside the situation.
CHOICES = ("regulation", "changes")
#: The keys of an address that the API reads, by route; it reads none elsewhere.
READ = {"calculate": {"regulation"}, "trace": {"regulation"}, "spec": {"openapi"}}


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application."""
    kept = settings or Settings()
    app = App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = kept.most_bytes
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    system = SYSTEMS.system(in_force())
    catalogue = Catalogue(system)
    _add_descriptions(app, catalogue)
    _add_calculations(app, kept)
    _add_specification(app, openapi.specification(system, catalogue))
    of_the_api = frozenset(app.view_functions)
    pages.add_pages(app)
    docs.add_docs(app)
    _add_errors(app, kept)
    _add_headers(app, catalogue, kept)
    refuse_strangers(app, kept)
    _refuse_unread_keys(app, of_the_api)
    return app


def _add_specification(app: Flask, specification: dict[str, Any]) -> None:
    """Add the specification, in each version of OpenAPI."""
    written = dict(zip(openapi.VERSIONS, (specification, in_30(specification)), strict=True))

    @app.route("/spec")
    def spec() -> Response:
        version = request.args.get("openapi", openapi.VERSIONS[0])
        if version not in written:
            message = _("The specification is written in OpenAPI {newer} and {older}, not in '{version}'.")
            newer, older = openapi.VERSIONS
            raise RequestError(message.format(newer=newer, older=older, version=version))
        return answer({**written[version], "servers": [{"url": request.script_root or "/"}]})


def answer(content: object, status: int = 200) -> Response:
    """Return JSON; a number that is not finite is never sent."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text, status, content_type="application/json")


def _add_descriptions(app: Flask, catalogue: Catalogue) -> None:
    """Add what the law holds: variables, parameters, entities, decisions and regulations."""

    def found(name: str, content: object, lacking: str) -> Response:
        if content is None:
            raise RequestError(_(lacking).format(name=name), status=NOT_FOUND)
        return answer(content)

    app.add_url_rule("/variables", "variables", lambda: answer(catalogue.list_of_variables(request.url_root)))
    app.add_url_rule("/parameters", "parameters", lambda: answer(catalogue.list_of_parameters(request.url_root)))
    app.add_url_rule("/entities", "entities", lambda: answer(catalogue.entities))
    app.add_url_rule(
        "/variable/<name>", "variable", lambda name: found(name, catalogue.variables.get(name), NO_VARIABLE)
    )
    app.add_url_rule(
        "/parameter/<path:name>", "parameter", lambda name: found(name, catalogue.parameter(name), NO_PARAMETER)
    )
    app.add_url_rule("/decisions", "decisions", lambda: answer([asdict(decision) for decision in history.log()]))
    app.add_url_rule("/regulations/<name>", "regulation", lambda name: answer(regulations.described(name)))
    app.add_url_rule("/health", "health", lambda: answer({"status": "ok", "version": catalogue.package["version"]}))


def _add_calculations(app: Flask, settings: Settings) -> None:
    """Add what is computed: situations and traces, and the answers to questions."""

    def computed(compute: Callable[..., dict[str, Any]]) -> Response:
        body = _body(settings)
        chosen = {key: body.pop(key) for key in CHOICES if key in body}
        name, version = regulations.version(chosen, request.args.get("regulation"))
        found = compute(body, SYSTEMS.system(version), settings.limits)
        said = {"acts_from": regulations.acts_from(version)} if version.proposals else {}
        return answer({**found, **chosen, "regulation": name, **said})

    app.add_url_rule("/calculate", "calculate", lambda: computed(calculation.calculate), methods=["POST"])
    app.add_url_rule("/trace", "trace", lambda: computed(calculation.trace), methods=["POST"])

    def answered(question: Question) -> Response:
        content = questions.answer(question, _body(settings), settings.limits)
        return Response(content, content_type="application/json")

    for question in map(of_name, names()):
        app.add_url_rule(f"/{question.name}", question.name, partial(answered, question), methods=["POST"])


def _refuse_unread_keys(app: Flask, endpoints: frozenset[str]) -> None:
    """Refuse what an address asks for that the API's routes would not read."""

    @app.after_request
    def of_a_language(response: Response) -> Response:
        if request.endpoint in endpoints:
            response.vary.add("Accept-Language")
        return response

    @app.before_request
    def checked() -> None:
        endpoint = request.endpoint
        if endpoint not in endpoints or request.method == "OPTIONS":
            return
        read = READ.get(endpoint, set())
        for key, values in request.args.lists():
            if key not in read:
                of_some = _("The address has the key '{key}', which is not read here. It takes {known}.")
                of_none = _("The address has the key '{key}', which is not read here. It takes none.")
                raise RequestError((of_some if read else of_none).format(key=key, known=", ".join(sorted(read))))
            if len(values) > 1:
                raise RequestError(_("The address gives '{key}' more than once.").format(key=key))


def _body(settings: Settings) -> dict[str, Any]:
    return bodies.body_in(request.get_data(cache=False), request.content_type, settings.most_bytes)


def _add_errors(app: Flask, settings: Settings) -> None:
    """Answer every error: as a page to those who use the page, else as JSON."""

    def of(message: str, status: int, path: Sequence[str] = (), to_person: str = "") -> Response:
        shown = pages.refusal(to_person or message, status)
        return told(shown or answer({"error": in_keys(message), "path": list(path)}, status))

    @app.errorhandler(RequestError)
    def refused(error: RequestError) -> Response:
        return of(error.message, error.status, error.path)

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:  # noqa: PLR2004 (a redirection)
            return error
        message = _(str(error.description))
        if isinstance(error, RequestEntityTooLarge):
            message = _("The body has more than {most} bytes.").format(most=settings.most_bytes)
        response = of(message, error.code, to_person=_to_person(error, settings))
        if (allowed := getattr(error, "valid_methods", None)) is not None:
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        # where it failed, and not with what: the message of an error may hold what was sent
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
        LOG.error(json.dumps({"failed": type(error).__name__, "route": _route(), "at": places}))
        return of(_("Something failed here. The request was not carried out."), 500)


#: What werkzeug says of requests that no route takes.
OF_WERKZEUG = (
    marked(
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
        "try again."
    ),
    marked("The method is not allowed for the requested URL."),
    marked("The browser (or proxy) sent a request that this server could not understand."),
)


def _to_person(error: HTTPException, settings: Settings) -> str:
    """Return what a person who uses a browser is told of an error; an empty text where that is what all are told."""
    if isinstance(error, NotFound):
        return _("There is no page at the address '{path}'.").format(path=request.path[:80])
    if isinstance(error, MethodNotAllowed):
        return _("This address is for programs, and is not opened in a browser.")
    if not isinstance(error, RequestEntityTooLarge):
        return ""
    if (request.content_length or 0) <= settings.most_bytes:
        return _("The form has more fields, or longer ones, than this page sends.")
    message = _("What was sent is larger than the server takes: {most} MiB. Send the columns that are needed.")
    return message.format(most=whole(settings.most_bytes / MEBIBYTE))


def _add_headers(app: Flask, catalogue: Catalogue, settings: Settings) -> None:
    """Add the headers of every answer, and a line of the log without personal data."""

    @app.before_request
    def begun() -> Response | None:
        g.begun = time.perf_counter()
        if request.path.endswith("/") and request.path.strip("/") and request.method == "GET":
            query = request.query_string.decode("latin-1")
            place = f"{request.script_root}/{quote(request.path.strip('/'))}"
            return Response(status=302, headers={"Location": f"{place}?{query}" if query else place})
        return None

    @app.after_request
    def ended(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Country-Package"] = catalogue.package["name"]
        response.headers["Country-Package-Version"] = catalogue.package["version"]
        if settings.origins:
            response.vary.add("Origin")
        if (origin := request.headers.get("Origin")) in settings.origins:
            response.headers.update({**SHARED, "Access-Control-Allow-Origin": origin})
        if settings.access_log:
            LOG.info(json.dumps(_line(response)))
        return response


def _route() -> str:
    """Return the rule of the route, which holds no name that a caller chose."""
    return str(request.url_rule) if request.url_rule else "(none)"


def _line(response: Response) -> dict[str, Any]:
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "method": request.method,
        "route": _route(),
        "status": response.status_code,
        "ms": round(1000 * (time.perf_counter() - g.begun), 1),
        "bytes": response.content_length,
    }
