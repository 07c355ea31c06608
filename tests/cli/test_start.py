"""What a command waits for before it does anything, and what it does not look at when it ends."""

import json
import subprocess
import sys

import pytest

#: Runs a command, and writes what it has imported, and how many objects Python's collector leaves alone, to stderr.
AT_THE_END = """
import atexit, gc, json, sys
atexit.register(lambda: print(json.dumps([sorted(sys.modules), gc.get_freeze_count()]), file=sys.stderr))
from openfisca_bergen_hbt.cli import main
main(["compare"])
"""


@pytest.fixture(scope="module")
def ended():
    """Return what a comparison on a screen has imported at its end, and how many objects are not looked at."""
    done = subprocess.run([sys.executable, "-c", AT_THE_END], check=True, capture_output=True, text=True)
    return json.loads(done.stderr)


@pytest.mark.parametrize(
    "library",
    ["babel", "hashlib", "jinja2", "narwhals", "polars", "scipy", "vl_convert", "xlsxwriter"]
    + [f"openfisca_bergen_hbt.{room}" for room in ("analysis.flows", "intake", "report.forms.charts", "web")],
)
def test_a_comparison_imports_nothing_that_takes_long(ended, library):
    """To read ``4 %`` in --set once imported polars, a third of the time that ``compare`` takes to start."""
    imported, _ = ended
    assert "openfisca_bergen_hbt.analysis.compare" in imported
    assert library not in imported


def test_the_files_of_rules_are_not_run_beside_their_modules(ended):
    """Core names the modules that it makes of files ``<id>_<hash>_<file>``, and parses the text of each."""
    imported, _ = ended
    assert "openfisca_bergen_hbt.variables.ramme" in imported
    assert not [name for name in imported if name[0].isdigit()]


def test_what_a_command_holds_is_not_looked_through_when_it_ends(ended):
    """Python looks for garbage once more at the end, which took a seventh of the time of a comparison."""
    _, left_alone = ended
    assert left_alone > 0
