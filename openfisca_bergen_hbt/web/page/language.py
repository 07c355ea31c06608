"""The language of each answer: Norwegian for who uses the page, as written for programs; or the one asked for."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.datastructures import LanguageAccept

from openfisca_bergen_hbt.text.language import AS_WRITTEN, ENGLISH, LANGUAGES, NORWEGIAN, speaking, spoken

#: The key of the page's address that names a language.
KEY = "lang"
#: What of the page a person opens.
OF_THE_PAGE = (
    *("front", "explained", "download", "chart", "questions", "question"),
    *("scenarioer", "scenarioer-download"),
)
#: The languages that a program may ask for, English first, and what it is answered in.
ANSWERED_IN = {"en": ENGLISH, "nb": NORWEGIAN, "no": NORWEGIAN, "nn": NORWEGIAN}


class App(Flask):
    """An application that speaks to each request in its language, and speaks none when it has answered."""

    def full_dispatch_request(self, *arguments: Any) -> Response:
        """Answer a request."""
        with speaking(language_of(request)):
            return super().full_dispatch_request(*arguments)


def is_of_a_person(asked: Request) -> bool:
    """Return whether a person reads the answer: one of the page, or one that a browser opens."""
    if asked.endpoint == "front":
        return True
    by_browser = asked.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    return by_browser and (asked.endpoint in OF_THE_PAGE or asked.method in ("GET", "HEAD"))


def language_of(asked: Request) -> str:
    """Return the language of the answer to a request."""
    if asked.endpoint in OF_THE_PAGE or is_of_a_person(asked):
        named = asked.args.get(KEY, NORWEGIAN)
        return named if named in LANGUAGES else NORWEGIAN
    tags = LanguageAccept([(tag.partition("-")[0], quality) for tag, quality in asked.accept_languages])
    return ANSWERED_IN.get(tags.best_match(ANSWERED_IN) or "", AS_WRITTEN)


def told(response: Response) -> Response:
    """Return an answer that says in which language it is, and what that hung on."""
    response.content_language.add(ENGLISH if spoken() == AS_WRITTEN else spoken())
    if request.endpoint not in OF_THE_PAGE:
        response.vary.update(["Accept", "Accept-Language"])
    return response
