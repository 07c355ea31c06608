"""A number that writes what is made of it: ``0,02 × 1 035 686 820``."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy

from openfisca_bergen_hbt.rules import money
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.text.numbers import decimals, exact, whole, with_decimals

#: How loosely the parts of a text are bound: not to be torn apart, a product or quotient, a sum or difference.
ATOM, PRODUCT, SUM = range(3)
#: The decimals that numbers are written with, and reckoned with; those of shares that come out.
WRITTEN, OF_SHARES = 10, 9
#: A sum of more parts than this is written as its total where it is a part itself.
MOST_PARTS = 3
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Term:
    """A number as seen from a unit or an agency, reckoned with as rules do with arrays."""

    text: str
    number: float
    #: The value of each unit of the agency, for a value of the units.
    of_units: FloatArray | None = None
    #: Whether the number is the sum of the units' values: only sums and multiples of it are known.
    summed: bool = False
    binds: int = ATOM
    #: Whether something was reckoned; else it is a number as it stood.
    made: bool = False
    is_parameter: bool = False
    #: Whether a condition, which leaves what it is multiplied with as it is.
    is_yes: bool = False
    rounded: bool = False
    split: bool = False
    #: How it is written as a part; empty for its text.
    as_part: str = ""

    def __add__(self, other: Any) -> Term:
        """Write a sum; a bare 0 is none of it."""
        if isinstance(other, int | float) and other == 0:
            return self
        return _joined(self, "+", other)

    def __radd__(self, other: Any) -> Term:
        """Write a sum."""
        return self if isinstance(other, int | float) and other == 0 else _joined(other, "+", self)

    def __sub__(self, other: Any) -> Term:
        """Write a difference."""
        return _joined(self, "−", other)

    def __rsub__(self, other: Any) -> Term:
        """Write a difference."""
        return _joined(other, "−", self)

    def __mul__(self, other: Any) -> Term:
        """Write a product, a parameter first."""
        other = term(other)
        if self.is_yes or other.is_yes:
            return _under_condition(*((other, self) if self.is_yes else (self, other)))
        return _joined(other, "×", self) if other.is_parameter else _joined(self, "×", other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Term:
        """Write a quotient."""
        return _joined(self, "/", other)

    def __rtruediv__(self, other: Any) -> Term:
        """Write a quotient."""
        return _joined(other, "/", self)

    def __gt__(self, other: float) -> Term:
        """Return whether it is more, as a condition."""
        if self.summed:
            raise TypeError("it is not known of each unit")
        of_units = None if self.of_units is None else numpy.asarray(self.of_units > other, numpy.float64)
        return Term("", float(self.number > other), of_units, is_yes=True)

    def __bool__(self) -> bool:
        """Refuse: rules choose by ``any`` and ``holds``."""
        raise TypeError("an array has no truth of its own")

    def any(self, *_args: Any, **_options: Any) -> bool:
        """Return whether it is not 0."""
        return bool(self.number) or (self.of_units is not None and bool(self.of_units.any()))

    def __array_ufunc__(self, ufunc: Any, _method: str, *inputs: Any, **_options: Any) -> Term:
        """Write what NumPy was asked for; of what is not here, nothing is known."""
        found: Term = self.UFUNCS[ufunc](*inputs)
        return found

    UFUNCS: ClassVar[dict[Any, Any]] = {
        numpy.add: operator.add,
        numpy.subtract: operator.sub,
        numpy.multiply: operator.mul,
        numpy.divide: operator.truediv,
        numpy.minimum: lambda one, other: _chosen(say("min"), numpy.minimum, one, other),
        numpy.maximum: lambda one, other: _chosen(say("maks"), numpy.maximum, one, other),
    }


def term(value: Any) -> Term:
    """Return a number as a term.

    Raises:
        TypeError: it is something else, such as an array.
    """
    if isinstance(value, Term):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{type(value)} is not a number")
    number = round(float(value), WRITTEN)
    if not math.isfinite(number):
        raise TypeError("nothing is written of what is not finite")
    return Term(exact(number), number, binds=SUM if number < 0 else ATOM)


def krone(amount: Any) -> Term:
    """Round to whole kroner."""
    exactly = _each(amount)
    of_units = None if exactly.of_units is None else money.krone(exactly.of_units)
    return replace(exactly, number=money.krone(exactly.number), of_units=of_units, rounded=True)


def total(parts: Iterable[Any], start: Any = 0) -> Any:
    """Add up, and write the parts that are not 0."""
    terms = [term(part) for part in parts]
    if not terms or start != 0:
        return sum(terms, start)
    together: Term = sum(terms[1:], terms[0])
    shown = [each for each in terms if each.number]
    if len(shown) < 2:  # noqa: PLR2004 (nothing to add up)
        one = shown[0] if shown else term(0)
        return replace(one, number=together.number, of_units=together.of_units, summed=together.summed)
    written: Term = sum(shown[1:], shown[0])
    as_part = exact(round(together.number, WRITTEN)) if len(shown) > MOST_PARTS else ""
    return replace(together, text=written.text, as_part=as_part)


def summed_up(value: Any) -> Term:
    """Return the sum over the units of the agency."""
    one = _part(term(value))
    if one.of_units is None:
        raise TypeError("not a value of units")
    return replace(one, of_units=None, summed=False) if one.summed else term(float(one.of_units.sum()))


def of_agency(value: Any) -> Term:
    """Return a value of the agency, as its units read it."""
    of_all = term(value)
    if of_all.of_units is not None:
        raise TypeError("not a value of the agency")
    return of_all


def split(pot: Any, weights: Any) -> Term:
    """Write what a unit gets of a pot by the largest remainder: its quota, which is rounded either way."""
    quota = of_agency(pot) * _each(weights) / summed_up(weights)
    return replace(quota, split=True)


def written(made: Any, value: float, unit: str) -> str:
    """Return the arithmetic of a value, if that is what it comes to; else nothing."""
    if not isinstance(made, Term) or not made.made:
        return ""
    if made.split:
        comes_to_it = abs(made.number - value) < 1
    else:
        comes_to_it = math.isclose(made.number, value, rel_tol=0 if unit == "kr" else TOLERANCE, abs_tol=TOLERANCE)
    if not comes_to_it:
        return ""
    came = with_decimals(value, OF_SHARES) if unit == "andel" else whole(value) if unit == "kr" else decimals(value)
    shown = f"{made.text} = {came}"
    return say("{arithmetic} (hele kroner, med største rest)").format(arithmetic=shown) if made.split else shown


OPERATIONS = {"+": operator.add, "−": operator.sub, "×": operator.mul, "/": operator.truediv}


def _joined(left: Any, sign: str, right: Any) -> Term:
    left, right = _part(term(left)), _part(term(right))
    binds = SUM if sign in "+−" else PRODUCT
    if right.summed and (sign == "/" or (sign == "×" and left.summed)):
        raise TypeError("a sum of products is not the product of sums")
    operate = OPERATIONS[sign]
    if sign == "/" and not right.number:
        raise TypeError("nothing to divide by")
    tighter = sign in "−/" or right.text.startswith("-")  # it would take the whole of what is right of it
    before = f"({left.text})" if left.binds > binds else left.text
    after = f"({right.text})" if right.binds > binds or (right.binds == binds and tighter) else right.text
    with numpy.errstate(divide="ignore", invalid="ignore"):
        by_unit = [each.number if each.of_units is None else each.of_units for each in (left, right)]
        of_units = operate(*by_unit) if any(each.of_units is not None for each in (left, right)) else None
    summed = left.summed or right.summed
    return Term(f"{before} {sign} {after}", operate(left.number, right.number), of_units, summed, binds, made=True)


def _under_condition(value: Term, condition: Term) -> Term:
    """Return a value as it is where the condition holds."""
    if condition.number != 1:
        raise TypeError("nothing is left of it")
    if value.of_units is None or condition.of_units is None:
        return value
    return replace(value, of_units=value.of_units * condition.of_units)


def _chosen(name: str, choose: Any, one: Any, other: Any) -> Term:
    one, other = _part(_each(one)), _part(_each(other))
    by_unit = [each.number if each.of_units is None else each.of_units for each in (one, other)]
    of_units = choose(*by_unit) if any(each.of_units is not None for each in (one, other)) else None
    return Term(f"{name}({one.text}; {other.text})", float(choose(one.number, other.number)), of_units, made=True)


def _part(value: Term) -> Term:
    """Return a term as it is written within another."""
    if value.split or value.is_yes:
        raise TypeError("not a number to reckon with as it is written")
    if value.rounded and value.text != exact(value.number):
        return replace(value, text=say("avrundet({term})").format(term=value.text), binds=ATOM, rounded=False)
    if value.as_part:
        return replace(value, text=value.as_part, binds=SUM if value.number < 0 else ATOM, as_part="")
    return value


def _each(value: Any) -> Term:
    """Return a term that is known of each unit."""
    of_each = term(value)
    if of_each.summed:
        raise TypeError("it is not known of each unit")
    return of_each
