"""What a terminal gets, and a pipe does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="there is no pseudo-terminal on this system")
PROGRAM = Path(sys.executable).parent / "bergen-hbt"


def on_a_terminal(*arguments, **environment):
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        stdout=theirs,
        stderr=theirs,
        env={**inherited, "TERM": "xterm-256color", "COLUMNS": "120", **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    assert process.wait() == 0
    os.close(ours)
    return shown.decode()


def test_headings_stand_out_on_a_terminal_unless_no_color_is_set():
    assert "\x1b[1m" in on_a_terminal("log")
    plain = on_a_terminal("log", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "Kategorimodellen innføres" in plain


def test_a_comparison_folds_on_a_narrow_terminal():
    lines = on_a_terminal("compare", COLUMNS="80", NO_COLOR="1").replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert max(map(len, lines)) <= 80
    shown = "\n".join(lines)
    # no number is broken: a row of the ladder, and the last of the areas' changes
    assert "     1 101 101  1 087 471 161  1 035 686 820  1 014 973 080     51 784 341" in shown
    assert "Årstad                -2 594 055   -1,8 %" in shown
