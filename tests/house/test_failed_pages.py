"""A test of a page that fails leaves a picture of what the browser showed."""

import os
import subprocess
import sys

from tests import chromium
from tests.house.picture import ROOT

CASES = """
import pytest
from tests.chromium import launched

@pytest.fixture(scope="module")
def browser():
    with launched() as opened:
        yield opened

@pytest.mark.parametrize("right", [True, False])
def test_a_page(right, browser):
    page = browser.new_context(viewport={"width": 320, "height": 200}).new_page()
    page.set_content("<h1>Her er feilen</h1>")
    assert right
    page.context.close()
"""


def test_a_picture_of_the_page_is_kept_where_a_test_fails(tmp_path):
    assert chromium.CHROMIUM  # or this is skipped
    (tmp_path / "test_pages.py").write_text(CASES, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.failed_pages", "-p", "no:cacheprovider"]
    kept = tmp_path / "kept"
    ran = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "--confcutdir", str(tmp_path), str(tmp_path / "test_pages.py")],
        cwd=ROOT,
        env={**os.environ, "TEST_PICTURES": str(kept), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in ran.stdout, ran.stdout + ran.stderr
    (picture,) = kept.iterdir()
    assert picture.name == "test_pages-py-test_a_page-False-1.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert str(picture) in ran.stdout
