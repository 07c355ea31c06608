"""What makes pages of templates: the report's own, and those of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from openfisca_bergen_hbt.report.paper import TEXT, Column, Table
from openfisca_bergen_hbt.report.writing import (
    FROM_EACH_END,
    MOST_TO_CHOOSE_FROM,
    ends,
    from_the_largest,
    shortened,
    written_rows,
)
from openfisca_bergen_hbt.text.language import ENGLISH, NORWEGIAN, say, spoken

#: Where long words of headings are divided.
DIVIDED = (
    ("Vedtaks", "timer"),
    ("Kategori", "ramme"),
    ("Kategori", "modell"),
    ("Avstands", "tilskudd"),
    ("Kompensa", "sjon"),
    ("Etats", "direktørens"),
    ("om", "fordeling"),
    ("Aktivitets", "basert"),
    ("Under", "dekning"),
    ("Grunn", "regelverket"),
)
#: The longest word that a column of a table is made wide for.
LONGEST_WORD = 40
#: From how wide on a column of text is wide, in characters of a spreadsheet.
LONG = 60
#: How wide a page makes a column, in rem: what stands beside its letters, each letter, and how many letters of a text
#: it does not break at the most.
BESIDE, LETTER, TOGETHER = 0.8, 0.55, 18
#: The widest table that a page of paper holds upright, and the widest that one on its side does, in rem of a screen.
UPRIGHT, ON_ITS_SIDE = 62, 92
#: The widths, in rem, below which columns are left out, and those below which rows are lists (``report.css.j2``).
ROOM, LISTED = (26, 40, 55, 70, 85, 100, 120), (26, 40, 55)


def environment(*packages: str) -> Environment:
    """Return what makes pages of the templates of packages, and then of the report's own."""
    loader = ChoiceLoader([PackageLoader(package) for package in (*packages, __package__)])
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    found.globals.update(of_page=_of_page, classes=_classes, choices=_choices, room=_room, looks=_looks)
    found.globals.update(written_rows=written_rows, hyphenated=_hyphenated, kind_of=lambda block: type(block).__name__)
    found.globals.update(unbroken=_is_unbroken, style=style, say=say, page_language=page_language)
    return found


def page_language() -> str:
    """Return the language of a page, as HTML names it."""
    return ENGLISH if spoken() == ENGLISH else NORWEGIAN


@cache
def style() -> Markup:
    """Return the style sheet of reports, with what is left out and listed below each width."""
    return Markup(environment().get_template("report.css.j2").render(room=ROOM, listed=LISTED))  # noqa: S704 (our own)


def _is_unbroken(text: str) -> bool:
    return max(map(len, text.split()), default=0) > LONGEST_WORD


def _looks(column: Column, text: str) -> str:
    """Return the classes of a cell, or of a heading."""
    kind = "number" if column.kind != TEXT else "unbroken" if _is_unbroken(text) else ""
    long = "long" if column.kind == TEXT and column.width >= LONG and not text else ""
    return " ".join(filter(None, [kind, long, "detail" if column.detail else ""]))


def _room(table: Table, rows: Sequence[Sequence[str]]) -> str:
    """Return the classes that say below which width a table leaves out columns, and makes lists of its rows.

    One that has room on a page of paper in small letters alone is dense.
    """
    needed = _widths(table, rows)
    without = sum(width for width, column in zip(needed, table.columns, strict=True) if not column.detail)
    dense = " dense" if sum(needed) > ON_ITS_SIDE else ""
    return f"within-{_step(sum(needed), ROOM)} listed-{_step(without, LISTED)}{dense}"


def is_wide(table: Table) -> bool:
    """Return whether a table has no room on an upright page of paper."""
    return sum(_widths(table, written_rows(table))) > UPRIGHT


def _widths(table: Table, rows: Sequence[Sequence[str]]) -> list[float]:
    return [_needed(column, [row[place] for row in rows]) for place, column in enumerate(table.columns)]


def _needed(column: Column, texts: Sequence[str]) -> float:
    """Return how wide a column must be, in rem: figures are not broken, headings and texts are, between words."""
    lines = [line for text in texts for line in text.split("\n")]
    longest = max(map(len, lines), default=0)
    words = _hyphenated(column.heading).replace("\N{SOFT HYPHEN}", " ").split()
    if column.kind == TEXT:
        words += [word for text in texts for word in text.split() if not _is_unbroken(word)]
        longest = min(longest, TOGETHER)
    return BESIDE + LETTER * max([longest, *map(len, words)])


def _step(width: float, steps: Sequence[int]) -> int:
    return next((step for step in steps if width <= step), steps[-1])


def _hyphenated(heading: str) -> str:
    """Return a heading whose long words may be divided where a column is narrow."""
    for part in DIVIDED:
        heading = heading.replace("".join(part), "\N{SOFT HYPHEN}".join(part))
    return heading


def _of_page(table: Table) -> Table:
    """Return a table as a page shows it: rows to choose from, the largest first, or the ends of very many."""
    found = shortened(table, MOST_TO_CHOOSE_FROM)
    return found if not found.is_long else from_the_largest(found)


def _choices(table: Table) -> dict[str, str]:
    """Return which rows of a long table can be chosen, by class; the style sheet alone hides the others."""
    assert table.ranked_by is not None  # noqa: S101 (asked of long tables alone)
    column = table.columns[table.ranked_by]
    found = {
        "ends": say("De {number} øverste og de {number} nederste etter «{heading}»").format(
            number=FROM_EACH_END, heading=column.heading
        )
    }
    if column.kind.endswith("_change"):
        found |= {"up": say("Får mer"), "down": say("Får mindre")}
    return {**found, "all": say("Alle {number}").format(number=len(table.body))}


def _classes(table: Table) -> list[str]:
    """Return the classes of the rows of a table: of a long one, by which choices they are shown."""
    found = [set[str]() for _ in table.rows]
    if table.is_long and table.ranked_by is not None:
        for number, row in enumerate(table.body):
            value = row[table.ranked_by]
            if isinstance(value, int | float) and value:
                found[number].add("up" if value > 0 else "down")
        for number in ends(table):
            found[number].add("ends")
    if table.has_sum:
        found[-1].add("sum")
    return [" ".join(sorted(names)) for names in found]
