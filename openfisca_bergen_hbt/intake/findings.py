"""What is wrong with files: collected, so that all of it can be said at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

#: How many findings a message shows; the rest are counted.
SHOWN = 20
#: The longest text that a message repeats, and the number of digits that may be a date of birth.
LONGEST, BIRTH_DATE = 12, 6


@dataclass(frozen=True)
class Finding:
    """A fault: the file, the row as a spreadsheet numbers it and the column where it has one, and what to do."""

    file: str
    message: str
    row: int | None = None
    column: str = ""
    #: What stands there; empty where showing it could tell who a user is.
    value: str = ""

    def __str__(self) -> str:
        """Return the finding on one line."""
        where = [self.file, f"row {self.row}" if self.row is not None else "", self.column and f"column {self.column}"]
        value = f" '{self.value}'" if self.value else ""
        return f"{', '.join(filter(None, where))}:{value} {self.message}"


@dataclass
class Findings:
    """Findings of files: the first of each kind, and how many there are of it."""

    first: list[Finding] = field(default_factory=list)
    count: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rows: dict[tuple[str, str], set[int | None]] = field(default_factory=dict)

    def add(
        self,
        file: str,
        column: str,
        message: str,
        rows: Sequence[int | None] = (None,),
        values: Sequence[str] = (),
        *,
        advice: Sequence[str] = (),
    ) -> None:
        """Add a fault.

        Args:
            file: the file's name.
            column: the column, or an empty text.
            message: what is wrong and what to do.
            rows: the rows where it is found; None for the file as a whole.
            values: what stands in the first rows, where that may be shown.
            advice: what to add to the message, for the first rows.
        """
        self.count[file, column, message] += len(rows)
        self.rows.setdefault((file, column), set()).update(rows)
        for number, row in enumerate(rows[:SHOWN]):
            more = f" {advice[number]}" if number < len(advice) and advice[number] else ""
            self.first.append(Finding(file, message + more, row, column, values[number] if values else ""))

    def take_in(self, others: Findings) -> None:
        """Add the findings of another file."""
        self.first += others.first
        self.count += others.count
        self.rows |= others.rows

    def about_whole(self, file: str) -> bool:
        """Return whether something is wrong with a file or a column of it as a whole."""
        return any(finding.row is None for finding in self.first if finding.file == file)

    def rows_of(self, file: str, column: str) -> set[int | None]:
        """Return the rows in which something was found in a column."""
        return self.rows.get((file, column), set())

    def refuse(self) -> None:
        """Raise what has been found.

        Raises:
            DataError: something has.
        """
        if self.count:
            raise DataError(self)


class DataError(ValueError):
    """Files that can't be used, with every fault that was found."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__(_in_words(findings))


def fault(file: str, message: str, rows: Sequence[int | None] = (None,), column: str = "") -> DataError:
    """Return the error of one fault."""
    found = Findings()
    found.add(file, column, message, rows)
    return DataError(found)


def _in_words(findings: Findings) -> str:
    inside = [finding for finding in findings.first if finding.row is not None]
    ordered = [finding for finding in findings.first if finding.row is None]
    ordered += sorted(inside, key=lambda finding: (finding.file, finding.row or 0))
    lines = [str(finding) for finding in ordered[:SHOWN]]
    rest = findings.count.copy()
    for finding in ordered[:SHOWN]:
        (kind,) = [k for k in rest if k[:2] == (finding.file, finding.column) and finding.message.startswith(k[2])][:1]
        rest[kind] -= 1
    if rest.total():
        kinds = [f"{file}, {column or 'the file'}: {n} × {text}" for (file, column, text), n in rest.items() if n]
        lines += [f"… and {rest.total()} more:", *kinds]
    return "\n".join(lines)


def shown(value: object) -> str:
    """Return a value for a message; only how long it is, where it may be a name or a number that tells who it is."""
    text = str(value).strip()
    digits = sum(character.isdigit() for character in text)
    several_words = any(map(str.isalpha, text)) and " " in text
    if re.fullmatch(r"\d{1,4}[.-]\d{1,4}", text):  # a month, or a number with decimals
        return text
    if len(text) > LONGEST or digits >= BIRTH_DATE or several_words:
        return f"({len(text)} characters)"
    return text
