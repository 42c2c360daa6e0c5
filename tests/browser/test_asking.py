"""A visitor asks on the clinic's page, and is answered from what the clinic has written."""

import re
import subprocess
import sys

from playwright.sync_api import APIResponse, Route, expect

from bench.server import Server
from clinic.settings import ROOT
from tests.browser.visitor import ACHILLES, PATIENCE, Visitor


def test_a_question_gets_an_answer_whose_source_opens_at_its_section(visitor: Visitor) -> None:
    """The passage behind the answer is shown, and its link leads to the very section, which holds the quote."""
    source = visitor.opens().asks(ACHILLES).locator("details.source").first
    source.locator("summary").click()
    quotes = source.locator("blockquote").all_inner_texts()
    with visitor.page.context.expect_page() as opened:
        source.get_by_role("link").click()
    section = opened.value.locator(":target")
    expect(section).to_be_visible()
    assert quotes
    for quote in quotes:
        expect(section).to_contain_text(quote)
    assert re.search(r"/articles/[\w-]+#[\w-]+$", opened.value.url)


def test_a_reload_brings_back_every_message_once(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    visitor.asks("How much is an hour?")
    before = visitor.numbers()
    visitor.reloads()
    expect(visitor.own).to_have_count(2, timeout=PATIENCE)
    expect(visitor.own.first).to_contain_text(ACHILLES)
    assert visitor.numbers()[: len(before)] == before
    assert len(set(visitor.numbers())) == len(visitor.numbers())


def test_a_message_sent_before_there_is_a_conversation_is_answered(visitor: Visitor) -> None:
    """The server takes its time to open a conversation; what was written meanwhile is not swallowed."""
    held: list[Route] = []
    visitor.page.route("**/v1/conversations", lambda route: held.append(route))
    visitor.opens().writes(ACHILLES)
    expect(visitor.own).to_have_count(1)
    expect(visitor.own).to_contain_text("Not sent yet")
    held[0].continue_()
    expect(visitor.answers.first).to_be_visible(timeout=PATIENCE)
    expect(visitor.own).to_have_count(1)
    expect(visitor.chat.locator(".intro")).to_contain_text("automated assistant")


def test_a_message_whose_receipt_was_lost_is_kept_once(visitor: Visitor) -> None:
    """The server took the message but its answer got lost on the way: sent again under the same id, it stays one."""
    lost: list[APIResponse] = []
    ids: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        ids.append(route.request.post_data_json["id"])
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    visitor.page.route("**/messages", lose_first)
    visitor.opens().asks(ACHILLES)
    expect(visitor.own).to_have_count(1)
    visitor.asks("How much is an hour?")
    expect(visitor.own).to_have_count(2)
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]


def test_words_written_while_the_connection_is_gone_are_sent_when_it_is_back(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    visitor.page.context.set_offline(True)
    visitor.writes("How much is an hour?")
    expect(visitor.own.last).to_contain_text("Not sent yet", timeout=PATIENCE)
    count = visitor.answers.count()
    visitor.page.context.set_offline(False)
    expect(visitor.answers.nth(count)).to_be_visible(timeout=PATIENCE)
    expect(visitor.own).to_have_count(2)


def test_an_unsent_message_outlives_a_reload(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    visitor.page.route("**/messages", lambda route: route.abort())
    visitor.writes("How much is an hour?")
    expect(visitor.own.last).to_contain_text("Not sent yet", timeout=PATIENCE)
    visitor.page.unroute("**/messages")
    visitor.reloads()
    expect(visitor.answers.nth(1)).to_be_visible(timeout=PATIENCE)
    expect(visitor.own).to_have_count(2)


def test_a_conversation_that_the_server_forgot_starts_anew_with_the_text_kept(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    old = visitor.page.evaluate("() => JSON.parse(Object.values(localStorage)[0]).conversation")
    visitor.page.route(f"**/{old}/**", lambda route: route.fulfill(status=401, body="{}"))
    visitor.writes("How much is an hour?")
    expect(visitor.answers.first).to_be_visible(timeout=PATIENCE)
    expect(visitor.own).to_have_count(1)
    expect(visitor.own).to_contain_text("How much is an hour?")
    assert old not in str(visitor.stored())


def test_a_choice_is_made_by_keyboard_and_closes_its_group(visitor: Visitor) -> None:
    visitor.opens()
    visitor.asks("I'd like to book an appointment")
    group = visitor.chat.locator(".choices").last
    expect(group).to_be_visible(timeout=PATIENCE)
    visitor.tabs_back_to(".choices")
    label = visitor.chat.evaluate("chat => chat.shadowRoot.activeElement.textContent")
    asked = visitor.answers.count()
    visitor.page.keyboard.press("Enter")
    expect(visitor.own.last).to_contain_text(label)
    expect(visitor.answers.nth(asked)).to_be_visible(timeout=PATIENCE)
    expect(group.locator("button").first).to_have_attribute("aria-disabled", "true")


def picks_the_first(visitor: Visitor) -> None:
    """Of the openings that are shown."""
    shown = visitor.chat.locator(".choices").filter(has_text="Another day").last
    expect(shown).to_be_visible(timeout=PATIENCE)
    asked = visitor.answers.count()
    shown.locator("button").first.click()
    expect(visitor.answers.nth(asked)).to_be_visible(timeout=PATIENCE)


def test_a_runner_asks_reads_the_passage_and_the_clinic_has_the_request(visitor: Visitor, server: Server) -> None:
    """From a sore Achilles to a request in the clinic's list, with a reload in between and one change of mind."""
    visitor.opens().asks(ACHILLES)
    visitor.chat.get_by_role("button", name="Book an appointment").click()
    service = visitor.chat.get_by_role("button", name="Sports massage, 60 minutes")
    expect(service).to_be_visible(timeout=PATIENCE)
    visitor.reloads()
    service.click()
    expect(visitor.answers.last).to_contain_text("day", timeout=PATIENCE)
    visitor.asks("any morning next week")
    picks_the_first(visitor)
    visitor.asks("Jo Hill")
    visitor.asks("07700 900123")
    visitor.chat.get_by_role("button", name="Yes, ask me").click()
    visitor.chat.get_by_role("button", name="None of these").click()
    expect(visitor.answers.last).to_contain_text("Please check", timeout=PATIENCE)
    visitor.asks("no, an afternoon next week is better")
    picks_the_first(visitor)
    expect(visitor.answers.last).to_contain_text("Please check", timeout=PATIENCE)
    visitor.chat.get_by_role("button", name="Yes, go ahead").last.click()
    expect(visitor.answers.last).to_contain_text("reference", timeout=PATIENCE)
    reference = re.search(r"reference (\S+?)\.", visitor.answers.last.inner_text())
    assert reference
    command = [sys.executable, "-c", "from desk.cli import main; main()", "requests"]
    listed = subprocess.run(command, cwd=ROOT, timeout=60, env=server.environ, capture_output=True, text=True,
                            check=True)
    assert reference[1] in listed.stdout
    assert "Jo Hill" in listed.stdout


def test_more_than_ten_thousand_characters_stay_in_the_field(visitor: Visitor) -> None:
    visitor.opens().writes("a" * 10_001)
    expect(visitor.chat.locator(".count")).to_contain_text("1 character")
    expect(visitor.own).to_have_count(0)
    assert len(visitor.field.input_value()) == 10_001


def test_markup_in_a_message_is_shown_as_it_was_typed(visitor: Visitor) -> None:
    text = '<img src=x onerror="document.title=1"> <b>sore</b> calf'
    visitor.opens().asks(text)
    expect(visitor.own).to_contain_text(text)
    expect(visitor.chat.locator("img")).to_have_count(0)


def test_forgetting_the_chat_leaves_nothing_on_the_device(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    visitor.page.get_by_text("What is kept").click()
    visitor.page.get_by_role("button", name="Forget this chat").click()
    visitor.page.get_by_role("button", name="Press again").click()
    expect(visitor.own).to_have_count(0)
    assert visitor.stored() == {}


def test_a_conversation_can_be_taken_to_a_messenger(visitor: Visitor) -> None:
    """A link that brings the conversation along, a new one each time; by the keyboard as well."""
    visitor.opens().asks(ACHILLES)
    way = visitor.page.get_by_text("Go on in a messenger")
    way.focus()
    visitor.page.keyboard.press("Enter")
    link = visitor.page.get_by_role("link", name="Telegram")
    expect(link).to_have_attribute("href", re.compile(r"^https://t\.me/clinic_bot\?start=go-[\w-]{22}$"))
    first = link.get_attribute("href")
    way.click()
    way.click()
    expect(link).not_to_have_attribute("href", first or "")


def test_a_link_that_leads_to_the_page_says_where_it_stands(visitor: Visitor, server_url: str) -> None:
    visitor.page.goto(f"{server_url}/?chat-from=leaflet")
    with visitor.page.expect_request(re.compile(r"/v1/conversations(\?|$)")) as opened:
        visitor.opens().asks(ACHILLES)
    assert opened.value.url.endswith("/v1/conversations?source=leaflet")
