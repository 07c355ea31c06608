"""How sure the conclusions are: known answers, envelopes that close in every draw, and the same bits each time."""

from dataclasses import replace

import numpy
import pytest

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.conclusions import Statement
from openfisca_bergen_hbt.analysis.sensitivity import QUESTION, draws
from openfisca_bergen_hbt.analysis.sensitivity.draws import Model, sampled
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import chosen_readings, readings
from openfisca_bergen_hbt.report.subjects import sensitivity
from openfisca_bergen_hbt.rules import groups
from tests.analysis import shipped_statements
from tests.commands import as_json, run

FRAME = 1_035_686_820  # 1 021 686 820 and the 14 million
SAMPLES = 64


@pytest.fixture(scope="module")
def found():
    return ask()


def ask(example="publisert", samples=SAMPLES, begin=lambda _: lambda: None, **asked):
    request = Request(question="sensitivity", options={"samples": samples}, population=example, **asked)
    return QUESTION.run(prepare(QUESTION, request, begin=begin))


def said_of(found, about, unit=""):
    return next(one for one in found.statements if (one.statement.about, one.statement.unit) == (about, unit))


def test_the_laws_own_figures_are_those_of_compare(found):
    compared = as_json("compare")
    last = {
        (name, block["variable"]): value
        for block in compared["figures"]
        if block["regulation"].startswith("vedtak_2021") and block["level"] != "byomraade"
        for name, value in zip(compared["ids"][block["level"]], block["values"], strict=True)
    }
    assert found.given == {unit: last[unit, "enhet_samlet_tildeling"] for unit in found.given}
    assert found.headlines == {name: last["Etat for hjemmetjenester", name] for name in found.headlines}


def test_a_conclusion_turns_where_arithmetic_says(found):
    # A frame less a share of it meets what the foundation hands out.
    turn = next(turn for turn in said_of(found, "delt_ut").turns if turn.parameter == "reserve.andel")
    assert turn.value == pytest.approx(1 - 1_007_808_176 / FRAME, abs=1e-7)
    assert [turn.parameter for turn in said_of(found, "delt_ut").turns] == ["reserve.andel"]


def test_what_is_derived_moves_as_one(found):
    effect = next(one for one in found.effects if one.number.parameter == "merforbruk.andel")
    low, high = effect.headlines["etat_aktivitetskostnad"]
    assert low == pytest.approx(51_784_341 / 0.045 + 51_784_341, abs=60)  # the price has seven decimals
    assert high == pytest.approx(51_784_341 / 0.055 + 51_784_341, abs=60)
    assert effect.headlines["etat_merforbruk"] == pytest.approx((51_784_341, 51_784_341), abs=60)


def test_the_overspend_of_2019_is_solved_from_and_no_band(found):
    (band,) = (
        b for b in found.bands if b.figure == "etat_merforbruk" and b.regulation == "vedtak_2018_01_kategorimodell"
    )
    assert (band.low, band.high) == pytest.approx((51_784_341, 51_784_341), abs=60)
    assert said_of(found, "merforbruk").share == 1


def test_what_moves_a_figure_most_stands_first(found):
    table = sensitivity.paper(found).table("tornado")
    left = [(row[1], *row[2:]) for row in table.rows if row[0] == "Igjen sentralt"]
    widths = [max(0, low, high) - min(0, low, high) for _, low, high in left]
    assert widths == sorted(widths, reverse=True)
    # the reserve is 2 % of 1 035 686 820, and may be 0 to 5 %
    assert {name: ends for name, *ends in left}["reserve.andel"][0] == pytest.approx(-20_713_736, abs=6)
    assert not {row[1] for row in table.rows} & {*found.idle}
    assert len(table.columns) == 4  # a terminal has room for them


def test_numbers_without_effect_move_nothing(found):
    assert {"avstand.andel", "sykefravaer.andel", "normtid.minutter_per_besoek"} <= {*found.idle}
    assert not {*found.idle} & {effect.number.parameter for effect in found.effects}
    moving = ask("bevegelse", 0)  # where some units drive
    assert "avstand.andel" not in moving.idle


def test_readings_that_overturn_a_conclusion_are_named(found):
    assert said_of(found, "mest_opp", "Laksevåg").overturned_by == (
        "lesning_t22_27_minutter",
        "lesning_t22_sum_per_besoek",
    )
    assert not said_of(found, "mest_opp", "Laksevåg").survives
    assert said_of(found, "enhet", "Laksevåg").survives


def test_every_draws_envelope_closes():
    model = Model(embedded.moving(2019), 2019, versions())
    law = model.figures(sampled(model.numbers(), 8))[-1]
    handed_out, left = law.headlines["etat_samlet_tildeling"], law.headlines["etat_igjen_sentralt"]
    assert numpy.array_equal(law.given.sum(axis=1), handed_out)
    assert numpy.array_equal(handed_out + left, law.headlines["etat_disponibel_ramme"])


def test_bands_grow_with_ranges_and_have_the_known_ends():
    model = Model(embedded.published(2019), 2019, versions(["2021-12"]))
    (share,) = (number for number in model.numbers() if number.parameter == "reserve.andel")
    narrow = replace(share, low=0.015, high=0.025)
    for number in (share, narrow):
        (figures,) = model.figures(sampled([number], 256))
        saldo = figures.headlines["etat_reserve_saldo"]
        # Nothing is compensated but 4 kroner of rounding: the reserve is the share of the frame.
        low, high = (FRAME * (number.low + of * (number.high - number.low)) for of in (0.05, 0.95))
        assert numpy.quantile(saldo, (0.05, 0.95)) == pytest.approx((low, high), abs=FRAME * 0.05 / 256)


def test_draws_are_the_same_bits_however_they_are_divided(found, monkeypatch):
    monkeypatch.setattr(draws, "UNITS_AT_ONCE", 6 * 7)
    assert ask() == found


@pytest.mark.parametrize(
    ("units_at_once", "users_at_once", "block"),
    [(1, 1, 32768), (6 * 5, 3 * 4019, 32768), (10**6, 10**9, 32768), (3000, 131072, 1000)],
)
@pytest.mark.parametrize("example", [embedded.published, embedded.moving])
def test_no_size_of_what_is_worked_on_at_once_shows_in_a_bit(example, units_at_once, users_at_once, block, monkeypatch):
    def figures():
        model = Model(example(2019), 2019, versions())
        return model.figures(sampled(model.numbers(), 16))

    usual = figures()
    monkeypatch.setattr(draws, "UNITS_AT_ONCE", units_at_once)
    monkeypatch.setattr(draws, "USERS_AT_ONCE", users_at_once)
    monkeypatch.setattr(groups, "BLOCK", block)
    for one, other in zip(usual, figures(), strict=True):
        assert one.given.tobytes() == other.given.tobytes()
        for by_name, of_other in zip(one[:1] + one[2:], other[:1] + other[2:], strict=True):
            assert by_name.keys() == of_other.keys()
            assert all(values.tobytes() == of_other[name].tobytes() for name, values in by_name.items())


def test_a_number_that_a_proposal_sets_is_not_drawn():
    found = as_json("sensitivity", "--samples", "0", "--proposal", "stoerre_reserve")
    assert "reserve.andel" not in [number["parameter"] for number in found["numbers"]]


def test_an_interrupt_keeps_what_is_done(monkeypatch):
    monkeypatch.setattr(draws, "UNITS_AT_ONCE", 6 * 16)
    finished = []

    def begin(parts):
        def done():
            finished.append(1)
            if len(finished) == parts - 2:  # two of the four chunks of draws are done
                raise KeyboardInterrupt

        return done

    found = ask(begin=begin)
    assert found.done == 32
    assert said_of(found, "merforbruk").share == 1


def test_a_statement_of_the_largest_gain_needs_a_gain():
    nothing = draws.Figures({}, numpy.zeros((1, 2)))
    assert not Statement("mest_opp", 1, "A").holds(nothing, nothing, ["A", "B"]).any()


def test_on_data_of_ones_own(tmp_path):
    file = tmp_path / "brukere.csv"
    hours = [("A", 5.0), ("A", 20.0), ("B", 100.0), ("B", 3.0), ("B", 9.0)] * 4
    file.write_text("enhet;vurdert_timer_per_uke;besoek_per_uke\n" + "".join(f"{u};{h};{2 * h}\n" for u, h in hours))
    found = as_json("sensitivity", "--data", str(file), "--frame", "bergen", "--samples", "16")
    assert found["done"] == 16
    assert "befolkning.spredning" in found["idle"]
    assert {one["unit"] for one in found["units"]} == {"A", "B"}
    assert not any("t22" in reading for one in found["statements"] for reading in one["overturned_by"])


def test_it_is_verified(tmp_path):
    page = tmp_path / "usikkerhet.html"
    assert run("sensitivity", "--samples", "16", "--output", str(page)).exit_code == 0
    assert "<svg" in page.read_text(encoding="utf-8")
    assert run("verify", str(page)).exit_code == 0


@pytest.mark.parametrize("question", [("sensitivity", "--samples", "0"), ("readings",)])
def test_verifying_on_other_users_names_the_amounts_that_differ(question, tmp_path):
    then, now, record = (tmp_path / name for name in ("then.csv", "now.csv", "record.json"))
    then.write_text("enhet;vurdert_timer_per_uke\n" + "A;5\nB;20\n" * 6)
    now.write_text("enhet;vurdert_timer_per_uke\n" + "A;5\nB;40\n" * 6)
    run(*question, "--data", str(then), "--frame", "bergen", "--record", str(record))
    found = run("verify", str(record), "--data", str(now))
    assert found.exit_code == 1
    assert ", A, enhet_samlet_tildeling: " in found.output
    assert "no amount of the year" not in found.output


def test_what_does_not_survive_is_said_first():
    text = run("sensitivity", "--samples", "16").text
    assert "USIKKERT: Laksevåg går mest opp" in " ".join(text.split())


@pytest.mark.parametrize("year", embedded.YEARS)
@pytest.mark.parametrize("example", embedded.EXAMPLES)
def test_the_shipped_statements_are_current(example, year):
    """If this fails: ``python -m tests.analysis.shipped_statements``, and see what became of the conclusions."""
    shipped = [row for row in data.rows("utsagn") if (row["eksempel"], row["aar"]) == (example, str(year))]
    assert shipped == shipped_statements.rows(example, year)


def test_compare_marks_what_does_not_survive_and_says_what_is_untried():
    said = run("compare", "--format", "markdown").text
    assert "USIKKERT: mer delt ut (87 %, T-27); Laksevåg mest opp (100 %, T-22)" in said
    assert "Laksevåg får mer enn etter «Grunnregelverket»: +32 338 437 kr" in said  # takes the place of «mest opp»
    assert "USIKKERT: Fra «Grunnregelverket» går Laksevåg mest opp" in said
    known = as_json("compare")["statements"]
    assert [one["survives"] for one in known if one["statement"]["unit"] == "Årstad"] == [False]
    twice = ["--regulation", "grunnregelverk", "--regulation", "2018-06"]
    assert "statements" in as_json("compare", "--example", "bevegelse", "--year", "2018")
    for other in (["--frame", "1000000000"], ["--set", "reserve.andel=0.03@2019-01-01"], twice):
        found = as_json("compare", *other)
        assert "statements" not in found
        assert found["notes"]["Hvor sikkert"].startswith("Ikke prøvd")


def test_all_readings_at_once_are_those_that_do_not_exclude_each_other(found):
    people, (first, *_, last) = embedded.published(2019), versions()
    rivals = [known.id() for known in readings() if known.of_population]
    others = [known.id() for known in readings() if not known.of_population]
    overturned = set()
    for rival in rivals:
        read = chosen_readings([*others, rival])
        before, after = (draws.alone(people, 2019, replace(one, readings=read)) for one in (first, last))
        for one in found.statements:
            if not one.statement.holds(before, after, list(found.given))[0]:
                overturned.add(one.statement)
    assert set(found.overturned_together) == overturned
    assert overturned


def test_the_matrix_says_what_each_reading_overturns(found):
    table = sensitivity.paper(found).table("matrix")
    heads = [column.heading for column in table.columns]
    rows = {row[0]: dict(zip(heads[1:], row[1:], strict=True)) for row in table.rows}
    of_laksevaag = rows["Laksevåg går mest opp fra «Grunnregelverket»"]
    assert of_laksevaag["T-22: 27 minutter"] == "snur"
    assert of_laksevaag["T-22: Fanas besøk"] == ""
    assert set(rows["Laksevåg får mer enn etter «Grunnregelverket»"].values()) == {""}
    assert heads[-1] == "Alle på én gang"


def test_the_example_in_movement_has_room_for_its_visits_under_every_norm():
    for year in (2017, 2018):
        ask("bevegelse", 2, year=year)  # was refused: more hours a week than 168


def test_hours_that_can_not_be_in_some_draw_are_refused_with_the_number_and_what_to_do(tmp_path):
    file = tmp_path / "brukere.csv"
    file.write_text("enhet;vurdert_timer_per_uke;besoek_per_uke\nA;10;300\nB;20;30\n", encoding="utf-8")
    # 300 visits of 27 minutes are 135 hours a week, of 46.8 minutes, the end of the range, 234.
    own = ("sensitivity", "--data", str(file), "--frame", "1000000", "--samples", "4")
    refused = run(*own)
    assert refused.exit_code == 2
    assert "more hours a week than 168" in refused.stderr
    assert "where normtid.minutter_per_besoek" in refused.stderr
    assert "{" not in refused.stderr
    assert run(*own, "--set", "normtid.minutter_per_besoek=27@2017-01-01").exit_code == 0
