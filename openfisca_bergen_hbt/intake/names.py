"""Names of units, areas and agencies: written in one way, each for one thing, and none a sum or a note."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import polars

from openfisca_bergen_hbt.intake.problems import BIRTH_DATE, Problem, characters, rows_in_words
from openfisca_bergen_hbt.text.language import _, marked, quoted
from openfisca_bergen_hbt.text.names import LONGEST, letters, spelled_alike

#: What begins what a spreadsheet would take for a formula.
FORMULA = "=+-@"
#: Words that name a row of sums, and how a note below a table begins.
SUM = (
    r"\b(sum|summer|total|totalt|totaler|totalsum|delsum|hovedsum|subtotal|gjennomsnitt|snitt|median|average|i\s+alt|"
    r"til\s*sammen)\b"
)
NOTE = r"^\W*(kilde|kilder|kjelde|merknad|merk|note|fotnote|source|obs)\b\s*[:.]|^\*"
A_SUM = marked(
    "looks like a row of sums or a note, and not like a unit. Take the row out; or keep the name with --keep"
)
FORBIDDEN = (
    (r"[\p{Cc}\x{2028}\x{2029}]", marked("a line break or a control character stands in the name. Take it out.")),
    (
        r"\x{FFFD}",
        marked("a letter of the name is lost (U+FFFD): the file was read in a wrong encoding. Make it anew."),
    ),
    (rf"^[{re.escape(FORMULA)}]", marked("the name begins with one of {signs}, as a formula does. Correct it.")),
    (rf"(?s)^.{{{LONGEST + 1},}}", marked("the name has more than {most} letters. Shorten it.")),
)


def texts(cells: polars.Series) -> polars.Series:
    """Return cells as text in one form: composed letters, nothing invisible, no space around; nothing as null.

    Whole numbers have no decimals.
    """
    if cells.dtype.is_float():
        whole = cells.cast(polars.Int64, strict=False)
        if (whole.cast(polars.Float64) == cells).fill_null(value=True).all():
            cells = whole
    text = cells.cast(polars.String)
    if (text.str.len_bytes() != text.str.len_chars()).any():
        text = text.str.normalize("NFC").str.replace_all(r"\p{Cf}", "")
    text = text.str.strip_chars()
    return text.set(text == "", None)


def names(
    column: polars.Series, rows: polars.Series, keep: Sequence[str]
) -> tuple[polars.Series, list[Problem], list[str]]:
    """Return a column as names, what is wrong with them, and what is to be said.

    They are polars' ``Enum`` in Norwegian alphabetical order. Sums that are to be kept are names as others.
    """
    different = column.unique()
    written = texts(different)
    kind = polars.Enum(sorted(written.drop_nulls().unique(), key=alphabetical))
    found = column.replace_strict(different, written, return_dtype=kind)
    return found, [*_problems(column, different, found, rows, keep)], [*_notes(different, column.name)]


def alphabetical(name: str) -> tuple[str, str]:
    """Return what a name is sorted by: æ, ø and å come last, in this order."""
    return name.casefold().translate(str.maketrans("æøå", "{|}")), name


def names_in(column: polars.Series) -> list[str]:
    """Return the names that a column of names holds, in their order."""
    assert isinstance(column.dtype, polars.Enum)  # noqa: S101 (names makes it so)
    return column.dtype.categories.to_list()


def alike(name: str, known: Sequence[str]) -> list[str]:
    """Return the known names that differ from one in nothing but capitals and spaces."""
    return [other for other in known if other != name and letters(other) == letters(name)]


def shown(name: str) -> str:
    """Return a name for a message: one that is no name, or may hold a date of birth, by its length alone."""
    is_private = len(name) > LONGEST or sum(map(str.isdigit, name)) >= BIRTH_DATE
    return characters(name) if is_private else name


def sums(column: polars.Series, rows: polars.Series) -> list[int]:
    """Return the rows in which a column of texts names a sum or a note."""
    return rows.filter(column.str.contains(f"(?i){SUM}|{NOTE}").fill_null(value=False)).to_list()


def _problems(
    column: polars.Series, different: polars.Series, found: polars.Series, rows: polars.Series, keep: Sequence[str]
) -> Iterator[Problem]:
    raw = different.cast(polars.String).str.strip_chars(" \u00a0\u202f")
    for pattern, message in FORBIDDEN:
        is_bad = raw.str.contains(pattern).fill_null(value=False)
        if is_bad.any():
            bad = column.replace_strict(different, is_bad, return_dtype=polars.Boolean)
            said = _(message).format(signs=" ".join(FORMULA), most=LONGEST)
            yield Problem(said, column.name, rows.filter(bad).to_list())
    kept = {unicodedata.normalize("NFC", name) for name in keep}
    for name in names_in(found):
        if re.search(f"{SUM}|{NOTE}", name, flags=re.IGNORECASE) and name not in kept:
            at = rows.filter(found == name).to_list()
            yield Problem(_(A_SUM), column.name, at, [shown(name)], [f"{quoted(shown(name))}."], is_one=True)
    for spellings in spelled_alike(names_in(found)):
        ways = [(rows.filter(found == name).to_list(), shown(name)) for name in spellings]
        told = _(" and ").join(f"{quoted(repr(name)[1:-1])} ({rows_in_words(at)})" for at, name in ways)
        message = _("names differ in capitals or spaces alone: {told}. Write them in one way.").format(told=told)
        yield Problem(message, column.name, sorted(row for at, _ in ways for row in at), is_one=True)


def _notes(different: polars.Series, column: str) -> Iterator[str]:
    """Yield what is to be said of names that were mended."""
    text = different.cast(polars.String)
    hidden = texts(text.filter(text.str.contains(r"\p{Cf}").fill_null(value=False))).drop_nulls().unique().sort()
    if len(hidden):
        yield _("column {column}: invisible characters are taken out of {names}").format(
            column=column, names=", ".join(map(shown, hidden.head(5)))
        )
