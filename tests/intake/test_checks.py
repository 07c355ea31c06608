"""Every fault in data is found, all at once, each with its row, column, value and what to do."""

import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from tests.intake.files import read_population

#: Numbers with the control digits of Norwegian identity numbers, of nobody: day 41-71 (D), month 81-92 (test persons).
IDENTITY_NUMBERS = ("41010112360", "01810112170")


def check(tmp_path, users, units=None, agencies=None, frame="bergen"):
    paths = []
    for name, text in (("brukere.csv", users), ("enheter.csv", units), ("rammer.csv", agencies)):
        paths.append(tmp_path / name if text is not None else None)
        if text is not None:
            paths[-1].write_text(text, encoding="utf-8")
    return read_population(Files(*paths, None if agencies and frame == "bergen" else frame), 2019)


def faults(tmp_path, *texts, **given):
    with pytest.raises(DataError) as error:
        check(tmp_path, *texts, **given)
    return str(error.value)


def with_control_digits(nine):
    digits = [int(digit) for digit in nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        digits.append(-sum(w * d for w, d in zip(weights, digits, strict=True)) % 11)
    return None if 10 in digits else "".join(map(str, digits))


HEADING = "enhet;timer_per_uke\n"


@pytest.mark.parametrize(
    ("users", "message"),
    [
        (HEADING + "A;1,5\nA;abc\n", "brukere.csv, row 3, column timer_per_uke: '(3 characters)' is not a number."),
        (HEADING + "A;1,5\nA;\n", "row 3, column timer_per_uke: is missing."),
        (HEADING + "A;1,5\nA;nan\n", "row 3, column timer_per_uke: 'nan' is not a number."),
        (HEADING + "A;1.5\nA;NaN\n", "row 3, column timer_per_uke: 'nan' is not a number."),
        (HEADING + "A;1.5\nA;inf\n", "row 3, column timer_per_uke: 'inf' is"),
        (HEADING + "A;1,5\nA;-2\n", "row 3, column timer_per_uke: '-2' is below 0."),
        (HEADING + "A;1,5\nA;168,5\n", "row 3, column timer_per_uke: '168.5' is above 168."),
        (HEADING + "A;1,5\n;2\n", "row 3, column enhet: is missing."),
        (HEADING + "A;1,5\n  ;2\n", "row 3, column enhet: is missing."),
        (HEADING + "A;1,5\nB;2.5\n", "row 2, column timer_per_uke: '1,5' has a decimal comma, and other numbers"),
        ("enhet;besoek_per_uke\nA;-1\n", "row 2, column besoek_per_uke: '-1' is below 0."),
        ("enhet;normtid_minutter_per_besoek\nA;-1\n", "column normtid_minutter_per_besoek: '-1' is below 0."),
        (
            "bruker;" + HEADING + "u;A;1,5\nu;A;2\n",
            "row 3, column bruker: the same user stands here twice. Keep one row.",
        ),
        ("bruker;" + HEADING + ";A;1,5\nu;A;2\n", "row 2, column bruker: is missing."),
        (
            "bruker;maaned;" + HEADING + "u;2019-01;A;1,5\nu;31.01.2019;A;2\n",
            "row 2, column bruker: the same user stands here twice for a month.",
        ),
        (
            "bruker;maaned;" + HEADING + "u;2019-02;A;1,5\nu;2019-02;B;2\n",
            "row 2, column bruker: the same user stands here twice for a month.",
        ),
        ("maaned;" + HEADING + "2018-12;A;1,5\n", "row 2, column maaned: '2018-12' lies outside 2019. Give its year"),
        ("maaned;" + HEADING + "13.2019;A;1,5\n", "row 2, column maaned: '13.2019' is not a month. Write YYYY-MM"),
        ("maaned;" + HEADING + "31.02.2019;A;1,5\n", "row 2, column maaned:"),
        ("maaned;" + HEADING + ";A;1,5\n", "row 2, column maaned: is missing."),
        ("etat;" + HEADING + "X;A;1,5\nY;A;2\n", "row 3, column enhet: 'A' stands with more than one 'etat'."),
        (
            "byomraade;" + HEADING + "X;A;1,5\nY;A;2\n",
            "row 2, column enhet: 'A' stands with more than one 'byomraade'.",
        ),
        (
            "besoek_per_uke;enhet\n2;A\n400;A\n",
            "row 3, column besoek_per_uke: '400' visits times minutes per visit make",
        ),
        (
            "besoek_per_uke;normtid_minutter_per_besoek;enhet\n2;27;A\n90;120;A\n",
            "row 3, column besoek_per_uke: '90' visits times minutes per visit make more than 168 hours a week.",
        ),
        (
            "etat;byomraade;" + HEADING + "X;Nord;A;1,5\nY;Nord;B;2\n",
            "column byomraade: areas that lie in more than one agency: Nord.",
        ),
        ("etat;" + HEADING + "X;A;1,5\n;B;2\n", "row 3, column etat: is missing."),
        ("etat;" + HEADING + "X;A;1,5\nY;B;2\n", "there are 2. Give their frames with --agency"),
    ],
)
def test_faults_of_users(users, message, tmp_path):
    assert message in faults(tmp_path, users)


USERS = HEADING + "Arna;1,5\nÅrstad;2\n"


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ("enhet\nArna\n", "brukere.csv, row 3, column enhet: 'Årstad' is no unit of the file of units. Add it there"),
        ("enhet\nArna\nArstad\n", "Did you mean Arstad?"),
        ("enhet\nArna\nÅrstad\nÅrstad\n", "enheter.csv, row 3, column enhet: the unit stands here twice."),
        (
            "enhet;kjoeretid_per_uke\nArna;-1\nÅrstad;\n",
            "enheter.csv, row 2, column kjoeretid_per_uke: '-1' is below 0.",
        ),
        (
            "enhet;kjøretid per uke\nArna;x\nÅrstad;\n",
            "enheter.csv, row 2, column kjoeretid_per_uke: '(1 character)' is not a number.",
        ),
        (
            "enhet;etatsdirektoer_omfordeling\nArna;1,5\nÅrstad;\n",
            "row 2, column etatsdirektoer_omfordeling: '1.5' is not",
        ),
        (
            "enhet;kjoeretid_per_uke\nArna;1\nÅrstad;\nTom;3\n",
            "row 4, column kjoeretid_per_uke: 'Tom' has no users in the users' file",
        ),
        (
            "enhet;etatsdirektoer_omfordeling\nArna;1\nÅrstad;\nTom;-3\n",
            "row 4, column etatsdirektoer_omfordeling: 'Tom' has no users",
        ),
        (
            "enhet;tjenesteomraade\nArna;skole\nÅrstad;\n",
            "row 2, column tjenesteomraade: '(5 characters)' is not one of: Hjemme",
        ),
        ("enhet;deltar_i_teamutproeving\nArna;kanskje\nÅrstad;\n", "'(7 characters)' is not one of: ja, nei."),
        ("navn\nArna\n", "enheter.csv: the file has no column 'enhet'."),
        ("enhet;byomraade\nArna;Nord\nÅrstad;\n", "units without 'byomraade': Årstad"),
    ],
)
def test_faults_of_units(units, message, tmp_path):
    assert message in faults(tmp_path, USERS, units)


@pytest.mark.parametrize(
    ("agencies", "message"),
    [
        ("aar;ramme\n2019;1000000\n", "rammer.csv: the file has no column 'budsjettramme'."),
        ("aar;budsjettramme\n2018;1000000\n", "rammer.csv, column aar: no frame for 2019."),
        ("aar;budsjettramme;tillitsreform_styrking\n2018;1000000;0\n", "rammer.csv, column aar: no frame for 2019."),
        ("aar;budsjettramme\n2019;1000,5\n", "row 2, column budsjettramme: '1000.5' is not whole kroner."),
        ("aar;budsjettramme\n2019;-5\n", "row 2, column budsjettramme: '-5' is below 0."),
        ("aar;budsjettramme\n2019;5\n2019;6\n", "row 2, column aar: a frame stands here twice."),
        ("etat;budsjettramme\nX;5\nY;6\n", "no frame in 2019 for: etat."),
    ],
)
def test_faults_of_frames(agencies, message, tmp_path):
    assert message in faults(tmp_path, USERS, agencies=agencies)


def test_a_frame_given_twice_or_for_two_agencies(tmp_path):
    assert "twice, by --agency and by --frame" in faults(tmp_path, USERS, agencies="budsjettramme\n5\n", frame=5)
    assert "--frame is for one agency" in faults(tmp_path, "etat;" + HEADING + "X;A;1,5\nY;B;2\n", frame=5)


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    users = "bruker;maaned;enhet;timer_per_uke\nu1;2019-01;A;x\nu2;2020-01;;200,5\nu3;når;B;-1\n"
    text = faults(tmp_path, users, "enhet;kjoeretid_per_uke\nA;y\nB;-2\n", "budsjettramme\nz\n")
    for part in (
        "brukere.csv, row 2, column timer_per_uke: '(1 character)'",
        "brukere.csv, row 3, column maaned: '2020-01'",
        "brukere.csv, row 3, column enhet: is missing",
        "brukere.csv, row 3, column timer_per_uke: '200.5'",
        "brukere.csv, row 4, column maaned: '(3 characters)'",
        "brukere.csv, row 4, column timer_per_uke: '-1'",
        "enheter.csv, row 2, column kjoeretid_per_uke: '(1 character)'",
        "enheter.csv, row 3, column kjoeretid_per_uke: '-2'",
        "rammer.csv, row 2, column budsjettramme: '(1 character)'",
    ):
        assert part in text
    assert len(text.splitlines()) == 9


def test_no_more_than_twenty_are_shown_and_the_rest_is_counted(tmp_path):
    lines = faults(tmp_path, HEADING + "A;1,5\n" + "A;-1\n" * 25 + "A;999\n" * 4).splitlines()
    assert len(lines) == 20 + 3
    assert lines[20] == "… and 9 more:"
    assert lines[21:] == [
        "brukere.csv, timer_per_uke: 5 × is below 0. Correct it.",
        "brukere.csv, timer_per_uke: 4 × is above 168. Correct it.",
    ]


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    assert "row 6, column" in faults(tmp_path, HEADING + "A;1,5\n\n\nA;2\nA;-1\n")
    assert "row 4, column" in faults(tmp_path, "sep=;\n" + HEADING + "A;1,5\nA;-1\n")


@pytest.mark.parametrize("number", IDENTITY_NUMBERS)
@pytest.mark.parametrize(
    "users",
    [
        "bruker;" + HEADING + "{n};A;1,5\n",
        "navn;" + HEADING + "Ola {n};A;1,5\n",
        "fnr;" + HEADING + "{n};A;1,5\n",
        HEADING + "{n};1,5\n",
    ],
)
def test_an_identity_number_is_refused_wherever_it_stands_and_never_shown(number, users, tmp_path):
    for written in (number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}"):
        text = faults(tmp_path, users.format(n=written))
        assert "row 2" in text
        assert "Norwegian identity number" in text
        assert "Take it out" in text
        assert number[:6] not in text
        assert number[6:] not in text


def test_the_control_digits_of_the_numbers_above_are_right():
    for number in IDENTITY_NUMBERS:
        assert with_control_digits(number[:9]) == number


def test_numbers_that_lost_their_leading_zero_are_found(tmp_path):
    numbers = [with_control_digits(f"0101{year:02}0{k:02}") for year in range(50, 60) for k in range(10)]
    numbers = [number for number in numbers if number][:40]
    text = "bruker;" + HEADING + "".join(f"{int(number)};A;1,5\n" for number in numbers)
    import polars

    path = tmp_path / "a.parquet"
    rows = [line.split(";") for line in text.splitlines()[1:]]
    polars.DataFrame(
        {"bruker": [int(r[0]) for r in rows], "enhet": ["A"] * len(rows), "timer_per_uke": [1.5] * len(rows)}
    ).write_parquet(path)
    with pytest.raises(DataError, match="Norwegian identity number"):
        read_population(Files(path, frame="bergen"), 2019)


@pytest.mark.parametrize(
    "name", ["41010112374", "4101011237", "410101123603", "a41010112360b", "f0e1-41010112360", "2019-12-31"]
)
def test_other_pseudonyms_are_not_taken_for_identity_numbers(name, tmp_path):
    assert check(tmp_path, "bruker;" + HEADING + f"{name};A;1,5\n").population.unit_names == ["A"]


def test_nothing_that_may_tell_who_a_user_is_is_shown(tmp_path):
    text = faults(tmp_path, "bruker;" + HEADING + "hemmelig;A;Kari Nordmann\nhemmelig;A;17.05.1940\n")
    assert "hemmelig" not in text
    assert "Nordmann" not in text
    assert "1940" not in text
    assert "'(13 characters)' is not a number" in text


def test_the_messages_of_a_small_file_that_is_right(tmp_path):
    found = check(
        tmp_path,
        USERS,
        "enhet;etat;byomraade;kjoeretid_per_uke;etatsdirektoer_omfordeling;tjenesteomraade;deltar_i_teamutproeving\n"
        "Årstad;Bergen;Sør;7,5;-1 000;Andre tjenesteområder;ja\nArna;Bergen;Nord;;;;\nTom;Bergen;Nord;;;andre;nei\n",
        "etat;år;budsjettramme\nBergen;2019;1 000 000\nBergen;2020;2 000 000\nOslo;2019;5\n",
    )
    population = found.population
    assert population.unit_names == ["Arna", "Tom", "Årstad"]
    assert population.agency_names == ["Bergen"]
    assert population.agencies["etat_budsjettramme"].tolist() == [1_000_000]
    assert population.area_of_unit.tolist() == [0, 0, 1]
    assert population.units["enhet_kjoeretid_per_uke"].tolist() == [0, 0, 7.5]
    assert population.units["enhet_etatsdirektoer_omfordeling"].tolist() == [0, 0, -1000]
    assert population.units["enhet_tjenesteomraade"].tolist() == ["HJEMMETJENESTER", "ANDRE", "ANDRE"]
    assert population.units["enhet_deltar_i_teamutproeving"].tolist() == [False, False, True]
    assert "rammer.csv: no users in Oslo: not used" in found.notes


def test_areas_that_two_files_tell_differently(tmp_path):
    users = "byomraade;" + HEADING + "Nord;A;1,5\nSør;B;2\n"
    text = faults(tmp_path, users, "enhet;byomraade\nA;Sør\nB;Sør\n")
    assert "enheter.csv, row 2, column byomraade: 'Sør' is another 'byomraade' than the users' file has" in text
