"""Users who move between units within a year, and extracts held against what the source system counts."""

import pytest

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.intake.beside.control import HOURS
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.simulate import simulate
from tests.intake.files import read_population

MONTHS = [f"2019-{month:02}" for month in range(1, 13)]


def read(tmp_path, rows, control=None):
    (tmp_path / "b.csv").write_text("\n".join(rows), encoding="utf-8")
    if control is not None:
        (tmp_path / "k.csv").write_text(control, encoding="utf-8")
    held = None if control is None else tmp_path / "k.csv"
    return read_population(Files(tmp_path / "b.csv", frame=1_000_000, control=held), 2019)


def test_who_moves_is_a_user_of_each_unit_in_its_months(tmp_path):
    rows = ["bruker;maaned;enhet;timer_per_uke"]
    rows += [f"flytter;{month};{'A' if month < '2019-04' else 'B'};20" for month in MONTHS]
    rows += [f"blir;{month};B;10" for month in MONTHS]
    found = read(tmp_path, rows)
    assert [note for note in found.notes if "several units" in note] == [
        (
            "b.csv: 1 users are in several units during 2019: each is read as a user of each unit in its months, and "
            "counted where they are in January"
        )
    ]
    results = simulate(found.population, CountryTaxBenefitSystem(), 2019)
    # three months of 20 hours in A; nine of 20 and twelve of 10 in B; a month is 52/12 weeks
    assert results.value("enhet_vedtakstimer").tolist() == pytest.approx([260, 780 + 520])
    assert results.value("enhet_antall_brukere").tolist() == [1, 1]
    assert results.by_month("enhet_kategoripoeng")[[0, 3]].tolist() == [[22.5 * 0 + 22.5, 11.25], [0, 33.75]]


def test_a_unit_without_rows_in_some_months_is_said(tmp_path):
    """As an extract in which one unit's March is missing: the others make up the month, and money would move."""
    rows = ["bruker;maaned;enhet;timer_per_uke", *(f"a;{month};A;20" for month in MONTHS)]
    whole = read(tmp_path, [*rows, *(f"b;{month};B;20" for month in MONTHS)])
    assert [note for note in whole.notes if "no rows" in note] == []
    cut = read(tmp_path, [*rows, *(f"b;{month};B;20" for month in MONTHS if month not in {"2019-03", "2019-12"})])
    assert [note for note in cut.notes if "no rows" in note] == [
        "b.csv: no rows for B (2019-03, 2019-12): an extract cut short would look like this, too, and moves money"
    ]


ROWS = [
    "bruker;maaned;enhet;vurdert_timer_per_uke",
    *(f"{user};{month};{user[0]};7,5" for month in MONTHS for user in ("A1", "A2", "B1")),
]


def control(hours="15"):
    return "enhet;maaned;brukere;timer\n" + "".join(
        f"A;{month};2;{hours if month == '2019-05' else 15}\nB;{month};1;7,5\n" for month in MONTHS
    )


def test_an_extract_that_agrees_with_its_control_is_read(tmp_path):
    assert read(tmp_path, ROWS, control()).population.unit_names == ["A", "B"]


@pytest.mark.parametrize(
    ("rows", "held", "message"),
    [
        (ROWS, control("16"), "A, 2019-05: brukere 2, control 2; timer 15, control 16."),
        ([row for row in ROWS if row != "A2;2019-07;A;7,5"], control(), "A, 2019-07: brukere 1, control 2;"),
        (ROWS, control() + "C;2019-01;1;5\n", "C, 2019-01: brukere 0, control 1; timer 0, control 5."),
        (ROWS, "enhet;brukere\nA;2\nB;1\n", "count by month here, too"),
        (ROWS, "enhet;maaned\nA;2019-01\n", "none of the columns brukere, timer"),
        (["enhet;besoek_per_uke", "A;1"], "enhet;timer\nA;1\n", f"none of {', '.join(HOURS)}"),
    ],
)
def test_an_extract_cut_short_is_refused(tmp_path, rows, held, message):
    with pytest.raises(DataError) as error:
        read(tmp_path, rows, held)
    assert message in str(error.value)
