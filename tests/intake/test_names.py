"""Names of units: a sum or a note is none, and what looks alike is one unit or is refused."""

import unicodedata

import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from tests.intake.files import read_population

HEADING = "enhet;timer_per_uke\n"


def read(tmp_path, users, units=None, keep=(), agencies=None):
    paths = []
    for name, text in (("brukere.csv", users), ("enheter.csv", units), ("etater.csv", agencies)):
        paths.append(tmp_path / name if text else None)
        if text:
            paths[-1].write_text(text, encoding="utf-8")
    return read_population(Files(*paths, frame="bergen", written=Written(keep=keep)), 2019)


def refused(tmp_path, *texts, **given):
    with pytest.raises(DataError) as error:
        read(tmp_path, *texts, **given)
    return str(error.value)


SUMS = [
    *("Arna Totalt", "Sum", "SUM ", "Totalt gjennomsnitt", "Total", "Delsum Nord", "I alt", "Til sammen", "Totalsum"),
    *("Kilde: SSB", "kilde : egne tall", "Merknad: foreløpig", "* inkl. natt", "Arna – sum"),
]


@pytest.mark.parametrize("name", SUMS)
def test_a_row_of_sums_or_a_note_is_no_unit(name, tmp_path):
    message = (
        f"column enhet: '{name.strip()}' looks like a row of sums or a note, and not like a unit. Take the row out; or "
        f"keep the name with --keep '{name.strip()}'."
    )
    users = HEADING + f"Arna;1,5\n{name};2\nÅrstad;3\n{name};4\n"
    assert refused(tmp_path, users) == f"brukere.csv, rows 3, 5, {message}"
    units = f"enhet;etatsdirektoer_omfordeling\nArna;5\n{name};500000\n"
    assert refused(tmp_path, HEADING + "Arna;1,5\n", units) == f"enheter.csv, row 3, {message}"
    assert read(tmp_path, users, keep=(name.strip(),)).population.unit_names[-1] == "Årstad"


@pytest.mark.parametrize("name", ["Arna", "Summarum", "Totland", "Snittbakken", "Kildehuset", "Øst 3", "Nord (sone 2)"])
def test_names_of_units_that_hold_such_letters_are_names(name, tmp_path):
    assert read(tmp_path, HEADING + f"{name};1,5\n").population.unit_names == [name]


def test_a_sum_among_the_users_is_no_user(tmp_path):
    text = refused(tmp_path, "bruker;" + HEADING + "u1;A;1,5\nu2;A;2\nSum;A;3,5\n")
    assert text == "brukere.csv, row 4, column bruker: names a sum or a note, and not a user. Take the row out."


def test_a_sum_among_the_agencies_is_no_agency(tmp_path):
    text = refused(tmp_path, HEADING + "A;1,5\n", agencies="etat;budsjettramme\nBergen;5\nSum;5\n")
    assert "etater.csv, row 3, column etat: 'Sum' looks like a row of sums" in text


def test_a_name_is_one_however_its_letters_are_composed(tmp_path):
    written = [unicodedata.normalize(form, "Årstad") for form in ("NFC", "NFD")]
    assert written[0] != written[1]
    found = read(tmp_path, HEADING + f"{written[0]};1,5\n{written[1]};2\n", f"enhet\n{written[1]}\n")
    assert found.population.unit_names == ["Årstad"]
    assert len(found.population.unit_of_user) == 2


@pytest.mark.parametrize("character", ["\u200b", "\u200d", "\u00ad", "\u2060", "\u200e", "\ufeff"])
def test_invisible_characters_are_taken_out_and_that_is_said(character, tmp_path):
    found = read(tmp_path, HEADING + f"Arna;1,5\nAr{character}na;2\n")
    assert found.population.unit_names == ["Arna"]
    assert "brukere.csv: column enhet: invisible characters are taken out of Arna" in found.notes


@pytest.mark.parametrize("other", ["nord øst", "Nord\u00a0Øst", "Nord  Øst", "NordØst", "Nord\u202fØst"])
def test_names_that_differ_in_capitals_or_spaces_alone_are_refused(other, tmp_path):
    text = refused(tmp_path, HEADING + f"Nord Øst;1,5\n{other};2\nNord Øst;3\n")
    spellings = sorted([("Nord Øst", "rows 2, 4"), (other, "row 3")], key=lambda of: (of[0].casefold(), of[0]))
    for name, rows in spellings:
        assert f"{name!r} ({rows})" in text
    assert text.startswith("brukere.csv, rows 2, 3, 4, column enhet: names differ in capitals or spaces alone: ")
    beside = refused(tmp_path, HEADING + "Nord Øst;1,5\n", f"enhet\n{other}\n")
    assert f"It is written {other!r} there, and 'Nord Øst' here." in beside


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ('"Nord\nØst"', "a line break or a control character stands in the name"),
        ("Nord\x07Øst", "a line break or a control character stands in the name"),
        ("\tNord", "a line break or a control character stands in the name"),
        ("N\ufffdrd", "a letter of the name is lost (U+FFFD)"),
        ("=1+1", "the name begins with one of = + - @, as a formula does"),
        ("+47", "the name begins with one of"),
        ("-Nord", "the name begins with one of"),
        ("@Nord", "the name begins with one of"),
        ("x" * 201, "the name has more than 200 letters"),
    ],
)
def test_names_that_are_none(name, message, tmp_path):
    text = refused(tmp_path, HEADING + f"Arna;1,5\n{name};2\n")
    assert text.startswith(f"brukere.csv, row 3, column enhet: {message}")
    assert len(text) < 200
    assert read(tmp_path, HEADING + f"{'x' * 200};2\n")


def test_a_unit_that_the_file_of_units_lacks_is_one_fault(tmp_path):
    users = HEADING + "Arna;1,5\n" + "Fana;2\n" * 500 + "Arna;1\n"
    assert refused(tmp_path, users, "enhet\nArna\n") == (
        "brukere.csv, rows 3, 4, 5, 6, 7 and 495 more, column enhet: 'Fana' is no unit of the file of units. Add it "
        "there, or correct the name. Did you mean Arna?"
    )


def test_a_unit_without_users_is_said(tmp_path):
    assert "enheter.csv: no users in Tom" in read(tmp_path, HEADING + "Arna;1\n", "enhet\nArna\nTom\n").notes
