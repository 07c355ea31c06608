"""The record of a run: the same hashes for the same content, and what differs said by name and amount."""

import copy
import re
from dataclasses import replace

import msgspec
import numpy
import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.compare import QUESTION
from openfisca_bergen_hbt.analysis.comparison import FigureBlock
from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.versions import versions, with_proposals
from openfisca_bergen_hbt.population.embedded import moving, published
from openfisca_bergen_hbt.provenance import hashes, record
from openfisca_bergen_hbt.verify import rerun
from tests.intake.files import read_population

ROWS = ["Årstad;7,5", "Arna;0", "Arna;12,25", "Nord;90", "Nord;3,3", "Nord;3,3"]


def population(tmp_path, text):
    path = tmp_path / "brukere.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_population(Files(path, frame=30_000_000), 2019).population


@pytest.fixture
def people(tmp_path):
    return population(tmp_path, "\n".join(["enhet;timer_per_uke", *ROWS]))


def recorded(population, *regulations, proposals=()):
    """Return the record of a comparison; sums of few users are not held back in it."""
    request = Request(
        suppression=False,
        question="compare",
        regulations=regulations or ("2019-06",),
        proposals=tuple(proposals),
        population=None if population.personal else "bevegelse",
    )
    asked = prepare(QUESTION, request, lambda _year: population)
    return record.record(asked, QUESTION.run(asked))


def test_recording_twice_gives_the_same(people):
    assert recorded(people) == recorded(people)


def test_formatting_and_the_order_of_rows_change_nothing(people, tmp_path):
    one = recorded(people)
    for text in (
        "\n".join(["enhet;timer_per_uke", *reversed(ROWS)]),
        "\r\n".join(["Timer per uke;ENHET", *(";".join(row.split(";")[::-1]) for row in ROWS[3:] + ROWS[:3])]).encode(
            "cp1252"
        ),
        "\n".join(
            [
                "bruker,enhet,timer_per_uke",
                *(
                    f"x{n}, {r.replace(',', '.').replace(';', ',')}0"
                    if "." in r.replace(",", ".")
                    else f"x{n},{r.replace(';', ',')}"
                    for n, r in enumerate(ROWS)
                ),
            ]
        ),
    ):
        other = recorded(population(tmp_path, text))
        assert other["inputs"] == one["inputs"]
        assert other["result"] == one["result"]


def test_another_hour_a_user_more_or_another_unit_change_the_inputs(people, tmp_path):
    hashes_of = {hashes.population(people)["users"]}
    for rows in ([*ROWS[:-1], "Nord;3,4"], [*ROWS, "Nord;0"], [*ROWS[:-1], "Sør;3,3"]):
        hashes_of.add(hashes.population(population(tmp_path, "\n".join(["enhet;timer_per_uke", *rows])))["users"])
    assert len(hashes_of) == 4


def test_minus_zero_is_zero():
    one, other = (replace(published(2019), agencies={"x": numpy.array([zero])}) for zero in (0.0, -0.0))
    assert hashes.population(one) == hashes.population(other)


def test_names_of_users_and_files_are_not_in_a_record(people):
    text = record.as_text(recorded(people))
    assert "brukere" not in text
    assert "Arna" in text  # what a unit is given is


def test_results_are_hashed_as_they_are_shown():
    def hashed(*values, whole=False, hidden=None):
        mask = None if hidden is None else numpy.array(hidden)
        return hashes.results([FigureBlock("r", "enhet", "v", "2019", ["A", "B"], numpy.array(values), whole, mask)])

    assert hashed(1 / 3, 0.0) == hashed(1 / 3 + 1e-15, -0.0)
    assert hashed(1 / 3, 0.0) != hashed(0.333333334, 0.0)
    assert hashed(1_035_686_820, 1, whole=True) != hashed(1_035_686_821, 1, whole=True)
    # what is held back can't be guessed from the hash: it is the same for every number
    assert hashed(3, 9, whole=True, hidden=[True, False]) == hashed(4, 9, whole=True, hidden=[True, False])
    assert hashed(3, 9, whole=True, hidden=[True, False]) != hashed(3, 9, whole=True)


@pytest.mark.parametrize(
    ("number", "digits", "power"),
    [
        (0.0, 0, 0),
        (0.5, 500_000_000, -1),
        (-1.0, -100_000_000, 0),
        (1000.0, 100_000_000, 3),
        (999.999999999, 100_000_000, 3),
        (123456789.4, 123_456_789, 8),
        (1e-7, 100_000_000, -7),
    ],
)
def test_nine_digits(number, digits, power):
    found = hashes.nine_digits(numpy.array([number]))
    assert [part.item() for part in found] == [digits, power]


def test_the_law_is_hashed_by_content(monkeypatch):
    hashes.parameters.cache_clear()
    before = hashes.parameters()
    read = hashes.source
    reserve = folder("parameters") / "reserve" / "andel.yaml"
    monkeypatch.setattr(
        hashes, "source", lambda path: f"# a comment\n{read(path)}\n" if path == reserve else read(path)
    )
    hashes.parameters.cache_clear()
    assert hashes.parameters() == before  # a comment is not the law
    monkeypatch.setattr(
        hashes, "source", lambda path: read(path).replace("0.02", "0.03") if path == reserve else read(path)
    )
    hashes.parameters.cache_clear()
    assert hashes.parameters() != before
    hashes.parameters.cache_clear()


def test_a_regulation_s_hash_tells_its_decisions_and_numbers(foundation):
    (in_force,) = versions(["vedtak_2021_06_statusrapport"])
    (without,) = versions(["vedtak_2021_06_statusrapport"], ["vedtak_2018_01_kategorimodell"])
    proposal = from_settings(["reserve.andel=0.03@2019-01-01"], foundation, None)
    found = set()
    for version in (in_force, without, *with_proposals(in_force, [proposal])):
        found.add(record.regulation(version).hash)
    assert len(found) == 3


def test_what_differs_is_said_with_the_amount(people):
    before = recorded(people)
    assert rerun.differences(before, copy.deepcopy(before)) == []
    after = copy.deepcopy(before)
    after["inputs"]["hashes"]["units"] = "other"
    after["law"]["parameters"] = "other"
    after["law"]["decisions"]["vedtak_2030_01_nytt"] = "new"
    after["software"]["numpy"] = "9.9"
    after["result"]["hash"] = "other"
    after["result"]["kroner"]["2019-06"]["Arna"]["enhet_samlet_tildeling"] += 1_234
    after["result"]["kroner"]["2019-06"]["Nord"]["enhet_samlet_tildeling"] -= 5
    found = [(difference.kind, difference.text) for difference in rerun.differences(before, after)]
    assert [kind for kind, _ in found] == ["input", "law", "law", "software", "result", "result"]
    assert found[0][1] == "the units are other than recorded"
    assert "vedtak_2030_01_nytt" in found[2][1]
    assert f"numpy {numpy.__version__} then, 9.9 now" in found[3][1]
    assert found[4][1].startswith("2019-06, Arna, enhet_samlet_tildeling: ")
    assert found[4][1].endswith("(+1 234)")
    assert found[5][1].endswith("(-5)")


def test_a_record_is_made_again_from_what_it_says(foundation, tmp_path):
    proposal = from_settings(["reserve.andel=0.03"], foundation, __import__("datetime").date(2019, 1, 1))
    one = recorded(moving(2019), "grunnregelverk", "2019-06", "vedtak_2020_12_vurderingsteam", proposals=[proposal])
    (tmp_path / "r.json").write_text(record.as_text(one), encoding="utf-8")
    held = rerun.record_in(tmp_path / "r.json")
    again = rerun.ask_again(held, tmp_path / "r.json", None, lambda _: lambda: None).record
    assert again["regulations"] == one["regulations"]
    assert again["result"] == one["result"]


def test_a_record_of_a_decision_that_there_is_not_can_t_be_made_again(people):
    one = record.as_record(recorded(people))
    one.regulations[0].decisions.append("vedtak_2030_01_nytt")
    with pytest.raises(rerun.RecordError, match="no decision or reading 'vedtak_2030_01_nytt'"):
        rerun.recorded_versions(one.regulations)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda r: r["regulations"][0].pop("decisions"), "regulations"),
        (lambda r: r["regulations"][0]["proposals"].append({}), "regulations[0].proposals[0]"),
        (lambda r: r["request"].pop("question"), "request"),
        (lambda r: r["request"].update(aar=2019), "request"),
    ],
)
def test_a_record_of_another_form_is_refused_with_the_way_to_the_fault(change, path, people):
    one = recorded(people)
    change(one)
    with pytest.raises(msgspec.ValidationError, match=re.escape(f"$.{path}")):
        record.as_record(one)
