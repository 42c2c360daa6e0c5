"""The check of a content folder: everything that is wrong at once, each with its file, line and remedy."""

from datetime import date
from pathlib import Path

import pytest

from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content, load, read
from clinic.knowledge.frozen_json import from_plain
from clinic.knowledge.practice import Complaint
from clinic.knowledge.problems import ContentError, Problem

FAQ, ARTICLE = "faq/exercise-clothes.md", "articles/stiff-shoulders.md"


def problems(texts: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        read(texts)
    return caught.value.problems


def spoil(texts: dict[str, str], file: str, old: str, new: str) -> None:
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "wrong"),
    [
        ("clinic.yml", "phone:", "fone:", 7, "`fone` is not a key"),
        ("clinic.yml", "price_gbp: 45", "price_gbp: forty", 29, "should be a number"),
        ("clinic.yml", "price_gbp: 45", "price_gbp: -4", 29, "should be a number"),
        ("clinic.yml", '"08:00-16:30"', '"8am to 4"', 10, "not an opening time"),
        ("clinic.yml", '"08:00-16:30"', '"16:30-08:00"', 10, "not an opening time"),
        ("clinic.yml", '"08:00-12:00", "13', '"08:00-14:00", "13', 12, "overlaps"),
        ("clinic.yml", "2026-12-25", "25.12.2026", 26, "should be a date"),
        ("clinic.yml", "Europe/London", "Europe/Lundun", 5, "not a time zone"),
        ("clinic.yml", "id: follow-up", "id: assessment", 29, "used twice"),
        ("clinic.yml", "sample: true", "sample: true\nsample: true", 3, "stands here twice"),
        ("clinic.yml", "name: Millpond", "name: [Millpond", 4, "not valid YAML"),
        (ARTICLE, "{#exercise ", "{#what-it-is ", 13, "two sections"),
        (ARTICLE, ' gives="recovery"}', "}", 17, "doesn't say its name"),
        (ARTICLE, 'gives="recovery"', 'gives="dancing"', 17, "nobody asks for 'dancing'"),
        ("clinic.yml", "id: physio-a", "id: physio-a, calendar: 'http://diary.example/a.ics'", 31, "begins with https"),
        ("clinic.yml", "id: physio-a", "id: physio-a, calendar: 'https://a.example', caldav: 'https://b.example'", 31,
         "either read"),
        (ARTICLE, "{#lifting", "{#Lifting!", 17, "web address"),
        (ARTICLE, "owner: us", "owner: them", 6, "should be one of"),
        (ARTICLE, "date: 2026-05-04", "date: 2026-13-04", 5, "should be a date"),
        (ARTICLE, "## What a", "Hello.\n\n## What a", 9, "before the first heading"),
        (FAQ, "stretch in.", "___ in.", 12, "confirmed answer has a blank"),
        (FAQ, "by: the practice owner (sample)\n", "", 2, "needs `by`"),
        (FAQ, "needs: [preparation]", "needs: [clothes]", 4, "nobody asks for 'clothes'"),
        (FAQ, "status: confirmed", "status: sure", 6, "should be one of"),
        (FAQ, "review_by: 2027-10-01", "review_by: 2026-09-01", 9, "not after"),
        (FAQ, "kind: practice", "kind: practice\nabout: [knees]", 1, "`about` names 'knees'"),
        (FAQ, "---\nquestion", "question", 1, "front matter is missing"),
        ("claims.yml", "keeps a frozen", "heals a frozen", 5, "does not stand in"),
        ("claims.yml", "section: exercise", "section: exorcise", 4, "there is no section"),
        ("claims.yml", "speak: attributed", "speak: loudly", 4, "should be one of"),
        ("words.yml", "voice:", "voices:", 1, "`voice` is missing"),
        ("words.yml", "{link}", "{lnk}", 30, "braces"),
        ("privacy.yml", "  safety:", "  safely:", 7, "`safety` is missing"),
        ("privacy.yml", "  safety:", "  safely:", 33, "not a kind of record"),
        ("privacy.yml", "keep_days: 730", "keep_days: a while", 28, "a number above 0"),
        ("privacy.yml", "basis: contract", "basis: habit", 18, "should be one of"),
    ],
)
def test_a_slip_is_named_with_its_line(
    texts: dict[str, str], file: str, old: str, new: str, line: int, wrong: str
) -> None:
    spoil(texts, file, old, new)
    found = [problem for problem in problems(texts) if wrong in problem.wrong]
    assert [(problem.file, problem.line) for problem in found] == [(file, line)]
    assert found[0].remedy


def test_all_that_is_wrong_is_told_at_once(texts: dict[str, str]) -> None:
    spoil(texts, "clinic.yml", "phone:", "fone:")
    spoil(texts, FAQ, "stretch in.", "___ in.")
    spoil(texts, ARTICLE, "owner: us", "owner: them")
    del texts["words.yml"]
    files = {problem.file for problem in problems(texts)}
    assert files == {"clinic.yml", FAQ, ARTICLE, "words.yml"}


def test_an_empty_folder_says_which_files_it_wants(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {"clinic.yml", "words.yml", "privacy.yml"}


def test_a_file_in_another_encoding_is_named(tmp_path: Path, texts: dict[str, str]) -> None:
    (tmp_path / "clinic.yml").write_bytes("name: Caf\u00e9\n".encode("cp1252"))
    with pytest.raises(ContentError) as caught:
        load(tmp_path)
    assert "UTF-8" in caught.value.problems[0].wrong


def test_a_stored_version_reads_back_as_it_was(sample: Knowledge, physio: Knowledge) -> None:
    for content in (sample.content, physio.content):
        assert Content.from_json(content.to_json()) == content


def test_a_changed_word_changes_its_versions_only(texts: dict[str, str]) -> None:
    before = read(texts)
    spoil(texts, ARTICLE, "Gentle stretching", "Soft stretching")
    after = read(texts)
    assert after.version != before.version
    changed = [
        new.slug
        for old, new in zip(before.sections(), after.sections(), strict=True)
        if old.version != new.version
    ]
    assert changed == ["exercise"]


def test_a_fact_left_out_is_no_problem(texts: dict[str, str]) -> None:
    spoil(texts, "clinic.yml", "payment: Card only.\n", "")
    assert "payment" not in read(texts).clinic.texts


def test_what_waits_for_the_clinic_is_listed(physio: Knowledge) -> None:
    names = {faq.id for faq in physio.content.to_confirm(date(2026, 11, 24))}
    assert names == {"how-many-sessions", "other-joints", "referral"}


def test_the_sample_says_of_each_claim_what_it_rests_on(sample: Knowledge) -> None:
    assert all(claim.evidence.startswith("The article's author") for claim in sample.content.claims)


def test_every_section_of_the_sample_has_its_claims_registered(sample: Knowledge) -> None:
    assert {claim.section for claim in sample.content.claims} == {s.slug for s in sample.content.sections()}


def test_every_question_of_the_sample_belongs_to_a_faq(sample: Knowledge) -> None:
    """Warning signs are answered from safety.yml; all else that is not covered is kept under an FAQ."""
    kept = {need for faq in sample.content.faqs for need in faq.needs}
    assert set(sample.content.words.needs) - kept == {"warning_signs"}


def test_what_an_older_release_stored_can_still_be_read() -> None:
    stored = {"id": "knee", "name": "knee pain", "also": ["knee"], "general": False, "seen": True}
    assert from_plain(Complaint, stored).in_passing == ()
    with pytest.raises(KeyError):
        from_plain(Complaint, {"id": "knee"})
