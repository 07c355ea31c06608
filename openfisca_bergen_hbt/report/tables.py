"""Tables of a report with raw values: written once, rendered as text, HTML or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.text import numbers

Value = str | float | None


@dataclass(frozen=True)
class Kind:
    """What a column holds: how people read it, and how a spreadsheet shows it (in the formats' own, English, terms)."""

    write: Callable[[float], str]
    excel: str
    width: int = 16


def _percent_change(value: float) -> str:
    return numbers.signed_percent(value, 1)


KINDS = {
    "kr": Kind(numbers.whole, "#,##0"),
    "kr_change": Kind(numbers.signed, "+#,##0;-#,##0;0"),
    "percent": Kind(numbers.percent, "0.0 %", 10),
    "percent_change": Kind(_percent_change, "+0.0 %;-0.0 %;0.0 %", 10),
    "count": Kind(numbers.whole, "#,##0", 10),
    "hours": Kind(numbers.whole, "#,##0", 14),
    "hours_change": Kind(numbers.signed, "+#,##0;-#,##0;0", 14),
    "ore": Kind(numbers.two_decimals, "#,##0.00", 14),
    "ore_change": Kind(numbers.signed_two_decimals, "+#,##0.00;-#,##0.00;0.00", 14),
    "number": Kind(numbers.decimals, "#,##0.####", 18),
    "exact": Kind(numbers.exact, "#,##0.##########", 18),
}
#: The kind of a column of words.
TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column: its heading, and the kind of its values (one of ``KINDS``, or text)."""

    heading: str
    kind: str = TEXT
    #: How many characters a spreadsheet gives it; of text only.
    width: int = 24


@dataclass(frozen=True)
class DataTable:
    """A table with raw values; None is a figure that is held back, an empty text no figure."""

    #: A word or two: the name of its sheet.
    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = field(default_factory=tuple)
    #: Whether the last row is the sum of the others.
    has_sum: bool = False

    @property
    def holds_back(self) -> bool:
        """Whether some figure is held back."""
        return any(value is None for row in self.rows for value in row)


def written(value: Value, column: Column) -> str:
    """Return a cell as people read it."""
    if value is None:
        return MARK
    if isinstance(value, str) or column.kind == TEXT:
        return str(value)
    return KINDS[column.kind].write(value)
