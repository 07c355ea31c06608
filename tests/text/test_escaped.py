"""Nothing that is said to people escapes the catalogue, and nothing in it is of two languages at once."""

import ast
import re

import pytest
from babel.messages.pofile import read_po

from openfisca_bergen_hbt.intake.beside.inhabitants import AGE
from tests.text.norwegian import NORWEGIAN
from tests.text.test_language import FOLDER, PACKAGE

ROOMS = sorted(path.name for path in PACKAGE.iterdir() if path.name not in ("locale", "__pycache__"))
#: The functions that texts of a catalogue are called with.
OF_CATALOGUES = ("_", "marked", "marked_several", "say", "to_say")
#: Errors for who writes Python, or that the package itself takes: nobody else meets them.
OF_DEVELOPERS = ("AssertionError", "KeyError", "LookupError", "RuntimeError", "TypeError")
#: Sentences that nobody meets, each with the reason.
UNSAID = {
    "no footer": "a Parquet file's, for whoever reads its row groups",
    "not dim bold": "a style of rich's",
    AGE.pattern: "ages, as tables of others have them",
}
#: What describes the API to who writes programs.
OF_PROGRAMMERS = ("web/api/docs.py", "web/api/openapi.py", "web/api/schemas.py")
#: Words that make a text English, and that no Norwegian one has.
ENGLISH = r"(?<!-)\b(the|is|are|and|not|of|no|it|its|from|with|which|that|has|have|give|write|can't)\b"
#: Words of the domain, which stand in English only within names and quotation marks.
DOMAIN = r"\b(bruker|brukere|byområder?|enhet|enheter|etat|etater|lesning|ramme|regelverk|vedtak)\b"
#: What is a name and no word: in quotation marks, of a column or a file, an option, a place, a call in Python, a list.
NAMES = (
    r"'[^']*'|«[^»]*»|`[^`]*`|\"[^\"]*\"|\{[^}]*\}|--\w+|# \w+|\w*[_.=\[]\w[^\s]*|\w+\(.*?\)|R's|\n +from:|"
    r"One table: [^.]*"
)
#: Where Norwegian stands that is no text of ours: the law's own (``law_texts``), and words that files of users have.
OF_THE_LAW = "rules"
WORDS_OF_FILES = (
    "intake/columns.py",
    "intake/names.py",
    "intake/beside/inhabitants.py",
    "intake/beside/inhabitants_columns.py",
)
#: Norwegian texts that are the same in every language, each with the reason.
NAMES_OF_OTHERS = {
    "Arna Åsane": "an area",
    "Laksevåg": "an area",
    "Årstad": "an area",
    "Etat for hjemmetjenester": "the agency",
    "direktørens": "where a Norwegian word is divided",
    "[^0-9A-Za-zÆØÅæøå .,:–-]": "letters, in a pattern",
    " enhet ": "a unit of a made-up municipality",
    "=enheter!$A$2:$A$": "a sheet, in a formula",
    r"""\b(?:bruker|enhet|byomraade|etat)\(["'](\w+)["']""": "what rules are searched with",
}


def test_every_room_is_looked_through():
    assert {
        "analysis",
        "audit",
        "cli",
        "intake",
        "law",
        "partitions",
        "report",
        "rules",
        "simulate.py",
        "verify",
        "web",
    } <= set(ROOMS)


def sentences(tree):
    """Yield the texts of a module that are no docstrings, and that no function of a catalogue is called with."""
    left = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") in (*OF_CATALOGUES, *OF_DEVELOPERS))
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.JoinedStr) and not any(isinstance(of, ast.Constant) for of in node.values))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left:
            yield node


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_escapes_the_catalogue(room):
    files = [PACKAGE / room] if room.endswith(".py") else sorted((PACKAGE / room).rglob("*.py"))
    files = [file for file in files if file not in files_of(*OF_PROGRAMMERS)]
    escaped = [
        f"{file.relative_to(PACKAGE)}:{node.lineno}: {node.value}"
        for file in files
        for node in sentences(ast.parse(file.read_text(encoding="utf-8")))
        if " " in node.value.strip() and re.search(ENGLISH, node.value) and node.value not in UNSAID
    ]
    assert escaped == []


def norwegian(files):
    """Return the Norwegian texts of some files that no function of the catalogue is called with; no examples of use."""
    found = []
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        examples = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg in ("examples", "bodies")
            for inner in ast.walk(node)
        }
        found += [
            f"{file.relative_to(PACKAGE)}:{node.lineno}: {node.value}"
            for node in sentences(tree)
            if re.search(NORWEGIAN, node.value, re.IGNORECASE)
            and not re.fullmatch(r"[a-z0-9_./-]+", node.value)
            and node.value not in NAMES_OF_OTHERS
            and id(node) not in examples
        ]
    return found


def files_of(*places):
    """Return the modules at places of the package: rooms, folders and files."""
    paths = [PACKAGE / place for place in places]
    return {file for path in paths for file in ([path] if path.suffix else path.rglob("*.py"))}


@pytest.mark.parametrize("room", ROOMS)
def test_no_norwegian_text_escapes_the_catalogue(room):
    assert norwegian(sorted(files_of(room) - files_of(OF_THE_LAW, *WORDS_OF_FILES, *OF_PROGRAMMERS))) == []


@pytest.mark.parametrize(("language", "others"), [("id", DOMAIN), ("string", ENGLISH)], ids=["en", "nb"])
def test_no_message_is_of_two_languages(language, others):
    with (FOLDER / "messages.po").open("rb") as file:
        found = [getattr(message, language) for message in read_po(file, locale="nb") if message.id]
    texts = [text for one in found for text in ([one] if isinstance(one, str) else one)]
    mixed = [text for text in texts if re.search(others, re.sub(NAMES, "", text), re.IGNORECASE)]
    assert mixed == []
