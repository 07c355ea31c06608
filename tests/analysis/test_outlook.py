"""Need, cost and frame in the years to come, against hand arithmetic; inhabitants as Statistics Norway saves them."""

from itertools import product

import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.outlook import QUESTION
from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table
from openfisca_bergen_hbt.report.subjects import outlook as subject
from tests.commands import as_json

#: Published hours of 2019, what they cost, and the frame (see tests/variables).
HOURS, COST, FRAME = 1_101_101, 1_087_471_161, 1_035_686_820
PEOPLE = {"67-79": {"2019": 1000, "2024": 1100, "2029": 1200}, "80-": {"2019": 500, "2024": 500, "2029": 650}}
RATES = ("67-79=50", "80-=250")


def asked(inhabitants=PEOPLE, **options):
    request = Request(question="outlook", options={"inhabitants": inhabitants, **options}, population="publisert")
    return QUESTION.run(prepare(QUESTION, request))


def test_growth_by_hand():
    """50 * 1000 + 250 * 500 are 175 000; 60 000 + 162 500 are 222 500."""
    first, middle, last = asked(rate=RATES).years
    assert (first.hours.value, first.cost.value, first.frame.value) == (HOURS, COST, FRAME)
    assert middle.hours.value == round(HOURS * (55_000 + 125_000) / 175_000)
    assert last.hours.value == round(HOURS * 222_500 / 175_000)
    assert last.cost.value == round(COST * 222_500 / 175_000)
    assert last.users.value == round(4019 * 222_500 / 175_000)
    assert last.hours.low == last.hours.value == last.hours.high


def test_healthy_ageing_prices_and_weights_by_hand():
    """A quarter of the growth makes no need: 1150 and 612.5; users of 80 and over have twice the hours."""
    last = asked(rate=RATES, healthy_ageing=0.25, weight=("80-=2",), index=("2029=120",)).years[-1]
    growth = (50 * 1150 + 250 * 2 * 612.5) / (50 * 1000 + 250 * 2 * 500)
    assert last.hours.value == round(HOURS * growth)
    assert last.frame.value == round(FRAME * growth * 1.2)
    ends = [(50 * (1200 - 200 * share) + 500 * (650 - 150 * share)) / 300_000 for share in (0.5, 0)]
    assert [last.hours.low, last.hours.high] == [round(HOURS * end) for end in ends]
    assert last.users.value == round(4019 * (50 * 1150 + 250 * 612.5) / 175_000)  # users weigh alike


def test_kostra_s_rates_of_two_years_are_a_band():
    last = asked().years[-1]
    ends = [(1200 * a + 650 * b) / (1000 * a + 500 * b) for a, b in product((57.2, 60.9), (267.9, 285.2))]
    assert last.hours.value == round(HOURS * (1200 * 57.2 + 650 * 267.9) / (1000 * 57.2 + 500 * 267.9))
    assert (last.hours.low, last.hours.high) == (round(HOURS * min(ends)), round(HOURS * max(ends)))


def test_an_index_lies_on_a_line_between_the_years_given():
    years = asked(rate=RATES, index=("2019=110", "2029=132")).years
    assert [one.index for one in years] == [110, 121, 132]
    assert years[0].cost.value == COST


@pytest.mark.parametrize(
    ("inhabitants", "options", "message"),
    [
        ({**PEOPLE, "0-66": {"2019": 9, "2024": 9, "2029": 9}}, {}, "No source has the users per 1 000 inhabitants"),
        ({"80-": PEOPLE["80-"]}, {}, "no inhabitants of the age group 67-79"),
        ({**PEOPLE, "90-": {"2019": 1}}, {}, "There is no age group '90-'"),
        ({**PEOPLE, "80-": {"2019": 500}}, {}, "The age group 80- lacks 2024"),
        ({"67-79": {"2020": 1}, "80-": {"2020": 1}}, {}, "lack 2019"),
        (PEOPLE, {"rate": ("67-79",)}, "is none, or is given twice"),
        (PEOPLE, {"rate": ("80-=1000.5",)}, "no more users per 1 000 than inhabitants"),
        (PEOPLE, {"rate": ("0-66=5",)}, "the file has no inhabitants of that age group"),
        (PEOPLE, {"index": ("2024=110",)}, "give it for 2029 as well"),
    ],
)
def test_what_can_t_be_is_refused(inhabitants, options, message):
    with pytest.raises(ValueError, match=message):
        asked(inhabitants, **options)


def test_inhabitants_from_a_file(folder):
    """In the shapes of tests/intake/test_inhabitants.py."""
    content = "alder;Personer 2019;Personer 2029\n67-79 år;1000;1200\n80 år eller eldre;500;650\n"
    (folder / "befolkning.csv").write_text(content, encoding="utf-8")
    found = as_json("outlook", "--population", "befolkning.csv", "--rate", "67-79=50", "--rate", "80-=250")
    assert [one["hours"]["value"] for one in found["years"]] == [HOURS, round(HOURS * 222_500 / 175_000)]


def test_its_paper_says_what_it_rests_on():
    paper = subject.paper(asked(healthy_ageing=0.25))
    assert "25,0 % av veksten" in paper.headlines[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert charts_by_table(paper).keys() == {"outlook_hours", "outlook_cost", "outlook_frame"}
