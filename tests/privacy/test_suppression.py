"""No count that is held back can be worked out from what is shown, and no small count is shown."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.privacy.suppression import COUNTS, LEAST, MARK, Protection
from openfisca_bergen_hbt.regelverk import regelverk

TOTAL, WITHOUT = 6, 7


def protect(area_of_unit, *tables, etat_of_unit=None):
    groups = [numpy.asarray(of_unit) for of_unit in (area_of_unit, etat_of_unit) if of_unit is not None]
    tables = [numpy.asarray(table) for table in tables]
    full = [
        numpy.column_stack([table[:, :6], table.sum(axis=1), table[:, 6:].sum(axis=1)]) for table in tables
    ]  # six categories, all, without category
    found = Protection(groups, full)
    found.run()
    return found


class Attacker:
    """Someone who knows every figure that is shown, that rows, columns and groups add up, and that zeros are shown."""

    def __init__(self, levels, hidden, *groups):
        self.levels, self.hidden = levels, hidden
        self.cells = {}
        for level, mask in enumerate(hidden):
            for row, column in numpy.argwhere(mask):
                if column != WITHOUT or levels[0][:, WITHOUT].any():
                    self.cells[level, int(row), int(column)] = len(self.cells)
        self.rows, self.sums = [], []
        for level, values in enumerate(levels):
            for row in range(len(values)):
                parts = [(level, row, column) for column in (*range(6), WITHOUT)]
                self._know(parts, (level, row, TOTAL))
        everyone = numpy.zeros(len(levels[0]), dtype=int)
        for column in range(8):
            for level, of_unit in enumerate([*groups, everyone], 1):
                for row in range(len(levels[level])):
                    members = numpy.flatnonzero(numpy.asarray(of_unit) == row)
                    self._know([(0, int(unit), column) for unit in members], (level, row, column))

    def _know(self, parts, total):
        """Take in that the parts add up to the total."""
        row, constant = numpy.zeros(len(self.cells)), 0
        for cell, sign in [*((part, 1) for part in parts), (total, -1)]:
            if cell in self.cells:
                row[self.cells[cell]] += sign
            else:
                constant -= sign * self.levels[cell[0]][cell[1], cell[2]]
        if row.any():
            self.rows.append(row)
            self.sums.append(constant)

    def worked_out(self):
        """Return the cells held back for which there is only one number."""
        if not self.rows:
            return []
        least = numpy.array([0 if column == WITHOUT else 1 for _, _, column in self.cells])
        known = LinearConstraint(numpy.array(self.rows), self.sums, self.sums)
        found = []
        for cell, place in self.cells.items():
            if cell[2] == WITHOUT:
                continue
            aim = numpy.zeros(len(self.cells))
            aim[place] = 1
            value = self.levels[cell[0]][cell[1:]]
            limits = (  # an end that is another number than the right one is enough
                milp(sign * aim, constraints=known, bounds=Bounds(least, 10**6), integrality=numpy.ones(len(aim)))
                for sign in (-1, 1)
            )
            if all(limit.success and round(limit.x[place]) == value for limit in limits):
                found.append(cell)
        return found


@st.composite
def tables(draw):
    units = draw(st.integers(1, 6))
    areas = draw(st.integers(1, min(units, 3)))
    etater = draw(st.integers(1, min(areas, 2)))
    area_of_unit = [*range(areas), *(draw(st.integers(0, areas - 1)) for _ in range(units - areas))]
    etat_of_area = [*range(etater), *(draw(st.integers(0, etater - 1)) for _ in range(areas - etater))]
    count = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 10, 40, 200])
    without = st.sampled_from([0, 1, 2, 7]) if draw(st.booleans()) else st.just(0)
    table = [[*(draw(count) for _ in range(6)), draw(without)] for _ in range(units)]
    return area_of_unit, [etat_of_area[area] for area in area_of_unit], table


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(["areas", "etater", "both"]))
def test_nothing_held_back_can_be_worked_out(drawn, known):
    area_of_unit, etat_of_unit, table = drawn
    groups = {"areas": [area_of_unit], "etater": [etat_of_unit], "both": [area_of_unit, etat_of_unit]}[known]
    found = protect(groups[0], table, etat_of_unit=groups[1] if len(groups) > 1 else None)
    levels = found.tables[0]
    assert len(levels) == len(groups) + 2
    for values, mask in zip(levels, found.hidden, strict=True):
        small = (values > 0) & (values < LEAST)
        assert mask[:, : TOTAL + 1][small[:, : TOTAL + 1]].all()
        assert not mask[values == 0].any() or levels[0][:, WITHOUT].any()  # zeros stay
    assert Attacker(levels, found.hidden, *groups).worked_out() == []


def test_the_attacker_is_able():
    # a single small count held back alone is the total less the rest
    area_of_unit = numpy.array([0, 0])
    levels = protect(area_of_unit, [[3, 10, 0, 0, 0, 0], [20, 10, 0, 0, 0, 0]]).tables[0]
    alone = tuple(numpy.zeros(level.shape, dtype=bool) for level in levels)
    alone[0][0, 0] = True
    assert Attacker(levels, alone, area_of_unit).worked_out() == [(0, 0, 0)]


def test_few_others_are_held_back():
    found = protect([0, 0, 0], [[3, 10, 30, 0, 0, 0], [20, 8, 30, 0, 0, 0], [50, 60, 70, 0, 0, 0]])
    units, areas, total = found.hidden
    assert numpy.argwhere(units).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]  # the cheapest rectangle around the 3
    assert not areas.any()
    assert not total.any()


def test_a_count_that_is_small_under_one_regulation_is_held_back_under_all():
    one = [[30, 40, 50, 0, 0, 0], [30, 40, 50, 0, 0, 0]]
    other = [[3, 67, 50, 0, 0, 0], [30, 40, 50, 0, 0, 0]]
    found = protect([0, 0], one, other)
    assert found.hidden[0][0, 0]
    assert Attacker(found.tables[1], found.hidden, numpy.zeros(2, dtype=int)).worked_out() == []


def test_nothing_is_held_back_where_no_count_is_small():
    assert not any(mask.any() for mask in protect([0, 1], [[30, 40, 0, 0, 0, 0], [5, 40, 50, 0, 0, 0]]).hidden)


@pytest.fixture(scope="module")
def small_unit():
    """Two units, one of them with two users in category 2 and one in category 5."""
    hours = [2.0, 2.0, 40.0] + [1.0] * 20 + [3.0] * 20 + [10.0] * 20 + [40.0] * 20
    table = {"enhet": ["Liten"] * 3 + ["Stor"] * 80, "timer_per_uke": hours}
    from dataclasses import replace

    return replace(from_table(table, regelverk()), personal=True)


def shown(compared, variable, level="enhet"):
    return {row.id: row.value for row in compared.rows() if (row.variable, row.level) == (variable, level)}


def test_what_depends_on_the_counts_is_held_back_with_them(small_unit):
    compared = Comparison(small_unit, 2019, versions(["2019-06"]))
    for name in ("antall_kategori_2", "enhet_antall_brukere", "enhet_tildeling_per_bruker", "enhet_vedtakstimer"):
        assert shown(compared, name) == {"Liten": None, "Stor": None}, name
    for name in ("enhet_kategoripoeng", "enhet_poengandel"):
        assert set(shown(compared, name).values()) == {None}, name
    assert shown(compared, "antall_kategori_1") == {"Liten": 0, "Stor": 20}  # nobody, and many
    # 40 of the unit's 44 hours are one user's: what it is given tells of him, and of all the other the rest
    assert shown(compared, "enhet_samlet_tildeling") == {"Liten": None, "Stor": None}


def test_nothing_is_held_back_when_asked_for_or_where_nobody_is_real(small_unit):
    asked = Comparison(small_unit, 2019, versions(["2019-06"]), suppression=False)
    assert shown(asked, "antall_kategori_2") == {"Liten": 2, "Stor": 20}
    embedded = Comparison(published(2019), 2019, versions(["2019-06"]))
    assert min(shown(embedded, "antall_kategori_6").values()) < LEAST
    assert embedded.held_back is None


def test_the_mark_is_what_reports_show(small_unit):
    from openfisca_bergen_hbt.report.subjects.compare import paper
    from openfisca_bergen_hbt.report.writing import written_rows

    table = paper(Comparison(small_unit, 2019, versions(["grunnregelverk", "2019-06"]))).table("categories")
    cells = written_rows(table)[0]
    assert cells == ["Liten", "0", MARK, "0", "0", MARK, "0", MARK]
    assert len(COUNTS) == len(cells) - 1


def test_an_etat_with_few_users_shows_neither_them_nor_their_hours():
    from dataclasses import replace

    hours = [2.0, 2.0, 40.0] + [1.0] * 20 + [3.0] * 20 + [10.0] * 20 + [40.0] * 20
    names = {"enhet": ["Liten"] * 3 + ["Stor"] * 80, "etat": ["A"] * 3 + ["B"] * 80}
    frames = {"etat_budsjettramme": [1e6, 2e7], "etat_tillitsreform_styrking": [0.0, 0.0]}
    table = {**names, "timer_per_uke": hours}
    agencies = {etat: {name: values[place] for name, values in frames.items()} for place, etat in enumerate("AB")}
    people = replace(from_table(table, regelverk(), agencies=agencies), personal=True)
    compared = Comparison(people, 2019, versions(["2019-06"]))
    for name in ("enhet_antall_brukere", "enhet_vedtakstimer", "etat_vedtakstimer", "antall_kategori_2"):
        assert shown(compared, name, "etat")["A"] is None, name
    # 40 of its 44 hours are one user's
    assert shown(compared, "etat_samlet_tildeling", "etat") == {"A": None, "B": None}
    assert shown(compared, "etat_disponibel_ramme", "etat") == {"A": 1e6, "B": 2e7}  # what is decided is shown
    everything = Comparison(people, 2019, versions(["2019-06"]), suppression=False)
    assert shown(everything, "enhet_antall_brukere", "etat") == {"A": 3, "B": 80}
    assert shown(everything, "etat_vedtakstimer", "etat")["A"] == 44 * 52
