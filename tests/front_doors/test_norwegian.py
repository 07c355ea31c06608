"""What is wrong is said in the language that is spoken, from every room; and in English where nobody says which."""

from datetime import date

import pytest

from openfisca_bergen_hbt.analysis import published
from openfisca_bergen_hbt.analysis.asking import Request, read_frames
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.explain import QUESTION as EXPLAIN
from openfisca_bergen_hbt.analysis.solve.target import parse_target
from openfisca_bergen_hbt.audit import parameter_files
from openfisca_bergen_hbt.audit.discovery import find
from openfisca_bergen_hbt.audit.session import audit
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.partitions.files import partitions
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.provenance.record import as_record
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.situation.reader import Door, read_situation
from openfisca_bergen_hbt.text.language import speaking
from openfisca_bergen_hbt.text.strict_yaml import parse
from openfisca_bergen_hbt.verify import rerun
from tests.intake.files import read_population

LAW = regelverk()
TABLE = {"enhet": ["A", "B"], "vurdert_timer_per_uke": [5, 10]}
CASE = """
- name: En prøve
  period: 2019-01
  input:
    bruker:
      besoek_per_uke: 'ti'
  output:
    timer_per_uk: 1
"""


def file(folder, text, name="fil.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def users(folder, text):
    return read_population(Files(file(folder, text, "brukere.csv"), frame="bergen"), 2019)


def refuse(faults):
    raise ValueError("; ".join(map(str, faults)))


#: By room: what is done with a folder, and what is said of it.
SAID = {
    "text: a key": (lambda _: parse("a: 1\na: 2\n", "f.yaml"), "f.yaml:2:1: nøkkelen «a» står to ganger; OpenFi"),
    "text: no YAML": (lambda _: parse("a: [1\n", "f.yaml"), "dette er ikke YAML: fant ikke «,» eller «]», som"),
    "rules: hours": (
        lambda _: simulate({"enhet": ["A"], "vurdert_timer_per_uke": [200]}, LAW, 2019),
        "vurdert_timer_per_uke for «0» i 2019: timer i uken er et tall fra 0 til 168.",
    ),
    "rules: frames": (
        lambda _: simulate(TABLE | {"etat": ["S", "T"]}, LAW, 2019).value("enhet_samlet_tildeling"),
        "2 etater oppgir ingen ramme, den første av dem S, T. Standardrammen er den til Bergen og kan brukes av én.",
    ),
    "population: a column": (
        lambda _: from_table(TABLE | {"timer": [1, 2]}, LAW),
        "Tabellen har den ukjente kolonnen «timer». Mente du timer_per_uke",
    ),
    "population: a unit": (
        lambda _: from_table(TABLE, LAW, units={"C": {}}, agencies={"x": {"tull": 1}}),
        "«tull» er ingen variabel for «etater».",
    ),
    "simulate": (lambda _: simulate(TABLE, LAW, 2016), "Ingenting er definert før 2017 eller etter 9999; det er"),
    "regelverk": (lambda _: regelverk("2019-13"), "«2019-13» er ingen dato. Skriv ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM"),
    "regelverk: a reading": (lambda _: regelverk(lesninger=["tull"]), "Det finnes ingen lesning «tull». "),
    "situation": (
        lambda _: read_situation({"brukere": {"a": {"timer_per_uke": {"2019": "ti"}}}}, LAW, Door()),
        "timer_per_uke er et tall, og ikke teksten «ti». Skriv sifre, med punktum foran desimalene",
    ),
    "situation: a period": (
        lambda _: read_situation({"brukere": {"a": {"timer_per_uke": {"jan": 1}}}}, LAW, Door()),
        "«jan» er ingen periode. Skriv et år (2019) eller en måned (2019-01).",
    ),
    "intake: rows": (
        lambda folder: users(folder, "enhet;timer_per_uke\nA;1,5\nA;abc\nB;\n"),
        (
            "brukere.csv, rad 3, kolonne timer_per_uke: «(3 tegn)» er ikke et tall. Skriv ett; 0 for ingenting.\n"
            "brukere.csv, rad 4, kolonne timer_per_uke: mangler. Fyll inn, eller ta ut raden."
        ),
    ),
    "intake: a column": (
        lambda folder: users(folder, "avdeling;timer_per_uke\nA;1,5\n"),
        "brukere.csv: filen har ingen kolonne «enhet». Den første raden har overskriftene.",
    ),
    "intake: the file": (lambda folder: users(folder, ""), "brukere.csv: filen er tom."),
    "law: a value": (
        lambda _: from_settings(["reserve.andel=2"], LAW, date(2019, 1, 1)),
        "--set reserve.andel=2: reserve.andel er 2; verdien må være fra 0 til 1 (andel).",
    ),
    "law: a number": (
        lambda _: from_settings(["tid.uker_per_aar=mange"], LAW, date(2019, 1, 1)),
        "«mange» er ikke et tall. Skriv det som 0.05 eller 0,05, som 12000 eller 12 000.",
    ),
    "law: a regulation": (lambda _: versions(["tull"]), "Det finnes ikke noe regelverk «tull». Oppgi grunnregel"),
    "analysis: a frame": (lambda _: read_frames(["5 mill"]), "«5 mill» er ingen ramme. Skriv hele kroner, for"),
    "analysis: a name": (
        lambda _: EXPLAIN.run(
            prepare(
                EXPLAIN,
                Request(
                    question="explain",
                    options={"variable": "enhet_samlet_tildeling", "id": "Loddefjord"},
                    population="publisert",
                ),
            )
        ),
        "Det finnes ingen enhet «Loddefjord». Kjente: Arna Åsane, Bergenhus, ",
    ),
    "analysis: a table": (lambda _: published.figures(("tull",)), "Det finnes ingen tabell «tull». Kjente: ved"),
    "analysis: a target": (lambda _: parse_target("alt"), "'alt': skriv VARIABEL[NAVN] = BELØP, for eksempel"),
    "partitions": (partitions, "det er ingen filer av Parquet eller CSV."),
    "provenance": (lambda _: as_record({"format": 9}), "protokollen er i format 9, og denne versjonen leser fo"),
    "audit: cases": (
        lambda folder: refuse(audit([file(folder, CASE)]).outcomes[0].faults),
        "besoek_per_uke er et tall, og ikke teksten «ti» i anførselstegn. Skriv sifre",
    ),
    "audit: a variable": (
        lambda folder: refuse(audit([file(folder, CASE)]).outcomes[0].faults),
        "det finnes ingen variabel «timer_per_uk». Mente du timer_per_uke",
    ),
    "audit: no files": (lambda folder: find([folder / "borte"]), "» passer ikke til noen fil. Oppgi filer, eller"),
    "audit: parameters": (
        lambda folder: refuse(parameter_files.check(file(folder, "description: x\nmetadat: {}\n"))[1]),
        "en parameter har ingen nøkkel «metadat». Mente du metadata",
    ),
    "verify: no record": (lambda folder: rerun.record_in(file(folder, "x", "f.md")), "er ingen protokoll, og innehol"),
    "verify: no file": (
        lambda folder: rerun.record_in(folder / "f.json"),
        "f.json» kan ikke leses: filen eller mappen",
    ),
}


@pytest.mark.parametrize(("do", "said"), SAID.values(), ids=SAID)
def test_what_is_wrong_is_said_in_norwegian(tmp_path, do, said):
    told = []
    for language in ("en", "nb", "en"):
        with speaking(language), pytest.raises(Exception) as error:  # noqa: PT011 (of every room, by what it says)
            do(tmp_path)
        told.append(str(error.value).replace("\\n", "\n"))
    assert said in told[1]
    assert told[0] == told[2] != told[1]


def test_nothing_said_is_english():
    with pytest.raises(ValueError, match="There is no regulation 'tull'"):
        versions(["tull"])


def test_what_differs_is_told_in_norwegian():
    then = {
        "inputs": {"hashes": {"users 2019": "a", "example": "b"}},
        "law": {"parameters": "a", "rules": "b", "decisions": {"vedtak": "c"}},
        "software": {"polars": "1.0"},
        "result": {"hash": "a", "kroner": {"2019-06": {"Bergenhus": {"enhet_samlet_tildeling": 1000}}}},
        "request": {},
    }
    now = {
        "inputs": {"hashes": {"users 2019": "b"}},
        "law": {"parameters": "b", "rules": "b", "decisions": {}},
        "software": {},
        "result": {"hash": "b", "kroner": {"2019-06": {"Bergenhus": {"enhet_samlet_tildeling": 3000}}}},
    }
    with speaking("nb"):
        assert [(one.kind, one.text) for one in rerun.differences(then, now)] == [
            ("input", "brukerne for 2019 er andre enn i protokollen"),
            ("input", "eksempelet er et annet enn i protokollen"),
            ("law", "parametrene er endret"),
            ("law", "vedtaket vedtak er endret, kommet til eller falt bort"),
            ("software", "polars 1.0 den gangen, ingen nå"),
            (
                "result",
                "2019-06, Bergenhus, enhet_samlet_tildeling: 1 000 kr den gangen, 3 000 kr nå (+2 000)",
            ),
        ]
