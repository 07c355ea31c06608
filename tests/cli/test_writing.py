"""What a command writes: nothing is lost by it, links and rights stay, and what can't be written is said in a line."""

import errno
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from openfisca_bergen_hbt.report.forms import files
from tests.commands import run

PROGRAM = Path(sys.executable).parent / "bergen-hbt"
USERS = "enhet;timer_per_uke\nA;5\nB;10\n"
SHORT = ["compare", "--regulation", "grunnregelverk"]


@pytest.fixture
def users(folder):
    """The users of an analyst, with a link to them, in the folder that commands are run in."""
    file = folder / "d.csv"
    file.write_text(USERS, encoding="utf-8")
    (folder / "lenke.csv").symlink_to(file)
    (folder / "mappe").mkdir()
    return file


SPELLINGS = ["d.csv", "./d.csv", "mappe/../d.csv", "lenke.csv"]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("option", ["--output", "--record"])
@pytest.mark.parametrize("force", [["--force"], []])
def test_the_data_are_not_replaced_by_what_is_made_of_them(spelling, option, force, users):
    refused = run(*SHORT, "--data", "d.csv", option, spelling, *force)
    assert refused.exit_code == 2
    assert ("is the file that --data reads" in refused.stderr) if force else ("exists" in refused.stderr)
    assert users.read_text(encoding="utf-8") == USERS


@pytest.mark.parametrize(
    ("command", "input_option"),
    [
        ([*SHORT, "--data", "andre.csv", "--units", "d.csv", "--output", "d.csv"], "--units"),
        ([*SHORT, "--data", "andre.csv", "--agency", "d.csv", "--output", "lenke.csv"], "--agency"),
        (["compare", "--proposal", "d.csv", "--output", "mappe/../d.csv"], "--proposal"),
        ([*SHORT, "--data", "andre.csv", "--output", "ut.csv"], "--data"),  # its record stands beside it
        ([*SHORT, "--data", "deler", "--output", "deler/nord/d.csv"], "the command"),
        ([*SHORT, "--data", "deler/*/*.csv", "--record", "deler/nord/d.csv"], "the command"),
        (["check-data", "d.csv", "--output", "d.csv", "--format", "text"], "FILE"),
        (["audit", "mappe", "--output", "mappe/test.yaml", "--format", "text"], "the command"),
    ],
)
def test_no_input_is_replaced(command, input_option, users):
    other = users.with_name("andre.csv")
    other.write_text(USERS, encoding="utf-8")
    users.with_name("ut.csv.record.json").symlink_to(other)
    case = users.parent / "mappe" / "test.yaml"
    case.write_text("- name: x\n", encoding="utf-8")
    part = users.parent / "deler" / "nord" / "d.csv"
    part.parent.mkdir(parents=True)
    part.write_text(USERS, encoding="utf-8")
    refused = run(*command, "--force")
    assert refused.exit_code == 2
    assert f"is the file that {input_option} reads" in refused.stderr
    assert [file.read_text(encoding="utf-8") for file in (users, other, part)] == [USERS] * 3
    assert case.read_text(encoding="utf-8") == "- name: x\n"


@pytest.mark.parametrize("second", ["x.csv", "./x.csv", "mappe/../x.csv", "peker.csv"])
@pytest.mark.parametrize("there", [True, False])
def test_two_outputs_are_not_one_file(second, there, users):
    users.with_name("peker.csv").symlink_to("x.csv")
    if there:
        users.with_name("x.csv").write_bytes(b"old")
    for command in (["population", "--output", "x.csv", "--units-output"], [*SHORT, "--output", "x.csv", "--record"]):
        refused = run(*command, second, "--force")
        assert refused.exit_code == 2
        assert "is what --output writes to, too" in refused.stderr
    assert users.with_name("x.csv").exists() == there
    assert not there or users.with_name("x.csv").read_bytes() == b"old"


def test_the_record_beside_the_output_is_an_output_like_others(folder):
    refused = run(*SHORT, "--output", "a.csv", "--record", "a.csv.record.json")
    assert refused.exit_code == 2
    assert "is what --record writes to, too" in refused.stderr
    assert list(folder.iterdir()) == []


def test_a_file_that_is_replaced_keeps_its_mode_and_the_links_to_it(folder):
    file, link = folder / "ut.csv", folder / "lenke.csv"
    file.write_bytes(b"old")
    file.chmod(0o600)
    link.symlink_to("ut.csv")
    assert run("population", "--output", "lenke.csv", "--force").exit_code == 0
    assert link.is_symlink()
    assert file.read_bytes().startswith(b"bruker,")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    dangling = folder / "peker.csv"
    dangling.symlink_to("ny.csv")
    assert run("population", "--output", "peker.csv").exit_code == 0
    assert (folder / "ny.csv").read_bytes() == file.read_bytes()


def test_devices_and_pipes_are_written_to(folder):
    os.mkfifo(folder / "roer.csv")
    with subprocess.Popen(["sh", "-c", "cat roer.csv > lest.csv"], cwd=folder) as reader:
        made = run("population", "--output", "roer.csv", "--units-output", "/dev/null")  # no --force: nothing is lost
        assert made.exit_code == 0, made.stderr
        assert reader.wait(timeout=60) == 0
    assert (folder / "lest.csv").read_bytes().startswith(b"bruker,")
    assert stat.S_ISFIFO((folder / "roer.csv").stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert {file.name for file in folder.iterdir()} == {"lest.csv", "roer.csv"}


def test_what_is_no_file_is_never_replaced_by_one(folder):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("dør.csv")
        refused = run("population", "--output", "dør.csv", "--force")
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 4)
        assert "'dør.csv' can't be written: No such device or address" in refused.stderr
        assert stat.S_ISSOCK((folder / "dør.csv").stat().st_mode)
    try:
        os.mknod("plate.csv", stat.S_IFBLK | 0o600, os.makedev(7, 250))
    except PermissionError:
        return  # only root makes disks
    assert "exists" in run("population", "--output", "plate.csv").stderr  # unlike a pipe it keeps what it has
    run("population", "--output", "plate.csv", "--force")
    assert stat.S_ISBLK((folder / "plate.csv").stat().st_mode)


@pytest.mark.parametrize("ending", ["", ".csv"])
def test_no_record_is_put_beside_a_device_or_a_pipe(ending, folder):
    (folder / f"ingensteds{ending}").symlink_to("/dev/null")
    made = run(*SHORT, "--output", f"ingensteds{ending}")
    assert made.exit_code == 0, made.stderr
    assert [file.name for file in folder.iterdir()] == [f"ingensteds{ending}"]
    assert not Path("/dev/null.record.json").exists()


def test_standard_output_is_told_apart_from_files_whatever_it_is_called(folder):
    for spelling in ("-", "/dev/stdout", "/dev/fd/1"):
        assert in_a_shell(f"log --output {spelling} > a.txt", folder).returncode == 0
        assert (folder / "a.txt").read_text(encoding="utf-8").startswith("Vedtakene")
    (folder / "d.csv").write_text(USERS, encoding="utf-8")
    done = in_a_shell("compare --data d.csv --frame bergen >> d.csv", folder)  # both at once
    assert (done.returncode, (folder / "d.csv").read_text(encoding="utf-8")) == (2, USERS)
    assert "--output ('-') is the file that --data reads" in done.stderr
    assert "writes to, too" in in_a_shell("compare --record r.json --force > r.json", folder).stderr


def test_a_dash_is_standard_output(folder):
    assert run("population", "--output", "-").stdout.startswith("bruker,enhet,byomraade,")
    assert run(*SHORT, "--format", "csv", "--output", "-").stdout == run(*SHORT, "--format", "csv").stdout
    assert run(*SHORT, "--format", "parquet", "--output", "-").stdout_bytes.startswith(b"PAR1")
    assert run(*SHORT, "--output", "ut.json", "--record", "-").stdout.startswith('{\n "command": "compare"')
    twice = run(*SHORT, "--record", "-")  # the table goes there
    assert (twice.exit_code, twice.stdout) == (2, "")
    assert "is what --output writes to, too" in twice.stderr
    assert [file.name for file in folder.iterdir()] == ["ut.json"]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "'' names no file"),
        ("ut/", "'ut/' names no file"),
        ("x" * 256, "File name too long"),
        ("x" * 252 + ".csv", "File name too long"),  # 256 bytes
        ("fil/ut.csv", "Not a directory"),
        ("ikke/ut.csv", "No such file or directory"),
        (".", "is a directory"),
    ],
)
@pytest.mark.parametrize("command", [[*SHORT, "--format", "csv"], ["population"], ["audit", "schema"]])
def test_what_can_t_be_a_file_is_said(output, said, command, folder):
    (folder / "fil").write_bytes(b"")
    refused = run(*command, "--output", output)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert [file.name for file in folder.iterdir()] == ["fil"]


def test_the_longest_name_is_a_file(folder):
    assert run("population", "--output", "x" * 251 + ".csv").exit_code == 0
    assert [len(file.name) for file in folder.iterdir()] == [255]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("stage", ["tempfile.mkstemp", "mode_of"])
def test_a_folder_without_permission_is_said(stage, monkeypatch):
    def denied(*_positional, **_named):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(f"{files.__name__}.{stage}", denied)
    refused = run("population", "--output", "ut.csv")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.endswith("Error: Invalid value for --output: 'ut.csv' can't be written: Permission denied.\n")


def in_a_shell(arguments, folder=None):
    line = f'"{PROGRAM}" {arguments}'
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, cwd=folder)


@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("arguments", ["compare --format csv", "log", "--help", "--version", "audit schema"])
def test_standard_output_that_is_full_or_closed_is_an_error(redirection, arguments):
    if "full" in redirection and not Path("/dev/full").exists():
        pytest.skip("there is no full device")
    done = in_a_shell(f"{arguments} {redirection}")
    assert done.returncode == 2
    said = "No space left on device" if "full" in redirection else "it is closed"
    assert [line for line in done.stderr.splitlines() if not line.startswith("Syntetisk")] == [
        f"Error: standard output can't be written: {said}."
    ]


def test_nothing_for_standard_output_needs_none(folder):
    done = in_a_shell("audit schema --output s.json >&- 2>&-", folder)
    assert done.returncode == 0
    assert (folder / "s.json").read_bytes().startswith(b"{")
