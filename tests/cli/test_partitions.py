"""``--data`` on a folder, and the questions that need one file."""

import json

import pytest

from tests.commands import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place, rows in {"A": "5\n" * 9, "B": "10\n" * 8}.items():
        (tmp_path / "data" / f"enhet={place}").mkdir(parents=True)
        (tmp_path / "data" / f"enhet={place}" / "del.csv").write_text(f"timer_per_uke\n{rows}", encoding="utf-8")
    one = "enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;10\n" * 8
    (tmp_path / "alt.csv").write_text(one, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("data", ["data", "data/*/*.csv", "data/**/*.csv"])
def test_compare_gives_what_one_file_gives(data):
    found, one = (run("compare", "--data", of, "--frame", "30000000", "--format", "json") for of in (data, "alt.csv"))
    assert found.exit_code == 0, found.stderr
    assert "2 files of users" in found.stderr
    found, one = (json.loads(result.stdout) for result in (found, one))
    assert found["record"]["result"] == one["record"]["result"]
    assert {key: found[key] for key in found if key != "record"} == {key: one[key] for key in one if key != "record"}


@pytest.mark.parametrize(
    "asked",
    [
        ("readings",),
        ("sensitivity", "--samples", "8"),
        ("solve", "--parameter", "reserve.andel", "--until", "enhet_samlet_tildeling[A] = 9000000"),
        ("fit", "--allocations", "tildelt.csv"),
    ],
)
def test_other_questions_answer_what_one_file_gives(asked, folder):
    (folder / "tildelt.csv").write_text("enhet;kroner\nA;14000000\nB;15000000\n", encoding="utf-8")
    found, one = (run(*asked, "--data", of, "--frame", "30000000", "--format", "json") for of in ("data", "alt.csv"))
    assert found.exit_code == 0, found.stderr
    found, one = ({**json.loads(result.stdout), "record": None} for result in (found, one))
    assert found == one


def test_a_run_is_verified_on_the_folder_and_not_on_another(folder):
    made = run("compare", "--data", "data", "--frame", "30000000", "--output", "ut.json")
    assert made.exit_code == 0, made.stderr
    assert run("verify", "ut.json", "--data", "data").exit_code == 0
    (folder / "data" / "enhet=A" / "del.csv").write_text("timer_per_uke\n" + "6\n" * 9, encoding="utf-8")
    assert run("verify", "ut.json", "--data", "data").exit_code != 0


@pytest.mark.parametrize(
    "asked",
    [
        ("explain", "enhet_samlet_tildeling", "--id", "A", "--data", "data"),
        ("incentives", "--data", "data"),
        ("check-data", "data"),
    ],
)
def test_questions_about_users_themselves_ask_for_one_file(asked):
    result = run(*asked, *([] if asked[0] == "check-data" else ["--frame", "30000000"]))
    assert result.exit_code == 2
    assert "Give one file" in result.stderr or "is a directory" in result.stderr


def test_a_pattern_of_nothing():
    result = run("compare", "--data", "data/*.parquet", "--frame", "30000000")
    assert (result.exit_code, "there are no files" in result.stderr) == (2, True)


def test_resume_gives_the_same_and_is_for_many_files(folder):
    asked = ("--frame", "30000000", "--format", "csv", "--resume", "ferdig")
    first, again = (run("compare", "--data", "data", *asked) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, again.stdout)
    assert len(list((folder / "ferdig").iterdir())) == 2
    run("compare", "--data", "data", *asked, "--regulation", "2019-06")
    assert len(list((folder / "ferdig").iterdir())) == 4  # another law
    assert "--resume is for users in many files" in run("compare", "--data", "alt.csv", *asked).stderr


def test_finished_files_are_not_kept_among_the_users(folder):
    for place in ("data", "data/ferdig"):
        refused = run("compare", "--data", "data", "--frame", "30000000", "--resume", place)
        assert refused.exit_code == 2
        assert "Give a folder elsewhere" in refused.stderr
    assert not [*(folder / "data").rglob("*.npz")]
