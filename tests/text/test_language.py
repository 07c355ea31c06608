"""One catalogue of messages: whole, up to date, and the language that is spoken."""

import copy
import pickle
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import openfisca_bergen_hbt
from openfisca_bergen_hbt.population.embedded import CARRIED_FORWARD, SYNTHETIC
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import (
    AS_WRITTEN,
    CATALOGUE,
    DOMAIN,
    TEXTS,
    Told,
    _,
    marked,
    say,
    speaking,
    spoken,
)
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


def _in_another_process(one):
    return pickle.loads(pickle.dumps(one))  # noqa: S301 (our own)


@pytest.mark.parametrize("kept", [lambda one: one, copy.deepcopy, _in_another_process])
def test_what_is_kept_is_said_anew_in_each_language(kept):
    first = Told(("Egne data: brukere i {units} enheter, {year}.", {"units": 2, "year": 2019}), "")
    told = kept(Told(first, CARRIED_FORWARD))
    assert told == "Egne data: brukere i 2 enheter, 2019. Brukerne er de fra 2019, ført videre uendret (T-25)."
    assert told != SYNTHETIC
    for _again in range(2):
        with speaking("en"):
            assert say(told) == (
                "Own data: users in 2 units, 2019. The users are those of 2019, carried forward unchanged (T-25)."
            )
        with speaking("nb"):
            assert say(told) == told


def test_shares_are_written_as_each_language_does():
    assert (numbers.percent(0.0531), numbers.exact_percent(0.025)) == ("5,3 %", "2,5 %")
    with speaking("en"):
        assert (numbers.percent(0.0531), numbers.exact_percent(0.025)) == ("5.3%", "2.5%")
        assert numbers.signed_percent(-1, 8) == "-12.5%"
