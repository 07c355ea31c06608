"""How users may be spread over the categories in the rest of the year: expected, and drawn.

Two ways to draw. By the transition matrix of the months given, pooled over the units of an etat: each user of a
category goes where those of the category went, and each unit gets newcomers as often as it did. Of expected users: the
path of each is drawn from those of the same unit and the same category in the last month given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from openfisca_bergen_hbt.analysis.flows.counting import CATEGORIES, MONTHS, NONE, Counts, movements, shares
from openfisca_bergen_hbt.analysis.flows.what_if import Flow
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.text.language import _

#: Draws so many paths: for each month after those given the users by category, shape (draws, units, 7).
Draw = Callable[[Any, int], Iterator[Counts]]


@dataclass(frozen=True)
class Matrix:
    """The transition matrix of the months given, and the newcomers of a month."""

    #: The share of those of each category who go to each, by unit (its etat's): shape (units, 7, 7).
    shares: FloatArray
    #: Newcomers by unit and category, in a month: shape (units, 7).
    newcomers: FloatArray

    def expected(self, counts: FloatArray, months: int) -> Iterator[FloatArray]:
        """Yield the users by category that are expected in each of some months, shape (units, 7)."""
        for _month in range(months):
            counts = numpy.einsum("ui,uij->uj", counts, self.shares) + self.newcomers
            counts[:, NONE] = 0
            yield counts

    def drawn(self, counts: Counts, months: int) -> Draw:
        """Return what draws paths of some months from the users by category of the last month given."""

        def draw(random: Any, draws: int) -> Iterator[Counts]:
            now = numpy.repeat(counts[None], draws, axis=0)
            for _month in range(months):
                after = random.poisson(self.newcomers, now.shape).astype(numpy.int64)
                for category in range(1, CATEGORIES):
                    after += random.multinomial(now[..., category], self.shares[:, category])
                after[..., NONE] = 0
                now = after
                yield now

        return draw


def matrix_of(people: Population, categories: Sequence[IndexArray], flows: Sequence[Flow]) -> Matrix:
    """Return the transition matrix of the months given, with flows turned up or down.

    Raises:
        ValueError: a single month, from which nothing can be told; a flow that nobody takes, or too large a one.
    """
    if len(categories) < 2:  # noqa: PLR2004 (before and after)
        message = _("A trend takes two months at the least, and {months} is given. Give --method held.")
        raise ValueError(message.format(months=1))
    units, etater = len(people.unit_names), len(people.agency_names)
    counts = movements(categories, people.unit_of_user, units).sum(axis=0)
    of_etat = numpy.zeros((etater, CATEGORIES, CATEGORIES), dtype=numpy.int64)
    numpy.add.at(of_etat, people.agency_of_unit, counts)
    going = shares(of_etat)
    idle = going.sum(axis=2) == 0  # nobody was there to tell where they go: who comes stays
    going[idle] = numpy.broadcast_to(numpy.eye(CATEGORIES), going.shape)[idle]
    come = of_etat[:, NONE].astype(numpy.float64)
    come[:, NONE] = 0
    in_all = come.sum(axis=1, keepdims=True)
    spread = numpy.divide(come, in_all, out=numpy.zeros(come.shape), where=in_all > 0)
    a_month = counts[:, NONE, 1:].sum(axis=1) / (len(categories) - 1)
    newcomers = a_month[:, None] * spread[people.agency_of_unit]
    for flow in flows:
        _turn(flow, going, newcomers)
    return Matrix(going[people.agency_of_unit], newcomers)


def _turn(flow: Flow, going: FloatArray, newcomers: FloatArray) -> None:
    turned = newcomers[:, flow.goal] if flow.origin == NONE else going[:, flow.origin, flow.goal]
    if not turned.any():
        raise ValueError(_("'{flow}' moves nobody: no user goes that way in the months given.").format(flow=flow.text))
    more = turned * flow.share
    turned += more
    if flow.origin != NONE:
        going[:, flow.origin, flow.origin] -= more
        if (going[:, flow.origin, flow.origin] < 0).any():
            raise ValueError(_("'{flow}' can't be: more would go than there are.").format(flow=flow.text))


def drawn_of_expected(people: Population, categories: Sequence[IndexArray], given: int) -> Draw:
    """Return what draws paths of the months after those given from those of expected users.

    Args:
        people: users of all months.
        categories: of each user in each month.
        given: how many months are given.
    """
    units = len(people.unit_names)
    future = [of.astype(numpy.int64) for of in categories[given:]]
    start = people.unit_of_user * CATEGORIES + categories[given - 1]
    path = numpy.zeros(len(start), dtype=numpy.int64)
    for of_month in future:
        path = path * CATEGORIES + of_month
    pairs, users = numpy.unique(numpy.stack([start, path]), axis=1, return_counts=True)
    cells, first = numpy.unique(pairs[0], return_index=True)
    ends = [*first[1:].tolist(), len(users)]
    at = [pairs[1] // CATEGORIES ** (len(future) - 1 - place) % CATEGORIES for place in range(len(future))]
    slot = [pairs[0] // CATEGORIES * CATEGORIES + of_month for of_month in at]

    def draw(random: Any, draws: int) -> Iterator[Counts]:
        drawn = numpy.empty((draws, len(users)), dtype=numpy.int64)
        for begin, end in zip(first.tolist(), ends, strict=True):
            here = users[begin:end]
            drawn[:, begin:end] = random.multinomial(int(here.sum()), here / here.sum(), draws)
        for of_month in slot:
            found = numpy.zeros((draws, units * CATEGORIES), dtype=numpy.int64)
            numpy.add.at(found, (slice(None), of_month), drawn)  # type: ignore[arg-type] # an index of both axes
            counts = found.reshape(draws, units, CATEGORIES)
            counts[..., NONE] = 0
            yield counts

    assert len(cells) == len(ends) and given < MONTHS  # noqa: S101, PT018 (who calls knows)
    return draw
