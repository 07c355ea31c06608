"""A faulty parameter file is refused, with file, line and reason; most of these core loads without a word."""

from datetime import UTC, datetime
from shutil import copytree, rmtree

import pytest

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.audit.discovery import NoFilesError
from openfisca_bergen_hbt.audit.parameter_files import check
from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.rules.derived import first_value
from tests.commands import run

RIGHT = """\
description: En andel
metadata:
  unit: andel
  basis: assumption
  interpretation: T-5
  decision: vedtak_2018_01_kategorimodell
  range: [0.0, 0.05]
  range_reason: Størrelsen står ikke i kildene.
  reference:
    - title: Tillits- og faglighetsreformen i hjemmetjenestene, vedtak 2017-2021 og den nye fordelingsmodellen
      place: avsnittet «Den nye fordelingsmodellen»
values:
  2018-01-01:
    value: 0.02
"""
TITLE = "title: Tillits- og faglighetsreformen i hjemmetjenestene, vedtak 2017-2021 og den nye fordelingsmodellen"
REFERENCE = RIGHT[RIGHT.index("  reference:") : RIGHT.index("values:")]


def instead(text, other):
    assert text in RIGHT, text
    return RIGHT.replace(text, other)


def of_unit(unit, value):
    return (
        RIGHT.replace("unit: andel", f"unit: {unit}")
        .replace("  range: [0.0, 0.05]\n  range_reason: Størrelsen står ikke i kildene.\n", "")
        .replace("basis: assumption", "basis: adopted")
        .replace("0.02", value)
    )


FAULTY = {
    # what could surprise, or is no YAML
    "a tag": (instead("0.02", "!!float 0.02"), "x.yaml:14:12: the tag 'tag:yaml.org,2002:float' is not allowed"),
    "code": (instead("0.02", "!!python/object/apply:os.system ['true']"), "14:12: the tag", "is not allowed"),
    "the values twice": (RIGHT + "values:\n  2018-01-01: {value: 0.03}\n", "15:1: the key 'values' stands twice"),
    "a date twice": (RIGHT + "  2018-01-01:\n    value: 0.03\n", "15:3: the key '2018-01-01' stands twice"),
    "the unit twice": (instead("  unit: andel", "  unit: andel\n  unit: kr"), "4:3: the key 'unit' stands twice"),
    "a merge that is overridden": (
        instead("  unit: andel", "  <<: {unit: kr}\n  unit: andel"),
        "3:3: '<<' brings the key 'unit' a second time",
    ),
    "an alias that contains itself": (instead("[0.0, 0.05]", "&x [*x]"), "7:14: the alias '*x' contains itself"),
    "a second document": (RIGHT + "---\n" + RIGHT, "15:1: a second document begins here"),
    "a tab": (instead("  unit", "\tunit"), "3:1: this is no YAML"),
    "an empty file": ("", "the file is empty. A parameter has the keys description"),
    "comments only": ("# senere\n", "the file is empty"),
    "a list": ("- 0.02\n", "1:1: a parameter is written as keys and values"),
    "a number": ("0.02\n", "1:1: a parameter is written as keys and values"),
    # numbers that are none, or others than they look
    "a number in quotes": (
        instead("0.02", '"0.02"'),
        "14:12: the value is a number, and not the quoted text '0.02'. Write 0.02.",
    ),
    "a decimal comma": (instead("0.02", "0,02"), "14:12: the value is a number, and not the text '0,02'. Write 0.02."),
    "thousands with a space": (
        instead("0.02", "12 000"),
        "the value is a number, and not the text '12 000'. Write 12000.",
    ),
    "per cent": (instead("0.02", "5%"), "the value is a number, and not the text '5%'. Write 0.05."),
    "per cent with a space": (instead("0.02", "2,5 %"), "and not the text '2,5 %'. Write 0.025."),
    "kroner": (instead("0.02", "12 kr"), "the value is a number, and not the text '12 kr'. Write digits"),
    "no number": (instead("0.02", ".nan"), "14:12: '.nan' looks like one thing"),
    "infinity": (instead("0.02", ".inf"), "14:12: '.inf' looks like one thing"),
    "octal": (instead("0.02", "010"), "14:12: '010' looks like one thing and YAML 1.1 reads it as a whole number"),
    "hexadecimal": (instead("0.02", "0x1F"), "'0x1F' looks like one thing"),
    "a time": (instead("0.02", "1:30"), "'1:30' looks like one thing"),
    "underscores": (instead("0.02", "1_000"), "'1_000' looks like one thing", "Write 1000."),
    "an exponent": (instead("0.02", "2e-2"), "the value is a number, and not the text '2e-2'"),
    "a plus": (instead("0.02", "+1"), "'+1' looks like one thing"),
    "nothing before the point": (instead("0.02", ".02"), "'.02' looks like one thing"),
    "yes": (instead("0.02", "yes"), "'yes' looks like one thing and YAML 1.1 reads it as true or false"),
    "true": (instead("0.02", "true"), "the value is a number, and not the bool 'true'"),
    "null": (instead("0.02", "null"), "the value is a number, and not empty"),
    "no value": (instead(" 0.02", ""), "the value is a number, and not empty"),
    "a word": (instead("0.02", "ukjent"), "the value is a number, and not the text 'ukjent'"),
    "an expression": (instead("0.02", "1/50"), "the value is a number, and not the text '1/50'"),
    "a list of numbers": (instead("0.02", "[0.02]"), "the value is a number, and not a list"),
    "a date": (instead("0.02", "2018-01-01"), "the value is a number, and not the date '2018-01-01'"),
    # keys
    "valeus": (instead("values:", "valeus:"), "12:1: a parameter has no key 'valeus'. Did you mean values"),
    "value of the whole": (
        instead("values:\n  2018-01-01:\n    value", "value"),
        "12:1: a parameter has no key 'value'",
    ),
    "metdata": (instead("metadata:", "metdata:"), "2:1: a parameter has no key 'metdata'. Did you mean metadata"),
    "brackets": (RIGHT + "brackets: []\n", "15:1: a parameter has no key 'brackets'"),
    "a reference outside the metadata": (RIGHT + "reference: lysbildene\n", "a parameter has no key 'reference'"),
    "no description": (instead("description: En andel\n", ""), "the key 'description' is missing"),
    "an empty description": (instead("En andel", ""), "1:13: 'description' is empty or not a text"),
    "a description that is a number": (instead("En andel", "2"), "'description' is a text: put '2' in quotes"),
    "no metadata": (RIGHT[: RIGHT.index("metadata")] + RIGHT[RIGHT.index("values") :], "the key 'metadata' is missing"),
    "metadata that are a text": (
        instead(RIGHT[RIGHT.index("\n  unit") : RIGHT.index("\nvalues")], " andel"),
        "the metadata is written as keys",
    ),
    "no values": (RIGHT[: RIGHT.index("values")], "the key 'values' is missing"),
    "an unknown key of the metadata": (instead("  basis", "  grunnlag"), "4:3: the metadata has no key 'grunnlag'"),
    "units": (instead("  unit:", "  units:"), "3:3: the metadata has no key 'units'. Did you mean unit"),
    "a valid key that is dated": (
        instead("    value:", "    values:"),
        "a dated value has no key 'values'. Did you mean value",
    ),
    # metadata
    "no unit": (instead("  unit: andel\n", ""), "3:3: the metadata lack 'unit'"),
    "an unknown unit": (instead("unit: andel", "unit: prosent"), "3:9: 'prosent' is no unit of the registry"),
    "a unit that is a number": (instead("unit: andel", "unit: 1"), "'unit' is a text: put '1' in quotes"),
    "no basis": (instead("  basis: assumption\n", ""), "the metadata lack 'basis'"),
    "an unknown basis": (instead("assumption", "guess"), "4:10: 'guess' is no basis. Known: adopted"),
    "an unknown interpretation": (instead("T-5", "T-50"), "5:19: 'T-50' is no interpretation. Did you mean"),
    "an unknown decision": (
        instead("vedtak_2018_01_kategorimodell", "vedtak_2018_02_modell"),
        "6:13: 'vedtak_2018_02_modell' is no decision",
    ),
    "an adopted number without its decision": (
        instead("assumption", "adopted").replace("  decision: vedtak_2018_01_kategorimodell\n", ""),
        "4:10: an adopted number names its decision: add 'decision'",
    ),
    "an unknown kind of bound": (instead("  basis", "  bound: both\n  basis"), "4:10: 'both' is no kind of bound"),
    # ranges
    "an assumption without a range": (
        instead("  range: [0.0, 0.05]\n  range_reason: Størrelsen står ikke i kildene.\n", ""),
        "4:10: a number that is assumed has a range",
    ),
    "a derived number without a range": (
        instead("  range: [0.0, 0.05]\n  range_reason: Størrelsen står ikke i kildene.\n", "").replace(
            "assumption", "derived"
        ),
        "a number that is derived has a range",
    ),
    "a range of one": (instead("[0.0, 0.05]", "[0.0]"), "7:10: 'range' is a list of two numbers, [low, high]"),
    "a range of three": (instead("[0.0, 0.05]", "[0.0, 0.02, 0.05]"), "'range' is a list of two numbers"),
    "a range in words": (instead("[0.0, 0.05]", "0 til 0,05"), "'range' is a list of two numbers"),
    "a range as keys": (instead("[0.0, 0.05]", "{low: 0.0, high: 0.05}"), "'range' is a list of two numbers"),
    "a limit in quotes": (instead("[0.0, 0.05]", "[0.0, '0.05']"), "7:16: a limit of the range is a number"),
    "a range that falls": (instead("[0.0, 0.05]", "[0.05, 0.0]"), "7:10: the range falls: 0.05 is above 0"),
    "a value outside its range": (instead("0.02", "0.06"), "14:12: the value 0.06 lies outside its range, 0 to 0.05"),
    "a range outside its unit": (
        instead("[0.0, 0.05]", "[0.0, 1.5]"),
        "7:16: a limit of the range 1.5 is outside what the unit 'andel' allows",
    ),
    # what the unit allows
    "a share above 1": (of_unit("andel", "2"), "the value 2 is outside what the unit 'andel' allows: 0 to 1"),
    "a share below 0": (of_unit("andel", "-0.02"), "the value -0.02 is outside what the unit 'andel' allows"),
    "more hours than a week has": (
        of_unit("timer_per_uke", "169"),
        "the value 169 is outside what the unit 'timer_per_uke' allows: 0 to 168",
    ),
    "hours below 0": (of_unit("timer_per_uke", "-1"), "the value -1 is outside what the unit 'timer_per_uke' allows"),
    "a price below 0": (
        of_unit("kr_per_time", "-900"),
        "the value -900 is outside what the unit 'kr_per_time' allows: 0 to 1000000",
    ),
    "øre": (of_unit("kr", "14000000.5"), "the value 14000000.5 has decimals, and the unit 'kr' is whole"),
    "half a user": (of_unit("antall", "1.5"), "the value 1.5 has decimals, and the unit 'antall' is whole"),
    # references
    "no reference": (instead(REFERENCE, ""), "the metadata lack 'reference'"),
    "no reference in the list": (
        instead(REFERENCE, "  reference: []\n"),
        "'reference' is a list of at least one source",
    ),
    "a reference in words": (
        instead(REFERENCE, "  reference: lysbildene\n"),
        "'reference' is a list of at least one source",
    ),
    "a reference without a title": (instead(f"{TITLE}\n      place", "place"), "10:7: the reference has no 'title'"),
    "a reference without a place": (
        instead("      place: avsnittet «Den nye fordelingsmodellen»\n", ""),
        "the reference has no 'place'",
    ),
    "an empty place": (
        instead("place: avsnittet «Den nye fordelingsmodellen»", "place: ''"),
        "'place' is empty or not a text",
    ),
    "an unknown source": (instead(TITLE, "title: Lysbildene"), "10:14: there is no source 'Lysbildene'"),
    "a page of a reference": (
        instead("      place", "      page: 3\n      place"),
        "11:7: a reference has no key 'page'. Did you mean place",
    ),
    "a reference that is a text": (
        instead(f"    - {TITLE}\n      place: avsnittet «Den nye fordelingsmodellen»", "    - lysbildene"),
        "a reference is written as keys and values: title, place",
    ),
    # dates
    "no dates": (
        instead("\n  2018-01-01:\n    value: 0.02", " {}"),
        "'values' is written as dates, each with its value",
    ),
    "a list of values": (instead("\n  2018-01-01:\n    value: 0.02", " [0.02]"), "'values' is written as dates"),
    "a day that there is not": (instead("2018-01-01", "2018-02-30"), "13:3: '2018-02-30' is no day of the calendar"),
    "a month that there is not": (instead("2018-01-01", "2018-13-01"), "13:3: '2018-13-01' is no day of the calendar"),
    "a day of one digit": (instead("2018-01-01", "2018-1-1"), "13:3: the text '2018-1-1' is no date. Write YYYY-MM-DD"),
    "a month": (instead("2018-01-01", "2018-01"), "the text '2018-01' is no date"),
    "a year": (instead("2018-01-01", "2018"), "the int '2018' is no date"),
    "a Norwegian date": (instead("2018-01-01", "01.01.2018"), "the text '01.01.2018' is no date"),
    "a date in quotes": (instead("2018-01-01", '"2018-01-01"'), "the quoted text '2018-01-01' is no date"),
    "a date with an hour": (
        instead("2018-01-01:", "2018-01-01 00:00:00:"),
        "13:3: '2018-01-01 00:00:00' looks like one thing",
    ),
    "a date before the law": (instead("2018-01-01", "2016-12-31"), "13:3: 2016-12-31 is outside the law"),
    "a date far ahead": (instead("2018-01-01", "2201-01-01"), "2201-01-01 is outside the law"),
    "a date six years ahead": (
        instead("2018-01-01", f"{datetime.now(tz=UTC).year + 6}-01-01"),
        "13:3:",
        "lies more than 5 years ahead",
    ),
    "a first value after its decision's first budget year": (
        instead("2018-01-01", "2019-01-01"),
        "14:12: the first value begins on 2019-01-01, after its decision's first budget year began (2018-01-01)",
    ),
    "a date before its decision": (
        instead("2018-01-01", "2017-12-01"),
        "begins on 2017-12-01, before its decision was adopted (2018-01)",
    ),
    "a number right under the date": (
        instead(":\n    value: 0.02", ": 0.02"),
        "under 2018-01-01 stands the float '0.02': write 'value:'",
    ),
    "nothing under the date": (instead(":\n    value: 0.02", ":"), "under 2018-01-01 stands empty"),
    "a date without its value": (instead("value: 0.02", "metadata: {}"), "under 2018-01-01 there is no 'value'"),
}


def messages(path):
    return [str(fault) for fault in check(path)[1]]


@pytest.mark.parametrize("name", FAULTY)
def test_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, *fragments = FAULTY[name]
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    found = messages(tmp_path / "x.yaml")
    assert any(all(fragment in message for fragment in fragments) for message in found), found
    assert all("x.yaml" in message and "\n" not in message for message in found)


def test_there_are_more_than_sixty():
    assert len(FAULTY) >= 100


def test_the_file_that_the_faulty_ones_are_made_of_is_right(tmp_path):
    (tmp_path / "x.yaml").write_text(RIGHT, encoding="utf-8")
    assert messages(tmp_path) == []


def test_our_own_are_in_order():
    files, faults = check(folder("parameters"))
    assert (len(files), faults) == (90, [])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x.YAML", "core passes over it: its name does not end in .yaml or .yml"),
        ("x.yaml.txt", "core passes over it"),
        ("Andel.yaml", "'Andel' is no name of a parameter"),
        ("2018.yaml", "'2018' is no name of a parameter"),
        ("en-andel.yaml", "'en-andel' is no name of a parameter"),
        ("x.yml", "gives the same parameter; core keeps one of them"),
        ("y.yml", "its name ends in .yml, which not all that reads it looks for: .yaml"),
        ("description.yaml", "'description' is what core calls a part of its own"),
        ("children.yaml", "'children' is what core calls a part of its own"),
        ("metadata/y.yaml", "'metadata' is what core calls a part of its own"),
        ("x/y.yaml", "the folder 'x' has the same name; core keeps one of them"),
    ],
)
def test_names_of_files(name, message, tmp_path):
    (tmp_path / "x.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    assert any(message in found for found in messages(tmp_path))


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "x.yaml").write_bytes(RIGHT.encode("latin-1"))
    assert messages(tmp_path) == [f"{tmp_path / 'x.yaml'}: it is not UTF-8 text. Save it as UTF-8."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("description: Grenser\nvalues: {}\n", "2:1: an index has no key 'values'"),
        ("documentation: Grenser\n", "the key 'description' is missing"),
        ("", "the file is empty"),
    ],
)
def test_an_index(text, message, tmp_path):
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    assert any(message in found for found in messages(tmp_path))


def bounds(tmp_path, **changed):
    """Write the lower bounds, with some of them changed: their values by date."""
    inside = tmp_path / "nedre_grense"
    inside.mkdir()
    for number, value in enumerate((0, 1.5, 7.5, 15, 30, 80), start=1):
        values = changed.get(f"kategori_{number}", {"2018-01-01": value})
        dated = "".join(f"  {day}:\n    value: {value}\n" for day, value in values.items())
        text = of_unit("timer_per_uke", "0")
        text = text[: text.index("values:")] + "values:\n" + dated
        (inside / f"kategori_{number}.yaml").write_text(text, encoding="utf-8")
    return inside


def test_bounds_that_rise(tmp_path):
    bounds(tmp_path)
    assert messages(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"kategori_3": {"2018-01-01": 1}},
            "kategori_3.yaml:12:12: the lower bounds must rise; on 2018-01-01 1 comes after 1.5",
        ),
        (
            {"kategori_2": {"2018-01-01": 0}},
            "kategori_2.yaml:12:12: the lower bounds must rise; on 2018-01-01 0 comes after 0",
        ),
        (
            {"kategori_5": {"2018-01-01": 30, "2020-01-01": 12}},
            "kategori_5.yaml:14:12: the lower bounds must rise; on 2020-01-01 12 comes after 15",
        ),
        ({"kategori_1": {"2018-01-01": 1}}, "kategori_1.yaml:12:12: the first bound is 0, or who has fewer hours"),
        (
            {"kategori_6": {"2019-01-01": 80}},
            "kategori_6.yaml: it has no value on 2018-01-01, when other bounds have begun",
        ),
    ],
)
def test_bounds_that_do_not_rise(changed, message, tmp_path):
    bounds(tmp_path, **changed)
    assert any(message in found for found in messages(tmp_path)), messages(tmp_path)


def test_one_bound_is_held_against_those_beside_it(tmp_path):
    inside = bounds(tmp_path, kategori_3={"2018-01-01": 1})
    assert len(messages(inside / "kategori_3.yaml")) == 1
    assert messages(inside / "kategori_1.yaml") == []


@pytest.mark.parametrize(("later", "message"), [("0.98", ""), ("0.981", "reserve/andel.yaml:14:12")])
def test_shares_off_the_top_are_at_most_the_whole_on_every_day(later, message, tmp_path):
    for name, values in {"avstand": "0.02", "reserve": f"0.02\n  2020-01-01:\n    value: {later}"}.items():
        (tmp_path / name).mkdir()
        text = of_unit("andel", values)
        (tmp_path / name / "andel.yaml").write_text(text, encoding="utf-8")
    said = "reserve.andel + avstand.andel must be at most 1; on 2020-01-01 it is 0.02 + 0.981"  # 1.001
    found = [found for found in messages(tmp_path) if "at most 1" in found]
    assert [f"{message}: {said}" in one for one in found] == ([True] if message else [])


def test_a_path_that_matches_no_file(tmp_path):
    with pytest.raises(NoFilesError, match="matches no file"):
        check(tmp_path / "ingen.yaml")
    with pytest.raises(NoFilesError, match="holds no parameter file"):
        check(tmp_path)


def test_the_unit_s_hours_are_those_of_a_week():
    assert data.units()["timer_per_uke"]["maximum"] == first_value("tid.timer_per_uke_maks")


@pytest.fixture
def tree(tmp_path):
    """The parameters of the law in a folder of one's own."""
    return copytree(folder("parameters"), tmp_path / "regler")


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("kategorimodell/vekt/kategori_3", "enhet_kategoripoeng reads it"),
        ("kategorimodell/nedre_grense/kategori_6", "loepende_kategori reads it"),
        ("reserve/deles_ut_ved_aarets_slutt", "enhet_reserve_ved_aarets_slutt reads it"),
        ("normtid/minutter_per_besoek", "normtid_minutter_per_besoek reads it"),
        ("merforbruk/kroner", "aktivitetsbasert.timepris reads it"),
        ("befolkning/spredning", "the embedded population reads it"),
    ],
)
def test_what_a_rule_reads_is_there(name, reader, tree):
    (tree / f"{name}.yaml").unlink()
    assert messages(tree) == [f"{tree / name}.yaml: it is missing: {reader}."]
    assert messages(tree / name.partition("/")[0]) == messages(tree)
    assert messages(tree / "avstand") == []


def test_a_folder_of_weights_is_there(tree):
    rmtree(tree / "kategorimodell" / "vekt")
    missing = [f"{tree / 'kategorimodell/vekt/kategori_'}{number}.yaml: it is missing" for number in range(1, 6)]
    assert [found.partition(": enhet")[0] for found in messages(tree)] == missing


@pytest.mark.parametrize(
    "name", ["kategorimodell/vekt/kategori_7", "kategorimodell/vekt/kategori_6", "reserve/andl", "ny/andel", "ny"]
)
def test_what_nothing_reads_is_refused(name, tree):
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / f"{name}.yaml").write_text(RIGHT, encoding="utf-8")
    (found,) = messages(tree)
    assert found.startswith(f"{tree / name}.yaml: nothing reads '{name.replace('/', '.')}'. ")


def test_what_core_reads_behind_a_link_is_read(tree):
    (tree / "reserve" / "lenke").symlink_to("../avstand")
    (tree / "reserve" / "rundt").symlink_to(tree)  # round in a ring
    (found,) = messages(tree)
    assert found.startswith(f"{tree}/reserve/lenke/andel.yaml: nothing reads 'reserve.lenke.andel'. ")
    (tree / "reserve" / "lenke").unlink()
    (tree / "avstand").rename(tree.parent / "borte")
    (tree / "avstand").symlink_to("../borte")
    assert messages(tree) == []


def test_what_stands_beside_a_tree_is_no_part_of_it(tree):
    other = tree.parent / "annet"
    other.mkdir()
    (other / "x.yaml").write_text(RIGHT, encoding="utf-8")
    (tree / "reserve" / "andel.yaml").unlink()
    assert messages(tree.parent) == [f"{tree}/reserve/andel.yaml: it is missing: etat_sentral_reserve reads it."]


def test_parameters_of_the_law_and_of_a_folder(folder):
    result = run("audit", "parameters")
    assert (result.exit_code, result.stdout) == (0, "90 parameter files are in order.\n")
    (folder / "x.yaml").write_text("values:\n  2018-01-01:\n    value: 5%\n", encoding="utf-8")
    result = run("audit", "parameters", "x.yaml")
    assert result.exit_code == 2
    assert "x.yaml:3:12: the value is a number, and not the text '5%'. Write 0.05." in result.stderr
    assert "3 faults in 1 of 1 files." in result.stderr
