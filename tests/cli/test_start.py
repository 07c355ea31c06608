"""What a command waits for before it does anything."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("library", ["polars", "narwhals", "scipy", "vl_convert", "xlsxwriter"])
def test_a_comparison_imports_nothing_that_takes_long(library):
    """To read ``4 %`` in --set once imported polars, a third of the time that ``compare`` takes to start."""
    code = (
        "import sys; from click.testing import CliRunner; from openfisca_bergen_hbt.cli import main; "
        "answer = CliRunner().invoke(main, ['compare']); "
        f"sys.exit(answer.exit_code or {library!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
