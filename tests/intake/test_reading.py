"""Files as offices make them: however they are written, the same users come out."""

import io

import numpy
import polars
import pytest
import xlsxwriter

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.provenance import hashes
from tests.intake.files import read_population

PLAIN = "enhet,byomraade,vurdert_timer_per_uke\nÅrstad,Sør,7.5\nArna,Nord,12.25\nArna,Nord,0\n"
NORWEGIAN = "Enhet;Byområde;Vurdert timer per uke\nÅrstad;Sør;7,5\nArna;Nord;12,25\nArna;Nord;0\n"


def read(tmp_path, content, name="brukere.csv", year=2019, *, frame="bergen", **written):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_population(Files(path, frame=frame, written=Written(**written)), year)


def workbook(rows, sheet="Ark1", dates=()):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if (number, place) in dates:
                    page.write_datetime(number, place, value, day)
                elif value is not None:
                    page.write(number, place, value)
        book.add_worksheet("tomt")
    return file.getvalue()


def parquet(frame):
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


EXCEL = [
    ["Enhet", "Byområde", "VURDERT TIMER PER UKE"],
    ["Årstad", "Sør", 7.5],
    ["Arna", "Nord", 12.25],
    ["Arna", "Nord", 0],
]
KINDS = {
    "utf-8": ("a.csv", PLAIN.encode()),
    "BOM": ("a.csv", PLAIN.encode("utf-8-sig")),
    "utf-16": ("a.csv", NORWEGIAN.replace(";", "\t").encode("utf-16")),
    "cp1252": ("a.csv", NORWEGIAN.encode("cp1252")),
    "tab": ("a.txt", NORWEGIAN.replace(";", "\t").encode()),
    "CRLF": ("a.csv", NORWEGIAN.replace("\n", "\r\n").encode("cp1252")),
    "no last line end": ("a.csv", NORWEGIAN.strip().encode()),
    "empty rows": ("a.csv", (NORWEGIAN.replace("Arna", "\nArna", 1) + ";;\n\n").encode()),
    "sep": ("a.csv", ("sep=;\n" + NORWEGIAN).encode()),
    "quotes": ("a.csv", PLAIN.replace("7.5", '"7,5"').replace("12.25", '"12,25"').encode()),
    "spaces": ("a.csv", NORWEGIAN.replace("Arna", " Arna ").replace("7,5", " 7,50").encode()),
    "other order": ("a.csv", "\n".join(NORWEGIAN.split("\n")[i] for i in (0, 3, 2, 1)).encode()),
    "columns moved": (
        "a.csv",
        b"vurdert_timer_per_uke;enhet;byomraade\n7,5;\xc3\x85rstad;S\xc3\xb8r\n12,25;Arna;Nord\n0;Arna;Nord\n",
    ),
    "Excel": ("a.xlsx", workbook(EXCEL)),
    "Excel with text": ("a.xlsx", workbook([EXCEL[0], ["Årstad", "Sør", "7,5"], *EXCEL[2:]])),
    "Excel named csv": ("a.csv", workbook(EXCEL)),
    "Parquet": ("a.parquet", parquet(polars.read_csv(io.StringIO(PLAIN)))),
    "Parquet of categories": (
        "a.parquet",
        parquet(polars.read_csv(io.StringIO(PLAIN)).with_columns(polars.col("enhet").cast(polars.Categorical))),
    ),
    "Parquet of text": ("a.parquet", parquet(polars.read_csv(io.StringIO(PLAIN), infer_schema=False))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_users_however_they_are_written(kind, tmp_path):
    name, content = KINDS[kind]
    population = read(tmp_path, content, name).population
    assert list(population.unit_names) == ["Arna", "Årstad"]  # Norwegian alphabetical order
    assert list(population.area_names) == ["Nord", "Sør"]
    users = zip(population.unit_of_user.tolist(), population.users["vurdert_timer_per_uke"].tolist(), strict=True)
    assert sorted(users) == [(0, 0), (0, 12.25), (1, 7.5)]
    assert hashes.population(population) == hashes.population(read(tmp_path, PLAIN).population)


def visits(*numbers):
    """Return a file of users with so many visits a week, which take no time."""
    rows = [f"A;{number};0" for number in numbers]
    return "\n".join(["enhet;besoek_per_uke;normtid_minutter_per_besoek", *rows])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234", 1234),
        (",5", 0.5),
        ("1,25e2", 125),
        ("+3", 3),
    ],
)
def test_numbers(written, number, tmp_path):
    text = visits(written, "0,25")
    assert read(tmp_path, text).population.users["besoek_per_uke"].max() == number


def test_a_decimal_point_with_commas_between_thousands(tmp_path):
    text = visits("1,234.5", "1,234,567")
    assert read(tmp_path, text).population.users["besoek_per_uke"].tolist() == [1234.5, 1234567]


def test_what_other_numbers_show_settles_what_could_be_read_in_two_ways(tmp_path):
    for other, number in (("2,5", 1500), ("2.5", 1.5), ("0.125", 1.5), ("12.3456", 1.5), ("1.234.567", 1500)):
        assert number in read(tmp_path, visits("1.500", other)).population.users["besoek_per_uke"]


def test_an_option_settles_it(tmp_path):
    text = visits("1.500")
    with pytest.raises(DataError, match=r"row 2, column besoek_per_uke: '1\.500' can be read in two ways.*--decimal"):
        read(tmp_path, text)
    assert read(tmp_path, text, decimal="comma").population.users["besoek_per_uke"][0] == 1500
    assert read(tmp_path, text, decimal="point").population.users["besoek_per_uke"][0] == 1.5


def test_a_thousand_rows_before_the_first_decimal_comma(tmp_path):
    text = visits(*map(str, range(9000)), "1.500", "2,5")
    numbers = read(tmp_path, text).population.users["besoek_per_uke"]
    assert numbers.sum() == sum(range(9000)) + 1500 + 2.5


def test_what_a_file_does_not_say_is_detected_and_said(tmp_path):
    notes = read(tmp_path, NORWEGIAN.encode("cp1252")).notes
    assert notes[0] == "brukere.csv: CSV, cp1252, semicolon, 3 rows, decimal comma"
    assert read(tmp_path, workbook(EXCEL), "a.xlsx").notes[0].startswith("a.xlsx: Excel, sheet 'Ark1' of 2 (--sheet")


def test_what_is_detected_can_be_given_instead(tmp_path):
    population = read(
        tmp_path, "enhet;timer_per_uke\nÅ;1,5\n".encode("latin-1"), encoding="latin-1", delimiter="semicolon"
    )
    assert population.population.unit_names == ["Å"]
    # as cp1252 the letter would be another
    as_mac = read(tmp_path, "enhet;timer_per_uke\nÅ;1,5\n".encode("mac_roman"), encoding="mac_roman").population
    assert as_mac.unit_names == ["Å"]
    with pytest.raises(DataError, match=r"there is no sheet 'Ark2'\. The sheets are: Ark1, tomt"):
        read(tmp_path, workbook(EXCEL), "a.xlsx", sheet="Ark2")
    with pytest.raises(DataError, match="the sheet 'tomt' is empty"):
        read(tmp_path, workbook(EXCEL), "a.xlsx", sheet="tomt")
    with pytest.raises(DataError, match="there is no encoding 'utf8000'"):
        read(tmp_path, PLAIN, encoding="utf8000")
    with pytest.raises(DataError, match="the file is not utf-8"):
        read(tmp_path, NORWEGIAN.encode("cp1252"), encoding="utf-8")


MARCH = [
    *("2019-03", "2019-03-31", "31.03.2019", "03.2019", "3.2019", "201903", "2019-03-01 00:00:00", "2019M03"),
    *("mar.19", "Mar 2019", "mars 2019", "mars-19", "43525", "43555"),  # 1 and 31 March: 43525 days after 30.12.1899
    *("2019-03-01T00:00:00+01:00", "2019-02-28T23:00:00Z", "2019-03-31T21:59:59Z", "2019-03-01 00:00:00 +0100"),
]


@pytest.mark.parametrize("month", MARCH)
def test_months(month, tmp_path):
    text = f"bruker;enhet;maaned;timer_per_uke\nu1;A;2019-01;2,5\nu1;A;{month};7,5\nu2;A;2019-01;1\n"
    with pytest.raises(DataError, match=r"column maaned: no rows for 2019-02, 2019-04, .*, 2019-12: an extract"):
        read(tmp_path, text)
    found = read(tmp_path, text + "".join(f"u2;A;2019-{number:02};0\n" for number in (2, *range(4, 13))))
    hours = numpy.array(found.population.users["timer_per_uke"])
    assert hours.shape == (12, 2)
    assert sorted(hours[0].tolist()) == [1, 2.5]
    assert sorted(hours[2].tolist()) == [0, 7.5]
    assert hours.sum() == 1 + 2.5 + 7.5


@pytest.mark.parametrize("month", ["feb.19.1", "tor 2019", "2019-13", "12345", "19.mar", "2019-02-30T00:00:00Z", "1e5"])
def test_what_is_no_month_is_said_once(month, tmp_path):
    text = f"bruker;enhet;maaned;timer_per_uke\nu1;A;{month};2,5\nu1;A;{month};7,5\nu2;A;2019-01;1\n"
    with pytest.raises(DataError) as error:
        read(tmp_path, text)
    lines = str(error.value).splitlines()
    assert [line.partition(", column maaned: ")[0] for line in lines] == ["brukere.csv, row 2", "brukere.csv, row 3"]
    assert all("is not a month" in line for line in lines)


@pytest.mark.parametrize(
    ("zone", "first"),
    [("Europe/Oslo", "2019-02-01T00:00:00"), ("UTC", "2019-01-31T23:00:00"), (None, "2019-02-01T00:00:00")],
)
def test_a_month_with_a_time_zone_is_the_local_one(zone, first, tmp_path):
    """1 February in Oslo begins on 31 January in UTC, and was read as January."""
    from datetime import datetime

    begun = polars.Series([datetime.fromisoformat(first)]).dt.replace_time_zone(zone)
    others = [datetime(2019, number, 15) for number in (1, *range(3, 13))]  # noqa: DTZ001 (the zone is put on below)
    months = polars.concat([begun, polars.Series(others).dt.replace_time_zone(zone)])
    frame = polars.DataFrame({"maaned": months, "enhet": "A", "timer_per_uke": [2.5, *[0.0] * 11]})
    hours = numpy.array(read(tmp_path, parquet(frame), "a.parquet").population.users["timer_per_uke"])
    assert hours.sum(axis=1).tolist() == [0, 2.5, *[0] * 10]


def test_dates_and_mixed_cells_in_excel(tmp_path):
    from datetime import datetime

    rows = [
        ["Måned", "Enhet", "Timer per uke"],
        [datetime(2019, 1, 31), "A", 7.5],  # noqa: DTZ001 (a spreadsheet knows no time zones)
        ["2019-02", "A", "1,5"],
        ["01.03.2019", "A", 2],
        *([f"2019-{number:02}", "A", 0] for number in range(4, 13)),
    ]
    hours = numpy.array(read(tmp_path, workbook(rows, dates={(1, 0)}), "a.xlsx").population.users["timer_per_uke"])
    assert hours.sum(axis=1)[:3].tolist() == [7.5, 1.5, 2]


def test_numbers_that_stand_for_names(tmp_path):
    rows = [["enhet", "timer_per_uke"], [12, 7.5], [7, 1.25]]
    assert read(tmp_path, workbook(rows), "a.xlsx").population.unit_names == ["12", "7"]
    frame = polars.DataFrame({"enhet": [12, 7], "timer_per_uke": [7, 1]})
    assert read(tmp_path, parquet(frame), "a.parquet").population.unit_names == ["12", "7"]


def test_columns_that_are_not_used_are_named(tmp_path):
    text = "enhet;navn;timer_per_uke;\nA;x;7,5;\n"
    assert "brukere.csv: not used: navn" in read(tmp_path, text).notes


def test_without_users_names_each_row_of_a_month_is_a_user(tmp_path):
    found = read(tmp_path, "enhet;maaned;timer_per_uke\n" + "".join(f"A;2019-{m:02};2,5\n" for m in range(1, 13)))
    assert len(found.population.unit_of_user) == 12
    assert "no column 'bruker'" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\n\n", "the first row is empty"),
        ("a.csv", b"enhet;timer_per_uke\n", "headings and no rows"),
        ("a.csv", b"enhet;timer_per_uke\n;\n\n", "headings and no rows"),
        ("a.csv", b"\x00\x01\x02", "no text, Excel"),
        ("a.csv", b"\x81\x8d\x8f", "no text, Excel"),
        ("a.csv", b"\xef\xbb\xbf\xff\xfe", "begins as utf-8-sig"),
        ("a.xlsx", b"PK\x03\x04 and nothing", "can't be read as Excel"),
        ("a.xls", b"\xd0\xcf\x11\xe0 and nothing", "save it as plain .xlsx"),
        ("a.parquet", b"PAR1 and nothing", "can't be read as Parquet"),
        ("a.csv", b"enhet,timer_per_uke\nA,7,5\n", "row 2: the row has more cells than the 2 headings. Decimal commas"),
        ("a.csv", b'enhet;timer_per_uke\n"A;7,5\n', "row 2: a quotation mark stands within"),
        ("a.csv", b"enhet;enhet;timer_per_uke\nA;B;7,5\n", "column enhet: the column stands 2 times"),
        ("a.csv", b"enhet;timer_per_uka\nA;7,5\n", "Did you mean 'timer_per_uke'"),
        ("a.csv", b"enhetsnavn;timer_per_uke\nA;7,5\n", "no column 'enhet'. Did you mean enhetsnavn"),
        ("a.csv", b"enhet;timer\nA;7,5\n", "none of the columns timer_per_uke, .* Did you mean timer"),
    ],
)
def test_files_that_cant_be_used(name, content, message, tmp_path):
    with pytest.raises(DataError, match=f"{name}.*({message})"):
        read(tmp_path, content, name)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="the file can't be read: No such file"):
        read_population(Files(tmp_path / "nei.csv"), 2019)


def test_lists_are_neither_names_nor_numbers(tmp_path):
    frame = polars.DataFrame({"enhet": [["A"], ["B"]], "timer_per_uke": [[1], [2]]})
    with pytest.raises(DataError) as error:
        read(tmp_path, parquet(frame), "a.parquet")
    assert "column enhet: the column holds List, and not names" in str(error.value)
    assert "column timer_per_uke: the column holds List, and not numbers" in str(error.value)
