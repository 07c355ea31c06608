"""Inhabitants in the shapes in which a statistics bank saves a table; every figure is invented.

All of them hold the same: 1 000 and 1 200 from 67 to 79, 500 and 650 from 80 up, in 2019 and 2029.
"""

import json

import pytest
from openpyxl import Workbook

from openfisca_bergen_hbt.intake.beside.inhabitants import read_inhabitants
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from tests.commands import run

EXPECTED = {"67-79": {"2019": 1000, "2029": 1200}, "80-": {"2019": 500, "2029": 650}}
CELLS = [("67-79 år", "2019", 1000), ("67-79 år", "2029", 1200), ("80 år eller eldre", "2019", 500)]
CELLS += [("80 år eller eldre", "2029", 650)]
#: Of each cell, so many are men.
MEN = {1000: 450, 1200: 540, 500: 190, 650: 260}
TITLE = '"07459: Befolkning, etter region, alder, statistikkvariabel og år"\n\n'
WIDE = (
    '"region";"alder";"Personer 2019";"Personer 2029"\n"9999 Oppdiktet";"{}";1000;1200\n"9999 Oppdiktet";"{}";500;650\n'
)
USUAL = WIDE.format("67-79 år", "80 år eller eldre")


def lines(head, rows, between=";"):
    return "\n".join(between.join(map(str, row)) for row in [head, *rows]) + "\n"


def single_years(name="{} år", last="105 år eller eldre"):
    """All are 67, or 80, in years told one by one."""
    of_age = {67: (1000, 1200), 80: (500, 650)}
    ages = [*((name.format(age), age) for age in range(67, 105)), (last, 105)]
    return [(text, *of_age.get(age, (0, 0))) for text, age in ages]


def by_sex(names=("Menn", "Kvinner")):
    return [
        (name, ages, year, MEN[people] if place == 0 else people - MEN[people])
        for place, name in enumerate(names)
        for ages, year, people in CELLS
    ]


def sexes_beside(first):
    return [
        (ages, *(figure for _ages, _year, all_ in of for figure in (MEN[all_], all_ - MEN[all_]))) for ages, of in first
    ]


PAIRS = [(ages, [cell for cell in CELLS if cell[0] == ages]) for ages in ("67-79 år", "80 år eller eldre")]
STATISTIC = "07459: Befolkning, etter region, alder, statistikkvariabel og år"
SHAPES = {
    "a column for each year": USUAL,
    "with the title": TITLE + USUAL,
    "with the title, commas": TITLE + USUAL.replace(";", ","),
    "tabs": USUAL.replace(";", "\t"),
    "ages one by one": lines(["alder", "2019", "2029"], single_years()),
    "codes": lines(
        ["Region", "Alder", "Personer1 2019", "Personer1 2029"], [["9999", *of] for of in single_years("{:03}", "105+")]
    ),
    "codes and texts": lines(["alder", "2019", "2029"], single_years("{0:03} {0} år", "105+ 105 år eller eldre")),
    "a row for each figure": lines(["alder", "år", "Personer"], CELLS),
    "a row for each figure, codes": lines(["Alder", "Tid", "Personer1"], CELLS),
    "a row for each figure, called as the table": lines(
        ['"alder"', '"år"', '"statistikkvariabel"', f'"{STATISTIC}"'],
        [(ages, year, "Personer", people) for ages, year, people in CELLS],
    ),
    "the same with commas": lines(
        ["alder", "år", "statistikkvariabel", f'"{STATISTIC}"'],
        [(ages, year, "Personer", people) for ages, year, people in CELLS],
        ",",
    ),
    "sexes in rows": lines(["kjønn", "alder", "år", "Personer"], by_sex()),
    "sexes in rows, codes": lines(["Kjonn", "Alder", "Tid", "Personer1"], by_sex(("1", "2"))),
    "sexes in headings": lines(
        ["alder", "Menn Personer 2019", "Kvinner Personer 2019", "Menn Personer 2029", "Kvinner Personer 2029"],
        sexes_beside(PAIRS),
    ),
    "sexes in headings, the year first": lines(
        ["alder", "2019 Menn", "2019 Kvinner", "2029 Menn", "2029 Kvinner"], sexes_beside(PAIRS)
    ),
    "sexes in headings, years in rows": lines(
        ["alder", "år", "Menn", "Kvinner"],
        [(ages, year, MEN[people], people - MEN[people]) for ages, year, people in CELLS],
    ),
    "both sexes in headings": lines(
        ["alder", "Begge kjønn 2019", "Begge kjønn 2029"], [(a, *(c[2] for c in of)) for a, of in PAIRS]
    ),
    "in English": lines(["sex", "age", "year", "Persons"], by_sex(("Males", "Females")))
    .replace("80 år eller eldre", "80 years or older")
    .replace("67-79 år", "67-79 years"),
}


def read(folder, content, name="befolkning.csv"):
    (folder / name).write_bytes(content)
    return read_inhabitants(folder / name, Written(is_of_users=False))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_read_as_meant(tmp_path, content, encoding):
    assert read(tmp_path, content.encode(encoding)) == EXPECTED


def json_stat(values, **dimensions):
    names = list(dimensions)
    of = {
        name: {"label": label, "category": {"index": {code: place for place, code in enumerate(texts)}, "label": texts}}
        for name, (label, texts) in dimensions.items()
    }
    sizes = [len(texts) for _label, texts in dimensions.values()]
    return {"version": "2.0", "class": "dataset", "id": names, "size": sizes, "dimension": of, "value": values}


AGES = {"F67-79": "67-79 år", "F80": "80 år eller eldre"}
TABLE = json_stat(
    [1000, 1200, 500, 650],
    Region=("region", {"9999": "Oppdiktet"}),
    Alder=("alder", AGES),
    ContentsCode=("statistikkvariabel", {"Personer1": "Personer"}),
    Tid=("år", {"2019": "2019", "2029": "2029"}),
)


def test_json_stat_is_read_as_meant(tmp_path):
    assert read(tmp_path, json.dumps(TABLE).encode(), "befolkning.json") == EXPECTED
    sparse = {**TABLE, "value": {str(place): value for place, value in enumerate(TABLE["value"])}}
    assert read(tmp_path, json.dumps(sparse).encode("utf-8-sig"), "befolkning.json") == EXPECTED
    figures = [
        *(MEN[people] for _age, _year, people in CELLS),
        *(people - MEN[people] for _age, _year, people in CELLS),
    ]
    sexes = json_stat(
        figures,
        Kjonn=("kjønn", {"1": "Menn", "2": "Kvinner"}),
        Alder=("alder", AGES),
        Tid=("år", {"2019": "2019", "2029": "2029"}),
    )
    assert read(tmp_path, json.dumps(sexes).encode(), "befolkning.json") == EXPECTED


@pytest.mark.parametrize(
    "content",
    [
        {},
        {**TABLE, "value": [1, 2, 3]},
        {**TABLE, "size": [1, 2, 1, 3]},
        {**TABLE, "value": ["1", "2", "3", "4"]},
        {**TABLE, "id": ["Alder"]},
        {**TABLE, "id": [["Alder"]]},
        {**TABLE, "dimension": []},
    ],
)
def test_other_json_is_refused(tmp_path, content):
    with pytest.raises(DataError, match="this is JSON, and no table as JSON-stat 2 has it"):
        read(tmp_path, json.dumps(content).encode(), "befolkning.json")


def test_json_stat_without_a_figure_is_refused(tmp_path):
    with pytest.raises(DataError, match="no whole number of inhabitants"):
        read(tmp_path, json.dumps({**TABLE, "value": [1000, None, 500, 650]}).encode(), "befolkning.json")


def test_excel_of_a_statistics_bank_is_refused_with_what_to_do(tmp_path):
    """Its headings stand in several rows, below the title, and a text stands in the first row of many alone."""
    book = Workbook()
    for row in (
        ["07459: Befolkning, etter region, alder, statistikkvariabel og år"],
        [],
        [None, None, "Personer", None],
        [None, None, "2019", "2029"],
        ["9999 Oppdiktet", "67-79 år", 1000, 1200],
        [None, "80 år eller eldre", 500, 650],
    ):
        book.active.append(row)
    book.save(tmp_path / "befolkning.xlsx")
    with pytest.raises(DataError, match="save the table as CSV or JSON-stat"):
        read_inhabitants(tmp_path / "befolkning.xlsx", Written(is_of_users=False))


HEADS = "alder;2019;2029\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (WIDE.format("67-79 år", "I alt"), "row 3, column alder: '(5 characters)' is no age or span of ages"),
        (WIDE.format("67-79 år", "70-84 år"), "row 3, column alder: the ages lie in two of the groups"),
        (WIDE.format("67-79 år", "81+"), "ages of the group 80- lack in 2019"),
        (WIDE.format("67-79 år", "80+").replace("650", ".."), "row 3, column Personer 2029"),
        (WIDE.format("67-79 år", "80+") + '"0301 Oslo";"80+";1;1\n', "there are several regions"),
        (HEADS + "67-79 år;5;6\n67-79 år;5;6\n80+;6;7\n", "ages of the group 67-79 lack in 2019, or stand twice"),
        ("alder;kjønn;2019;2029\n67-79 år;Menn;5;6\n80+;Kvinner;6;7\n", "ages of the group 67-79 lack in 2019"),
        ("alder;kjønn;2019;2029\n67-79 år;Menn;5;6\n80+;Menn;6;7\n", "there is one sex alone"),
        ("alder;kjønn;2019;2029\n67-79 år;X;5;6\n80+;Menn;6;7\n", "a sex that is none of men, women and both"),
        ("alder;Menn 2019;Menn 2029\n67-79 år;5;6\n80+;6;7\n", "there is one sex alone"),
        ("alder;Menn 2019;Kvinner 2019;Menn 2029\n67-79 år;5;6;7\n80+;6;7;8\n", "not all of the same sexes"),
        ("alder;Begge kjønn 2019;Menn 2019;Kvinner 2019\n67-79 år;5;6;7\n80+;6;7;8\n", "both sexes together stand"),
        ("alder;Høy 2029;Lav 2029\n67-79 år;5;6\n80+;6;7\n", "several columns are of the same year"),
        (
            "alternativ;alder;år;Personer\nHøy;67-79 år;2019;5\nLav;67-79 år;2019;6\n",
            "column alternativ: the column has",
        ),
        ("alder;antall\n67-79 år;5\n80+;6\n", "no column for each year"),
        ("region;2019\nBergen;5\n", "no column 'alder'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(folder, content, message):
    (folder / "befolkning.csv").write_text(content, encoding="utf-8")
    refused = run("outlook", "--population", "befolkning.csv")
    assert refused.exit_code == 2
    assert message in refused.stderr, refused.stderr


@pytest.mark.parametrize("other", ["Husholdninger 2029", "2029", "Personer døde 2029"])
def test_years_that_count_something_else_are_refused(tmp_path, other):
    """Households in one year beside persons in another were read as a fall in the number of inhabitants."""
    path = tmp_path / "befolkning.csv"
    path.write_text(USUAL.replace("Personer 2029", other), encoding="utf-8")
    result = run("--lang", "en", "outlook", "--population", str(path))
    assert result.exit_code == 2
    assert "the columns of years do not all count the same" in result.output
    assert other in result.output
