"""Answers made shorter on their way to callers who take them so."""

from __future__ import annotations

import gzip

from flask import Response, request

#: The shortest answer that is worth it, in bytes; how hard to try, of 1 to 9; and the kinds of what is text.
LEAST, EFFORT, KINDS = 1024, 3, ("text/", "application/json", "application/yaml", "image/svg+xml")


def compress(response: Response) -> Response:
    """Return an answer, compressed where it is text and the request takes gzip."""
    if response.is_streamed or response.content_encoding or not (response.mimetype or "").startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= LEAST and request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(content, EFFORT))
        response.content_encoding = "gzip"
    return response
