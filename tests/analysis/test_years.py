"""Each year under its own law, and each day's decisions in their own year."""

import pytest

from tests.commands import as_json, run


def by_year(*arguments, **options):
    return {one["year"]: one for one in as_json("years", *arguments, **options)["years"]}


def test_costs_frames_and_overspend():
    years = by_year()
    assert list(years) == [2017, 2018, 2019, 2020, 2021, 2022]
    # 993 272, 1 047 321 and 1 101 101 hours at 987.6216269
    assert [years[year]["amounts"]["etat_aktivitetskostnad"] for year in (2017, 2018, 2019)] == [
        980_976_909,
        1_034_356_870,
        1_087_471_161,
    ]
    assert years[2017]["amounts"]["etat_ramme_i_alt"] == 1_021_686_820  # without the 14 million
    assert {year: one["overspend"] for year, one in years.items()} == {
        2017: None, 2018: None, 2019: 51_784_341, 2020: None, 2021: None, 2022: None,
    }  # fmt: skip
    assert [year for year, one in years.items() if one["carried_forward"]] == [2020, 2021, 2022]


def test_decisions_of_one_day_in_their_own_year():
    (effect,) = by_year()[2018]["effects"]
    assert effect["day"] == "2018-01-01"
    assert effect["decisions"] == ["vedtak_2017_10_normtid_avviklet", "vedtak_2018_01_kategorimodell"]
    assert effect["changes"]["etat_ramme_i_alt"] == 14_000_000
    changes = {one["day"]: one["changes"] for year in (2019, 2021) for one in by_year()[year]["effects"]}
    assert set(changes) == {"2019-05-01", "2019-09-01", "2021-01-01", "2021-06-01"}
    assert not any(amount for change in changes.values() for amount in change.values())


def test_a_frame_that_is_given_makes_an_overspend_of_the_year():
    years = by_year("--span", "2018-2019", "--frame-of", "2018=1000000000")
    # 1 034 356 870 - (1 000 000 000 + 14 000 000)
    assert years[2018]["overspend"] == 20_356_870
    assert years[2019]["overspend"] == 51_784_341


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--span", "2016-2019"], "2017 to 2022"),
        (["--span", "2019-2018"], "2017 to 2022"),
        (["--span", "2019"], "2017 to 2022"),
        (["--frame-of", "2018"], "YEAR=KRONER"),
        (["--frame-of", "2018=1,5"], "YEAR=KRONER"),
        (["--span", "2018-2019", "--frame-of", "2020=5"], "not among the years"),
    ],
)
def test_refused(arguments, message):
    result = run("years", *arguments)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def test_the_text_says_what_it_does_not_know():
    text = " ".join(run("years", "--format", "markdown").text.split())
    assert "ingen publisert ramme" in text
    assert "virker på pengene fra 2018" in text
    assert "kilden oppgir ingen beløp" in text
