"""``/docs``: the API's specification to read and try, with Swagger UI from its package."""

from __future__ import annotations

from importlib.resources import files

from flask import Flask, Response

from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import NOT_FOUND, RequestError

#: The files of the package that the page loads.
ASSETS = {"swagger-ui.css": "text/css; charset=utf-8", "swagger-ui-bundle.js": "text/javascript; charset=utf-8"}
#: Its addresses are relative, so that they hold under any path.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>openfisca-bergen-hbt: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<script src="docs/swagger-ui-bundle.js" defer></script>
<script src="fil/docs.js" defer></script>
</head>
<body>
<main id="docs"><p>The specification stands at <a href="spec">/spec</a>.</p></main>
</body>
</html>
"""


def add_docs(app: Flask) -> None:
    """Add the page, and what it loads."""
    app.add_url_rule("/docs", "docs", lambda: Response(PAGE, content_type="text/html; charset=utf-8"))

    @app.route("/docs/<name>")
    def docs_file(name: str) -> Response:
        if name not in ASSETS:
            raise RequestError(_("There is no file '{name}'.").format(name=name), status=NOT_FOUND)
        content = files("swagger_ui").joinpath("static", name).read_bytes()
        return Response(content, content_type=ASSETS[name], headers={"Cache-Control": "max-age=3600"})
