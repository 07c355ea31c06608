"""The browser that pages are looked at in; without it, a module that imports this is skipped, but not in the gate."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("there is no Chromium on this machine: install it to look at the pages", allow_module_level=True)

#: The rules of accessibility that a page must keep, as axe names them.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


@contextmanager
def launched():
    assert CHROMIUM, "the gate installs Chromium"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
