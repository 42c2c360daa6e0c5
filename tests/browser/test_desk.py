"""Two browsers: a visitor in the chat, and a colleague at the desk who takes over, answers and gives back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import PASSWORD, Server
from tests.browser.test_access import DESKTOP, PHONE, faults
from tests.browser.visitor import PATIENCE, Visitor

DANGER = "I have a heavy pressure on my chest and my left arm aches"


@pytest.fixture(scope="module")
def staffed(server: Server) -> str:
    """The server's address, with a manager who may sign in there."""
    server.employs("Morgan", "manager")
    return server.url


def sign_in(page: Page, url: str) -> Page:
    page.goto(f"{url}/desk")
    page.get_by_label("Name").fill("Morgan")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="While you were out")).to_be_visible()
    return page


@pytest.fixture
def desk(browser: Browser, staffed: str) -> Page:
    context = browser.new_context(reduced_motion="reduce", **DESKTOP)
    context.set_default_timeout(15_000)
    return sign_in(context.new_page(), staffed)


def test_a_person_takes_over_answers_and_gives_back(desk: Page, visitor: Visitor) -> None:
    """The case comes up by itself; both sides see each message once; the assistant is quiet in between."""
    visitor.opens().asks("can i talk to a person about my knee please")
    row = desk.locator("#waiting li", has_text="about my knee").first
    expect(row).to_be_visible(timeout=PATIENCE)
    row.get_by_role("link").click()
    desk.get_by_role("button", name="Take over").click()
    expect(desk.locator("#holder")).to_have_text("Morgan")
    expect(visitor.answers.last).to_contain_text("A person from the clinic has joined", timeout=PATIENCE)
    before = visitor.answers.count()
    visitor.writes("it is the left one")
    expect(desk.locator("#log")).to_contain_text("it is the left one", timeout=PATIENCE)
    desk.get_by_label("Your reply").fill("Morgan here. Come at six, bring shorts.")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("About to be sent")).to_be_visible()
    expect(visitor.chat.locator(".msg.person")).to_contain_text("Come at six", timeout=PATIENCE)
    assert visitor.answers.count() == before
    expect(desk.locator("#log .person")).to_contain_text("Come at six", timeout=PATIENCE)
    expect(desk.get_by_text("About to be sent")).to_have_count(0)
    desk.get_by_role("button", name="Hand back to the assistant").click()
    expect(visitor.answers.last).to_contain_text("answering again", timeout=PATIENCE)
    visitor.asks("what are your prices")
    numbers = desk.locator("#log .msg").evaluate_all("all => all.map(one => Number(one.dataset.n))")
    assert numbers == sorted(set(numbers))


def test_a_reply_is_undone_before_anybody_reads_it(desk: Page, visitor: Visitor) -> None:
    visitor.opens().asks("can i talk to a person about my other knee please")
    desk.locator("#waiting li", has_text="my other knee").first.get_by_role("link").click()
    desk.get_by_label("Your reply").fill("To somebody else, sorry")
    desk.get_by_role("button", name="Send").click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_label("Your reply")).to_have_value("To somebody else, sorry")
    expect(visitor.chat.locator(".msg.person")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_at_the_desk(browser: Browser, staffed: str, visitor: Visitor, scheme: str,
                                       device: dict) -> None:
    """Every page, with something on it; and none scrolls sideways on a phone."""
    visitor.opens().asks(DANGER)
    visitor.asks("can i talk to a person please")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", **device)
    page = context.new_page()
    page.goto(f"{staffed}/desk/sign-in")
    assert faults(page) == []
    sign_in(page, staffed)
    thread = page.locator("#waiting .alert a").first.get_attribute("href")
    for name, path in (("waiting", "/desk"), ("conversations", "/desk/threads"), ("thread", thread),
                       ("book", "/desk/book"), ("add", "/desk/book/add"), ("answers", "/desk/answers"),
                       ("people", "/desk/people"), ("gaps", "/desk/gaps"), ("write", "/desk/gaps/write"),
                       ("numbers", "/desk/numbers"), ("data", "/desk/privacy"), ("kept", "/privacy"),
                       ("phone", "/desk/phone"), ("nothing", "/desk/nothing")):
        page.goto(f"{staffed}{path}")
        assert faults(page) == [], name
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    page.goto(f"{staffed}/desk")
    page.get_by_role("link", name="Answer from your phone").click()
    page.get_by_role("button", name="Make a code").click()
    expect(page.get_by_role("status").filter(has_text="/link ")).to_be_visible()
    assert faults(page) == []
    context.close()


def test_an_answer_of_no_use_is_a_gap(desk: Page, visitor: Visitor) -> None:
    """The visitor says so once; the desk sees the question among what nobody has answered, and says what was meant, by
    keyboard on a phone's width."""
    answer = visitor.opens().asks("does massage help me recover after a long run, would you say")
    answer.get_by_role("button", name="Not helpful").press("Enter")
    expect(answer).to_contain_text("Noted. Thank you.")
    desk.goto(f"{desk.url.split('/desk')[0]}/desk/gaps")
    row = desk.locator(".rows li", has_text="after a long run, would you say").first
    expect(row).to_contain_text("of no use")
    desk.set_viewport_size(PHONE["viewport"])
    assert faults(desk) == []
    assert not desk.evaluate("document.documentElement.scrollWidth > innerWidth")
    meant = row.get_by_label("What “")
    meant.select_option("Recovering after runs and races")
    row.get_by_role("button", name="That is it").press("Enter")
    expect(desk.locator(".rows li", has_text="after a long run, would you say")).to_have_count(0)


def test_answers_for_the_phone_are_read_aloud(desk: Page) -> None:
    desk.get_by_role("link", name="Answers").click()
    desk.get_by_label("What is asked").fill(DANGER)
    desk.get_by_label("Somebody is on the phone").check()
    desk.get_by_role("button", name="Look it up").click()
    expect(desk.locator(".aloud.danger")).to_contain_text("999")


def test_an_appointment_is_written_in_and_called_off_by_keyboard(desk: Page) -> None:
    """No mouse after the page is open: walk to the row, press the letter."""
    desk.goto(f"{desk.url.split('/desk')[0]}/desk/book/add")
    desk.get_by_label("Name").fill("Pat Moor")
    desk.get_by_label("Phone or mail").fill("07700 900123")
    desk.locator("input[name=opening]").first.check()
    desk.get_by_role("button", name="Write it into the book").press("Enter")
    row = desk.locator("tr", has_text="Pat Moor").first
    expect(row).to_be_visible()
    desk.on("dialog", lambda dialog: dialog.accept())
    while "Pat Moor" not in desk.evaluate("document.activeElement.textContent").replace("\n", " ")[:400] or (
            desk.evaluate("document.activeElement.tagName") != "TR"):
        desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator("tr", has_text="Pat Moor")).to_have_count(0)
