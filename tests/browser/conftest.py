"""The system's Chromium, and a page that complains."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.driver import FLAGS, PATIENCE, Watched, chromium, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    required = os.environ.get("GAN_ATELIER_REQUIRE_BROWSER") == "1"
    path = chromium()
    if path is None:
        if required:
            pytest.fail("GAN_ATELIER_REQUIRE_BROWSER=1, but there is no Chromium on this machine")
        pytest.skip("there is no Chromium on this machine")
    if required:
        import playwright.sync_api as api
    else:
        api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    """A fresh page; the test fails if anything went wrong on it."""
    with watched(browser) as page:
        page.page.set_default_timeout(PATIENCE)
        yield page
        assert not page.complaints
