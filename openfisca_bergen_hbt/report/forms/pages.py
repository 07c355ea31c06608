"""What makes pages of templates: the report's own, and those of whoever asks."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from openfisca_bergen_hbt.report.paper import written_rows

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
    found.globals.update(written_rows=written_rows, hyphenated=_hyphenated, kind_of=lambda block: type(block).__name__)
    found.globals.update(unbroken=lambda text: max(map(len, text.split()), default=0) > LONGEST_WORD)
    return found


def _hyphenated(heading: str) -> str:
    """Return a heading whose long words may be divided where a column is narrow."""
    for part in DIVIDED:
        heading = heading.replace("".join(part), "\N{SOFT HYPHEN}".join(part))
    return heading
