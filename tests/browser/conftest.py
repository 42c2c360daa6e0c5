"""A real browser for the chat: Debian's Chromium, or whichever one this machine has."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.visitor import Visitor

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Pages of other sites are played from memory; a browser that guards the local network would keep them from the server.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-features=LocalNetworkAccessChecks"]


def find_chromium() -> str | None:
    found = (path for name in NAMES if (path := shutil.which(name)))
    return next(found, "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with this folder: while Playwright's loop runs in this thread, no other test could start one."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip(f"no browser found ({', '.join(NAMES)}): the tests of the web page are left out")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def visitor(page: Page, server_url: str) -> Visitor:
    """Somebody who has the clinic's own page in front of them, the chat still closed."""
    page.goto(server_url)
    return Visitor(page)
