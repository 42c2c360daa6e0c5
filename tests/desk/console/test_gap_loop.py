"""A question that nobody had answered is answered at the desk, is live at once, and stays answered."""
import re
from pathlib import Path

import pytest

from bootstrap import House
from clinic.knowledge.content import load
from clinic.knowledge.replay import checks_in
from clinic.settings import ROOT
from desk import contents
from tests.desk.console.conftest import Colleague, Desk
from tests.talk import Talk

ASKED = "how many days before a race should i come"
ANSWER = "Come three to five days before a race."


async def at_work(own_desk: Desk, role: str = "manager") -> Colleague:
    return await own_desk.at_work(role)  # type: ignore[arg-type]


async def writes(colleague: Colleague, page: str, answer: str = ANSWER, **changed: str) -> int:
    """Open the form at *page*, put in an answer, confirm it; the status that came back."""
    await colleague.opens(page.replace("&amp;", "&"))
    form = colleague.page
    fields = {name: _value(form, name) for name in ("id", "gaps", "question", "review_by")}
    fields |= dict.fromkeys(re.findall(r'name="(need-\w+)" checked', form), "on")
    also = re.search(r'<textarea name="also"[^>]*>(.*?)</textarea>', form, re.S)
    kind = re.search(r"<option selected>(\w+)</option>", form)
    assert also
    assert kind
    fields |= {"also": also[1], "kind": kind[1], "answer": answer, **changed}
    return (await colleague.sends("/desk/gaps/write", **fields)).status_code


def _value(form: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', form)
    assert found, name
    return found[1]


async def test_a_gap_is_answered_and_live_at_once(own: House, own_desk: Desk, talk: Talk) -> None:
    """The visitor who asks next hears it; the list is shorter; who wrote it is kept, with the version."""
    await talk.says(ASKED)
    assert talk.kinds == ["not_covered"]
    morgan = await at_work(own_desk)
    await morgan.opens("/desk/gaps")
    assert ASKED in morgan.page
    link = re.search(r'href="(/desk/gaps/write\?[^"]*gaps=[^"]+)"', morgan.page)
    assert link
    assert await writes(morgan, link[1]) == 200
    assert f"<q>{ASKED}</q>" not in morgan.page
    other = Talk(talk.house, talk.post)
    await other.says(ASKED)
    assert other.kinds == ["answer"]
    assert ANSWER in other.last.text
    async with own.store.begin() as unit:
        change = (await unit.gaps.changes())[0]
    assert (change.by, change.version) == ("Morgan", own.library.version)
    faq = load(own.settings.content).faq(Path(change.place).stem)
    assert faq
    assert (faq.status, faq.by, faq.text) == ("confirmed", "Morgan", ANSWER)


async def test_the_question_becomes_a_check(own: House, own_desk: Desk, talk: Talk,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    """`frontdesk content check` asks it again, and says so where an edit has lost the answer."""
    await talk.says(ASKED)
    morgan = await at_work(own_desk)
    await morgan.opens("/desk/gaps")
    link = re.search(r'href="(/desk/gaps/write\?[^"]*gaps=[^"]+)"', morgan.page)
    assert link
    await writes(morgan, link[1])
    checks = checks_in(own.settings.content)
    assert ASKED in [check.asked for check in checks]
    assert await contents.check(own.settings) == 0
    file = own.settings.content / f"faq/{checks[0].answer}.md"
    file.write_text(file.read_text().replace("status: confirmed", "status: to-confirm"))
    capsys.readouterr()
    assert await contents.check(own.settings) == 1
    assert ASKED in capsys.readouterr().out


async def test_a_change_that_would_lose_an_answer_is_refused(own: House, own_desk: Desk) -> None:
    """The entry is turned into another one, and what was asked before would find nothing."""
    morgan = await at_work(own_desk)
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race") == 200
    version = own.library.version
    changed = {"question": "Where do I find the bus stop?", "also": ""}
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race", "At the corner.", **changed) == 409
    assert "would be answered by" in morgan.page
    assert own.library.version == version


async def test_what_does_not_pass_the_check_changes_nothing(own: House, own_desk: Desk) -> None:
    morgan = await at_work(own_desk)
    version = own.library.version
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race", "Come ___ days before.") == 409
    assert "has a blank" in morgan.page
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race", "# A heading\n\nand words") == 409
    assert own.library.version == version
    assert load(own.settings.content).faq("before-a-race").status == "to-confirm"  # type: ignore[union-attr]


async def test_a_name_from_a_form_leads_to_no_other_file(own: House, own_desk: Desk) -> None:
    """A new entry is named by us, whatever the form says."""
    morgan = await at_work(own_desk)
    await writes(morgan, "/desk/gaps/write?faq=before-a-race", id="../../clinic", question="May I come by bicycle?")
    assert sorted(path.name for path in own.settings.content.iterdir()) == [
        "articles", "checks.yml", "claims.yml", "clinic.yml", "faq", "privacy.yml", "safety-words.yml", "safety.yml",
        "words.yml"]
    assert load(own.settings.content).faq("may-i-come-by-bicycle")


async def test_front_matter_in_a_question_stays_a_question(own: House, own_desk: Desk) -> None:
    morgan = await at_work(own_desk)
    question = 'What is "it: this"? --- status: retired # [x]'
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race", question=question) == 200
    faq = load(own.settings.content).faq("before-a-race")
    assert faq
    assert (faq.question, faq.status) == (question, "confirmed")


async def test_a_manager_takes_a_change_back(own: House, own_desk: Desk) -> None:
    morgan, before = await at_work(own_desk), own.library.version
    await writes(morgan, "/desk/gaps/write?faq=before-a-race")
    change = re.search(r'name="change" value="(\d+)"', morgan.page)
    assert change
    assert own.library.version != before
    await morgan.sends("/desk/gaps/take-back", change=change[1])
    assert load(own.settings.content).faq("before-a-race").status == "to-confirm"  # type: ignore[union-attr]
    robin = await at_work(own_desk, "reception")
    await robin.opens("/desk/gaps")
    assert (await robin.sends("/desk/gaps/take-back", change=change[1])).status_code == 403


async def test_what_is_not_ours_is_put_away(own: House, own_desk: Desk, talk: Talk) -> None:
    await talk.says(ASKED)
    robin = await at_work(own_desk, "reception")
    await robin.opens("/desk/gaps")
    gaps = re.search(r'name="gaps" value="([\d ]+)"', robin.page)
    assert gaps
    await robin.sends("/desk/gaps/not-ours", gaps=gaps[1])
    assert f"<q>{ASKED}</q>" not in robin.page


async def test_the_sample_that_comes_with_the_program_is_not_written_into(desk: Desk, house: House) -> None:
    morgan, before = await desk.at_work("manager"), (ROOT / "content/faq/before-a-race.md").read_text()
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race") == 409
    assert "frontdesk init" in morgan.page
    assert (ROOT / "content/faq/before-a-race.md").read_text() == before
    assert not (ROOT / "content/checks.yml").exists()


async def test_questions_are_grouped_by_meaning(own: House, own_desk: Desk, talk: Talk) -> None:
    async with own.store.begin() as unit:
        for n, asked in enumerate(("do you have a lift", "is there a lift at your place", "can you tape my ankle")):
            key, _ = await own.inbox.open("website")
            await unit.messages.receive(key, 1, f"m{n}", asked, None, own.screen.read(asked), own.clock(), 1,
                                        state="answered")
            await unit.cases.note_gap(key, 1, "session", None, own.clock())
    robin = await at_work(own_desk, "reception")
    await robin.opens("/desk/gaps")
    assert sorted(re.findall(r"<strong>(\d+) ×</strong>", robin.page)) == ["1", "2"]
