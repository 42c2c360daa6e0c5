"""What a visitor does with the chat, and what they see of it."""

from playwright.sync_api import Locator, Page, expect

EMBED_ORIGIN = "http://site.example"
"""The other site that the server under test lets embed its chat (ALLOWED_ORIGINS)."""
ACHILLES = "My Achilles is sore after runs, would a massage help?"
PATIENCE = 20_000
"""Milliseconds until a reply that doesn't come is called missing."""


class Visitor:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator("clinic-chat")
        self.launcher = self.chat.locator(".launcher")
        self.panel = page.get_by_role("dialog")
        self.field = page.get_by_label("Your message")
        self.answers = self.chat.locator(".msg.bot")
        self.own = self.chat.locator(".msg.visitor")

    def opens(self) -> "Visitor":
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def reloads(self) -> None:
        """Load the page again and have the chat in view, whether or not it opened by itself."""
        self.page.reload()
        expect(self.launcher).to_be_attached()
        if self.launcher.get_attribute("aria-expanded") == "false":
            self.opens()

    def writes(self, text: str) -> None:
        """Write and send, without waiting for anything."""
        self.field.fill(text)
        self.field.press("Enter")

    def asks(self, text: str) -> Locator:
        """Write and send; the first new reply."""
        before = self.answers.count()
        self.writes(text)
        answer = self.answers.nth(before)
        expect(answer).to_be_visible(timeout=PATIENCE)
        return answer

    def numbers(self) -> list[str]:
        """The numbers of the messages in view, from top to bottom."""
        return self.chat.locator(".msg[data-n]").evaluate_all("all => all.map(one => one.dataset.n)")

    def stored(self) -> dict[str, str]:
        """All that this site keeps on the device."""
        return self.page.evaluate("() => ({...localStorage, ...sessionStorage})")

    def focused(self, selector: str) -> bool:
        """Whether the keyboard is on something in the chat that fits *selector*."""
        script = "(chat, selector) => Boolean(chat.shadowRoot.activeElement?.closest(selector))"
        return self.chat.evaluate(script, selector)

    def tabs_back_to(self, selector: str, most: int = 25) -> None:
        """Walk backwards with the keyboard until something that fits *selector* has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Shift+Tab")
            if self.focused(selector):
                return
        raise AssertionError(f"the keyboard doesn't reach {selector}")


def embed(page: Page, url: str, *, attributes: str = "", head: str = "", policy: str = "", times: int = 1) -> None:
    """Show a page of another site with the chat of *url* on it, under the content-security-policy *policy*."""
    script = f'<script src="{url}/widget.js" {attributes} defer></script>\n'
    body = (f"<!doctype html><html lang=en><title>A site</title>{head}{script * times}"
            "<main><h1>A site</h1></main></html>")
    headers = {"Content-Type": "text/html; charset=utf-8", **({"Content-Security-Policy": policy} if policy else {})}
    page.route(f"{EMBED_ORIGIN}/**", lambda route: route.fulfill(body=body, headers=headers))
    page.goto(f"{EMBED_ORIGIN}/")
