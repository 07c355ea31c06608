"""What one per cent more users in a category mean in kroner: what their hours cost, and who gets more and less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.flows.counting import CATEGORIES
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import HeldBack
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.stages.exact import carried
from openfisca_bergen_hbt.rules.stages.sums import Sums, hours_by_category, joined
from openfisca_bergen_hbt.simulate import simulate_units, sums_of_units, year_period

#: How many more.
ONE_PER_CENT = 0.01
COST = "etat_aktivitetskostnad"


@dataclass(frozen=True)
class Worth:
    """What one per cent more users in a category mean, all year and in every unit, in kroner of the year."""

    category: int
    #: What their hours cost by the price per hour.
    cost: int | None
    #: What goes from some units to others, the frame being closed; and what each unit is given more.
    moved: int | None
    given: dict[str, int | None]


def worth_of_one_per_cent(people: Population, system: Any, year: int, held: HeldBack | None) -> list[Worth]:
    """Return what one per cent more users mean, of each category; None where the users of it are held back."""
    own = people.made_for(system) if people.made_for else people
    sums = sums_of_units(own, system, year)
    draws = [sums, *(with_more(sums, category, ONE_PER_CENT, year) for category in range(1, CATEGORIES))]
    results = simulate_units(own, joined(draws), system, year)
    given = results.value(GIVEN).reshape(CATEGORIES, -1)
    cost = results.value(COST).reshape(CATEGORIES, -1).sum(axis=1)
    found = []
    for category in range(1, CATEGORIES):
        change = given[category] - given[0]
        amounts: list[int | None] = change.astype(int).tolist()
        if held is not None:
            hidden = held.units[:, category - 1].tolist()
            amounts = [None if hides else of for of, hides in zip(amounts, hidden, strict=True)]
        by_unit = dict(zip(own.unit_names, amounts, strict=True))
        of_all = (int(cost[category] - cost[0]), int(numpy.maximum(0, change).sum()))
        if held is not None and held.total[category - 1]:
            found.append(Worth(category, None, None, by_unit))
        else:
            found.append(Worth(category, *of_all, by_unit))
    return found


def with_more(sums: Sums, category: int, share: float, year: int) -> Sums:
    """Return sums over users as they would be with a share more of them in a category, with as many hours each."""
    period = year_period(year)
    more: dict[Any, FloatArray] = {}
    for (name, when), values in sums.items():
        if name in ("counts", "counts_in_january", "counts_in_both", "hours_by_category"):
            plus = numpy.zeros(values.shape)
            plus[:, category] = share * values[:, category]
            more[name, when] = plus
    monthly = [plus[:, category] for (name, _), plus in more.items() if name == hours_by_category.__name__]
    of_months = numpy.stack(monthly, axis=1)
    for (name, when), values in sums.items():
        if name == "hours_over_80" and category == CATEGORIES - 1:
            more[name, when] = share * values
        elif name == "hours_of_months":
            more[name, when] = of_months.sum(axis=1, keepdims=True) if values.shape[1] == 1 else of_months
        elif name == "users_with_hours":
            more[name, when] = more["counts_in_january", period][:, category]
    return {key: _plus(values, more.get(key)) for key, values in sums.items()}


def _plus(values: NDArray[Any], more: FloatArray | None) -> NDArray[Any]:
    if more is None:
        return values
    return carried(values + more) if values.dtype.kind == "f" else values + more
