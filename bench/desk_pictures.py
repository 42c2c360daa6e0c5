"""Takes the pictures of the desk for docs/desk.md: `make pictures`. It needs Chromium.

A made-up autumn (`desk_day.yml`) is played on a real server, by its own clock, through the doors that visitors and
colleagues use; then each page is taken as a colleague sees it on a Tuesday morning."""
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.clocked import ClockedServer
from bench.desk_day import ZONE, Day
from bench.plane_provider import Stub
from bench.server import PASSWORD
from clinic.settings import ROOT
from tests.browser.conftest import FLAGS, find_chromium
from tests.channels.kit.provider import Running
from tests.channels.kit.visitor import WHATSAPP

IMAGES = ROOT / "docs" / "images"
COLOURS = 48
"""In a picture: a page has few, and the edges of letters."""
TALLEST = 1250
"""Pixels; of a longer page the beginning is shown."""
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIRST, WEEKS = date(2026, 9, 14), 10
NOW = datetime(2026, 11, 24, 10, 12, tzinfo=ZONE)


class Desk:
    """Somebody's browser at the desk."""

    def __init__(self, browser: Browser, url: str, **look: Any) -> None:
        context = browser.new_context(reduced_motion="reduce", locale="en-GB", timezone_id=ZONE.key, **look)
        context.clock.install(time=NOW)
        self.url, self.page, self._width = url, context.new_page(), look["viewport"]["width"]

    def signs_in(self, name: str) -> "Desk":
        self.opens("/desk")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def opens(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def takes(self, name: str, tallest: int = TALLEST, least: int = 0) -> None:
        """A picture of the page that is open, into the docs."""
        if self.page.locator("[data-signed-in]").count():
            expect(self.page.locator("#badge")).to_be_visible()
        tall = self.page.evaluate("scrollTo(0, 0), document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self._width, "height": max(min(tall, tallest), least)})
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        file = IMAGES / f"desk-{name}.png"
        picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
        self.page.set_viewport_size({"width": self._width, "height": DESKTOP["viewport"]["height"]})
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


@contextmanager
def clinic(folder: Path) -> Iterator[ClockedServer]:
    """The sample clinic with this as its one diary, and WhatsApp."""
    shutil.copytree(ROOT / "content", folder / "content")
    facts = folder / "content" / "clinic.yml"
    text = facts.read_text(encoding="utf-8").replace("only_diary: false", "only_diary: true")
    for length in (60, 90):
        text = text.replace(f"length_minutes: {length}\n", f"length_minutes: {length}\n    booking: confirm\n")
    facts.write_text(text, encoding="utf-8")
    provider = Stub()
    running = Running(provider)
    running.start()
    server = ClockedServer(folder / "home", datetime.combine(FIRST, NOW.time(), ZONE), **WHATSAPP,
                           FRONTDESK_CONTENT=str(folder / "content"), WHATSAPP_API=f"{provider.url}/wa")
    server.start()
    try:
        for name, role in (("Morgan", "manager"), ("Robin", "reception"), ("Theo", "therapist")):
            server.employs(name, role)
        yield server
    finally:
        server.stop()
        running.stop()


def pages(browser: Browser, url: str, day: Day) -> None:
    """Each page of the desk, light and wide; one dark, and one as on a phone."""
    robin = Desk(browser, url, **DESKTOP).signs_in("Robin")
    waiting = robin.page.locator("#waiting li", has_text="charged for a slot")
    waiting.get_by_role("link").click()
    robin.page.get_by_role("button", name="Take over").click()
    desk = Desk(browser, url, **DESKTOP)
    desk.opens("/desk")
    desk.takes("sign-in", 560)
    desk.signs_in("Morgan").takes("waiting")
    desk.opens("/desk/threads")
    desk.takes("conversations", 700)
    day.goes_on_to(NOW)
    a_conversation(desk, day)
    desk.takes("conversation", least=1080)
    for name, path, tallest in (("appointments", "/desk/book", TALLEST), ("numbers", "/desk/numbers", 1100),
                                ("gaps", "/desk/gaps", 860), ("people", "/desk/people", 800),
                                ("data", "/desk/privacy", 860)):
        desk.opens(path)
        desk.takes(name, tallest)
    desk.opens("/desk/gaps").get_by_role("link", name="Answer it").first.click()
    desk.takes("write", 960)
    desk.opens(f"/desk/book/add?thread={day.talks['Pat'].conversation}")
    desk.takes("add", 800)
    asks(desk, "would a massage help my sore achilles", on_the_phone=False)
    desk.takes("answers", 800)
    asks(desk, "my left calf is hot and swollen, can i still come today", on_the_phone=True)
    desk.takes("phone", 800)
    dark = Desk(browser, url, color_scheme="dark", **DESKTOP).signs_in("Morgan")
    dark.opens(f"/desk/threads/{day.talks['Pat'].conversation}")
    dark.takes("dark", 860)
    small = Desk(browser, url, **PHONE).signs_in("Robin")
    small.takes("small", 844)


def a_conversation(desk: Desk, day: Day) -> None:
    """Morgan has taken it over, left a note, and is about to be heard."""
    visitor, page = day.talks["Pat"], desk.opens(f"/desk/threads/{day.talks['Pat'].conversation}")
    page.get_by_role("button", name="Take over").click()
    page.get_by_label("New note").fill("Runs the Sampleton half in May. Likes to be rung after five.")
    page.get_by_role("button", name="Keep note").click()
    visitor.does("any chance this thursday? after work if you can")
    expect(page.locator("#log")).to_contain_text("any chance this thursday", timeout=20_000)
    page.get_by_label("Your reply").fill("Good morning, Morgan here. Thursday at 18:00 is free: shall I put you in?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name=re.compile(r"Undo \(\d"))).to_be_visible()


def asks(desk: Desk, text: str, on_the_phone: bool) -> None:
    page = desk.opens("/desk/answers")
    page.get_by_label("What is asked").fill(text)
    page.get_by_label("Somebody is on the phone").set_checked(on_the_phone)
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator("#found")).to_be_visible()


def main() -> None:
    chromium = find_chromium()
    assert chromium, "there is no Chromium here"
    plan = yaml.safe_load((ROOT / "bench" / "desk_day.yml").read_text(encoding="utf-8"))
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    try:
        with clinic(folder) as server:
            day = Day(server, plan)
            day.play(FIRST, WEEKS)
            day.goes_on_to(NOW)
            day.note_who_came()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS,
                                                     env={**os.environ, "LANGUAGE": "en_GB"})
                pages(browser, server.url, day)
                browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
