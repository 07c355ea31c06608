"""``openfisca test`` runs our files with every option of its own: it is pytest, and reads our settings."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.rooms import ROOT


@pytest.mark.parametrize(
    ("option", "written"),
    [
        ("--performance-graph", "performance_graph.html"),
        ("--performance-tables", "performance_table.csv"),
        ("--verbose", ""),
    ],
)
def test_an_option_of_core(option, written, tmp_path):
    command = [Path(sys.executable).with_name("openfisca"), "test", ROOT / "tests/variables/avstand.yaml", option]
    command += ["-c", "openfisca_bergen_hbt"]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert written == "" or (tmp_path / written).stat().st_size > 0
