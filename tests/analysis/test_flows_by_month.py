"""Who moves by unit and month: counted by hand, and what is held back held against an attacker who knows all tables."""

import csv
import io
from itertools import product

import numpy
import pytest
from ortools.sat.python import cp_model

from openfisca_bergen_hbt.analysis.flows.counting import KINDS
from openfisca_bergen_hbt.analysis.flows.holding_back import hidden
from tests.analysis.test_flows import asked, of_categories, still
from tests.commands import as_json, run

FEW = range(1, 5)


def test_who_moves_in_a_unit_in_a_month_by_hand():
    users = [still(4, 2, 5), still(4, 3, 5), still(4, 13, 4), still(0, 3, 1), still(2, 12, 0)]
    found = asked(of_categories(numpy.array(users).T, ["A", "A", "B", "B", "B"])).kinds_by_unit_and_month
    nobody = {"come": 0, "go": 0, "up": 0, "down": 0}
    assert found["A"] == dict.fromkeys(range(2, 13), nobody) | {month: {**nobody, "up": 1} for month in (2, 3)}
    assert {month: of for month, of in found["B"].items() if of != nobody} == {
        3: {**nobody, "come": 1},
        12: {**nobody, "go": 1},
    }


def _told(counts, masks):
    """Return a model of all that is shown, with who moves by month, unit and cell as its variables."""
    model = cp_model.CpModel()
    moving = numpy.empty(counts.shape, dtype=object)
    for place in numpy.ndindex(counts.shape):
        moving[place] = model.new_int_var(0, 0 if place[2:] == (0, 0) else int(counts.sum()), "")

    def tell(held, least, *place):
        total = sum(moving[place].ravel().tolist())
        model.add(total >= least) if held else model.add(total == int(counts[place].sum()))

    months, units = (range(size) for size in counts.shape[:2])
    every = slice(None)
    for kind, of in enumerate(list(KINDS.values())[:4]):
        before, after = of.nonzero()
        all_held = masks.by_unit[..., kind].all()
        for month in months:
            tell(masks.months[month, kind], 0, month, every, before, after)
        for unit in units:
            tell(masks.units[unit, kind], 0, every, unit, before, after)
        for month, unit in product(months, units):
            with_sums = all_held or masks.months[month, kind] or masks.units[unit, kind]
            tell(masks.by_unit[month, unit, kind], 0 if with_sums else 1, month, unit, before, after)
        tell(masks.months[-1, kind], 0, every, every, before, after)
        known = 0 if masks.cells[:, before, after].all() else 1  # a 0 is shown, but where all of a kind is held back
        for cell in zip(before.tolist(), after.tolist(), strict=True):
            for month in (*months, every):
                tell(masks.cells[-1 if month == every else month, *cell], known, month, every, *cell)
            for unit in units:
                tell(masks.of_units[cell], 0, every, unit, *cell)
    return model, moving


@pytest.mark.parametrize(("seed", "usual"), list(product(range(4), (6, 2, 0.5))))
def test_no_small_count_by_unit_and_month_can_be_told(seed, usual):
    random = numpy.random.default_rng(seed)
    counts = numpy.zeros((4, 5, 7, 7), dtype=int)
    counts[..., 1:4, 1:4] = random.poisson(usual, (4, 5, 3, 3))
    counts[..., 0, 1:3] = random.poisson(usual, (4, 5, 2))
    counts[..., 1:3, 0] = random.poisson(usual / 2, (4, 5, 2))
    masks = hidden(counts)
    assert masks.by_unit.any()
    model, moving = _told(counts, masks)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    for kind, of in enumerate(list(KINDS.values())[:4]):
        small = numpy.argwhere(numpy.isin(counts[..., of].sum(axis=-1), FEW)).tolist()
        for month, unit in small:
            assert masks.by_unit[month, unit, kind]
            known = int(counts[month, unit][of].sum())
            another = model.clone()
            total = sum(moving[month, unit][of].tolist())
            differs = another.new_bool_var("")
            another.add(total >= known + 1).only_enforce_if(differs)
            another.add(total <= known - 1).only_enforce_if(~differs)
            assert solver.solve(another) in (cp_model.OPTIMAL, cp_model.FEASIBLE), (seed, month, unit, kind)


def test_who_go_are_held_back_where_few_stay():
    """Of 6 users 5 go in March: with the users of January they would tell that one is left."""
    counts = numpy.zeros((3, 4, 7, 7), dtype=int)
    counts[:, :, 4, 4] = 60
    counts[:, :, 4, 0] = 7
    counts[:, 0, 4, 4] = [6, 1, 1]
    counts[:, 0, 4, 0] = [0, 5, 0]
    go = list(KINDS).index("go")
    masks = hidden(counts)
    assert masks.by_unit[1, 0, go]
    assert masks.units[0, go]
    assert masks.units[:, go].sum() > 1


HEADS = "bruker;enhet;maaned;vurdert_timer_per_uke\n"


def rows(months, few=2):
    """Users of two units; in March ten of each unit go up, and in February few of them."""
    return HEADS + "".join(
        f"b{user};{'AB'[user % 2]};2019-{month:02};{40 if user < (0, few, 20)[min(month, 3) - 1] else 20}\n"
        for month in range(1, months + 1)
        for user in range(80)
    )


def test_own_data_that_end_early(folder):
    (folder / "jan_mars.csv").write_text(rows(3), encoding="utf-8")
    given = ("flows", "--data", "jan_mars.csv", "--frame", "90000000")
    found = as_json(*given)
    assert (found["months"], found["ends_early"]) == (3, True)
    # Who goes up in February is held back, and so is March: the sum of all months, 10 of each unit, is shown.
    assert [of["up"] for of in found["kinds_by_unit"].values()] == [10, 10]
    assert [[of["up"] for of in by.values()] for by in found["kinds_by_unit_and_month"].values()] == [[None] * 2] * 2
    assert as_json(*given, "--months", "3")["in_all"] == found["in_all"]
    whole = as_json(*given, "--no-suppression")["kinds_by_unit_and_month"]
    assert {unit: [of["up"] for of in by.values()] for unit, by in whole.items()} == {"A": [1, 9], "B": [1, 9]}
    assert "Dataene slutter i mars" in run(*given).text
    refused = run(*given, "--months", "5")
    assert refused.exit_code == 2
    assert "The data have 3 months, and 5 are asked for" in refused.stderr
    assert run(*given, "--output", "flytting.xlsx").exit_code == 0
    assert run("verify", "flytting.xlsx", "--data", "jan_mars.csv").exit_code == 0
    (folder / "jan.csv").write_text(rows(1), encoding="utf-8")
    alone = run("flows", "--data", "jan.csv", "--frame", "90000000")
    assert alone.exit_code == 2
    assert "Who moves is seen between two months" in alone.stderr


def test_counts_as_csv_are_those_of_json(folder):
    (folder / "brukere.csv").write_text(rows(12, few=10), encoding="utf-8")
    given = ("flows", "--data", "brukere.csv", "--frame", "90000000")
    content = as_json(*given)
    lines = list(csv.DictReader(io.StringIO(run(*given, "--format", "csv").stdout)))
    by_place = {(one["unit"], one["period"], one["movement"]): one["value"] for one in lines if one["movement"]}
    for unit, by_month in content["kinds_by_unit_and_month"].items():
        for month, kinds in by_month.items():
            for kind, count in kinds.items():
                assert by_place[unit, f"2019-{int(month):02}", kind] == ("" if count is None else str(count))
    assert by_place["A", "2019-02", "up"] == "5"
    cells = [one for one in lines if (one["origin"], one["goal"]) == ("kategori_4", "kategori_5")]
    assert [one["value"] for one in cells if (one["unit"], one["period"]) == ("", "2019-02")] == ["10"]
