"""Every input error of the contract: raised with its reason, in Python and as a 400 of the web API."""

import json

import numpy
import pytest
from openfisca_core.errors import SituationParsingError
from openfisca_core.simulations import SimulationBuilder
from openfisca_web_api.app import create_app

from openfisca_bergen_hbt import regelverk

ASKED_FOR = {"law": "etat_samlet_tildeling", "foundation": "etat_vedtakstimer"}


def situation(**changed):
    """Return a situation that is right, with parts of it changed (None: left out)."""
    right = {
        "brukere": {"a": {"timer_per_uke": {"2019": 5}}, "b": {"timer_per_uke": {"2019": 6}}},
        "enheter": {"A": {"brukere": ["a"]}, "B": {"brukere": ["b"]}},
        "byomraader": {"O": {"brukere": ["a", "b"]}},
        "etater": {"T": {"brukere": ["a", "b"]}},
    }
    return {key: value for key, value in (right | changed).items() if value is not None}


def user(**inputs):
    return {"a": inputs, "b": {"timer_per_uke": {"2019": 6}}}


def unit(**inputs):
    return {"A": {"brukere": ["a"], **inputs}, "B": {"brukere": ["b"]}}


MOST = 2**53
TWO = {"T": {"brukere": ["a"]}, "U": {"brukere": ["b"]}}
WRONG = {
    "hours below 0": (situation(brukere=user(timer_per_uke={"2019": -0.01})), "from 0 to 168"),
    "hours above 168": (situation(brukere=user(timer_per_uke={"2019": 168.01})), "from 0 to 168"),
    "hours that are no number": (situation(brukere=user(timer_per_uke={"2019": float("nan")})), "from 0 to 168"),
    "endless hours": (situation(brukere=user(vurdert_timer_per_uke={"2019": float("inf")})), "from 0 to 168"),
    "visits below 0": (situation(brukere=user(besoek_per_uke={"2019": -1})), "from 0 to 10080"),
    "visits beyond reason": (situation(brukere=user(besoek_per_uke={"2019": 1e308})), "from 0 to 10080"),
    "a published figure beyond reason": (
        situation(byomraader={"O": {"brukere": ["a", "b"], "publiserte_vedtakstimer": {"2019": 1e308}}}),
        "from 0 to 9007199254740992",
    ),
    "minutes below 0": (situation(brukere=user(normtid_minutter_per_besoek={"2019-01": -1})), "from 0 to 10080"),
    "a year and a month": (
        situation(brukere=user(timer_per_uke={"2019": 5, "2019-03": 6})),
        "given both for 2019-03 and for 2019",
    ),
    "a year that begins in July": (
        situation(brukere=user(timer_per_uke={"year:2019-07": 5})),
        "timer_per_uke is given for year:2019-07 from 2019-07-01, which is no calendar year",
    ),
    "three months at once": (situation(brukere=user(timer_per_uke={"month:2019-01:3": 5})), "no calendar month"),
    "two years at once": (situation(brukere=user(timer_per_uke={"year:2019:2": 5})), "no calendar year"),
    "a frame of a year that begins in July": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"year:2019-07": 1000}}}),
        "etat_budsjettramme is given for year:2019-07 from 2019-07-01, which is no calendar year",
    ),
    "an answer of a year that begins in July": (
        situation(enheter=unit(enhet_tjenesteomraade={"year:2019-07": "ANDRE"})),
        "enhet_tjenesteomraade is given for year:2019-07 from 2019-07-01, which is no calendar year",
    ),
    "a result of a year that begins in July": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_disponibel_ramme": {"year:2019-07": 1000}}}),
        "etat_disponibel_ramme is given for year:2019-07 from 2019-07-01, which is no calendar year",
    ),
    "a frame beyond exact kroner": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": 1e17}}}),
        "whole kroner",
    ),
    "one user by year, another by months": (
        situation(brukere={"a": {"timer_per_uke": {"2019": 5}}, "b": {"timer_per_uke": {"2019-01": 5}}}),
        "given both for 2019-01 and for 2019",
    ),
    "negative driving time": (situation(enheter=unit(enhet_kjoeretid_per_uke={"2019": -1})), "from 0 to 1000000"),
    "minutes above a week's": (
        situation(brukere=user(normtid_minutter_per_besoek={"2019-01": 10081})),
        "from 0 to 10080",
    ),
    "driving beyond reason": (situation(enheter=unit(enhet_kjoeretid_per_uke={"2019": 1000001})), "from 0 to 1000000"),
    "a negative frame": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": -1}}}),
        "0 kroner or more",
    ),
    "extra money by year": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_tilleggsbevilgning": {"2019": 5}}}),
        "it is given by month",
    ),
    "director's kroner that are not whole": (
        situation(enheter=unit(enhet_etatsdirektoer_omfordeling={"2019": 0.5})),
        "whole kroner",
    ),
    "a frame that is not whole": (
        situation(etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": 100.5}}}),
        "whole kroner",
    ),
    "driving time in a unit without users": (
        situation(enheter={**unit(), "C": {"enhet_kjoeretid_per_uke": {"2019": 1}}}),
        "has no users",
    ),
    "director's money in a unit without users": (
        situation(enheter={**unit(), "C": {"enhet_etatsdirektoer_omfordeling": {"2019": -1}}}),
        "has no users",
    ),
    "no etater": (situation(etater=None), "'etater' is left out"),
    "no enheter": (situation(enheter=None), "'enheter' is left out"),
    "a user in no unit": (situation(enheter={"A": {"brukere": ["a"]}}), "'b', are listed in none of the 'enheter'"),
    "a user in no etat": (situation(etater={"T": {"brukere": ["a"]}}), "'b', are listed in none of the 'etater'"),
    "no user in any unit": (situation(enheter={"A": {}}), "are listed in none of the 'enheter'"),
    "a user in no area": (
        situation(byomraader={"O": {"brukere": ["b"]}}),
        "'a', are listed in none of the 'byomraader'",
    ),
    "a unit in two etater": (
        situation(
            enheter={"A": {"brukere": ["a", "b"]}},
            etater={key: {**etat, "etat_budsjettramme": {"2019": 1000}} for key, etat in TWO.items()},
        ),
        "lie in more than one agency: T and U",
    ),
    "a unit in two areas": (
        situation(
            enheter={"A": {"brukere": ["a", "b"]}}, byomraader={"O": {"brukere": ["a"]}, "P": {"brukere": ["b"]}}
        ),
        "lie in more than one area: O and P",
    ),
}
#: Errors about the frame are raised where the frame is asked for.
WRONG_FRAME = {
    "two etater with the default frame": (situation(etater=TWO), "2 agencies give no frame"),
    "an etat without a frame beside one that has one": (
        situation(etater={**TWO, "V": {"etat_budsjettramme": {"2019": 1000}}}),
        "etat_budsjettramme of 'T' in 2019: it is given for other agencies",
    ),
    "a frame that is too large together with the grant": (
        situation(
            etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": MOST - 13_999_999}}}  # + 14 000 000
        ),
        "makes a frame that is not from 0 to 9007199254740992 kroner",
    ),
    "a grant that is a cut of more than the frame": (
        situation(
            etater={
                "T": {
                    "brukere": ["a", "b"],
                    "etat_budsjettramme": {"2019": 5},
                    "etat_tillitsreform_styrking": {"2019": -6},
                }
            }
        ),
        "makes a frame that is not from 0 to 9007199254740992 kroner",
    ),
}


def reason(error):
    while isinstance(error, dict):
        (error,) = error.values()
    return error


@pytest.mark.parametrize("regulation", ASKED_FOR)
@pytest.mark.parametrize("case", WRONG)
def test_refused_in_python(request, regulation, case):
    content, message = WRONG[case]
    with pytest.raises(SituationParsingError) as caught:
        SimulationBuilder().build_from_entities(request.getfixturevalue(regulation), content).calculate(
            ASKED_FOR[regulation], "2019"
        )
    assert message in reason(caught.value.error)


@pytest.mark.parametrize("case", WRONG_FRAME)
def test_the_default_frame_is_used_once(law, case):
    content, message = WRONG_FRAME[case]
    with pytest.raises(SituationParsingError) as caught:
        SimulationBuilder().build_from_entities(law, content).calculate("etat_disponibel_ramme", "2019")
    assert message in reason(caught.value.error)


def test_hours_that_visits_and_minutes_make_are_bounded_too(foundation):
    users = user(besoek_per_uke={"2019": 100}, normtid_minutter_per_besoek={"2019": 101})  # 168.3 hours
    users["b"] = {"besoek_per_uke": {"2019": 1}}
    with pytest.raises(SituationParsingError, match="make more hours a week than 168"):
        SimulationBuilder().build_from_entities(foundation, situation(brukere=users)).calculate(
            "etat_vedtakstimer", "2019"
        )


def test_the_frame_with_the_money_of_the_year_is_counted_one_by_one(law):
    etat = {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": MOST - 14_000_000}}  # with the grant, MOST
    content = situation(etater={"T": etat})
    assert SimulationBuilder().build_from_entities(law, content).calculate("etat_ramme_i_alt", "2019") == [MOST]
    content = situation(etater={"T": {**etat, "etat_tilleggsbevilgning": {"2019-03": 2}}})
    with pytest.raises(SituationParsingError, match="not from 0 to 9007199254740992 kroner"):
        SimulationBuilder().build_from_entities(law, content).calculate("etat_igjen_sentralt", "2019")


@pytest.fixture(scope="module")
def client(law):
    return create_app(law).test_client()


@pytest.mark.parametrize("case", [*WRONG, *WRONG_FRAME])
def test_the_api_answers_400_with_the_reason(client, case):
    content, message = (WRONG | WRONG_FRAME)[case]
    asked = json.loads(json.dumps(content))
    group = next(group for group in ("etater", "enheter") if group in asked)
    variable = {"etater": "etat_samlet_tildeling", "enheter": "enhet_samlet_tildeling"}[group]
    asked[group][next(iter(asked[group]))][variable] = {"2019": None}
    answer = client.post("/calculate", json=asked)
    assert answer.status_code == 400
    assert message in reason(answer.json)


def test_the_situation_that_the_errors_are_made_from_is_right(client):
    asked = situation()
    asked["etater"]["T"]["etat_samlet_tildeling"] = {"2019": None}
    answer = client.post("/calculate", json=asked)
    assert answer.status_code == 200
    # 1 035 686 820 less 2 % is 1 014 973 084, half to each (category 2 both); and B, with 6 of 11 hours, is compensated
    # for 0.95 * 1 014 973 084 * 6 / 11 - 507 486 542 = 18 454 055.9
    assert answer.json["etater"]["T"]["etat_samlet_tildeling"]["2019"] == 1_014_973_084 + 18_454_056


def test_variables_alone_leave_the_etater_out(law):
    simulation = SimulationBuilder().build_from_dict(law, {"timer_per_uke": {"2019": [5, 6]}})
    with pytest.raises(SituationParsingError, match="is left out"):
        simulation.calculate("etat_vedtakstimer", "2019")


def test_names_that_look_like_numbers_stay_names(client):
    asked = situation(brukere={"7": {"timer_per_uke": {"2019": 200}}}, enheter={"1": {"brukere": ["7"]}})
    asked |= {"byomraader": {"2": {"brukere": ["7"]}}, "etater": {"3": {"brukere": ["7"]}}}
    asked["etater"]["3"]["etat_samlet_tildeling"] = {"2019": None}
    answer = client.post("/calculate", json=asked)
    assert list(answer.json["brukere"]) == ["7"]
    assert list(answer.json["brukere"]["7"]["timer_per_uke"]) == ["2019"]


def test_a_user_unit_and_etat_of_the_same_name_are_no_error():
    same = {"1": {"brukere": ["1"]}}
    content = {"brukere": {"1": {"timer_per_uke": {"2019": 5}}}, "enheter": same, "byomraader": same, "etater": same}
    simulation = SimulationBuilder().build_from_entities(regelverk(), content)
    assert simulation.calculate("enhet_vedtakstimer", "2019").tolist() == [260]  # 5 * 52


def test_areas_may_be_left_out(law):
    simulation = SimulationBuilder().build_from_entities(
        law, situation(byomraader=None, enheter={"A": {"brukere": ["a", "b"]}})
    )
    assert simulation.calculate("enhet_vedtakstimer", "2019").tolist() == [572]  # 11 * 52


def test_the_callers_array_is_not_the_simulations(law):
    simulation = SimulationBuilder().build_from_entities(law, situation())
    hours = numpy.array([7.0, 8.0])
    simulation.set_input("vurdert_timer_per_uke", "2019", hours)
    hours[:] = 99
    assert simulation.calculate("vurdert_timer_per_uke", "2019-05").tolist() == [7, 8]


@pytest.mark.parametrize("variable", ["timer_per_uke", "vurdert_timer_per_uke", "loepende_kategori"])
@pytest.mark.parametrize("period", ["month:2019-03-12", "month:2019-03:2"])
def test_a_month_that_is_none_of_the_calendar_is_refused(law, variable, period):
    simulation = SimulationBuilder().build_from_entities(law, situation(brukere={"a": {}, "b": {}}))
    with pytest.raises(SituationParsingError, match="is no calendar month"):
        simulation.set_input(variable, period, numpy.array([1, 1]))


def calculated(law, content, variable="enhet_samlet_tildeling"):
    return SimulationBuilder().build_from_entities(law, content).calculate(variable, "2019")


HOURS = {name: {"vurdert_timer_per_uke": {"2019": 10}} for name in "ab"}
SUMMED = {
    "hours of another year": (
        situation(brukere={name: {"vurdert_timer_per_uke": {"2018": 10}} for name in "ab"}),
        "No user has vurdert_timer_per_uke for 2019-01",
    ),
    "visits where assessed hours are read": (
        situation(brukere={name: {"besoek_per_uke": {"2019": 10}} for name in "ab"}),
        "No user has vurdert_timer_per_uke for 2019-01",
    ),
    "a month without hours": (
        situation(
            brukere={name: {"vurdert_timer_per_uke": {f"2019-{m:02}": 10 for m in range(1, 6)}} for name in "ab"}
        ),
        "No user has vurdert_timer_per_uke for 2019-06",
    ),
    "a frame of another year": (
        situation(brukere=HOURS, etater={"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2018": 1000}}}),
        "etat_budsjettramme is given for 2018, and 2019 is asked for",
    ),
    "a grant of another year": (
        situation(brukere=HOURS, etater={"T": {"brukere": ["a", "b"], "etat_tillitsreform_styrking": {"2018": 1000}}}),
        "etat_tillitsreform_styrking is given for 2018, and 2019 is asked for",
    ),
    "two etater without a grant": (
        situation(
            brukere=HOURS,
            etater={key: {**etat, "etat_budsjettramme": {"2019": 1000}} for key, etat in TWO.items()},
        ),
        "The reform's 14000000 kroner went to one agency, and there are 2",
    ),
}


@pytest.mark.parametrize("case", SUMMED)
def test_refused_where_it_is_summed(law, case):
    content, message = SUMMED[case]
    with pytest.raises(SituationParsingError) as caught:
        calculated(law, content)
    assert message in reason(caught.value.error)


OF_UNITS = {
    "driving time of other services": (
        {"enhet_tjenesteomraade": {"2019": "ANDRE"}, "enhet_kjoeretid_per_uke": {"2019": 5}},
        "enhet_kjoeretid_per_uke of 'B' in 2019: the unit is of other services",
    ),
    "money carried over by other services": (
        {"enhet_tjenesteomraade": {"2019": "ANDRE"}, "enhet_overfoert_fra_i_fjor": {"2019": 5}},
        "enhet_overfoert_fra_i_fjor of 'B' in 2019: the unit is of other services",
    ),
    "the director takes more than there is": (
        {"enhet_etatsdirektoer_omfordeling": {"2019": -2_000_000_000}},
        "enhet_etatsdirektoer_omfordeling of 'B' in 2019: it takes more from the unit",
    ),
    "more is owed from last year than there is": (
        {"enhet_overfoert_fra_i_fjor": {"2019": -2_000_000_000}},
        "enhet_overfoert_fra_i_fjor of 'B' in 2019: it takes more from the unit",
    ),
}


@pytest.mark.parametrize("case", OF_UNITS)
def test_what_a_unit_can_t_have(law, case):
    given, message = OF_UNITS[case]
    content = situation(brukere=HOURS, enheter={"A": {"brukere": ["a"]}, "B": {"brukere": ["b"], **given}})
    with pytest.raises(SituationParsingError) as caught:
        calculated(law, content)
    assert message in reason(caught.value.error)


def test_a_wish_for_0_is_said_with_a_0(law):
    content = situation(brukere={name: {"vurdert_timer_per_uke": {"2019": 0}} for name in "ab"})
    assert not calculated(law, content).any()
