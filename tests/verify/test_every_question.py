"""What is asked of the law alone, or sought in it, is recorded, too, and made again."""

import json
from datetime import date, timedelta

import pytest

from openfisca_bergen_hbt.analysis import show
from tests.audit.faulty import UNITS
from tests.commands import run

SOLVE = ["solve", "--parameter", "reserve.andel", "--until", "enhet_samlet_tildeling[Bergenhus] = 163000000"]
ASKED = {
    "show": ["show", "2019-06-01", "reserve.andel"],
    "diff": ["diff", "2017-12", "2018-01"],
    "solve": SOLVE,
    "causes": ["causes"],
}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("form", ["text", "json"])
def test_it_is_made_again(name, form, folder):
    assert run(*ASKED[name], "--format", form, "--output", "ut.json" if form == "json" else "ut.txt").exit_code == 0
    file = folder / ("ut.json" if form == "json" else "ut.txt")
    assert run("verify", file.name).exit_code == 0
    text = file.read_text(encoding="utf-8")
    place = text.index("201")  # a year, a day or an amount of it
    file.write_text(text[:place] + "209" + text[place + 3 :], encoding="utf-8")
    assert run("verify", file.name).exit_code != 0


def test_the_day_of_what_is_shown_today_is_recorded(folder, monkeypatch):
    assert run("show", "reserve.andel", "--format", "json", "--output", "ut.json").exit_code == 0
    recorded = json.loads((folder / "ut.json").read_text(encoding="utf-8"))["record"]
    today = date.fromisoformat(recorded["date"])
    assert recorded["request"]["options"]["what"] == [today.isoformat(), "reserve.andel"]

    class Tomorrow(show.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(days=1)

    monkeypatch.setattr(show, "datetime", Tomorrow)
    assert run("verify", "ut.json").exit_code == 0


def test_nobody_s_files_are_named_where_none_were_read(folder):
    assert run("causes", "--output", "ut.html").exit_code == 0
    assert "egne filer" not in (folder / "ut.html").read_text(encoding="utf-8")


FLOW = "kategori_3→kategori_4 +10%"
#: A question in each form that carries its record, or that has one beside it.
SPOKEN = [
    (["compare", "--year", "2018"], "xlsx"),
    (["compare", "--example", "bevegelse"], "csv"),
    (SOLVE, "txt"),
    (["causes"], "html"),
    (["flows", "--example", "bevegelse"], "xlsx"),
    (["forecast", "--example", "bevegelse", "--months", "5", "--samples", "20", "--flow", FLOW], "json"),
    (["readings"], "txt"),
    (["sensitivity", "--samples", "10"], "json"),
]


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("asked", "ending"), SPOKEN, ids=lambda one: one[0] if isinstance(one, list) else one)
def test_it_is_made_again_in_its_own_language(asked, ending, language, folder):
    file = folder / f"ut.{ending}"
    done = run("--lang", language, *asked, "--output", file.name)
    assert done.exit_code == 0, done.output
    other = "en" if language == "nb" else "nb"
    result = run("verify", file.name, "--lang", other)
    assert result.exit_code == 0, result.output


def test_a_working_paper_is_made_again_in_its_own_language(folder):
    (folder / "t.yaml").write_text(UNITS, encoding="utf-8")
    said = {}
    for language, other in (("nb", "en"), ("en", "nb")):
        assert run("audit", "t.yaml", "--lang", language, "--output", f"{language}.md").exit_code == 0
        said[language] = (folder / f"{language}.md").read_text(encoding="utf-8")
        assert run("verify", f"{language}.md", "--lang", other).exit_code == 0
    assert "Konklusjon" in said["nb"]
    assert "Conclusion" in said["en"]
    assert "Konklusjon" not in said["en"]
