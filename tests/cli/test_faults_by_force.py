"""A run that is killed, a full disk, a folder that is read-only, two runs at once, an odd environment."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli import killed

PROGRAM = Path(sys.executable).parent / "bergen-hbt"
USERS = "enhet;timer_per_uke\nA;5\nB;10\nA;20\nA;21\nB;22\nB;23\n"
SHORT = ["compare", "--regulation", "grunnregelverk"]
LONG = ["compare", "--regulation", "2019-06"]


def done(*arguments, environment=None, cwd=None):
    environment = environment if environment is not None else os.environ
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=cwd)


def runs_killed(folder, *arguments):
    """Return what the files of a folder held after each run of a command, killed a step later each time."""
    command = [sys.executable, killed.__file__, folder, *arguments]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(
    ("command", "outputs"),
    [
        (["population"], {"--output": "brukere.csv", "--units-output": "enheter.xlsx"}),
        (SHORT, {"--output": "svar.csv", "--record": "kjoering.json"}),
    ],
)
def test_a_run_that_is_killed_leaves_each_file_as_it_was_or_whole(command, outputs, tmp_path):
    named = [word for option, name in outputs.items() for word in (option, str(tmp_path / name))]
    old = {name: sha256(b"old").hexdigest() for name in outputs.values()}
    for name in old:
        (tmp_path / name).write_bytes(b"old")
    states = runs_killed(tmp_path, *command, *named, "--force")
    whole = states[-1]
    assert len(states) > 2 * len(outputs) + 1  # killed where each was opened and where it was named, and once in it
    for state in states:
        for name, before in old.items():
            assert state[name] in (before, whole[name])
    assert all(whole[name] != before for name, before in old.items())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_run_of_many_files_that_is_killed_goes_on_to_the_same_figures(tmp_path):
    parts, kept = tmp_path / "deler", tmp_path / "beholdt"
    parts.mkdir()
    for unit in "AB":
        lines = [line for line in USERS.splitlines() if line[0] in ("e", unit)]
        (parts / f"{unit}.csv").write_text("\n".join([*lines, ""]))
    command = [*LONG, "--data", str(parts), "--frame", "1000000", "--format", "csv"]
    expected = done(*command)
    assert expected.returncode == 0, expected.stderr
    states = runs_killed(kept, *command, "--resume", str(kept), "--output", os.devnull)
    assert len(states) > 4
    again = done(*command, "--resume", str(kept))
    assert again.stdout == expected.stdout


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 32 KiB."""
    yield from mounted(tmp_path / "disk", "size=32k")


def mounted(folder, options):
    """Yield a disk in memory; it goes when the test ends."""
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root mounts disks")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_and_what_was_there_stays(small_disk):
    old = small_disk / "rapport.html"
    old.write_bytes(b"old")
    for name in ("rapport.html", "ny.xlsx"):
        refused = done("compare", "--output", str(small_disk / name), "--force")
        assert refused.returncode == 2
        assert f"{name}' can't be written: No space left on device." in refused.stderr
    assert [(file.name, file.read_bytes()) for file in small_disk.iterdir()] == [("rapport.html", b"old")]


def test_a_full_disk_for_finished_parts_is_said(small_disk, tmp_path):
    (small_disk / "fyll").write_bytes(bytes(30 * 1024))
    parts = tmp_path / "deler"
    parts.mkdir()
    (parts / "brukere.csv").write_text(USERS)
    refused = done(*LONG, "--data", str(parts), "--frame", "1000000", "--resume", str(small_disk / "beholdt"))
    assert refused.returncode == 2, refused.stderr
    assert "No space left on device" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_is_read_only_is_said(tmp_path):
    for folder in mounted(tmp_path / "disk", "ro"):
        refused = done(*SHORT, "--output", str(folder / "rapport.html"))
        assert refused.returncode == 2
        assert "rapport.html' can't be written: Read-only file system." in refused.stderr


def test_two_runs_that_write_one_file_leave_one_of_the_two_whole(tmp_path):
    file = tmp_path / "ut.csv"
    for force in ([], ["--force"]):
        begun = [
            subprocess.Popen([PROGRAM, *command, "--output", file, *force], stderr=subprocess.PIPE, text=True)
            for command in (SHORT, LONG)
        ]
        errors = [process.communicate()[1] for process in begun]
        codes = [process.returncode for process in begun]
        assert sorted(codes) == ([0, 0] if force else [0, 2]), errors
        assert force or "exists. Give another name, or --force" in errors[codes.index(2)]
        written = [done(*command, "--format", "csv").stdout for command in (SHORT, LONG)]
        assert file.read_text(encoding="utf-8") in (written if force else [written[codes.index(0)]])
        assert not list(tmp_path.glob(".bergen-hbt.*"))


ODD = {
    "no home, hashes in another order, fourteen hours ahead": {
        **dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")),
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Kiritimati",
    },
    "folders that are not there, eleven hours behind": {
        **dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), "/nowhere/at/all"),
        "TZ": "Pacific/Pago_Pago",
    },
}


@pytest.mark.parametrize("name", ODD)
def test_the_environment_changes_no_result(name, tmp_path):
    odd = {key: value for key, value in {**os.environ, **ODD[name]}.items() if value is not None}
    for environment, file in ((os.environ, "her.json"), (odd, "der.json")):
        made = done(*LONG, "--output", file, environment=environment, cwd=tmp_path)
        assert made.returncode == 0, made.stderr
    here, there = (json.loads((tmp_path / file).read_text(encoding="utf-8")) for file in ("her.json", "der.json"))
    here["record"].pop("date"), there["record"].pop("date")
    assert here == there
    checked = done("verify", "der.json", environment=odd, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
