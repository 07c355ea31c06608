"""Users in pandas frames, through openfisca-survey-manager, the analysts' own tool: the kroner of the law in force.

It needs an older core than we run on, and so an environment of its own: the gate makes one, with the lowest core that
we take, and runs this there.
"""

import warnings

import pytest

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # it warns of its own modules
    reason = "the gate runs this in an environment with openfisca-survey-manager"
    scenarios = pytest.importorskip("openfisca_survey_manager.policy.scenarios.abstract_scenario", reason=reason)
pandas = pytest.importorskip("pandas")

# The users of tests/variables/kategoritildeling.yaml, and an agency with one unit and one user.
USERS = pandas.DataFrame(
    {
        "vurdert_timer_per_uke": [1.0, 5.0, 10.0, 20.0, 40.0, 100.0, 5.0],
        "enhet_id": [0, 0, 1, 1, 1, 2, 3],
        "byomraade_id": [0, 0, 0, 0, 0, 0, 1],
        "etat_id": [0, 0, 0, 0, 0, 0, 1],
        "enhet_role_index": 0,
        "byomraade_role_index": 0,
        "etat_role_index": 0,
    }
)
AGENCIES = pandas.DataFrame({"etat_disponibel_ramme": [1_000_000.0, 1_035_686_821.0]})


@pytest.fixture
def scenario(law):
    made = scenarios.AbstractSurveyScenario()
    made.period = 2019
    made.used_as_input_variables = ["vurdert_timer_per_uke", "etat_disponibel_ramme"]
    made.set_tax_benefit_systems({"law": law})
    frames = {"bruker": USERS, "etat": AGENCIES}
    made.init_from_data(data={"input_data_frame_by_entity": frames, "data_year": 2019})
    return made


@pytest.mark.parametrize(
    ("variable", "period", "expected"),
    [
        # 1000000 - 2 %, and 1035686821 - 20713736 (2 % is 20713736.42)
        ("etat_ramme_til_fordeling", "2019", [980_000, 1_014_973_085]),
        ("etat_kategoripott", "2019", [423_182, 1_014_973_085]),  # 980000 * (1 - 100 / 176); nobody over 80 hours
        # 423182 * 5.25 / 94 = 23635.165 and 423182 * 88.75 / 94 = 399546.835: the krone left goes to the second
        ("enhet_kategoritildeling", "2019", [23_635, 399_547, 0, 1_014_973_085]),
        ("enhet_tildeling_over_80", "2019-01", [0, 0, 46_402, 0]),  # 980000 * 100 / 176 / 12 = 46401.5
        # + 8104 from the reserve: 95 % of 423182 * 6 / 76, less 23635; 11 * 46402 + 46396
        ("enhet_samlet_tildeling", "2019", [31_739, 399_547, 556_818, 1_014_973_085]),
    ],
)
def test_pandas_frames_give_the_kroner_worked_out_by_hand(scenario, variable, period, expected):
    assert scenario.calculate_series(variable, period).tolist() == expected


def test_sums_and_frames_come_out(scenario):
    given = scenario.compute_aggregate("enhet_samlet_tildeling", period=2019, weighted=False)
    assert given == 31_739 + 399_547 + 556_818 + 1_014_973_085
    frames = scenario.create_data_frame_by_entity(["timer_per_uke", "enhet_samlet_tildeling"], period="2019")
    assert frames["enhet"]["enhet_samlet_tildeling"].tolist() == [31_739, 399_547, 556_818, 1_014_973_085]
