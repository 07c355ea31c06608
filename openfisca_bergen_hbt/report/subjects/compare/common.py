"""What the etater, or units, that gain most and lose most have in common, where they are too many to be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import HOURS, USERS
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import Groups
from openfisca_bergen_hbt.report.writing import KINDS, ends, ranked
from openfisca_bergen_hbt.rules.money import FloatArray, ratio
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text.language import say, to_say

#: The categories of the users with the fewest hours.
FEW_HOURS = ("antall_kategori_1", "antall_kategori_2")
#: What is said where no measure tells the ends apart.
NOTHING = to_say("Ingen av målene skiller de to endene fra de andre")


def in_common(compared: Comparison, by: Groups, table: Table) -> Table | None:
    """Return medians of the rows at each end of a long table and of all; None where the table is short.

    Only figures that are shown are counted, so that no median tells of what is held back.
    """
    if not table.is_long:
        return None
    order, shown = ranked(table), set(ends(table))
    half = len(shown) // 2
    assert table.ranked_by is not None  # noqa: S101 (it is long)
    groups = {
        say("De {number} øverste").format(number=half): order[:half],
        say("De {number} nederste").format(number=len(shown) - half): order[half - len(shown) :],
        say("Alle"): range(len(by.names)),
    }
    measures = _measures(compared, by)
    rows: list[list[Cell]] = [
        [name, *(_median(values[list(members)]) for _, values in measures)] for name, members in groups.items()
    ]
    heads = [Column(say("Median"), width=30), *(column for column, _ in measures)]
    title = say("Hva {groups} øverst og nederst har felles, etter «{heading}»").format(
        groups=by.plural, heading=table.columns[table.ranked_by].heading
    )
    notes = [_in_words(rows, [column for column, _ in measures])]
    return Table(heads, rows, title, say("Felles for {groups}").format(groups=by.plural), f"common-{by.level}", notes)


def _measures(compared: Comparison, by: Groups) -> list[tuple[Column, FloatArray]]:
    """Return measures of each etat or unit, NaN where there is none or it is held back."""
    first, last = compared.runs[0].results, compared.runs[-1].results
    population = compared.population

    def figure(name: str, results: Results = last) -> FloatArray:
        values, held = by.values(results, name).copy(), compared.hides(name, by.level)
        if held is not None:
            values[held] = numpy.nan
        return values

    users, hours, given = figure(USERS), figure(HOURS), figure(GIVEN)
    frame, cost = last.value("etat_ramme_i_alt"), last.value("etat_aktivitetskostnad")
    covered = ratio(frame, cost)
    if by.level == "enhet":
        covered = covered[population.agency_of_unit]
    found = [
        (Column(say("Brukere"), "count"), users),
        (Column(say("Timer per bruker"), "hours"), _per(hours, users)),
        (Column(say("Andel i kategori 1 og 2"), "percent"), _per(figure(FEW_HOURS[0]) + figure(FEW_HOURS[1]), users)),
        (Column(say("Ramme av det aktiviteten koster"), "percent"), covered),
        (
            Column(say("Avstandstilskudd av tildelingen"), "percent"),
            _per(by.values(last, "enhet_avstandstilskudd"), given),
        ),
    ]
    if first is not last:
        before = numpy.where(numpy.isnan(given), numpy.nan, by.values(first, GIVEN))
        found.append((Column(say("Tildelt per time, før"), "ore"), _per(before, figure(HOURS, first))))
    return [(column, values) for column, values in found if (values > 0).any()]


def _per(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, with NaN where there is nothing to divide by."""
    return numpy.where(whole > 0, ratio(part, whole), numpy.nan)


def _median(values: FloatArray) -> float | None:
    """Return the median of what is known; None where that is less than half."""
    known = values[~numpy.isnan(values)]
    return float(numpy.median(known)) if 2 * len(known) >= len(values) > 0 else None


def _in_words(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> str:
    """Return the measures in which the two ends lie on either side of all, in a sentence."""
    top, bottom, everyone = rows
    said = []
    for place, column in enumerate(columns, 1):
        high, low, middle = top[place], bottom[place], everyone[place]
        if not (isinstance(high, float) and isinstance(low, float) and isinstance(middle, float)):
            continue
        up, down, of_all = (KINDS[column.kind].write(value) for value in (high, low, middle))
        if (high - middle) * (low - middle) < 0 and len({up, down, of_all}) == len(rows):
            said.append(
                say("{heading} {up} øverst og {down} nederst (alle {of_all})").format(
                    heading=column.heading, up=up, down=down, of_all=of_all
                )
            )
    return f"{'; '.join(said) or say(NOTHING)}. {say('Medianer av tallene som vises.')}"
