"""A fortnight at the clinic in two browsers: one question that the assistant answers, one that nobody had answered."""
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bench.clocked import ClockedServer
from bench.server import PASSWORD
from clinic.settings import ROOT
from tests.browser.test_access import DESKTOP
from tests.browser.visitor import PATIENCE, Visitor

BRISTOL = ZoneInfo("Europe/London")
MONDAY_EVENING = datetime(2026, 11, 23, 20, 10, tzinfo=BRISTOL)
"""Reception has gone home; it is back on Tuesday at nine."""
TUESDAY_MORNING = datetime(2026, 11, 24, 9, 5, tzinfo=BRISTOL)
THURSDAY_EVENING = datetime(2026, 11, 26, 20, 10, tzinfo=BRISTOL)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
KNOWN = "does massage help me recover after a long run"
UNKNOWN = "how many days before a race should i come"
ANSWER = "Come three to five days before a race, and tell us how long it is."


class Story:
    """The clinic's server, the visitor's browser and the desk's; all three go by the same clock."""

    def __init__(self, browser: Browser, server: ClockedServer) -> None:
        self._server, self.contexts = server, [self._opened(browser), self._opened(browser)]
        visitor, desk = self.contexts
        self.visitor, self.desk = Visitor(visitor.new_page()), desk.new_page()
        self.it_is(MONDAY_EVENING)

    def _opened(self, browser: Browser) -> BrowserContext:
        context = browser.new_context(reduced_motion="reduce", locale="en-GB", timezone_id=BRISTOL.key, **DESKTOP)
        context.set_default_timeout(PATIENCE)
        return context

    def it_is(self, now: datetime) -> None:
        self._server.is_now(now)
        for context in self.contexts:
            context.clock.set_fixed_time(now)

    def visitor_comes(self) -> None:
        self.visitor.page.goto(self._server.url)

    def signs_in(self) -> None:
        self.desk.goto(f"{self._server.url}/desk")
        self.desk.get_by_label("Name").fill("Morgan")
        self.desk.get_by_label("Password").fill(PASSWORD)
        self.desk.get_by_role("button", name="Sign in").click()
        expect(self.desk.get_by_role("heading", name="While you were out")).to_be_visible()

    def opens(self, page: str) -> None:
        """A page of the desk, by its name in the menu."""
        self.desk.get_by_role("navigation").get_by_role("link", name=page).click()


@contextmanager
def clinic(folder: Path) -> Iterator[ClockedServer]:
    """A server with a content folder of its own, and a manager who may sign in at its desk."""
    shutil.copytree(ROOT / "content", folder / "content")
    server = ClockedServer(folder / "home", MONDAY_EVENING, FRONTDESK_CONTENT=str(folder / "content"))
    server.start()
    try:
        server.employs("Morgan", "manager")
        yield server
    finally:
        server.stop()


@pytest.fixture
def story(browser: Browser) -> Iterator[Story]:
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    with clinic(folder) as server:
        story = Story(browser, server)
        yield story
        for context in story.contexts:
            context.close()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_fortnight_at_the_clinic(story: Story) -> None:
    """What each of the two sees at each step; and the numbers say at the end what happened, and no more."""
    in_the_evening(story)
    in_the_morning(story)
    booked_by_staff(story)
    the_gap_is_closed(story)
    a_week_later(story)
    the_numbers(story)


def in_the_evening(story: Story) -> None:
    """The assistant answers what it knows, owns up to what it doesn't, and promises no person before there is one."""
    visitor = story.visitor
    story.visitor_comes()
    answer = visitor.opens().asks(KNOWN)
    expect(answer.locator("summary").first).to_contain_text("Where this comes from")
    expect(visitor.asks(UNKNOWN)).to_contain_text("hasn't written an answer to it yet")
    expect(visitor.asks("can i talk to a person please")).to_contain_text("tomorrow at 09:00")
    expect(visitor.asks("07700 900123")).to_contain_text("Thank you")


def in_the_morning(story: Story) -> None:
    """The desk sees who waits and how to reach them; a person takes it over, and is heard."""
    story.it_is(TUESDAY_MORNING)
    visitor, desk = story.visitor, story.desk
    story.signs_in()
    waiting = desk.locator("#waiting li", has_text="asked for person")
    expect(waiting).to_contain_text("Mon 23 Nov 20:")
    expect(waiting).to_contain_text("reach them at +447700900123")
    waiting.get_by_role("link").click()
    for said in (KNOWN, UNKNOWN):
        expect(desk.locator("#log .visitor", has_text=said)).to_have_count(1)
    desk.get_by_role("button", name="Take over").click()
    expect(desk.locator("#holder")).to_have_text("Morgan")
    expect(visitor.answers.last).to_contain_text("A person from the clinic has joined", timeout=PATIENCE)
    desk.get_by_label("Your reply").fill("Good morning! Four days before is best. Shall I put you in this week?")
    desk.get_by_role("button", name="Send").click()
    expect(visitor.chat.locator(".msg.person")).to_contain_text("Four days before", timeout=PATIENCE)
    visitor.writes("yes please, what are your prices? i'm Pat Example")
    expect(desk.locator("#log .visitor").last).to_contain_text("i'm Pat Example", timeout=PATIENCE)


def booked_by_staff(story: Story) -> None:
    """An appointment is written in from the conversation: the visitor hears of it there, the book has it. Nothing else
    was said for the assistant until it was handed back, and both have seen the same."""
    visitor, desk = story.visitor, story.desk
    desk.get_by_role("link", name="Write an appointment in for them").click()
    expect(desk.get_by_label("Phone or mail")).to_have_value("+447700900123")
    desk.get_by_label("What").select_option("sports-massage-60")
    desk.get_by_role("button", name="Show times").click()
    desk.get_by_label("Name").fill("Pat Example")
    thursday = desk.get_by_role("group", name="Thursday 26 November")
    thursday.get_by_role("radio").first.check()
    desk.get_by_role("button", name="Write it into the book").click()
    expect(visitor.answers.last).to_contain_text("Your appointment is booked: Thursday 26 November", timeout=PATIENCE)
    story.opens("Appointments")
    row = desk.get_by_role("region", name="Thursday 26 November").get_by_role("row", name="Pat Example")
    reference = re.search(r"booked\s+(\w{6})", row.inner_text())
    assert reference
    expect(visitor.answers.last).to_contain_text(reference[1])
    row.get_by_role("link", name="Conversation").click()
    desk.get_by_role("button", name="Hand back to the assistant").click()
    expect(visitor.answers.last).to_contain_text("answering again", timeout=PATIENCE)
    expect(visitor.asks("what are your prices")).to_contain_text("£56")
    said = visitor.chat.locator(".msg[data-n]").evaluate_all("all => all.map(one => [...one.classList].join(' '))")
    assert said[said.index("msg person"):] == ["msg person", "msg visitor", "msg bot booking", "msg bot handoff",
                                               "msg visitor", "msg bot clinic_fact"]
    expect(desk.locator("#log .msg").last).to_contain_text("£56", timeout=PATIENCE)
    seen = desk.locator("#log .msg").evaluate_all("all => all.map(one => one.dataset.n)")
    assert seen == visitor.numbers()


def the_gap_is_closed(story: Story) -> None:
    """What nobody had answered is answered at the desk; whoever asked is told, and the list is shorter."""
    visitor, desk = story.visitor, story.desk
    story.opens("Gaps")
    gap = desk.locator(".rows > li", has=desk.locator("q", has_text=UNKNOWN))
    gap.get_by_role("link", name="Answer it").click()
    expect(desk.get_by_label("Other ways to ask it")).to_have_value(re.compile(UNKNOWN))
    desk.get_by_label("Your answer").fill(ANSWER)
    desk.get_by_role("button", name="Confirm and publish").click()
    expect(desk.get_by_role("heading", name="What nobody has answered")).to_be_visible(timeout=PATIENCE)
    expect(gap).to_have_count(0)
    expect(desk.get_by_role("region", name="Who changed what").get_by_role("row", name="Morgan")).to_have_count(1)
    expect(visitor.answers.last).to_contain_text(ANSWER, timeout=PATIENCE)
    expect(visitor.answers.last).to_contain_text(UNKNOWN)


def a_week_later(story: Story) -> None:
    """They came; and the question gets its answer now, from anybody, with nobody at the desk."""
    story.it_is(THURSDAY_EVENING)
    story.signs_in()
    story.opens("Appointments")
    story.desk.get_by_role("region", name="Today").get_by_role("button", name="Came").click()
    expect(story.desk.get_by_role("region", name="Today")).to_contain_text("attended")
    story.it_is(MONDAY_EVENING + WEEK + DAY)
    story.visitor_comes()
    answer = story.visitor.opens().asks(UNKNOWN)
    expect(answer).to_contain_text(ANSWER)
    expect(answer.locator("summary").first).to_contain_text("Where this comes from")


def the_numbers(story: Story) -> None:
    """Seven days on it is settled: one enquiry took a person and led to an appointment that was kept, one took nobody;
    behind each figure stands its conversation."""
    story.it_is(MONDAY_EVENING + 2 * WEEK + 2 * DAY)
    desk = story.desk
    story.signs_in()
    story.opens("Numbers")
    counted(desk)
    figures = desk.locator("dl.figures")
    expect(figures).to_contain_text("50 % of 2 enquiries were answered, and no person was needed")
    parts, way = desk.get_by_role("region", name="What became of them"), desk.get_by_role(
        "region", name="From a question to an appointment")
    assert cells(parts, "2026-11-23") == {"Enquiries": 1, "person": 1, "Needed nobody": "0 %", "Mostly reported": "0 %"}
    assert cells(parts, "2026-11-30") == {"Enquiries": 1, "deflected": 1, "Needed nobody": "100 %",
                                          "Mostly reported": "100 %"}
    assert cells(way, "2026-11-23") == {"asked": 1, "answered": 1, "booked": 1, "kept": 1}
    assert cells(way, "2026-11-30") == {"asked": 1, "answered": 1}
    parts.get_by_role("row", name="2026-11-23").get_by_role("link", name="1 person").click()
    desk.get_by_role("main").get_by_role("link", name="Website").click()
    expect(desk.locator("#log .visitor", has_text=UNKNOWN)).to_have_count(1)
    expect(desk.locator("#log .person")).to_have_count(1)


def counted(desk: Page) -> None:
    """Look until the figures are those of now: they are counted by the hour, and an hour has just begun."""
    for _ in range(20):
        with suppress(PlaywrightTimeout):
            return desk.get_by_text("counted 20:").wait_for(timeout=1_000)
        desk.reload()
    raise AssertionError("nothing was counted")


def cells(table: Locator, week: str) -> dict[str, int | str]:
    """What stands in the line of *week*, by the head of its column; without the noughts."""
    heads = [head.strip() for head in table.locator("thead th").all_inner_texts()][1:]
    line = table.get_by_role("row", name=week).locator("td")
    texts = [text.split()[0] if "%" not in text else text for text in line.all_inner_texts()]
    return {head: int(said) if said.isdecimal() else said for head, said in zip(heads, texts, strict=True)
            if said != "0"}
