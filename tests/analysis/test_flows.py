"""Who goes from which category to which, counted by hand; what if more did; and what is held back."""

import numpy
import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.flows import QUESTION
from openfisca_bergen_hbt.analysis.flows.counting import KINDS, shares
from openfisca_bergen_hbt.analysis.flows.holding_back import hidden
from openfisca_bergen_hbt.analysis.flows.what_if import read_flows, with_flows
from openfisca_bergen_hbt.analysis.forecast.paths import matrix_of
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.report.subjects import flows as subject
from tests.commands import as_json, run

#: A kind of hours for each category, INGEN first.
HOURS = numpy.array([0.0, 1.0, 5.0, 10.0, 20.0, 40.0, 100.0])


def of_categories(categories, units=None, **units_inputs):
    """Users who are in the categories given by month, shape (12, users), in units, all of one etat."""
    categories = numpy.asarray(categories)
    table = {
        "enhet": ["A"] * categories.shape[1] if units is None else list(units),
        "vurdert_timer_per_uke": list(HOURS[categories]),
        "besoek_per_uke": numpy.zeros(categories.shape[1]),
    }
    agencies = {"etat": {"etat_budsjettramme": 90_000_000, "etat_tillitsreform_styrking": 0}}
    return from_table(table, regelverk(), units=units_inputs, agencies=agencies)


def asked(people, **options):
    return QUESTION.run(prepare(QUESTION, Request(question="flows", options=options), lambda _year: people))


def still(category, month, then):
    """A user in a category who goes to another in a month, and stays there."""
    return [category] * (month - 1) + [then] * (13 - month)


def test_a_matrix_counted_by_hand():
    users = [still(4, 2, 5), still(4, 3, 5), still(4, 13, 4), still(0, 3, 1), still(2, 12, 0)]
    found = asked(of_categories(numpy.array(users).T, ["A", "A", "B", "B", "B"]))
    assert found.by_month[2][4][5] == 1
    assert found.by_month[3][4][5] == 1
    assert found.in_all[4] == [0, 0, 0, 0, 1 + 11, 2, 0]  # one stays a month and then goes, one stays for all eleven
    assert found.in_all[0][1] == 1
    assert found.shares[4][5] == pytest.approx(2 / 14)
    assert found.kinds_by_month[12] == {"come": 0, "go": 1, "up": 0, "down": 0, "stay": 4}
    assert found.kinds_by_unit["A"] == {
        "come": 0,
        "go": 0,
        "up": 2,
        "down": 0,
        "stay": 20,
    }
    assert found.by_unit["A"][4][5] == 2
    assert found.by_unit["B"][0][1] == found.by_unit["B"][2][0] == 1
    assert found.kinds_by_unit["B"]["come"] == found.kinds_by_unit["B"]["go"] == 1


def test_what_one_per_cent_more_is_worth_by_hand():
    """A has the only user of 40 hours, B one of 20: 55 of 77.5 points; 1 % more is 0.55 points more in A."""
    found = asked(of_categories([[5, 4]] * 12, ["A", "B"]))
    # Of the frame 2 % is the reserve: 88 200 000 is shared out. The hours of A (40 of 60) are worth 58 800 000, and it
    # is given 55/77.5 of it; B lacks 0.95 * 29 400 000 - 25 606 451.61 = 2 323 548.39, which the reserve is less than.
    more = 88_200_000 * (55.55 / 78.05 - 55 / 77.5)
    worth = found.worth[4]
    assert worth.given["A"] == pytest.approx(more, abs=2)
    # 52 weeks of 0.4 hours, at the model's price
    assert worth.cost == pytest.approx(0.4 * 52 * 987.6216269, abs=1)


def test_users_made_from_a_known_matrix_give_it_back():
    random = numpy.random.default_rng(8)
    known = numpy.full((7, 7), 0.02)
    known[0] = 0
    numpy.fill_diagonal(known, 1 - 6 * 0.02)
    known[4, 5], known[4, 4] = 0.12, 1 - 5 * 0.02 - 0.12
    months = [random.integers(1, 7, 30_000)]
    for _ in range(11):
        drawn = random.random(len(months[-1]))
        after = (drawn[:, None] >= known[months[-1]].cumsum(axis=1)).sum(axis=1)
        months.append(numpy.where(months[-1] == 0, 0, after))  # who has gone does not come back
    found = matrix_of(of_categories(months), months, []).shares[0]
    for category in range(1, 7):
        seen = sum((month == category).sum() for month in months[:-1])
        error = numpy.sqrt(known[category] * (1 - known[category]) / seen)
        assert (numpy.abs(found[category] - known[category]) <= 4 * error).all()


def test_more_go_the_way_that_others_went():
    """Of ten who go from 4 to 5 in March +20 % makes two more, of those who stayed, of the same unit."""
    users = [still(4, 3, 5)] * 10 + [still(4, 13, 4)] * 20
    people = of_categories(numpy.array(users).T, ["A"] * 10 + ["A"] * 10 + ["B"] * 10)
    turned = with_flows(people, regelverk(), 2019, read_flows(["kategori_4->kategori_5 +20%"]))
    hours = numpy.stack(turned.users["vurdert_timer_per_uke"])
    assert (hours[1] == 20).all()
    assert (hours[2:] == 40).sum(axis=1).tolist() == [12] * 10
    assert (hours[2, turned.unit_of_user == 1] == 20).all()  # B has none who went
    fewer = with_flows(people, regelverk(), 2019, read_flows(["kategori_4→kategori_5 −20%"]))
    assert (numpy.stack(fewer.users["vurdert_timer_per_uke"])[2] == 40).sum() == 8


def test_more_come_and_fewer_go():
    users = [still(0, 4, 2)] * 10 + [still(3, 5, 0)] * 10 + [still(3, 13, 3)] * 5
    people = of_categories(numpy.array(users).T)
    turned = with_flows(people, regelverk(), 2019, read_flows(["ingen→kategori_2 +10%", "kategori_3→ingen -50%"]))
    hours = numpy.stack(turned.users["vurdert_timer_per_uke"])
    assert hours.shape == (12, 26)  # a user more
    assert (hours[2] == 5).sum() == 0
    assert (hours[3] == 5).sum() == 11
    assert (hours[4] == 10).sum() == 5 + 5


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        ("kategori_4 kategori_5 +10%", "is no flow"),
        ("kategori_4→kategori_4 +10%", "is no flow"),
        ("kategori_4→kategori_7 +10%", "is no flow"),
        ("kategori_4→kategori_5 10%", "is no flow"),
        ("kategori_4→kategori_5 -101%", "is no flow"),
        ("kategori_5→kategori_4 +10%", "moves nobody"),
    ],
)
def test_a_flow_that_can_t_be_is_refused(flow, message):
    people = of_categories(numpy.array([still(4, 3, 5), still(4, 13, 4)]).T)
    with pytest.raises(ValueError, match=message):
        with_flows(people, regelverk(), 2019, read_flows([flow]))


def test_compare_takes_flows():
    options = ("compare", "--example", "bevegelse", "--regulation", "2021-12", "--variable", "enhet_samlet_tildeling")
    plain, turned = (as_json(*options, *flow) for flow in ([], ["--flow", "kategori_2→kategori_3 +50%"]))
    given = [
        {column["level"]: column["values"] for column in content["figures"]}["enhet"] for content in (plain, turned)
    ]
    assert given[0] != given[1]
    assert sum(given[0]) == sum(given[1])  # the frame is closed, and no pool runs out otherwise
    assert run(*options, "--flow", "kategori_2→kategori_3").exit_code == 2


def _tells(counts, masks):
    """Yield each shown sum of cells that are held back in part, for months, cells and kinds."""
    for place, of in enumerate(KINDS.values()):
        for month, row in enumerate(counts.sum(axis=1)):
            if not masks.months[month, place]:
                yield row[of], masks.cells[month][of]
        if not masks.months[-1, place]:
            yield counts.sum(axis=(0, 1))[of], masks.cells[-1][of]


def test_no_small_count_is_shown_or_told_by_a_sum():
    random = numpy.random.default_rng(3)
    counts = random.poisson(3, (11, 4, 7, 7))
    counts[:, :, 0, 0] = 0
    masks = hidden(counts)
    of_all = counts.sum(axis=1)
    small = (of_all > 0) & (of_all < 5)
    assert masks.cells[:-1][small].all()
    for cells, held in _tells(counts, masks):
        assert held.sum() != 1, (cells, held)
    kinds = numpy.stack([counts.sum(axis=0)[:, of].sum(axis=-1) for of in KINDS.values()], axis=-1)
    assert masks.units[(kinds > 0) & (kinds < 5)].all()
    of_units = counts.sum(axis=0)
    assert masks.of_units[((of_units > 0) & (of_units < 5)).any(axis=0)].all()


def test_cells_of_units_that_are_all_large_are_shown():
    counts = numpy.zeros((11, 3, 7, 7), dtype=int)
    counts[:, :, 4, 5] = 6
    counts[:, :, 4, 4] = 90
    masks = hidden(counts)
    assert not masks.of_units[4, 5]
    assert not masks.cells[:, 4, 5].any()
    counts[3, 1, 4, 5] = 0
    counts[:, 1, 2, 3] = [1] + [0] * 10
    assert hidden(counts).of_units[4, 5]  # one who went up, and the sum of those who did, would tell the other


def test_own_users_few_of_whom_move_are_held_back(folder):
    rows = ["bruker;enhet;maaned;vurdert_timer_per_uke"]
    for month in range(1, 13):
        for user in range(40):
            hours = 20 if user >= 3 or month < 6 else 40
            rows.append(f"b{user};{'AB'[user % 2]};2019-{month:02};{hours}")
    (folder / "brukere.csv").write_text("\n".join(rows), encoding="utf-8")
    content = as_json("flows", "--data", "brukere.csv", "--frame", "90000000")
    assert content["by_month"]["6"][4][5] is None
    assert content["kinds_by_month"]["6"]["up"] is None
    assert content["kinds_by_unit"]["A"]["up"] is None
    assert content["by_unit"]["A"][4][5] is None
    assert content["shares"][4] == [None] * 7
    open_ = as_json("flows", "--data", "brukere.csv", "--frame", "90000000", "--no-suppression")
    assert open_["by_month"]["6"][4][5] == 3
    assert open_["kinds_by_unit"]["A"]["up"] == 2


def test_shares_of_nobody_are_none():
    counts = numpy.zeros((7, 7), dtype=int)
    counts[0, 3] = 5
    assert not shares(counts).any()


def test_its_paper_says_what_moves():
    paper = subject.paper(asked(of_categories(numpy.array([still(4, 2, 5), still(4, 13, 4)]).T)))
    assert "opp 1" in paper.headlines[0]
    assert paper.table("flows").rows[4][6] == 1
    widths = [len(line) for line in run("flows", "--example", "bevegelse").text.splitlines() if "─" in line]
    assert max(widths) <= 80


def test_before_2018_there_are_no_categories():
    result = run("flows", "--year", "2017")
    assert result.exit_code == 2
    assert "There are no categories in 2017" in result.stderr
