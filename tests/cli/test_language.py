"""Norwegian, or the language that a command is told to speak: help, errors, notices, and what click says itself."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from openfisca_bergen_hbt.cli import main
from openfisca_bergen_hbt.text.language import spoken

PROGRAM = Path(sys.executable).parent / "bergen-hbt"
NORWEGIAN = {"BERGEN_HBT_LANG": None}
#: Words that a Norwegian sentence does not hold.
ENGLISH = re.compile(r"\b(the|of|is|are|and|which|with|Default|Usage|Options|Show|Error)\b")


def asked(*arguments, env=NORWEGIAN):
    """Run a command as a user does who has not chosen a language, or has."""
    return CliRunner().invoke(main, list(arguments), prog_name="bergen-hbt", env=env, catch_exceptions=False)


def commands(group, path=()):
    context = click.Context(group, info_name="bergen-hbt")
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


COMMANDS = [(), *commands(main)]


def read(text):
    """Return a help without its examples, what holds for a name or a file, and its line breaks."""
    shown = text.partition("\n  Eksempler:")[0]
    return " ".join(re.sub(r"--[a-z-]+|\[[^\]]*\||[\w-]*\|[^\]]*\]|docs/\S+|min_\S+", "", shown).split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_is_norwegian_as_a_whole(command):
    help_text = asked(*command, "--help").stdout
    assert help_text.startswith("Bruk: bergen-hbt")
    assert not ENGLISH.findall(read(help_text)), help_text
    assert "Vis denne hjelpen, og avslutt." in read(help_text)
    assert asked(*command, "--help", env={"BERGEN_HBT_LANG": "en"}).stdout.startswith("Usage: bergen-hbt")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "en", "compare", "--help"),
        ("--lang=en", "compare", "--help"),
        ("compare", "--help", "--lang", "en"),
        ("compare", "--lang=en", "--help"),
        ("--lang", "nb", "compare", "--lang", "en", "--help"),
    ],
    ids=" ".join,
)
def test_the_language_stands_before_or_after_the_command(arguments):
    for env in (NORWEGIAN, {"BERGEN_HBT_LANG": "nb"}, {"BERGEN_HBT_LANG": "en"}):
        assert asked(*arguments, env=env).stdout.startswith("Usage: bergen-hbt compare [OPTIONS]")
    assert spoken() == "as-written"


@pytest.mark.usefixtures("folder")
def test_paths_of_an_audit_may_come_after_the_language():
    assert asked("audit", "--lang", "nb", "new", "enhet_kategoritildeling").exit_code == 0
    assert "ingen_slik.yaml" in asked("audit", "--lang", "nb", "ingen_slik.yaml").stderr


@pytest.mark.parametrize("locale", ["nb_NO.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8", "C"])
def test_the_locale_is_not_asked(locale):
    env = dict.fromkeys(("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"), locale)
    assert asked("log", "--help", env={**env, **NORWEGIAN}).stdout.startswith("Bruk: bergen-hbt log [VALG]")
    assert asked("log", "--help", env={**env, "BERGEN_HBT_LANG": "en"}).stdout.startswith("Usage: bergen-hbt log [OPT")
    assert os.environ.get("LANGUAGE") != "nb"


@pytest.mark.parametrize(
    ("arguments", "env", "where"),
    [
        (("--lang", "svensk", "log"), NORWEGIAN, "--lang"),
        (("log", "--lang=svensk"), {"BERGEN_HBT_LANG": "en"}, "--lang"),
        (("log",), {"BERGEN_HBT_LANG": "svensk"}, "BERGEN_HBT_LANG"),
    ],
)
def test_an_unknown_language_is_refused_in_both(arguments, env, where):
    result = asked(*arguments, env=env)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"Feil: Språket «svensk» finnes ikke ({where}): skriv nb eller en.",
        f"Error: There is no language 'svensk' ({where}): write nb or en.",
    ]


CLICK = [
    (("compar",), "Det er ingen kommando 'compar'."),
    (("compare", "--tull"), "Det er ikke noe valg '--tull'."),
    (("compare", "--year"), "Valget '--year' krever en verdi."),
    (("compare", "--lang"), "Valget '--lang' krever en verdi."),
    (("compare", "--force=1"), "Valget '--force' tar ingen verdi."),
    (("compare", "ekstra"), "Ett argument for mye (ekstra)"),
    (("compare", "to", "ekstra"), "Argumenter for mye (to ekstra)"),
    (("population",), "Mangler valget '--output'."),
    (("proposal", "new"), "Mangler argumentet 'FIL'."),
    (("compare", "--example", "x"), "Ugyldig verdi for '--example': 'x' er ingen av 'publisert', 'bevegelse'."),
    (("compare", "--units", "x.csv"), "Ugyldig verdi for '--units': Fil 'x.csv' finnes ikke."),
    (("compare", "--samples", "-1"), "Ugyldig verdi for '--samples': -1 er ikke i området 0<=x<=4096."),
    (("proposal",), "Bruk: bergen-hbt proposal [VALG] KOMMANDO [ARGUMENTER]..."),
]


@pytest.mark.parametrize(("arguments", "message"), CLICK)
@pytest.mark.usefixtures("folder")
def test_what_click_says_is_norwegian(arguments, message):
    result = asked(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    if len(arguments) > 1:
        assert "Feil: " in result.stderr
        assert ("Bruk: " in result.stderr) == (f"«bergen-hbt {arguments[0]}" in result.stderr)
    assert not ENGLISH.findall(result.stderr.partition("Valg:")[0])


OURS = [
    (
        ("compare", "--year", "1999"),
        "«1999» er ikke et av årene i regelverket, 2017 til 2100.",
        "'1999' is not a year of the regulation, 2017 to 2100.",
    ),
    (
        ("compare", "--samples", "1e3"),
        "«1e3» er ikke et helt tall: skriv 12.",
        "'1e3' is not a whole number: write 12.",
    ),
    (
        ("compare", "--format", "xlsx"),
        "--format xlsx er ikke tekst: oppgi en fil med --output",
        "--format xlsx is no text: give a file with --output",
    ),
    (
        ("compare", "--units", "finnes.csv"),
        "--units: oppgi brukerne også, med --data FIL.",
        "--units: give the users with --data FILE as well.",
    ),
    (
        ("compare", "--output", "finnes.csv"),
        "«finnes.csv» finnes. Oppgi et annet navn, eller --force for å skrive over den.",
        "'finnes.csv' exists. Give another name, or --force to overwrite it.",
    ),
    (
        ("compare", "--output", "ny/finnes.csv"),
        "«ny/finnes.csv» kan ikke skrives: ",
        "'ny/finnes.csv' can't be written: No such file or directory.",
    ),
    (
        ("population", "--template", "--output", "mal.csv"),
        "«mal.csv»: malen er en arbeidsbok. Oppgi en fil som slutter på .xlsx.",
        "'mal.csv': the template is a workbook. Give a file that ends in .xlsx.",
    ),
    (
        ("serve", "--prefix", "hbt"),
        "«hbt» er ikke en sti. Skriv den som /hbt, uten skråstrek til slutt.",
        "'hbt' is no path. Write it as /hbt, without a slash at its end.",
    ),
    (
        ("audit", "--fail-under", "5", "finnes.yaml"),
        "--fail-under gjelder --coverage: oppgi begge.",
        "--fail-under is about --coverage: give both.",
    ),
]


@pytest.mark.parametrize(("arguments", "norwegian", "english"), OURS)
def test_errors_are_in_the_language_that_is_asked_for(arguments, norwegian, english, folder):
    for name in ("finnes.csv", "finnes.yaml"):
        (folder / name).write_text("", encoding="utf-8")
    usual = asked(*arguments)
    for result, message in ((usual, norwegian), (asked("--lang", "en", *arguments), english)):
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
    assert not ENGLISH.findall(usual.stderr)


def test_notices_and_what_is_written_to_fill_in_are_norwegian(folder):
    result = asked("proposal", "new", "forslag.yaml")
    assert result.stderr == "forslag.yaml: kjør det med bergen-hbt compare --proposal forslag.yaml\n"
    assert (
        (folder / "forslag.yaml")
        .read_text(encoding="utf-8")
        .startswith("# Et forslag: tallene i et regelverk, endret.")
    )
    assert asked("compare", "--proposal", "forslag.yaml").exit_code == 0
    result = asked("population", "--example", "bevegelse", "--output", "brukere.csv")
    assert "Eksempelet har kjøretid og etatsdirektørens omfordeling også" in result.stderr


def test_standard_output_that_is_full_is_told_of_in_the_language():
    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    inherited = {name: value for name, value in os.environ.items() if name != "BERGEN_HBT_LANG"}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [PROGRAM, "log"], stdout=full, stderr=subprocess.PIPE, text=True, env=inherited, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("Feil: det kan ikke skrives til standard ut: det er ikke mer plass")


@pytest.mark.parametrize(
    ("language", "other", "same"),
    [("nb", "en", "Same to the krone as recorded "), ("en", "nb", "Likt på kronen med protokollen fra ")],
)
def test_a_record_says_its_language_and_is_made_again_in_it(language, other, same, folder):
    assert asked("--lang", language, "compare", "--record", "kjoering.json", "--output", "rapport.html").exit_code == 0
    assert json.loads((folder / "kjoering.json").read_text(encoding="utf-8"))["language"] == language
    result = asked("verify", "rapport.html", "--lang", other)
    assert (result.exit_code, result.stdout.startswith(same)) == (0, True), result.output


def test_a_record_from_before_there_were_languages_is_read_as_it_was(folder):
    assert asked("--lang", "en", "compare", "--record", "kjoering.json").exit_code == 0
    content = json.loads((folder / "kjoering.json").read_text(encoding="utf-8"))
    del content["language"]
    (folder / "kjoering.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    result = asked("verify", "kjoering.json")
    assert (result.exit_code, result.stdout.startswith("Likt på kronen")) == (0, True), result.output


def test_what_is_wrong_with_a_record_is_said_in_norwegian(folder):
    (folder / "tom.json").write_text("{}", encoding="utf-8")
    refused = asked("verify", "tom.json")
    assert refused.exit_code == 2
    assert "inneholder ingen: Objektet mangler nøkkelen `format`." in refused.stderr
