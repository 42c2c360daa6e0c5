"""A visitor books, moves and cancels with the keyboard alone."""
import re

from playwright.sync_api import expect

from tests.browser.visitor import PATIENCE, Visitor


def presses(visitor: Visitor, label: str) -> None:
    """Walk to the choice that begins with *label* in the last group, press it, and wait for what is said to it."""
    group = visitor.chat.locator(".choices").last
    expect(group.get_by_role("button", name=re.compile(label)).first).to_be_visible(timeout=PATIENCE)
    visitor.field.focus()
    asked = visitor.answers.count()
    for _ in range(30):
        visitor.page.keyboard.press("Shift+Tab")
        on = visitor.chat.evaluate("chat => chat.shadowRoot.activeElement?.textContent ?? ''")
        if re.match(label, on):
            break
    else:
        raise AssertionError(f"the keyboard doesn't reach {label}")
    visitor.page.keyboard.press("Enter")
    expect(visitor.answers.nth(asked)).to_be_visible(timeout=PATIENCE)


def test_booking_moving_and_cancelling_by_keyboard(visitor: Visitor) -> None:
    visitor.launcher.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.field).to_be_focused()
    visitor.asks("can i book an hour, any morning next week? my name is Jo Hill, 07700 900123")
    presses(visitor, r"\w{3} \d+ \w{3}, ")
    presses(visitor, "Yes, ask me")
    presses(visitor, "None of these")
    expect(visitor.answers.last).to_contain_text("Please check")
    presses(visitor, "Yes, go ahead")
    reference = re.search(r"reference (\w{6})", visitor.answers.last.inner_text())
    assert reference

    visitor.asks("can i move my appointment")
    visitor.asks("an afternoon in the next two weeks")
    presses(visitor, r"\w{3} \d+ \w{3}, 1[2-9]")
    presses(visitor, "Yes, go ahead")
    expect(visitor.answers.last).to_contain_text(f"The reference stays {reference[1]}")

    visitor.asks("sorry, i need to cancel it")
    presses(visitor, "Cancel it")
    expect(visitor.answers.last).to_contain_text("Cancelled: ")
