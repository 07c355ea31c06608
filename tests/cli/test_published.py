"""``bergen-hbt published``: the tables as published beside what the model computes."""

import pytest

from tests.commands import as_json, run


@pytest.fixture(scope="module")
def figures():
    return as_json("published")


def deviating(figures, table):
    return {(f["row"], f["year"]): f for f in figures if f["table"] == table and f["deviates"]}


def test_the_published_sums_that_are_not_the_sums_of_the_areas(figures):
    users = deviating(figures, "brukere")
    assert {key: f["published"] - f["computed"] for key, f in users.items()} == {("SUM", 2017): -1, ("SUM", 2018): 1}
    visits = deviating(figures, "besoek")
    assert {key: f["published"] - f["computed"] for key, f in visits.items()} == {
        ("SUM", 2017): 157_346,
        ("SUM", 2018): 154_458,
        ("SUM", 2019): 150_910,
    }
    assert deviating(figures, "vedtakstimer") == {}
    assert all("summen av områdene" in f["note"] for f in [*users.values(), *visits.values()])


def test_five_of_54_ratios_do_not_recompute(figures):
    ratios = [f for f in figures if f["table"].count("_per_") and f["row"] != "SUM"]
    assert len(ratios) == 54
    assert {(f["table"], f["row"], f["year"]) for f in ratios if f["deviates"]} == {
        ("besoek_per_bruker", "Arna Åsane", 2018),
        ("besoek_per_bruker", "Fana Ytrebygda", 2017),
        ("besoek_per_bruker", "Fyllingsdalen", 2018),
        ("besoek_per_bruker", "Årstad", 2018),
        ("besoek_per_bruker", "Årstad", 2019),
    }


def test_the_ratios_of_the_sum_row_use_the_published_sums(figures):
    sums = [f for f in figures if f["table"].count("_per_") and f["row"] == "SUM"]
    assert len(sums) == 9
    assert not any(f["deviates"] for f in sums)
    visits_2017 = next(f for f in sums if f["table"] == "besoek_per_bruker" and f["year"] == 2017)
    assert visits_2017["computed"] == pytest.approx(2_204_934 / 3_936)
    assert "520" in visits_2017["note"]  # 2 047 588 / 3 937


def test_medication_overspend_and_the_rest(figures):
    medication = [f for f in figures if f["table"] == "legemiddelhaandtering"]
    assert len(medication) == 7 * 3 + 3
    cost = deviating(figures, "legemiddelhaandtering")["Kostnad med legemiddelhåndtering", 2019]
    assert (cost["published"], cost["computed"]) == (24_000_000, 23_829_736)  # 3036 * 15.6 / 1590 * 800 000
    years = next(f for f in medication if f["row"] == "Årsverk til legemiddelhåndtering")
    assert years["computed"] == pytest.approx(29.787, abs=0.001)
    assert "29,79" in years["note"]
    overspend, share = [f for f in figures if f["table"] == "merforbruk"]
    assert (share["published"], round(share["computed"], 6)) == (0.05, 0.05)
    assert "ikke en prøve" in overspend["note"]
    covered = next(f for f in medication if f["row"] == "Andel av brukerne")
    assert (covered["published"], round(covered["computed"], 3)) == (0.75, 0.755)  # 3036 / 4019
    assert overspend["computed"] == pytest.approx(51_784_341, abs=50)
    assert not overspend["deviates"]
    (unused,) = [f for f in figures if f["table"] == "andre"]
    assert (unused["published"], unused["computed"]) == (34_500, None)
    assert len([f for f in figures if f["table"] == "kostra"]) == 7 * 6


def test_every_figure_says_where_it_stands(figures):
    assert all(f["source"] for f in figures)


def test_the_text_marks_and_explains(figures):
    text = run("published").text
    marked = [f for f in figures if f["deviates"]]
    assert f"{len(marked)} av {len(figures)} tall avviker" in text
    assert len(marked) == 2 + 3 + 5 + 2
    assert "Ingenting er rettet" in text
    assert "2 204 934" in text
    assert all(f["note"] for f in marked)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("html", b"<!doctype html>")])
def test_charts(tmp_path, ending, begins):
    target = tmp_path / f"x.{ending}"
    assert run("published", "--table", "timer_per_besoek", "--plot", str(target)).exit_code == 0
    content = target.read_bytes()
    assert content.startswith(begins)
    if ending != "png":
        text = content.decode()
        assert "Laksevåg fra 0,44 til 0,62" in text  # the text alternative
        assert 'lang="nb"' in text or 'role="img"' in text
        assert "<script" not in text
    assert run("published", "--table", "timer_per_besoek", "--plot", str(target)).exit_code == 2


def test_all_charts_have_a_text_alternative(tmp_path):
    target = tmp_path / "x.svg"
    assert run("published", "--plot", str(target)).exit_code == 0
    picture = target.read_text(encoding="utf-8")
    for words in ("Arna Åsane: 2017 223 355", "Bergen 2018: 73,5", "ASSS med Oslo: 20 597", "Årstad: 2017 0,41"):
        assert words in picture.replace("\N{NO-BREAK SPACE}", " "), words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--table", "besok"], "besoek"),
        (["--table", ""], "vedtakstimer"),
        (["--table", "andre", "--plot", "x.svg"], "nothing to draw"),
        (["--plot", "x.pdf"], ".svg"),
    ],
)
def test_a_wrong_choice_is_refused(arguments, message):
    result = run("published", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
