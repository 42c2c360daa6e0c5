"""The chat and the pages for everyone: keyboard, screen reader, small screens, dark rooms."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import ACHILLES, Visitor, embed

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SMALL_TARGETS = """chat => [...chat.shadowRoot.querySelectorAll('button, summary, textarea')]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => [one.outerHTML, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong: the rule, and the elements that break it."""
    found = Axe().run(page, options=WCAG)["violations"]
    return [(fault["id"], [str(node["target"]) for node in fault["nodes"]]) for fault in found]


def come(browser: Browser, url: str, scheme: str, device: dict) -> Visitor:
    page = browser.new_context(color_scheme=scheme, reduced_motion="reduce", **device).new_page()
    page.goto(url)
    return Visitor(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_a_conversation(browser: Browser, server_url: str, scheme: str, device: dict) -> None:
    """Closed, open, with a cited answer unfolded, a safety reply, choices, and what is kept unfolded."""
    visitor = come(browser, server_url, scheme, device)
    assert faults(visitor.page) == []
    answer = visitor.opens().asks(ACHILLES)
    answer.locator("summary").first.click()
    visitor.asks("I have a heavy pressure on my chest and my left arm aches")
    visitor.asks("I'd like to book an appointment")
    visitor.page.get_by_text("What is kept").click()
    visitor.page.get_by_text("Go on in a messenger").click()
    expect(visitor.page.get_by_role("link", name="Telegram")).to_be_visible()
    assert faults(visitor.page) == []
    assert visitor.chat.evaluate(SMALL_TARGETS) == []
    visitor.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#ffe600", "#00b7ff", "#111", "#e5007d"])
def test_a_clinics_own_colour_stays_readable(page: Page, server_url: str, scheme: str, colour: str) -> None:
    page.emulate_media(color_scheme=scheme)
    embed(page, server_url, attributes=f'data-accent="{colour}"')
    Visitor(page).opens().asks(ACHILLES)
    assert faults(page) == []


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_chat_fits_its_screen(browser: Browser, server_url: str, device: dict) -> None:
    """All of it is in view, a phone is filled, and the page gains no sideways scroll."""
    visitor = come(browser, server_url, "light", device).opens()
    box, size = visitor.panel.bounding_box(), device["viewport"]
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]
    assert size["width"] > 360 or (box["width"], box["height"]) == (size["width"], size["height"])
    wide = visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    visitor.page.context.close()


def test_opening_puts_the_keyboard_in_the_field(visitor: Visitor) -> None:
    visitor.launcher.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.panel).to_be_visible()
    assert visitor.focused("textarea")


def test_escape_closes_the_chat_and_returns_to_its_button(visitor: Visitor) -> None:
    visitor.opens().page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused(".launcher")


def test_new_messages_are_announced_politely(visitor: Visitor) -> None:
    """A log that is live when replies come, with who says what in words."""
    visitor.opens().asks(ACHILLES)
    log = visitor.chat.locator("[role=log]")
    expect(log).to_have_attribute("aria-live", "polite")
    assert visitor.answers.first.inner_text().startswith("Assistant")
    assert visitor.own.first.inner_text().startswith("You")


def test_a_safety_reply_stands_out_by_more_than_colour(visitor: Visitor) -> None:
    reply = visitor.opens().asks("I have a heavy pressure on my chest and my left arm aches")
    expect(reply).to_contain_text("For your safety")
    expect(reply.locator(".head svg")).to_be_visible()
    expect(reply.locator('a[href="tel:999"]').first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/articles/sports-massage-for-runners", "/faq/what-to-bring"])
def test_axe_finds_nothing_on_the_pages(page: Page, server_url: str, scheme: str, path: str) -> None:
    page.emulate_media(color_scheme=scheme)
    assert page.goto(server_url + path).ok
    assert faults(page) == []


def test_the_first_tab_leads_past_the_menu(page: Page, server_url: str) -> None:
    page.goto(server_url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
