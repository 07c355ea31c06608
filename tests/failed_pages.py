"""What a browser shows when a test of it fails: a picture of each open page, named after the test.

They are kept in ``test-pictures/``, or in the folder that ``TEST_PICTURES`` names.
"""

import os
import re
from pathlib import Path

import pytest

FOLDER = "TEST_PICTURES"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if call.when == "call" and report.failed and browser is not None:
        report.sections.append(("pictures", "\n".join(map(str, _keep(browser, item.nodeid)))))
    return report


def _keep(browser, test):
    """Keep a picture of each page that is open, and return where."""
    folder = Path(os.environ.get(FOLDER) or "test-pictures")
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w=-]+", "-", test.removeprefix("tests/")).strip("-")[:150]
    pages = [page for context in browser.contexts for page in context.pages]
    kept = [folder / f"{name}-{number}.png" for number in range(1, len(pages) + 1)]
    for page, path in zip(pages, kept, strict=True):
        try:
            page.screenshot(path=path, full_page=True, timeout=10_000)
        except Exception as error:  # noqa: BLE001 (the test has failed already, and of that is to be told)
            path.with_suffix(".txt").write_text(f"{page.url}: {error}", encoding="utf-8")
    return kept
