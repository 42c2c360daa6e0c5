"""A message cut to what a channel carries: nothing is lost, nothing is too long, nothing is cut in a word."""
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from channels.composing import compose, length, split
from channels.contract import Limits, Part
from clinic.conversation import Message

LIMITS = Limits(body=1, text=60, with_choices=40, buttons=3, button=20, rows=10, row=24)
WORDS = st.text(st.sampled_from("abc é😀👩‍⚕️.!?\n "), max_size=400)


def message(text: str, *labels: str) -> Message:
    return Message(2, "bot", "clarify", text, datetime(2026, 11, 23, tzinfo=UTC),
                   choices=[{"label": label, "token": f"t{place}"} for place, label in enumerate(labels)])


def parts(text: str, *labels: str) -> list[Part]:
    return [Part.from_row(row) for row in compose(message(text, *labels), LIMITS, choose="Choose")]


@given(WORDS, st.integers(2, 80))
@example("😀" * 50, 3)
def test_what_is_split_is_whole_and_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_cut_is_where_a_reader_would_pause() -> None:
    text = "One sentence that is here. Another one that follows it. And a third."
    assert split(text, 60) == ["One sentence that is here. Another one that follows it.", "And a third."]


def test_a_word_is_cut_only_where_it_must_be() -> None:
    assert split("aaaa bbbb cccc", 6) == ["aaaa", "bbbb", "cccc"]
    assert split("a" * 13, 6) == ["a" * 6, "a" * 6, "a"]


def test_few_short_choices_are_buttons() -> None:
    (part,) = parts("Which one?", "Yes", "No")
    assert (part.style, part.choices) == ("buttons", (("Yes", "t0"), ("No", "t1")))


def test_more_of_them_are_a_list() -> None:
    assert [part.style for part in parts("Which one?", "a", "b", "c", "d")] == ["list"]
    assert [part.style for part in parts("Which one?", "a label of 24 characters", "b")] == ["list"]


def test_others_are_numbered() -> None:
    (part,) = parts("Which?", "a label that is longer than 24", "Short")
    assert part == Part("Which?\n\n1. a label that is longer than 24\n2. Short")
    assert {part.style for part in parts("Which?", *"abcdefghijk")} == {"text"}


def test_a_long_text_keeps_its_choices_at_its_end() -> None:
    text = "One sentence that is here. Another one that follows it. And a third."
    found = parts(text, "Yes", "No")
    assert [part.style for part in found] == ["text", "buttons"]
    assert all(length(part.text) <= 60 for part in found)
    assert length(found[-1].text) <= 40


def test_where_it_was_read_is_linked_once() -> None:
    said = message("A quote.")
    said.citations.extend([{"url": "/articles/a#b"}, {"url": "/articles/a#b"}])
    (part,) = compose(said, LIMITS, choose="Choose", links_to="https://c.example")
    assert part["text"] == "A quote.\n\nhttps://c.example/articles/a#b"
    assert compose(said, LIMITS, choose="Choose")[0]["text"] == "A quote."
