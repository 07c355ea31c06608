"""Where the year ends, held against compare, against hand arithmetic, and against paths that can't vary."""

import json
import math
from dataclasses import replace

import numpy
import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.forecast import QUESTION
from openfisca_bergen_hbt.analysis.forecast.accounts import frame_by_month, split
from openfisca_bergen_hbt.analysis.forecast.paths import matrix_of
from openfisca_bergen_hbt.population.embedded import moving
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.report.forms.comparison_charts import OF_FORECAST, charts_by_table
from openfisca_bergen_hbt.report.subjects import forecast as subject
from openfisca_bergen_hbt.simulate import simulate
from tests.analysis.test_flows import of_categories, still
from tests.commands import as_json, run

#: Of a frame of 90 000 000 a reserve of 2 % is set aside.
SHARED_OUT = 88_200_000
MONTHS = range(1, 13)


def asked(people=None, **options):
    request = Request(question="forecast", options=options, population=None if people else "bevegelse")
    return QUESTION.run(prepare(QUESTION, request, (lambda _year: people) if people else None))


def users(hours, units):
    """Users with hours by month, shape (12, users)."""
    table = {"enhet": units, "vurdert_timer_per_uke": [numpy.array(of, dtype=float) for of in hours]}
    table["besoek_per_uke"] = numpy.zeros(len(units))
    agencies = {"etat": {"etat_budsjettramme": 90_000_000, "etat_tillitsreform_styrking": 0}}
    return from_table(table, regelverk(), agencies=agencies)


def test_with_all_months_given_it_is_what_compare_says():
    found = asked()
    content = as_json("compare", "--example", "bevegelse", "--regulation", "2021-12")
    figures = {(one["level"], one["variable"], one["period"]): one["values"] for one in content["figures"]}
    assert [of.value for of in found.units.values()] == figures["enhet", "enhet_samlet_tildeling", "2019"]
    (etat,) = found.etater.values()
    assert [etat.reserve_left.value] == figures["etat", "etat_reserve_saldo", "2019"]
    assert [etat.uncovered[-1].value] == figures["etat", "etat_udekket_over_80_i_aaret", "2019"]
    for month in range(1, 13):
        assert [etat.pool_left[month - 1].value] == figures["etat", "etat_rest_pott_over_80", f"2019-{month:02}"]
    assert found.samples == 0
    assert all(of.low == of.value == of.high for of in found.units.values())
    assert "ingen prognose" in subject.paper(found).headlines[0]


def test_own_data_of_all_months_are_what_compare_says(folder):
    """With a user who passes 80 hours, material changes, extra money, carry-over and the director's money."""
    hours = [
        (unit, 3 * user + (60 if month > 4 and unit == "A" else 0))
        for unit in "AB"
        for user in range(12)
        for month in MONTHS
    ]
    lines = [f"{unit}{place // 12};{unit};2019-{place % 12 + 1:02};{of}\n" for place, (unit, of) in enumerate(hours)]
    (folder / "aaret.csv").write_text(HEADS + "".join(lines), encoding="utf-8")
    (folder / "enheter.csv").write_text(
        "enhet;overfoert_fra_i_fjor;etatsdirektoer_omfordeling\nA;-100;7\nB;50;0\n", encoding="utf-8"
    )
    (folder / "tillegg.csv").write_text("etat;maaned;kroner\netat;2019-06;1001\n", encoding="utf-8")
    given = ("--data", "aaret.csv", "--units", "enheter.csv", "--extra", "tillegg.csv", "--frame", "90000000")
    given = (*given, "--regulation", "2021-12", "--no-suppression")
    found, compared = as_json("forecast", *given), as_json("compare", *given)
    figures = {
        (one["variable"], one["period"]): one["values"] for one in compared["figures"] if one["level"] != "byomraade"
    }
    assert [of["value"] for of in found["units"].values()] == figures["enhet_samlet_tildeling", "2019"]
    (etat,) = found["etater"].values()
    assert etat["seen"]
    assert [etat["reserve_left"]["value"]] == figures["etat_reserve_saldo", "2019"]
    assert [etat["left"]["value"]] == figures["etat_igjen_sentralt", "2019"]
    pool = [figures["etat_rest_pott_over_80", f"2019-{month:02}"][0] for month in MONTHS]
    assert [of["value"] for of in etat["pool_left"]] == pool


@pytest.mark.parametrize("method", ["held", "trend", "expected"])
def test_constant_months_have_bands_of_no_width(method):
    people = of_categories([[1, 2, 3, 4, 5, 6, 0, 2]] * 12, ["A", "A", "B", "B", "C", "C", "C", "C"])
    found, whole = asked(people, months=4, method=method, samples=8), asked(people)
    assert found.units == whole.units
    assert found.samples == (0 if method == "held" else 8)
    (etat,), (of_whole,) = found.etater.values(), whole.etater.values()
    for name in ("pool_left", "uncovered", "reserve_left", "given", "left"):
        assert getattr(etat, name) == getattr(of_whole, name)


def test_the_draws_are_those_of_the_seed():
    found = [asked(months=5, samples=6, seed=seed) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0].units != found[2].units
    values = [[of.value for of in one.units.values()] for one in found]
    assert values[0] == values[2]


def test_the_expected_path_of_a_trend_by_hand():
    """Of eight in category 2 four go to 3 in February, one comes to each unit: half of the rest goes, one comes."""
    categories = [numpy.array([2] * 8 + [0, 0]), numpy.array([2, 2, 3, 3] * 2 + [2, 2])]
    people = of_categories([*categories, *[categories[-1]] * 10], ["A", "A", "A", "A", "B", "B", "B", "B", "A", "B"])
    path = list(matrix_of(people, categories, []).expected(numpy.array([[0, 0, 3, 2, 0, 0, 0]] * 2) * 1.0, 2))
    assert path[0].tolist() == [[0, 0, 3 / 2 + 1, 2 + 3 / 2, 0, 0, 0]] * 2
    assert path[1].tolist() == [[0, 0, 5 / 4 + 1, 7 / 2 + 5 / 4, 0, 0, 0]] * 2


def test_hours_of_a_category_that_nobody_is_in_now():
    """Half of category 5 went to 6 in February, and from 6 in March: who goes there in April has their 100 hours."""
    path = numpy.array([[5, 6, 4], *[[5, 5, 5]] * 3, [4, 4, 4], [4, 4, 4]]).T
    people = of_categories([*path, *[path[-1]] * 9], ["A", "A", "A", "B", "B", "B"])
    found = asked(people, months=3, samples=0)
    (etat,) = found.etater.values()
    # From 5 to 6 went 1 of 4 in February and none of 3 in March: of 3 who are there a seventh goes, with 100 hours.
    # There is no pool, as nobody was in category 6 in January: February's claim of 100 hours is uncovered as well.
    claims = (1 + 3 / 7) * 100 * 52 / 12
    per_hour = SHARED_OUT / (4 * 40 + 2 * 20) / 52
    assert etat.uncovered[3].value == pytest.approx(claims * per_hour, abs=1)


def test_a_pool_that_empties_worked_out_by_hand():
    """One user of 80 of the 120 hours has two thirds of the pot; with 160 hours he claims two twelfths a month."""
    people = users([[20, 20, 80]] + [[20, 20, 160]] * 11, ["A", "B", "A"])
    found = asked(people, months=2, method="held")
    (etat,) = found.etater.values()
    pool = SHARED_OUT * 80 // 120
    assert etat.pool == pool
    twelfth = pool // 12
    left = [pool - twelfth] + [pool - twelfth - 2 * twelfth * month for month in range(1, 6)] + [0] * 6
    assert [of.value for of in etat.pool_left] == left  # July claims two twelfths of the one that is left
    assert etat.runs_out == 7
    assert [of.value for of in etat.uncovered] == [0] * 6 + [twelfth * (1 + 2 * month) for month in range(6)]
    said = " ".join(subject.paper(found).headlines).replace("\N{NO-BREAK SPACE}", " ")
    assert "går tom i juli; ved årets slutt er 53 900 000 kr av kravene udekket" in said


def test_kroner_of_rounding_empty_no_pool():
    """160 of 280 hours of 88 200 011 are 50 400 006.29; twelve claims of 4 200 000.52 are 6 kroner more."""
    people = users([[80, 60, 80, 60]] * 12, ["A", "A", "B", "B"])
    people = replace(people, agencies={**people.agencies, "etat_budsjettramme": numpy.array([90_000_011.0])})
    (etat,) = asked(people, months=3, method="held").etater.values()
    assert etat.pool == 50_400_006
    assert etat.uncovered[-1].value == 12 * 4_200_001 - 50_400_006 == 6
    assert etat.runs_out is None


def test_a_material_change_and_what_it_moves_by_hand():
    """In March a user of 10 hours comes to A: 33.75 of 56.25 points, so 0.6 for 0.5 of nine months' frame."""
    people = of_categories([[4, 4, 0]] * 2 + [[4, 4, 3]] * 10, ["A", "B", "A"])
    found = asked(people, months=2, method="expected", samples=4)
    (etat,) = found.etater.values()
    assert etat.change[2] == pytest.approx(0.1)
    assert etat.next_seen == [0, 0, 1, *[0] * 9]
    assert etat.moves.value == round(SHARED_OUT * 9 / 12 * 0.1)
    known = asked(people, months=3, method="held")
    (etat,) = known.etater.values()
    assert etat.seen == [3]
    assert sum(etat.next_seen) == 0


def test_the_sum_of_the_frames_is_what_the_units_are_given():
    results = simulate(moving(2019), regelverk(), 2019)
    frames = frame_by_month(results)
    assert frames.sum(axis=0).tolist() == results.value("enhet_samlet_tildeling").tolist()


def test_the_split_of_a_deviation_by_hand():
    people = of_categories([[4, 4, 0]] * 2 + [[4, 4, 3]] * 10, ["A", "B", "A"])
    cost = {"2019-01": 3_675_000, "2019-02": 3_600_000, "2019-03": 6_000_000, "2019-04": 4_410_001}
    found = asked(people, months=4, method="held", accounts={"A": cost, "B": dict.fromkeys(cost, 3_000_000)}).accounts
    half = SHARED_OUT // 12 // 2  # 3 675 000
    assert [by["A"].frame for by in found.by_month] == [half, half, half, 15_435_000 - 11_025_000]
    march = found.by_month[2]["A"]
    # Two users for one, with 16.875 points each for 22.5
    assert (march.volume, march.mix) == (half, -half // 2)
    assert march.rest == 6_000_000 - half - half + half // 2
    april = found.by_month[3]["A"]  # the change of March has made its users those that hold
    assert (april.volume, april.mix, april.rest) == (0, 0, 1)
    assert found.so_far["A"].rest == -75_000 + march.rest + 1
    assert found.so_far["A"].deviation == sum(cost.values()) - sum(by["A"].frame for by in found.by_month)
    of_all = found.all_so_far
    assert of_all.rest == found.so_far["A"].rest + found.so_far["B"].rest
    assert of_all.volume + of_all.mix + of_all.rest == of_all.deviation


def test_a_split_without_users_before_is_all_rest():
    frame, users, points = (numpy.array([value]) for value in (100.0, 3.0, 9.0))
    none = numpy.array([0.0])
    for before in ((none, points), (users, none)):
        assert [part.tolist() for part in split(frame, users, points, *before)] == [[0.0], [0.0]]
    # One user for two, 4 points for 6: -50, and 1 * (4 - 3) * 100 / 6 = 16.67
    volume, mix = split(frame, numpy.array([1.0]), numpy.array([4.0]), numpy.array([2.0]), numpy.array([6.0]))
    assert (volume.tolist(), mix.tolist()) == ([-50.0], [17.0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"months": 1}, "A trend takes two months"),
        ({"months": 3, "method": "held", "flow": ["kategori_4→kategori_5 +10%"]}, "--method trend or expected"),
        ({"months": 3, "flow": ["kategori_1→kategori_6 +10%"]}, "moves nobody"),
        ({"months": 3, "accounts": {"Q": {"2019-01": 5}}}, "There is no unit 'Q'"),
        ({"months": 3, "accounts": {"A": {"2019-01": 5}}}, "no amount for B in 2019-01"),
        ({"months": 3, "accounts": {"A": {"2019-04": 5}}}, "2019-01 to 2019-03"),
        ({"months": 13}, "forecast: "),
    ],
)
def test_what_can_t_be_is_refused(options, message):
    people = of_categories(numpy.array([still(4, 3, 5), still(4, 13, 4)]).T, ["A", "B"])
    with pytest.raises(ValueError, match=message):
        asked(people, **options)


@pytest.mark.parametrize("question", ["flows", "forecast"])
def test_a_regulation_without_categories_is_refused(question):
    refused = run(question, "--regulation", "grunnregelverk")
    assert refused.exit_code == 2
    assert "has no categories" in refused.stderr


def test_flows_turn_the_trend():
    people = of_categories(numpy.array([still(4, 2, 5), *[still(4, 13, 4)] * 3]).T, ["A", "A", "B", "B"])
    plain, turned = (asked(people, months=3, samples=0, flow=flow) for flow in ((), ("kategori_4→kategori_5 +100%",)))
    assert plain.units != turned.units
    assert turned.flows == ("kategori_4→kategori_5 +100 %",)
    assert plain.in_all == turned.in_all


HEADS = "bruker;enhet;maaned;vurdert_timer_per_uke\n"


def rows(first, last, hours=20):
    return "".join(
        f"b{user};{'AB'[user % 2]};2019-{month:02};{hours + (user == 0 and month > 2)}\n"
        for month in range(first, last + 1)
        for user in range(20)
    )


def test_months_that_lack_expected_users_and_an_earlier_forecast(folder):
    (folder / "jan_mars.csv").write_text(HEADS + rows(1, 3), encoding="utf-8")
    (folder / "resten.csv").write_text(HEADS + rows(4, 12, 40), encoding="utf-8")
    (folder / "alt.csv").write_text(HEADS + rows(1, 3) + rows(4, 12, 40), encoding="utf-8")
    frame = ("--frame", "90000000")
    held = as_json("forecast", "--data", "jan_mars.csv", *frame, "--method", "held")
    assert held["months"] == 3
    assert run("compare", "--data", "jan_mars.csv", *frame).exit_code == 2  # which has no rest of the year
    expected = as_json("forecast", "--data", "jan_mars.csv", "--expected", "resten.csv", *frame)
    together = as_json("forecast", "--data", "alt.csv", *frame, "--months", "3", "--method", "expected")
    assert expected["units"] == together["units"]
    assert run("forecast", "--data", "jan_mars.csv", *frame, "--method", "expected").exit_code == 2
    (folder / "til_juni.csv").write_text(HEADS + rows(4, 6, 40), encoding="utf-8")
    short = run("forecast", "--data", "jan_mars.csv", "--expected", "til_juni.csv", *frame)
    assert "There are no expected users for 2019-07" in short.stderr
    unread = run("forecast", "--data", "jan_mars.csv", "--expected", "resten.csv", *frame, "--method", "held")
    assert unread.exit_code == 2
    assert "--method held does not read them" in unread.stderr
    early = run("forecast", "--data", "jan_mars.csv", "--expected", "alt.csv", *frame, "--method", "expected")
    assert early.exit_code == 2
    assert "alt.csv, rows 2, 3, 4, 5, 6 and 55 more, column maaned" in early.stderr
    assert run("forecast", "--data", "jan_mars.csv", *frame, "--record", "mars.json").exit_code == 0
    assert run("verify", "mars.json", "--data", "jan_mars.csv").exit_code == 0
    of_another_year = run("forecast", "--example", "bevegelse", "--year", "2020", "--since", "mars.json")
    assert of_another_year.exit_code == 2
    assert "The earlier forecast is of 2019, and this one of 2020" in of_another_year.stderr
    (folder / "jan_april.csv").write_text(HEADS + rows(1, 3) + rows(4, 4, 90), encoding="utf-8")
    later = ("forecast", "--data", "jan_april.csv", *frame, "--since", "mars.json", "--output", "april.json")
    assert run(*later).exit_code == 0
    content = json.loads((folder / "april.json").read_text(encoding="utf-8"))
    changed = {(one["name"], one["variable"]): (one["before"], one["now"]) for one in content["changed"]}
    # All are above 80 hours from April on: there is no pool, and from May nobody has points to be given a frame for.
    shared_out = 98 * (90_000_000 + 14_000_000) // 100  # --frame has the reform's grant added
    assert changed["A", "enhet_samlet_tildeling"] == (shared_out // 2, math.ceil(shared_out / 2 * 4 / 12))
    # 20 users of 90 hours and one hour more, of the 400 hours in January that a twelfth of the frame is made for
    assert changed["etat", "etat_udekket_over_80_i_aaret"] == (0, 9 * (1801 * shared_out // 12 // 400))
    assert run("verify", "april.json", "--data", "jan_april.csv").exit_code == 0


def test_accounts_are_checked_as_users_are(folder):
    (folder / "brukere.csv").write_text(HEADS + rows(1, 3), encoding="utf-8")
    (folder / "regnskap.csv").write_text(
        "enhet;maaned;kroner\nA;2019-01;100,5\nA;2019-01;5\nB;2018-02;x\n", encoding="utf-8"
    )
    given = ("forecast", "--data", "brukere.csv", "--frame", "90000000", "--accounts", "regnskap.csv")
    refused = run(*given)
    assert refused.exit_code == 2
    for said in ("row 2, column kroner", "row 3, column enhet", "row 4, column maaned", "row 4, column kroner"):
        assert f"regnskap.csv, {said}" in refused.stderr, refused.stderr
    months = [f"{unit};2019-{month:02};{10_000 * month}" for unit in "AB" for month in (1, 2, 3)]
    (folder / "regnskap.csv").write_text("\n".join(["enhet;maaned;kroner", *months]), encoding="utf-8")
    content = as_json(*given)
    assert content["accounts"]["all_so_far"]["cost"] == 120_000
    widths = [len(line) for line in run(*given).text.splitlines() if "─" in line]
    assert max(widths) <= 80


def test_every_table_that_is_drawn_has_a_chart():
    units = moving(2019).unit_names
    found = asked(months=2, samples=4, accounts={unit: {"2019-01": 1, "2019-02": 2} for unit in units})
    drawn = charts_by_table(subject.paper(found))
    assert drawn.keys() == {name for name in OF_FORECAST if not name.startswith("outlook")}
    assert all("<svg" in chart.svg for chart in drawn.values())


def test_what_few_users_make_is_held_back(folder):
    """B has the only user over 80 hours: the pot, its months and what B is given in each would tell of the hours."""
    hours = [
        (unit, 100 if (unit, user) == ("B", 0) else (5, 10, 20, 3)[user % 4]) for unit in "AB" for user in range(12)
    ]
    lines = [
        f"{unit}{place};{unit};2019-{month:02};{of}" for place, (unit, of) in enumerate(hours) for month in range(1, 6)
    ]
    (folder / "brukere.csv").write_text(HEADS + "\n".join(lines), encoding="utf-8")
    costs = [f"{unit};2019-{month:02};2000000" for unit in "AB" for month in range(1, 6)]
    (folder / "regnskap.csv").write_text("\n".join(["enhet;maaned;kroner", *costs]), encoding="utf-8")
    given = ("forecast", "--data", "brukere.csv", "--frame", "60000000", "--accounts", "regnskap.csv", "--samples", "4")
    found = as_json(*given)
    (etat,) = found["etater"].values()
    nothing = {"value": None, "low": None, "high": None}
    assert etat["pool"] is None
    assert etat["pool_left"] == etat["uncovered"] == [nothing] * 12
    assert found["in_all"]["value"] == 98 * 74_000_000 // 100  # the reform's grant of 14 million is added
    # 100 of 323 hours make the pot; of the 252 points of the others 128.25 are A's, for five months of twelve
    frame = round(round((72_520_000 - round(72_520_000 * 100 / 323)) * 5 / 12) * 128.25 / 252)
    split = found["accounts"]["so_far"]
    assert (split["A"]["frame"], split["A"]["deviation"]) == (frame, 10_000_000 - frame)
    for of in (split["B"], found["accounts"]["all_so_far"], found["accounts"]["by_month"][4]["B"]):
        assert [of[name] for name in ("frame", "deviation", "volume", "mix", "rest")] == [None] * 5
    text = run(*given).stdout
    assert "timer er holdt tilbake: det er for få brukere bak den" in text
    assert "Avviket januar–mai 2019 er holdt tilbake" in text
    shown = as_json(*given, "--no-suppression")
    assert next(iter(shown["etater"].values()))["pool"] == round(72_520_000 * 100 / 323)
    written = run(*given, "--output", "prognose.html")
    assert written.exit_code == 0, written.stderr
    assert run("verify", "prognose.html", "--data", "brukere.csv").exit_code == 0


def test_what_a_unit_of_two_is_given_is_held_back(folder):
    """And with it what another is given: their sum is shown."""
    hours = [("A", 20)] * 2 + [("B", 20)] * 20 + [("C", 20)] * 20
    lines = [f"b{place};{unit};2019-{month:02};{of}" for place, (unit, of) in enumerate(hours) for month in (1, 2)]
    (folder / "brukere.csv").write_text(HEADS + "\n".join(lines), encoding="utf-8")
    found = as_json("forecast", "--data", "brukere.csv", "--frame", "60000000", "--samples", "4")
    shown = {name: of["value"] for name, of in found["units"].items()}
    assert shown["A"] is None
    assert sum(value is None for value in shown.values()) == 2
    assert found["in_all"]["value"] == 98 * 74_000_000 // 100
