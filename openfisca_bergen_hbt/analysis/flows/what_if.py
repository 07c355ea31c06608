"""What if more, or fewer, went from one category to another? The users, with some of them on others' paths.

One who is to move takes over, from that month on, what is given of one who moved; one who is to stay, what is given of
one who stayed: of the same unit where it has any. Who is to come is a user more, on the path of one who came. Nothing
is assumed of hours beyond those that users have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from openfisca_bergen_hbt.analysis.asking import SEED, Asked
from openfisca_bergen_hbt.analysis.flows.counting import MONTHS, NONE, categories_by_month, refuse_without_categories
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import MonthlyInput, Population, arrays
from openfisca_bergen_hbt.population.table import OF_SOME
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, krone
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import Told, _, to_say
from openfisca_bergen_hbt.text.numbers import exact_percent

#: What a population with flows says of itself, after what it was.
WHAT_IF = to_say("Hva om: {flows} (hvem er trukket, med fast frø).")
#: The most that a flow can grow by, in per cent.
MOST_PER_CENT = 1000
NAMES: dict[str, int] = {category.name.lower(): category.index for category in list(Kategori)}
FLOW = re.compile(
    r"\s*(?P<origin>\w+)\s*(?:→|->)\s*(?P<goal>\w+)\s+"
    r"(?P<sign>[+\-\N{MINUS SIGN}])\s*(?P<size>[0-9]{1,4}(?:[.,][0-9]{1,4})?)\s*%\s*",
    re.ASCII,
)


@dataclass(frozen=True)
class Flow:
    """A flow from one category to another, and the share by which more, or fewer, are to go that way."""

    text: str
    origin: int
    goal: int
    share: float


def read_flows(texts: Sequence[str]) -> list[Flow]:
    """Read flows such as ``kategori_4→kategori_5 +10%`` (``->`` does as well; ``ingen`` is who comes, or goes).

    Raises:
        ValueError: a text is no flow, or a flow is given twice.
    """
    found: list[Flow] = []
    for text in texts:
        match = FLOW.fullmatch(text)
        names = [match[end].lower() for end in ("origin", "goal")] if match else []
        size = float(match["size"].replace(",", ".")) if match else 0.0
        share = (size if match and match["sign"] == "+" else -size) / 100
        known = len({*names} & NAMES.keys()) == 2  # noqa: PLR2004 (two ends, not the same)
        if not match or not known or not -1 <= share <= MOST_PER_CENT / 100 or not share:
            message = _(
                "'{text}' is no flow. Write two of {names}, and by how many per cent more or fewer go from the first "
                "to the second, from -100 to +{most}, such as 'kategori_4→kategori_5 +10%'."
            )
            raise ValueError(message.format(text=text[:60], names=", ".join(NAMES), most=MOST_PER_CENT))
        origin, goal = (NAMES[name] for name in names)
        if any((origin, goal) == (flow.origin, flow.goal) for flow in found):
            raise ValueError(_("The flow '{text}' is given twice. Give it once.").format(text=text[:60]))
        sign = "+" if share > 0 else "-"
        found.append(Flow(f"{names[0]}→{names[1]} {sign}{exact_percent(abs(share))}", origin, goal, share))
    return found


def asked_with(asked: Asked, texts: Sequence[str], *, after: int = 1) -> Asked:
    """Return what is asked, of users some of whom are on others' paths after so many months; as it is without flows.

    Raises:
        ValueError: a text is no flow, nobody goes that way, or too few are there to go; a year without categories.
    """
    if not (flows := read_flows(texts)):
        return asked
    refuse_without_categories(asked.versions[-1])
    years = asked.request.years or (asked.year,)
    by_year = dict(zip(years, asked.versions[-len(years) :], strict=True))

    def people(year: int) -> Population:
        return with_flows(asked.people(year), SYSTEMS.system(by_year[year]), year, flows, after)

    return replace(asked, people=people, population=people(asked.year))


def with_flows(people: Population, system: Any, year: int, flows: Sequence[Flow], after: int = 1) -> Population:
    """Return the users of a year, more or fewer of whom go from one category to another after so many months.

    Raises:
        ValueError: nobody goes that way, or too few are there to go; a year without categories.
    """
    if people.in_parts:
        message = _("Users in many files are known by their sums alone, and --flow looks at each. Give one file.")
        raise ValueError(message)
    own = people.made_for(system) if people.made_for else people
    paths = _Paths(own, categories_by_month(simulate(own, system, year)))
    for flow in flows:
        paths.turn(flow, after)
    what = {"flows": "; ".join(flow.text for flow in flows)}
    return replace(
        own,
        unit_of_user=numpy.concatenate([own.unit_of_user, *paths.units_of_new]),
        users={name: paths.inputs(name, given) for name, given in own.users.items()},
        description=Told(own.description, (WHAT_IF, what)),
        matches_published=False,
        made_for=(lambda another: with_flows(people, another, year, flows, after)) if people.made_for else None,
    )


class _Paths:
    """Whose inputs each user has in each month: at first its own."""

    def __init__(self, people: Population, categories: Sequence[IndexArray]) -> None:
        self.units = people.unit_of_user
        self.users = len(self.units)
        #: The user whose inputs each has, by month; ``users`` for one who is not there.
        self.source = [numpy.arange(self.users) for _ in range(MONTHS)]
        self.units_of_new: list[IndexArray] = []
        self._categories = [numpy.append(of_month, NONE) for of_month in categories]
        self._random = numpy.random.RandomState(SEED)  # its numbers are the same in every version of NumPy

    def turn(self, flow: Flow, after: int) -> None:
        """Have more, or fewer, go from one category to another in each month after the first ones."""
        went, turned = 0, 0
        for month in range(after, MONTHS):
            before, now = self._category(month - 1), self._category(month)
            movers, stayers = (
                numpy.flatnonzero((before == flow.origin) & (now == end)) for end in (flow.goal, flow.origin)
            )
            went += len(movers)
            more = int(krone(went * abs(flow.share))) - turned
            turned += more
            if more:
                self._take_over(flow, month, more, movers, stayers)
        if not turned:
            message = _("'{flow}' moves nobody: no user goes that way, or too few for the share to make one.")
            raise ValueError(message.format(flow=flow.text))

    def inputs(self, name: str, given: MonthlyInput) -> MonthlyInput:
        """Return an input as the users now have it, by month."""
        own = arrays(given)
        nothing = NOT_GIVEN if name in OF_SOME else 0.0
        padded: dict[int, FloatArray] = {id(values): numpy.append(values, nothing) for values in own}
        by_month = own if len(own) == MONTHS else [own[0]] * MONTHS
        return [padded[id(values)][source] for values, source in zip(by_month, self.source, strict=True)]

    def _category(self, month: int) -> IndexArray:
        found: IndexArray = self._categories[month][self.source[month]]
        return found

    def _take_over(self, flow: Flow, month: int, more: int, movers: IndexArray, stayers: IndexArray) -> None:
        if flow.share > 0 and flow.origin == NONE:
            self._come(month, self._some(movers, more))
            return
        takers, donors = (stayers, movers) if flow.share > 0 else (movers, stayers)
        if flow.share < 0 and flow.origin == NONE:
            for source in self.source[month:]:
                source[self._some(takers, more)] = self.users
            return
        if len(takers) < more or not len(donors):
            message = _("'{flow}' can't be: in month {month} too few are there who could do otherwise.")
            raise ValueError(message.format(flow=flow.text, month=month + 1))
        first = self._some(donors if flow.share > 0 else takers, more)
        second = _of_same_unit(self._unit(first), takers if flow.share > 0 else donors, self._unit, self._random)
        taker, donor = (second, first) if flow.share > 0 else (first, second)
        for source in self.source[month:]:
            source[taker] = source[donor]

    def _come(self, month: int, like: IndexArray) -> None:
        """Add a user for each who came, on the same path."""
        nobody = numpy.full(len(like), self.users)
        self.units_of_new.append(self._unit(like))
        self.source = [
            numpy.append(source, nobody if place < month else source[like]) for place, source in enumerate(self.source)
        ]

    def _unit(self, users: IndexArray) -> IndexArray:
        return numpy.concatenate([self.units, *self.units_of_new])[users]

    def _some(self, users: IndexArray, count: int) -> IndexArray:
        """Return so many of some users, nobody twice before all have been taken once."""
        rounds = [self._random.permutation(users) for _ in range(-(-count // max(1, len(users))))]
        return numpy.concatenate(rounds)[:count]


def _of_same_unit(units: IndexArray, among: IndexArray, unit_of: Any, random: Any) -> IndexArray:
    """Return a user for each of some units, of that unit where it has one left; nobody twice while there are enough."""
    shuffled = random.permutation(among)
    pool = numpy.resize(shuffled, max(len(shuffled), len(units)))
    pool = pool[numpy.argsort(unit_of(pool), kind="stable")]
    theirs = unit_of(pool)
    order = numpy.argsort(units, kind="stable")
    wanted = units[order]
    rank = numpy.arange(len(wanted)) - numpy.searchsorted(wanted, wanted)
    place = numpy.searchsorted(theirs, wanted) + rank
    has = place < numpy.searchsorted(theirs, wanted, side="right")
    left = numpy.setdiff1d(numpy.arange(len(pool)), place[has])
    place[~has] = random.permutation(left)[: int((~has).sum())]
    found = numpy.empty(len(units), dtype=numpy.intp)
    found[order] = pool[place]
    return found
