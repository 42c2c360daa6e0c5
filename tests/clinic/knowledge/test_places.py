"""A clinic with several places: how its sheet is read, and which of them somebody means."""
import pytest

from clinic.knowledge.content import Content, read
from clinic.knowledge.facts import fact, told_at
from clinic.knowledge.naming_places import named_places
from clinic.knowledge.practice import ClinicFacts
from clinic.knowledge.problems import ContentError
from clinic.settings import ROOT
from tests.clinic.knowledge.test_facts import NOW

SHEET = (ROOT / "tests/clinics/two-places/clinic.yml").read_text(encoding="utf-8")


@pytest.fixture
def two(texts: dict[str, str]) -> dict[str, str]:
    return {**texts, "clinic.yml": SHEET}


@pytest.fixture
def clinic(two: dict[str, str]) -> ClinicFacts:
    return read(two).clinic


@pytest.mark.parametrize(("old", "new", "wrong"), [
    ("at: [morningside]", "at: [glasgow]", "`at` names 'glasgow'"),
    ("    at: morningside", "    at: glasgow", "`at` names 'glasgow'"),
    ("    at: morningside\n", "", "not said where they work"),
    ("      morningside:\n        monday", "      glasgow:\n        monday", "`hours` names 'glasgow'"),
    ('monday: ["14:00-20:00"]', 'monday: ["12:00-20:00"]', "on monday the hours at leith and at morningside overlap"),
    ("    address: 20 Hill Street, Sampleburgh EH0 1XX\n", "", "`address` is missing"),
    ("  - id: morningside", "  - id: leith", "the id 'leith' is used twice"),
    ("  - id: leith", "  - id: on@leith", "can't be the id of a place"),
])
def test_what_is_wrong_about_places_is_named(two: dict[str, str], old: str, new: str, wrong: str) -> None:
    assert old in two["clinic.yml"]
    two["clinic.yml"] = two["clinic.yml"].replace(old, new, 1)
    with pytest.raises(ContentError) as caught:
        read(two)
    assert any(wrong in problem.wrong for problem in caught.value.problems), caught.value.problems


def test_hours_are_needed_where_a_place_has_none(two: dict[str, str]) -> None:
    head, _, rest = SHEET.partition("    opening_hours:\n")
    two["clinic.yml"] = head + rest.partition("sunday: []\n")[2]
    with pytest.raises(ContentError, match="`opening_hours` is missing"):
        read(two)


def test_labels_for_the_question_are_needed_only_by_who_asks_it(two: dict[str, str], texts: dict[str, str]) -> None:
    for each in (two, texts):
        each["words.yml"] = each["words.yml"].replace("  any_place: Either\n", "")
    with pytest.raises(ContentError, match="no label `any_place`"):
        read(two)
    assert read(texts).clinic.places == ()


def test_a_stored_version_reads_back_as_it_was(two: dict[str, str]) -> None:
    content = read(two)
    assert Content.from_json(content.to_json()) == content


@pytest.mark.parametrize(("said", "meant", "rest"), [
    ("thursday at leith after 6", ["leith"], "thursday after 6"),
    ("the Leith one please", ["leith"], "please"),
    ("not the leith one", ["morningside"], ""),
    ("anywhere but Morningside", ["leith"], ""),
    ("down at the docks, friday", ["leith"], ", friday"),
    ("leith or hill street", ["leith", "morningside"], "or"),
    ("rather morningside than leith", ["leith", "morningside"], "rather than"),
    ("leithal weapon on hills", [], "leithal weapon on hills"),
    ("morningside instead of leith", ["morningside"], ""),
])
def test_a_place_is_heard_by_its_name(clinic: ClinicFacts, said: str, meant: list[str], rest: str) -> None:
    named = named_places(clinic.places, said)
    assert (list(named.places), " ".join(named.rest.split())) == (meant, rest)
    assert len(named.rest) == len(said)


def test_each_place_has_its_own_facts(two: dict[str, str]) -> None:
    content = read(two)
    told = told_at(content, "parking", "where can i park", NOW)
    assert [(place, found and found.values["parking"]) for place, found in told] == [
        ("Leith", "There is a bicycle rack."), ("Morningside", "Two spaces behind the house.")]
    assert [place for place, _ in told_at(content, "parking", "parking at the shore?", NOW)] == ["Leith"]
    assert [found is None for _, found in told_at(content, "access", "any steps?", NOW)] == [False, True]
    assert told_at(content, "payment", "do you take cards", NOW) == [("", None)]


def test_what_all_have_alike_is_told_once(two: dict[str, str]) -> None:
    two["clinic.yml"] = two["clinic.yml"].replace("    parking: Two spaces behind the house.\n", "")
    content = read(two)
    assert told_at(content, "parking", "parking?", NOW) == [("", fact(content, "parking", "parking?", NOW))]


def test_who_works_where_is_told(two: dict[str, str]) -> None:
    found = fact(read(two), "therapists", "who works there", NOW)
    assert found is not None
    assert found.values["therapist_list"].splitlines() == [
        "a woman physiotherapist, Leith / Morningside", "a man physiotherapist, Morningside"]
