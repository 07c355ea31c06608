"""What makes pages of templates: the report's own, and those of whoever asks."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from openfisca_bergen_hbt.report.paper import (
    FROM_EACH_END,
    MOST_TO_CHOOSE_FROM,
    Table,
    ends,
    from_the_largest,
    shortened,
    written_rows,
)

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


def environment(*packages: str) -> Environment:
    """Return what makes pages of the templates of packages, and then of the report's own."""
    loader = ChoiceLoader([PackageLoader(package) for package in (*packages, __package__)])
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    found.globals.update(of_page=_of_page, classes=_classes, choices=_choices)
    found.globals.update(written_rows=written_rows, hyphenated=_hyphenated, kind_of=lambda block: type(block).__name__)
    found.globals.update(unbroken=lambda text: max(map(len, text.split()), default=0) > LONGEST_WORD)
    return found


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
    found = {"ends": f"De {FROM_EACH_END} øverste og de {FROM_EACH_END} nederste etter «{column.heading}»"}
    if column.kind.endswith("_change"):
        found |= {"up": "Får mer", "down": "Får mindre"}
    return {**found, "all": f"Alle {len(table.body)}"}


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
