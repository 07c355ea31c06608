"""The figures of a comparison that every report shows: totals of each regulation, and what each area gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, Run, by_group
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, HOURS, USERS
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.privacy.suppression import COUNTS
from openfisca_bergen_hbt.report.paper import Banded, Cell
from openfisca_bergen_hbt.rules.money import FloatArray, ratio
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text import names, numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What the categories of users are called.
CATEGORIES = (
    *(to_say("Kategori 1"), to_say("Kategori 2"), to_say("Kategori 3")),
    *(to_say("Kategori 4"), to_say("Kategori 5"), to_say("Kategori 6")),
)
#: What figures are called in tables, and the kinds of their values; others are called what their variable says.
HEADED = {
    "etat_vedtakstimer": (to_say("Timer"), "hours"),
    "etat_aktivitetskostnad": (to_say("Aktiviteten koster"), "kr"),
    "etat_disponibel_ramme": (to_say("Disponibel ramme"), "kr"),
    "etat_samlet_tildeling": (to_say("Delt ut"), "kr"),
    "etat_merforbruk": (to_say("Merforbruk"), "kr"),
    "etat_igjen_sentralt": (to_say("Igjen sentralt"), "kr"),
    "etat_reserve_saldo": (to_say("Igjen av reserven"), "kr"),
    "etat_ufordelt": (to_say("Ufordelt"), "kr"),
    "etat_udekket_over_80_i_aaret": (to_say("Udekket over 80"), "kr"),
    USERS: (to_say("Brukere"), "count"),
    HOURS: (to_say("Vedtakstimer"), "hours"),
    "enhet_kategoriramme": (to_say("Kategoriramme"), "kr"),
    "enhet_tildeling_per_bruker": (to_say("Kr per bruker"), "kr"),
    "enhet_tildeling_per_time": (to_say("Kr per time"), "ore"),
    CHANGE: (to_say("Endring, kr"), "kr_change"),
    CHANGE_SHARE: (to_say("Endring, %"), "percent_change"),
    **{name: (category, "count") for name, category in zip(COUNTS, CATEGORIES, strict=False)},
}
#: What is paid for users of category 6, and what its column is called.
OF_CATEGORY_6, OVER_BOUND = "enhet_tildeling_over_80", to_say("Brukere over {hours} timer")
#: The columns of the ladder: variable of the agencies, what its column is called, and the kind of its values.
LADDER = tuple((name, *HEADED[name]) for name in shown.LADDER)
#: What numbers are solved from, and so what no draw moves.
SOLVED_FROM = ("etat_merforbruk",)
#: What the column «Merforbruk» is.
OVERSPEND = to_say("Merforbruk er det vedtakstimene koster utover rammen i alt (under 0: rammen holder).")
#: What stands instead of it for a year whose frame nobody has published or given (T-21).
NO_FRAME = to_say("ingen publisert ramme")
#: What is said of a regulation that gives everyone the same as the one before: a decision that is not in force in the
#: year, one for which the sources give no amount, and what moves nothing though it could.
NOT_YET, NO_AMOUNT, SAME = (
    to_say("ikke i kraft i {year}"),
    to_say("kilden oppgir ingen beløp"),
    to_say("flytter ingen krone"),
)
TOO_FEW = to_say("Beløpene for alle er holdt tilbake: det er for få brukere bak dem.")
#: So many etater are shown by their areas or units; more are shown one by one themselves.
FEW_ETATER = 12


def called(name: str) -> str:
    """Return what a figure is called in tables."""
    return say(HEADED[name][0] if name in HEADED else str(SYSTEMS.foundation().get_variable(name).label))


@dataclass(frozen=True)
class Alike:
    """Regulations next to each other that give every area the same."""

    runs: Sequence[Run]

    @property
    def results(self) -> Results:
        """The results that they share."""
        return self.runs[0].results

    @property
    def short_title(self) -> str:
        """What the first is called."""
        return self.runs[0].version.short_title

    @property
    def title(self) -> str:
        """The first regulation, and how many of the following give the same."""
        return (
            self.short_title
            if len(self.runs) == 1
            else say("{short_title}\n(likt i {runs} trinn)").format(short_title=self.short_title, runs=len(self.runs))
        )


@dataclass(frozen=True)
class Groups:
    """What the figures are shown by: the areas, the units where no areas are known, or etater where they are many."""

    names: Sequence[str]
    level: str
    heading: str
    #: What more than one are called, with the definite article.
    plural: str

    def values(self, results: Results, name: str) -> FloatArray:
        """Return a variable of the units by group."""
        if self.level == "enhet":
            return results.value(name).astype(numpy.float64)
        values = by_group(results, self.level, name)
        assert values is not None, name  # noqa: S101 (reports ask for sums and ratios alone)
        return values

    def rows(self, columns: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
        """Return columns of cells as rows, each with its name first; the last is the sum."""
        return [list(row) for row in zip([*self.names, say("Sum")], *columns, strict=True)]

    def shown(self, compared: Comparison, run: Run, name: str) -> list[Cell]:
        """Return a variable of the units under a regulation by group, and last its sum, as tables show them."""
        return self.cells(compared, run, name, with_sum(self.values(run.results, name)))

    def cells(self, compared: Comparison, run: Run, name: str, values: FloatArray | Sequence[Cell]) -> list[Cell]:
        """Return a figure under a regulation by group and last of all: None where it is held back, bands beside it."""
        known: list[Cell] = values.tolist() if isinstance(values, numpy.ndarray) else list(values)
        whom = [*((self.level, member) for member in self.names), ("sum", "")]
        found = [banded(compared, run, of, name, value) for of, value in zip(whom, known, strict=True)]
        of = GIVEN if name in (CHANGE, CHANGE_SHARE) else name
        masks = [compared.hides(of, level) for level in (self.level, "sum")]
        for start, mask in zip((0, len(self.names)), masks, strict=True):
            for place in numpy.flatnonzero(mask).tolist() if mask is not None else ():
                found[start + place] = None
        return found


def banded(compared: Comparison, run: Run, whom: tuple[str, str], name: str, value: Cell) -> Cell:
    """Return a figure with its band, where draws were asked for and move it.

    What the overspend is solved from moves nothing: it has a band that says so.

    Args:
        compared: the comparison.
        run: the regulation.
        whom: the level and the id.
        name: the figure.
        value: what it is under the law's own numbers.
    """
    if compared.sureness is None or not isinstance(value, int | float):
        return value
    band = compared.sureness.band(run.version.id, *whom, name)
    return value if band is None or (band[0] == band[1] and name not in SOLVED_FROM) else Banded(value, *band)


def hides_total(compared: Comparison, name: str) -> bool:
    """Return whether a figure of all etater together is held back."""
    hidden = compared.hides(name, "sum")
    return hidden is not None and bool(hidden[0])


def hides_amounts(compared: Comparison) -> bool:
    """Return whether what all are given is held back: so few users are in them that every amount tells of these."""
    return hides_total(compared, "etat_samlet_tildeling")


def total(run: Run, name: str) -> float:
    """Return a figure of all etater together."""
    return float(run.results.value(name).sum())


def total_cell(compared: Comparison, run: Run, name: str) -> Cell:
    """Return a figure of all etater together as tables show it: with its band, None where it is held back."""
    amount = total(run, name)
    return None if hides_total(compared, name) else banded(compared, run, ("sum", ""), name, amount)


def gains(compared: Comparison, first: Run, last: Run) -> FloatArray:
    """Return what each group is given more under one regulation than another; 0 where that is held back."""
    by = groups(compared)
    change = by.values(last.results, GIVEN) - by.values(first.results, GIVEN)
    if (hidden := compared.hides(GIVEN, by.level)) is not None:
        change[hidden] = 0
    return change


def changes(compared: Comparison, before: Run, run: Run) -> list[Cell]:
    """Return what the totals change by from one regulation to another, in the order of ``LADDER``, with their bands."""
    found: list[Cell] = []
    for name, now, then in zip(shown.LADDER, totals(run), totals(before), strict=True):
        if hides_total(compared, name):
            found.append(None)
            continue
        band = compared.sureness and compared.sureness.step(before.version.id, run.version.id, name)
        found.append(Banded(now - then, *band) if band and band[0] != band[1] else now - then)
    return found


def title(compared: Comparison) -> str:
    """Return what a comparison is called."""
    financed = (
        say("Finansieringen av hjemmebaserte tjenester {year}, trinn for trinn")
        if compared.population.personal
        else say("Finansieringen av hjemmebaserte tjenester i Bergen {year}, trinn for trinn")
    )
    return financed.format(year=compared.year)


def groups(compared: Comparison) -> Groups:
    """Return what the figures of a comparison are shown by."""
    areas, etater = compared.population.area_names, compared.population.agency_names
    if len(etater) > FEW_ETATER:
        return Groups(etater, "etat", say("Etat"), say("etatene"))
    return Groups(areas, "byomraade", say("Byområde"), say("byområdene")) if areas else units(compared)


def units(compared: Comparison) -> Groups:
    """Return the units, for what is shown of each."""
    return Groups(compared.population.unit_names, "enhet", say("Enhet"), say("enhetene"))


def totals(run: Run) -> list[float]:
    """Return the totals of a regulation, in the order of ``LADDER``."""
    return [total(run, name) for name in shown.LADDER]


def state(run: Run, earlier: Run | None) -> str:
    """Return what a regulation does to the money of the year, seen from the one before; empty where totals differ."""
    if earlier is None or totals(run) != totals(earlier):
        return ""
    if not (run.results.value(GIVEN) == earlier.results.value(GIVEN)).all():
        return say("flytter penger mellom enheter")
    decision = run.version.latest
    if decision is None or run.version.proposals:
        return say(SAME)
    if decision.in_force.year > run.results.year:
        return say(NOT_YET).format(year=run.results.year)
    return say(SAME if decision.innfoerer else NO_AMOUNT)


def is_same(said: str) -> bool:
    """Return whether a state says that everyone gets the same as before."""
    return said in (say(SAME), say(NO_AMOUNT)) or said.startswith(say(NOT_YET).partition("{")[0])


def columns(compared: Comparison) -> list[Alike]:
    """Return the regulations, those that give every group the same as the one before under one head."""
    by = groups(compared)
    grouped: list[list[Run]] = []
    for run in compared.runs:
        alike = grouped and (by.values(run.results, GIVEN) == by.values(grouped[-1][0].results, GIVEN)).all()
        grouped[-1].append(run) if alike else grouped.append([run])
    return [Alike(runs) for runs in grouped]


def hours_of_category_6(results: Results) -> str:
    """Return the hours a week that category 6 begins at on the year's first day, or when it first begins."""
    bound = names.find_parameter(results.system, "kategorimodell.nedre_grense.kategori_6")
    first = bound.values_list[-1].instant_str
    return numbers.decimals(bound.get_at_instant(max(first, f"{results.year}-01-01")))


def with_sum(values: FloatArray) -> FloatArray:
    """Return values with their sum last."""
    return numpy.append(values, values.sum())


def per(compared: Comparison, column: Alike, divisor: str) -> FloatArray:
    """Return what each group gets per user or hour, and last what all get."""
    by = groups(compared)
    return ratio(with_sum(by.values(column.results, GIVEN)), with_sum(by.values(column.results, divisor)))


def shares(change: FloatArray, before: FloatArray) -> list[Cell]:
    """Return changes as shares; an empty text where there was nothing before."""
    found = ratio(change, before).tolist()
    return [share if base > 0 else "" for share, base in zip(found, before.tolist(), strict=True)]
