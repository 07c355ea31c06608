"""The axes of charts: ticks by the range of what is drawn, and never two of one text."""

import re

import pytest

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.cli.options import read_proposals, shipped_proposals
from openfisca_bergen_hbt.law.versions import versions, with_proposals
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.report.forms.charts import axis
from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table
from openfisca_bergen_hbt.report.subjects import compare
from tests.commands import run


def ticks(*values, **options):
    found = axis([{"x": value} for value in values], "x", **options).to_dict()
    return [round(value, 12) for value in found["values"]], found["format"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1036], ([0, 200, 400, 600, 800, 1000], ",.0f")),  # 1036 / 6 = 172.7: steps of 200
        ([0.004, -0.003], ([-0.002, 0, 0.002, 0.004], ",.3f")),  # 0.007 / 6 = 0.0012: steps of 0.002
        ([-2.04], ([-2, -1.5, -1, -0.5, 0], ",.1f")),  # 2.04 / 6 = 0.34: steps of 0.5
        ([6e-7], ([0, 1e-7, 2e-7, 3e-7, 4e-7, 5e-7, 6e-7], ",.7f")),
        ([-3e9, 3e9], ([-3e9, -2e9, -1e9, 0, 1e9, 2e9, 3e9], ",.0f")),
        ([0, 0], ([0], ",.0f")),
        ([], ([0], ",.0f")),
    ],
)
def test_ticks_span_what_is_drawn(values, expected):
    assert ticks(*values) == expected


def test_counts_have_whole_ticks_and_changes_a_sign():
    assert ticks(2, whole=True) == ([0, 1, 2], ",.0f")
    assert ticks(0.2, signed=True)[1] == "+,.2f"  # 0.2 / 6 = 0.033: steps of 0.05


def texts_of_axes(svg):
    axes = re.findall(r"role-axis-label.*?(?=role-axis|$)", svg.replace("\n", " "))
    return [re.findall(r"<text[^>]*>([^<]*)</text>", part) for part in axes]


def refuse_doubled_ticks(svg):
    found = texts_of_axes(svg)
    assert any(found)
    for texts in found:
        assert len(set(texts)) == len(texts), texts
        assert "−0" not in texts


@pytest.mark.parametrize("name", shipped_proposals())
@pytest.mark.parametrize("year", [2019, 2021])
def test_no_two_ticks_of_a_report_are_one_text(name, year):
    proposals = read_proposals([name], (), year)
    (base,) = versions([proposals[0].baseline])
    paper = compare.paper(Comparison(published(year), year, [base, *with_proposals(base, proposals)]))
    drawn = charts_by_table(paper)
    assert drawn
    for chart in drawn.values():
        refuse_doubled_ticks(str(chart.svg))


@pytest.mark.parametrize("command", ["published", "causes", "incentives"])
def test_no_two_ticks_of_the_published_figures_are_one_text(command, folder):
    assert run(command, "--plot", "ut.svg").exit_code == 0
    refuse_doubled_ticks((folder / "ut.svg").read_text(encoding="utf-8"))
