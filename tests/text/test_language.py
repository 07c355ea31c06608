"""One catalogue of messages: whole, up to date, and the language that is spoken."""

from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import openfisca_bergen_hbt
from openfisca_bergen_hbt.text.language import AS_WRITTEN, CATALOGUE, DOMAIN, TEXTS, _, marked, speaking, spoken
from tests.text.calls import of_python
from tests.text.law_texts import law_texts

PACKAGE = Path(openfisca_bergen_hbt.__file__).parent
FOLDER = CATALOGUE / "nb" / "LC_MESSAGES"
#: Each catalogue's language and name, and the functions that its texts are called with.
CATALOGUES = {
    ("nb", DOMAIN): {"_": None, "marked": None, "marked_several": (1, 2)},
    ("en", TEXTS): {"say": None, "to_say": None},
}
#: The one place of which click fills in two names alike.
ALIKE = {"possibilities"}


@pytest.fixture(params=CATALOGUES, ids="-".join)
def where(request):
    return request.param


@pytest.fixture
def catalogue(where):
    language, name = where
    with (CATALOGUE / language / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
        return read_po(file, locale=language)


def places(message):
    """The places of a message; of one about one and several, of both."""
    texts = [message] if isinstance(message, str) else message
    return {name for text in texts for _text, name, _spec, _how in Formatter().parse(text) if name is not None}


def test_catalogue_holds_every_message_of_the_code_and_no_other(where, catalogue):
    of_files = [("**.py", of_python), ("**.j2", "jinja2")]
    found = {
        message
        for *_where, message, _comments, _context in extract_from_dir(PACKAGE, of_files, keywords=CATALOGUES[where])
    }
    of_law = set(map(str, law_texts())) if where == ("en", TEXTS) else set()
    assert found | of_law == {message.id for message in catalogue if message.id}, "run .ci/messages"


def test_a_text_within_an_f_string_is_found():
    source = BytesIO(b'f"{say(\'innerst\')} {one}"; say("delt " "i to"); _(name); marked_several("one", "several")')
    found = of_python(source, {"say": None, "_": None, "marked_several": (1, 2)}, (), {})
    assert sorted(str(texts) for _line, _name, texts, _comments in found) == [
        "('one', 'several')",
        "delt i to",
        "innerst",
    ]


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


def test_compiled_catalogue_is_that_of_the_text(where, catalogue):
    language, name = where
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue() == (CATALOGUE / language / "LC_MESSAGES" / f"{name}.mo").read_bytes(), "run .ci/messages"


def test_a_language_is_spoken_while_it_is_said_to_be():
    assert spoken() == AS_WRITTEN
    assert _(marked("Known: {names}.")) == "Known: {names}."
    with speaking("nb"):
        assert _("Known: {names}.") == "Kjente: {names}."
        with speaking("en"):
            assert _("Known: {names}.") == "Known: {names}."
        assert spoken() == "nb"
    assert _("") == ""
