"""Text is UTF-8 whatever the locale: that of Windows in the west of Europe, of old Unix, none, and output in ASCII."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "bergen-hbt"
CHARSETS = ("CP1252", "ISO-8859-1")
HERE = {"LC_ALL": "C.UTF-8"}
COMMANDS = [
    ["compare", "--format", "markdown"],
    ["log"],
    ["explain", "enhet_samlet_tildeling", "--id", "Årstad"],
    ["compare", "--regulation", "tøys"],
]


@pytest.fixture(scope="module")
def locales(tmp_path_factory):
    """The environments by the name of their locale."""
    if not shutil.which("localedef") or not Path("/usr/share/i18n/charmaps").exists():
        pytest.skip("there is nothing to make locales with")
    folder = tmp_path_factory.mktemp("locales")
    for charset in CHARSETS:
        subprocess.run(["localedef", "-i", "nb_NO", "-f", charset, folder / f"nb_NO.{charset}"], check=True)
    of_charsets = {charset: {"LOCPATH": str(folder), "LC_ALL": f"nb_NO.{charset}"} for charset in CHARSETS}
    return {**of_charsets, "C": {"LC_ALL": "C"}, "ASCII": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"}}


def bytes_of(environment, arguments, folder):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    charset = environment["LC_ALL"].partition(".")[2] or "utf-8"  # what a terminal there would write
    told = [argument.encode(charset) for argument in arguments]
    environment = {**inherited, **environment}
    done = subprocess.run([PROGRAM, *told], capture_output=True, env=environment, cwd=folder, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_locales_are_what_they_are_called(locales):
    for charset in CHARSETS:
        program = "import locale; print(locale.getencoding())"
        environment = {**os.environ, **locales[charset]}
        told = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)
        assert told.stdout.decode().strip() == charset


@pytest.mark.parametrize("name", [*CHARSETS, "C", "ASCII"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_output_and_errors_are_the_same_in_every_locale(name, arguments, locales, tmp_path):
    usual = bytes_of(HERE, arguments, tmp_path)
    assert bytes_of(locales[name], arguments, tmp_path) == usual
    assert usual[0] == (2 if "tøys" in arguments else 0), usual
    assert "ø".encode() in usual[1] + usual[2]


@pytest.mark.parametrize("name", [*CHARSETS, "C", "ASCII"])
def test_a_report_is_the_same_in_every_locale(name, locales, tmp_path):
    for environment, file in ((HERE, "her.html"), (locales[name], "der.html")):
        made = bytes_of(environment, ["compare", "--output", file], tmp_path)
        assert made[0] == 0, made[2]
    assert (tmp_path / "der.html").read_bytes() == (tmp_path / "her.html").read_bytes()
    assert "etatsdirektøren" in (tmp_path / "der.html").read_text(encoding="utf-8")
