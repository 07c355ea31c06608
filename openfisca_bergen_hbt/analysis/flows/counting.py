"""How many users go from one category to another between two months, by unit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text.language import _

CATEGORIES = len(Kategori)
#: Who has no hours: one who is yet to come, or has gone.
NONE: int = Kategori.INGEN.index  # type: ignore[assignment] # core's, of the member
MONTHS = 12
#: What there is where there are categories.
CATEGORY_FRAME = "enhet_kategoriramme"
#: The kinds of movement, each with the cells (from, to) that it is made of, as a mask of a matrix.
_FROM, _TO = numpy.indices((CATEGORIES, CATEGORIES))
KINDS: dict[str, NDArray[numpy.bool_]] = {
    "come": (_FROM == NONE) & (_TO != NONE),
    "go": (_FROM != NONE) & (_TO == NONE),
    "up": (_FROM != NONE) & (_TO > _FROM),
    "down": (_TO != NONE) & (_TO < _FROM),
    "stay": (_FROM == _TO) & (_FROM != NONE),
}

Counts = NDArray[numpy.int64]


def refuse_without_categories(version: Version) -> None:
    """Refuse a regulation that has no categories.

    Raises:
        ValueError: no decision of it brings them.
    """
    if CATEGORY_FRAME in version.not_brought:
        raise ValueError(_("'{title}' has no categories. Give another --regulation.").format(title=version.title))


def categories_by_month(results: Results) -> list[IndexArray]:
    """Return the category of each user in each month, as its index; the same array where nothing has changed.

    Raises:
        ValueError: the regulation has no categories in the year.
    """
    if results.system.get_variable(CATEGORY_FRAME).get_formula(results.period) is None:
        raise ValueError(_("There are no categories in {year}: they begin in 2018.").format(year=results.year))
    return [results.value("loepende_kategori", month).view(numpy.ndarray) for month in range(1, MONTHS + 1)]


def movements(categories: Sequence[Any], unit_of_user: IndexArray, units: int) -> Counts:
    """Count the users by unit, category in a month, and category in the next.

    Returns:
        Whole numbers, shape (months - 1, units, 7, 7).
    """
    size = units * CATEGORIES**2
    cell = unit_of_user * CATEGORIES**2
    found = [numpy.bincount(cell + before * CATEGORIES + now, minlength=size) for before, now in pairwise(categories)]
    shape = (len(found), units, CATEGORIES, CATEGORIES)
    return numpy.array(found, dtype=numpy.int64).reshape(shape)


def by_kind(counts: Counts) -> Counts:
    """Return how many come, go, go up, go down and stay, of matrices of any shape; the last axis is that of ``KINDS``.

    Who has no hours in either month is in none of them.
    """
    return numpy.stack([counts[..., of].sum(axis=-1) for of in KINDS.values()], axis=-1)


def shares(counts: Counts) -> FloatArray:
    """Return the share of the users of each category who go to each, of matrices of any shape; 0 of nobody.

    Of those without hours there is no share: nobody knows of how many.
    """
    counted = counts.astype(numpy.float64)
    counted[..., NONE, :] = 0
    of = counted.sum(axis=-1, keepdims=True)
    found: FloatArray = numpy.divide(counted, of, out=numpy.zeros(counted.shape), where=of > 0)
    return found
