"""The axes of charts: ticks by the range of what is drawn, and never two of one text."""

import re
from xml.etree import ElementTree

import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.cli.options import read_proposals, shipped_proposals
from openfisca_bergen_hbt.law.versions import versions, with_proposals
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.report.forms.charts.frame import against_frame
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, axis, of_names
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.forms.charts.tornado import unit_bands
from openfisca_bergen_hbt.report.forms.comparison_charts import OF_FORECAST, chart, charts_by_table
from openfisca_bergen_hbt.report.paper import Column, Table
from openfisca_bergen_hbt.report.questions import question, subject
from openfisca_bergen_hbt.report.subjects import compare
from openfisca_bergen_hbt.text.language import ENGLISH, speaking
from tests.commands import run


def ticks(*values, **options):
    found = axis(values, 100, **options).ticks
    return [round(value, 12) for value, _ in found], [said.replace("\N{NO-BREAK SPACE}", " ") for _, said in found]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1036], "0, 200, 400, 600, 800, 1 000"),  # 1036 / 6 = 172.7: steps of 200
        ([0.004, -0.003], "-0,002, 0,000, 0,002, 0,004"),  # 0.007 / 6 = 0.0012: steps of 0.002
        ([-2.04], "-2,0, -1,5, -1,0, -0,5, 0,0"),  # 2.04 / 6 = 0.34: steps of 0.5
        ([6e-7], "0,0000000, " + ", ".join(f"0,000000{n}" for n in range(1, 7))),
        ([-3e9, 3e9], ", ".join(f"{n} 000 000 000" if n else "0" for n in range(-3, 4))),
        ([0, 0], "0"),
        ([], "0"),
    ],
)
def test_ticks_span_what_is_drawn(values, expected):
    stand, said = ticks(*values)
    assert ", ".join(said) == expected
    assert stand == [float(one.replace(" ", "").replace(",", ".")) for one in said]


def test_words_of_ticks_have_room_beside_each_other():
    values = [1000, 1100]  # 100 / 6 = 16.7: steps of 20, whose words are 5 letters of 6.3 pixels, and 4 between
    wide, narrow = (axis(values, length, from_zero=False).with_room() for length in (180, 160))
    assert wide == [1000, 1020, 1040, 1060, 1080, 1100]  # 36 pixels apart
    assert narrow == [1000, 1040, 1080]  # 32
    assert axis([-40, 60], 100).with_room() == [-40, 0, 40]  # 20 pixels apart, for 3 letters: from 0 on


def test_words_of_names_and_of_bounds_have_room_beside_each_other():
    months = ["januar", "feb", "mar", "apr"]  # 6 letters of 6.3 pixels, and 4 between: 41.8
    assert [len(of_names(months, length).with_room()) for length in (4 * 42, 4 * 41)] == [4, 2]
    bounds = [(bound, f"{bound:g}") for bound in (1.5, 7.5, 15, 30)]  # 20.9 pixels for 3 letters, 14.6 for 2
    assert Axis(400, 0, 100, bounds).with_room() == [1.5, 7.5, 15, 30]  # 24 pixels from 1.5 to 7.5, 30 to 15
    assert Axis(250, 0, 100, bounds).with_room() == [7.5, 15, 30]  # 15 and 18.75


def test_a_picture_of_bands_is_in_one_language():
    heads = [Column("Unit"), *(Column(name, "kr_change") for name in ("Change", "From", "To"))]
    with speaking(ENGLISH):
        drawn = unit_bands(Table(heads, [["Bergenhus", 3.3e6, 1e6, 7e6]], "Change"), NARROW)
        assert "+3.3 million" in str(drawn.svg)
        assert "mill." not in str(drawn.svg)


def test_a_tall_picture_gets_most_of_a_sheet():
    heads = [Column("Endring i"), Column("Tall"), Column("Ved fra", "kr_change"), Column("Ved til", "kr_change")]
    rows = [[f"Tall {number}", "reserve.andel", 1e6, -1e6] for number in range(6)]
    few, many = (Table(heads, rows[:count], "Ett", id="tornado") for count in (2, 6))
    assert not chart(few).is_tall  # 2 panels of some 100 pixels
    assert chart(many).is_tall


def test_counts_have_whole_ticks_and_changes_a_sign():
    assert ticks(2, whole=True) == ([0, 1, 2], ["0", "1", "2"])
    assert ticks(0.2, signed=True)[1][:2] == ["0,00", "+0,05"]  # 0.2 / 6 = 0.033: steps of 0.05


def texts_of_axes(svg):
    axes = re.findall(r'<g class="ticks">(.*?)</g>', svg)
    return [re.findall(r"<text[^>]*>([^<]*)</text>", part) for part in axes]


def refuse_doubled_ticks(svg):
    found = texts_of_axes(svg)
    assert any(found)
    for texts in found:
        assert len(set(texts)) == len(texts), texts
        assert {"-0", "−0"}.isdisjoint(texts)


@pytest.mark.parametrize("name", shipped_proposals())
@pytest.mark.parametrize("year", [2019, 2021])
def test_no_two_ticks_of_a_report_are_one_text(name, year):
    proposals = read_proposals([name], (), year)
    (base,) = versions([proposals[0].baseline])
    paper = compare.paper(Comparison(published(year), year, [base, *with_proposals(base, proposals)]))
    drawn = charts_by_table(paper)
    assert drawn
    for one in drawn.values():
        refuse_doubled_ticks(str(one.svg))


@pytest.mark.parametrize("command", ["published", "causes", "incentives"])
def test_no_two_ticks_of_the_published_figures_are_one_text(command, folder):
    assert run(command, "--plot", "ut.svg").exit_code == 0
    refuse_doubled_ticks((folder / "ut.svg").read_text(encoding="utf-8"))


HEADS = [
    Column("Regelverk"),
    Column("Aktiviteten koster", "kr", variable="etat_aktivitetskostnad"),
    Column("Delt ut", "kr", variable="etat_samlet_tildeling"),
    Column("Merforbruk", "kr", variable="etat_merforbruk"),
    Column("Igjen sentralt", "kr", variable="etat_igjen_sentralt"),
    Column("Merknad"),
]
ROWS = [
    ["Åpen", 1_090e6, 1_090e6, 60e6, -60e6, ""],  # a frame of 1 030 millions, broken
    ["Lukket", 1_090e6, 1_010e6, 60e6, 20e6, ""],
    ["Likt", 1_090e6, 1_010e6, 60e6, 20e6, "kilden oppgir ingen beløp"],
    ["Ukjent ramme", 1_090e6, 1_029.5e6, "ingen publisert ramme", 0.5e6, ""],
]


def texts(svg):
    return [found.replace("\N{NO-BREAK SPACE}", " ") for found in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


@pytest.mark.parametrize("width", [420, NARROW])
def test_the_ladder_shows_differences_from_the_frame(width):
    said = texts(str(against_frame(Table(HEADS, ROWS), width).svg))
    assert [text for text in said if text.endswith(("mill.", "kr"))] == [
        *("+60,0 mill.", "+60,0 mill.", "+60,0 mill."),  # beyond the frame: two of the open one, one of the closed
        *("-20,0 mill.", "-500 000 kr"),  # within it
    ]
    assert sum("1 030,0" in text for text in said) == 3  # each its frame; what changes nothing is not drawn
    assert "Likt" not in said
    assert "delt ut mer" in said


def test_the_axis_of_the_ladder_spans_the_differences_alone():
    assert ticks(1010, 1090, from_zero=False)[0] == [1020, 1040, 1060, 1080]  # 80 / 6 = 13.3: steps of 20
    large = ticks(1035.1, 1035.9, from_zero=False)[1]
    assert large == ["1 035,2", "1 035,4", "1 035,6", "1 035,8"]  # 0.8 / 6 = 0.13: steps of 0.2


def test_values_stand_along_an_axis_in_proportion():
    along = axis([1010, 1090], 200, from_zero=False, room=20)  # 160 pixels for 80
    assert [along.at(value) for value in (1010, 1050, 1090)] == pytest.approx([20, 100, 180])


def test_no_chart_for_a_telephone_is_wider_than_one():
    people = published(2019)
    ahead = {
        "forecast": {"months": 2, "samples": 4, "accounts": {unit: {"2019-01": 5} for unit in people.unit_names}},
        "outlook": {"inhabitants": {group: {"2019": 5, "2020": 6} for group in ("67-79", "80-")}},
    }
    papers = [compare.paper(Comparison(people, 2019, versions()))]
    for name, options in ahead.items():
        asked = prepare(question(name), Request(question=name, population="bevegelse", options=options))
        papers.append(subject(name).paper(question(name).run(asked)))
    drawn = {name: one for paper in papers for name, one in charts_by_table(paper, NARROW).items()}
    assert set(drawn) == {"ladder", "change", "bands", "by_area", "units", "categories", *OF_FORECAST}
    for one in drawn.values():
        width = float(re.search(r'width="([\d.]+)"', str(one.svg))[1])
        assert width <= 375 - 2 * 20  # the margins of a page
        refuse_doubled_ticks(str(one.svg))


@pytest.mark.parametrize("width", [420, NARROW])
def test_each_mark_says_its_figure_and_leads_to_what_explains_it(width):
    heads = [
        Column("Enhet"),
        Column("Kategoriramme", "kr", variable="enhet_kategoriramme"),
        Column("Samlet tildeling", "kr", variable="enhet_samlet_tildeling"),
    ]
    rows = [["Nord & <Sør>", 3e6, 2.5e6], ["Øst", 1e6, 1e6], ["Sum", 4e6, 3.5e6]]
    table = Table(heads, rows, id="units", has_sum=True)
    found = chart(table, width, lambda row, variable: f"/?a={row}&b={variable}")
    drawn = ElementTree.fromstring(str(found.svg))  # noqa: S314 (ours)
    told = [part for part in drawn.iter() if part.get("class") == "told"]
    said = [part.get("aria-label").replace("\N{NO-BREAK SPACE}", " ") for part in told]
    assert said == [  # what each is given, the most first, and then the pots
        "Nord & <Sør>: i alt 2 500 000 kr. Kilde: regelen enhet_samlet_tildeling",
        "Øst: i alt 1 000 000 kr. Kilde: regelen enhet_samlet_tildeling",
        "Nord & <Sør>: kategoriramme 3 000 000 kr. Kilde: regelen enhet_kategoriramme",
        "Øst: kategoriramme 1 000 000 kr. Kilde: regelen enhet_kategoriramme",
    ]
    assert [part.get("href") for part in told][::2] == [
        "/?a=Nord & <Sør>&b=enhet_samlet_tildeling",
        "/?a=Nord & <Sør>&b=enhet_kategoriramme",
    ]
    for part, words in zip(told, said, strict=True):
        lines = [text.text.replace("\N{NO-BREAK SPACE}", " ") for text in part.iter() if text.tag.endswith("}text")]
        assert " ".join(lines) == words
        (box,) = (one for one in part.iter() if one.tag.endswith("}rect"))
        assert float(box.get("width")) <= width


def test_beside_a_file_a_mark_leads_nowhere_and_can_be_reached():
    paper = compare.paper(Comparison(published(2019), 2019, versions()))
    for drawn in charts_by_table(paper).values():
        told = re.findall(r'<(\w+)([^>]*) class="told"', str(drawn.svg))
        assert told
        assert set(told) == {("g", ' tabindex="0" role="img"')}


def test_nothing_is_drawn_where_there_is_nothing():
    assert against_frame(Table(HEADS, []), 420) is None


def test_scenarios_stand_against_the_frame_and_each_area_beside_itself():
    options = {"scenarios": [{"name": "I dag"}, {"name": "Før", "regulation": "grunnregelverk"}]}
    asked = prepare(question("scenarios"), Request(question="scenarios", population="publisert", options=options))
    paper = subject("scenarios").paper(question("scenarios").run(asked))
    drawn = charts_by_table(paper, NARROW, lambda row, variable, under="": f"/?{row}|{variable}|{under}")
    assert set(drawn) == {"scenarios", "apart-byomraade"}
    shown = texts(str(drawn["scenarios"].svg))
    assert {"I dag", "1 035,7", "Før", "1 021,7"} <= set(shown)  # 51 784 341 / 5 %, and that without the 14 millions
    (plot,) = drawn["apart-byomraade"].plots
    said = {part.words.replace("\N{NO-BREAK SPACE}", " "): part.link for part in plot.told}
    words = "Laksevåg, Før: -32 338 437 kr. Kilde: regelen enhet_samlet_tildeling"  # what the law gives it, taken away
    assert said[words] == "/?Laksevåg|enhet_samlet_tildeling|Før"


def test_amounts_that_are_held_back_have_no_frame_and_are_not_drawn():
    heads = [Column("Scenario"), HEADS[1], HEADS[2], HEADS[4]]
    shown, hidden = ["A", 11e6, 9e6, 1e6], ["B", 11e6, None, None]
    assert against_frame(Table(heads, [hidden], id="scenarios"), 420) is None
    said = texts(str(against_frame(Table(heads, [shown, hidden], id="scenarios"), 420).svg))
    assert {"A", "ramme 10,0"} <= set(said)  # 9 and 1
    assert "B" not in said


def test_users_near_a_bound_are_those_of_all_units_and_none_are_drawn_beside_a_count_that_is_held_back():
    heads = [Column("Enhet"), Column("Grense"), Column("Under", "count"), Column("Over", "count")]
    rows = [["A", "15 timer", 5, 6], ["A", "30 timer", 7, 0], ["B", "15 timer", 10, 20]]
    (plot,) = chart(Table(heads, rows, id="near"), NARROW).plots
    said = [part.words.partition(". ")[0] for part in plot.told]
    assert said == ["15 timer: 15 under, 26 over", "30 timer: 7 under, 0 over"]
    assert chart(Table(heads, [*rows, ["B", "30 timer", None, 8]], id="near"), NARROW) is None


def test_what_a_bound_is_worth_is_drawn():
    asked = prepare(question("incentives"), Request(question="incentives", population="publisert"))
    drawn = charts_by_table(subject("incentives").paper(question("incentives").run(asked)), NARROW)
    assert set(drawn) == {"bounds", "paid", "near"}
    # 32.5 points more · 920 926 524 / 22 497.25 kroner a point
    assert "Nå 30 timer (kategori 5): 1 330 390 kr" in drawn["bounds"].alternative.replace("\N{NO-BREAK SPACE}", " ")
    for one in drawn.values():
        refuse_doubled_ticks(str(one.svg))
