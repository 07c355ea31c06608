"""One catalogue of messages: whole, up to date, and the language that is spoken."""

from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import openfisca_bergen_hbt
from openfisca_bergen_hbt.text.language import CATALOGUE, _, marked, speaking, spoken

PACKAGE = Path(openfisca_bergen_hbt.__file__).parent
FOLDER = CATALOGUE / "nb" / "LC_MESSAGES"
KEYWORDS = {"_": None, "marked": None, "marked_several": (1, 2)}
#: The one place of which click fills in two names alike.
ALIKE = {"possibilities"}


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="nb")


def places(message):
    """The places of a message; of one about one and several, of both."""
    texts = [message] if isinstance(message, str) else message
    return {name for text in texts for _text, name, _spec, _how in Formatter().parse(text) if name is not None}


def test_catalogue_holds_every_message_of_the_code_and_no_other(catalogue):
    found = {message for *_where, message, _comments, _context in extract_from_dir(PACKAGE, keywords=KEYWORDS)}
    assert found == {message.id for message in catalogue if message.id}


def test_every_message_is_translated_with_the_same_places(catalogue):
    lacking = [
        message.id
        for message in catalogue
        if message.id and not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert lacking == []
    other = [
        message.id
        for message in catalogue
        if message.id and not places(message.string) <= places(message.id) <= (places(message.string) | ALIKE)
    ]
    assert other == []


def test_compiled_catalogue_is_that_of_the_text(catalogue):
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue() == (FOLDER / "messages.mo").read_bytes(), "run .ci/messages"


def test_a_language_is_spoken_while_it_is_said_to_be():
    assert spoken() == "en"
    assert _(marked("Known: {names}.")) == "Known: {names}."
    with speaking("nb"):
        assert _("Known: {names}.") == "Kjente: {names}."
        with speaking("en"):
            assert _("Known: {names}.") == "Known: {names}."
        assert spoken() == "nb"
    assert _("") == ""
