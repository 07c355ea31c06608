"""A test case: what is given, what is expected, and under which regulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openfisca_core.periods import Period

from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.situation import Situation
from openfisca_bergen_hbt.text.strict_yaml import Fault

#: The units in which an amount is money.
MONEY = ("kr", "kr_med_desimaler", "kr_per_time", "kr_per_bruker", "kr_per_aarsverk")
#: The margin for what is no whole number, of the size of the value: nine digits.
NINE_DIGITS = 1e-9


@dataclass(frozen=True)
class Margin:
    """How far a value may lie from what is expected; None for what the file does not give."""

    absolute: float | None = None
    relative: float | None = None

    def around(self, expected: float, *, whole: bool) -> float:
        """Return the margin around an expected number: none for a whole one, nine digits for another."""
        allowed = [self.absolute] if self.absolute is not None else []
        allowed += [self.relative * abs(expected)] if self.relative is not None else []
        usual = 0.0 if whole else NINE_DIGITS * max(1.0, abs(expected))
        return min(allowed, default=usual)  # core holds a value to both


@dataclass(frozen=True)
class Expectation:
    """What a test expects of a variable in a period: a value for each member, or for one."""

    variable: str
    period: Period
    #: The members that it is about, as positions among those of the variable's entity.
    members: Sequence[int]
    #: A number, true or false, or the name of an answer, for each member.
    values: Sequence[Any]
    margin: Margin
    line: int
    column: int


@dataclass(frozen=True)
class Case:
    """A test case as its file gives it, with what is wrong with it."""

    file: str
    #: Where it begins.
    line: int
    name: str
    regulation: Version | None = None
    situation: Situation = field(default_factory=Situation)
    expectations: Sequence[Expectation] = ()
    description: str = ""
    #: Why its margin is wider than allowed.
    waiver: str = ""
    faults: Sequence[Fault] = ()

    @property
    def place(self) -> str:
        """Where the case stands: file and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class CaseFile:
    """A file of test cases, with what is wrong with the file as a whole."""

    path: Path
    #: The SHA-256 of its bytes.
    hash: str
    cases: Sequence[Case] = ()
    faults: Sequence[Fault] = ()
