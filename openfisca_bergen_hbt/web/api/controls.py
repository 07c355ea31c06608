"""What the options of the command line are called at the web's doors: keys of the API's bodies, fields of the page.

What refuses a request is the same at every door, and names the option that mends it; each door shows its own control.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from msgspec import inspect

from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.text.language import _, say, to_say
from openfisca_bergen_hbt.web.api.questions import body_of

#: The keys of what questions share that are not called as their options; the keys of their own options say so.
KEYS = {
    "data": "users",
    "agency": "etater",
    "frame": "frames",
    "set": "changes",
    "example": "population",
    "regulation": "regulations",
    "reading": "readings",
    "proposal": "proposals",
    "no-suppression": "suppression",
}
#: The fields of the page, where files are sent; the fields of questions are called as their forms call them.
FIELDS = {
    "data": to_say("Brukere"),
    "units": to_say("Enheter"),
    "agency": to_say("Etater"),
    "expected": to_say("Ventede brukere i månedene etter dem i filen"),
    "frame": to_say("Ramme i hele kroner"),
    "sheet": to_say("Ark"),
    "keep": to_say("Enheter som ser ut som summer"),
    "encoding": to_say("Tegnkoding"),
    "decimal": to_say("Desimaltegn"),
}
#: What questions share, and what it is called on the page; the other keys of a body say themselves what they are.
CALLED = {
    "year": to_say("År"),
    "years": to_say("Eller flere år, hvert under sin egen lov (som 2017-2019)"),
    "population": to_say("Befolkning"),
    "regulation": to_say("Regelverk (id eller dato)"),
    "regulations": to_say("Regelverk"),
    "without": to_say("Uten disse vedtakene"),
    "readings": to_say("Lest på andre måter"),
    "variable": to_say("Variabelen (navn)"),
    "one": to_say("Det ene regelverket (id eller dato)"),
    "other": to_say("Det andre regelverket (id eller dato)"),
    "name": to_say("En variabel eller et tall (navn)"),
    "allocations": to_say("Det hver enhet fikk: enhet og kroner på hver linje (som Bergenhus;163000000)"),
    "accounts": to_say("Det hver enhet kostet: enhet, måned og kroner på hver linje (som Bergenhus;2019-01;13407000)"),
    "inhabitants": to_say(
        "Innbyggere: aldersgruppe (0-66, 67-79, 80-), år og antall på hver linje (som 67-79;2019;26000)"
    ),
    "public": to_say("Bare det som kan publiseres (av egne data)"),
    "changes": to_say("Egne tall, ett på hver linje (som reserve.andel = 4 %)"),
}
#: An option as messages name it; within quotes stands what was sent.
_OPTION = re.compile(r"(?<!['«\w-])--([a-z]+(?:-[a-z]+)*)")
#: What a message has that leads to the command line.
COMMAND = "bergen-hbt"


def in_keys(message: str) -> str:
    """Return a message with the keys of bodies in place of options."""
    return _replaced(message, lambda option: f"'{_key(option)}'" if _key(option) else "")


def in_fields(message: str) -> str:
    """Return a message with the fields of the page in place of options."""

    def field(option: str) -> str:
        label = say(FIELDS.get(option, "")) or _label(_key(option))
        return f"«{label}»" if label else ""

    return _replaced(message, field)


def _replaced(message: str, control: Callable[[str], str]) -> str:
    if COMMAND in message:
        return message
    return _OPTION.sub(lambda found: control(found[1]) or found[0], message)


def _key(option: str) -> str:
    """Return the key of bodies that an option is; an empty text where there is none."""
    own = _own()
    return KEYS.get(option) or (own[option][0] if option in own else "")


def _label(key: str) -> str:
    """Return what a key is called on the page, as shortly as it can be named."""
    about = say(CALLED.get(key, "")) or next((_(said) for name, said in _own().values() if name == key and said), "")
    return re.split(r"[:.;(]|, ", about)[0].strip()


@cache
def _own() -> dict[str, tuple[str, str]]:
    """Return the keys of questions' bodies by their options, each with what it says of itself."""
    found: dict[str, tuple[str, str]] = {}
    for question in map(questions.question, questions.names()):
        info: Any = inspect.type_info(body_of(question))
        for field in info.fields:
            kind, about = field.type, ""
            said: dict[str, Any] = {}
            while isinstance(kind, inspect.Metadata):
                about = (kind.extra_json_schema or {}).get("description", about)
                said, kind = {**(kind.extra or {}), **said}, kind.type
            option = str(said.get("option", field.encode_name)).removeprefix("--").replace("_", "-")
            found.setdefault(option, (field.encode_name, about))
    return found
