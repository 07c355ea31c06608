"""What is asked of the law alone, or sought in it, is recorded, too, and made again."""

import json
from datetime import date, timedelta

import pytest

from openfisca_bergen_hbt.analysis import show
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
