"""What people name, as they type it: injuries, parts of the body, races, days and times."""
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import slim

slim.install()

from bot.entities import NOTHING, WORDS, Words  # noqa: E402  (slim comes before any import of rasa)
from clinic.knowledge.complaints import Complaints  # noqa: E402
from clinic.knowledge.practice import Complaint  # noqa: E402
from clinic.settings import ROOT  # noqa: E402

LISTED = Words.load()

INJURIES = {
    "got shin splints again": "shin splints", "shinsplints!!": "shin splints", "mtss": "shin splints",
    "my plantar fascitis is back": "plantar fasciitis", "planter fasciitis": "plantar fasciitis",
    "plantr fashitis": "plantar fasciitis", "pf in one foot": "plantar fasciitis",
    "heel pain in the mornings": "heel pain",
    "achilles tendonitis": "achilles", "acheles tendinitus": "achilles", "my akilles": "achilles",
    "achillies tendinopothy": "achilles", "ankle pain after hills": "ankle pain",
    "IT band syndrome": "it band", "ITBS": "it band", "iliotibal band": "it band", "my i.t. band": "it band",
    "hip pain": "hip pain", "runner’s knee": "knee", "runners knee": "knee", "patelofemoral pain": "knee",
    "calf tightness": "calf", "pulled my calf": "calf", "tight calves": "calf", "back spasms": "back",
    "lower back pain": "back", "bad back": "back", "pulled hammy": "hamstring", "hamstirng strain": "hamstring",
    "stress fractre": "stress fracture", "siatica": "sciatica", "sciattica": "sciatica", "piriformis": "glute",
    "rolled my ankle": "sprain", "a slipped disc": "slipped disc",
}
PARTS = {
    "sore calfs": [("body_part", "calf")], "tite hammy": [("body_part", "hamstring")],
    "left calf": [("side", "left"), ("body_part", "calf")], "L calf": [("side", "left"), ("body_part", "calf")],
    "my right lower leg": [("side", "right"), ("body_part", "leg")],
    "both my knees": [("side", "both"), ("body_part", "knee")],
    "calf (left)": [("body_part", "calf"), ("side", "left")],
    "left and right achilles": [("side", "both")],
    "is that right?": [], "right ok thanks": [], "i left it too late": [], "any spaces left": [],
    "my back hurts": [("body_part", "back")], "when can i get back to running": [], "call me back": [],
    "the back of my knee": [("body_part", "knee")], "ten minutes on foot": [],
}
TIMES = {
    "thursday after 6": [("day", "thursday"), ("time", "after 6")], "half five": [("time", "half five")],
    "next Tues": [("day", "next tuesday")], "the 3rd": [("day", "the 3rd")], "3/12": [("day", "3/12")],
    "on 7/10": [("day", "7/10")], "week after next": [("day", "week after next")],
    "sat am": [("day", "saturday"), ("time", "morning")], "weds or fri pm": [("day", "wednesday"), ("day", "friday"),
                                                                           ("time", "afternoon")],
    "2moro at half past 6": [("day", "tomorrow"), ("time", "at half past 6")], "tommorow": [("day", "tomorrow")],
    "not Friday": [("day", "not friday")], "any day but fri": [("day", "not friday")],
    "cant do mondays": [("day", "not monday")], "apart from weds": [("day", "not wednesday")],
    "i can't do fridays but thursday is fine": [("day", "not friday"), ("day", "thursday")],
    "not on the weekend": [("day", "not weekend")],
    "wed 9th dec at 14:00": [("day", "wednesday 9th dec"), ("time", "at 14:00")],
    "friday is no good": [("day", "not friday")], "5.30pm": [("time", "5.30pm")], "6 p.m.": [("time", "6 pm")],
    "6ish": [("time", "6ish")], "between 5 and 7pm": [("time", "between 5 and 7pm")],
    "quarter to nine": [("time", "quarter to nine")], "first thing": [("time", "early morning")],
    "after work": [("time", "evening")],
    "tonight": [("day", "this evening")], "december 3rd": [("day", "december 3rd")],
    "mon-fri": [("day", "monday-friday")], "wensday": [("day", "wednesday")],
    "i am a runner": [], "i sat down": [], "open 24/7?": [], "the pain is 7/10": [], "half an hour": [],
    "can i pay by card at 30 percent": [], "after 10 miles": [], "for 2 people": [],
}
OTHERS = {
    "for 3 weeks": ("how_long", "for 3 weeks"), "about six months": ("how_long", "about six months"),
    "since sunday": ("how_long", "since sunday"), "for ages": ("how_long", "for ages"),
    "london mara": ("event", "marathon"), "half marathon": ("event", "half marathon"),
    "my first half": ("event", "half marathon"), "park run": ("event", "parkrun"),
    "couch to 5k": ("distance", "5k"), "10km": ("distance", "10k"), "after 10 miles": ("distance", "10 miles"),
    "my foot is numb": ("symptom", "numb"), "legs are knackered": ("symptom", "tired"),
    "it's swolen": ("symptom", "swollen"),
}
ORDINARY = ["should i come", "what shouldnt i eat", "the planner", "my uncles", "a gluten free cafe", "this feature",
            "sturdy shoes", "thirsty work", "mourning", "different angles", "the checking account", "a switch",
            "shopping", "medical advice", "personal trainer", "my credit rating", "a sprint finish",
            "would it suit a 60 year old", "work experience for a year 10 student", "popping in"]


def found(text: str, *labels: str) -> list[tuple[str, str]]:
    return [(e["entity"], e["value"]) for e in LISTED.find(text) if e["entity"] in labels]


@pytest.mark.parametrize("text", INJURIES)
def test_an_injury_is_known_by_any_of_its_names(text: str) -> None:
    assert found(text, "injury") == [("injury", INJURIES[text])]


@pytest.mark.parametrize("text", PARTS)
def test_a_part_of_the_body_is_found_with_its_side(text: str) -> None:
    assert found(text, "body_part", "side") == PARTS[text]


@pytest.mark.parametrize("text", TIMES)
def test_days_hours_and_what_does_not_suit_are_read(text: str) -> None:
    assert found(text, "day", "time") == TIMES[text]


@pytest.mark.parametrize("text", OTHERS)
def test_how_long_which_race_and_how_it_feels_are_read(text: str) -> None:
    assert OTHERS[text] in found(text, OTHERS[text][0])


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_word_is_not_taken_for_a_slip(text: str) -> None:
    assert LISTED.find(text) == []


def test_an_entity_says_where_it_stands_in_the_text_as_written() -> None:
    text = "My Acheles’ sore,left CALF too - come Tues after 6pm?"
    assert [text[e["start"]:e["end"]] for e in LISTED.find(text)] == [
        "Acheles", "sore", "left", "CALF", "Tues", "after 6pm"]


@given(st.text(max_size=200))
def test_entities_stand_in_order_and_never_overlap(text: str) -> None:
    last = 0
    for entity in LISTED.find(text):
        assert last <= entity["start"] < entity["end"] <= len(text)
        last = entity["end"]


def test_what_visitors_write_does_not_stay_in_memory() -> None:
    before = len(LISTED._nlp.vocab.strings)
    LISTED.find("my zanthropical quibbleshins are sore on tuesday")
    assert len(LISTED._nlp.vocab.strings) == before


def test_every_injury_and_body_part_is_one_that_the_clinic_knows() -> None:
    """The clinic answers about a complaint by its own words: content/clinic.yml has each of ours."""
    clinic = yaml.safe_load((ROOT / "content" / "clinic.yml").read_text(encoding="utf-8"))
    complaints = Complaints([Complaint(c["id"], c["name"], tuple(c.get("also", ())), bool(c.get("general")), seen)
                             for seen, key in ((True, "sees"), (False, "does_not_see")) for c in clinic[key]])
    listed = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["entities"]
    assert [name for label in ("injury", "body_part") for name in listed[label]
            if len(complaints.asked("", [name])) != 1] == []


def test_only_entities_of_the_domain_are_found() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    listed = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["entities"]
    assert set(listed) - {NOTHING} <= set(domain["entities"])
