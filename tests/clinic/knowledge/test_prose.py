"""Markdown cut into sentences: whatever is quoted later stands in the text letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.knowledge.prose import blocks, sentences, to_html

WORDS = st.text(alphabet="aAbB1 .!?,\"')(\u2019\u2026e.g.Dr. \n\u00c9", max_size=200)


@given(WORDS)
def test_sentences_are_verbatim_spans_in_order(text: str) -> None:
    at = 0
    for sentence in sentences(text):
        at = text.index(sentence, at) + len(sentence)
        assert sentence == sentence.strip() != ""


@given(WORDS)
def test_nothing_but_space_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(
    st.lists(
        st.sampled_from(["It helps.", "Does it?", "So they say!", "Take e.g. Dr. Who at 3.5 km."]), max_size=8
    )
)
def test_plain_sentences_come_back_as_they_went_in(written: list[str]) -> None:
    assert list(sentences(" ".join(written))) == written


@pytest.mark.parametrize(
    "text",
    [
        "Ask Dr. Smith about it.",
        "It costs approx. 4.50 a go.",
        "Shoes, socks etc. Are fine.",
        "J. Hill said so.",
    ],
)
def test_a_shortened_word_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == (text,)


@given(st.text(max_size=300))
def test_any_markdown_can_be_cut_into_blocks(text: str) -> None:
    for block in blocks(text):
        assert all("\n" not in paragraph.text and paragraph.text.strip() for paragraph in block.paragraphs)


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    found = blocks("# One\n\ntext\n\n## Two\n- item\n- other\n", offset=10)
    assert [(block.heading, block.line) for block in found] == [("One", 11), ("Two", 15)]
    assert [paragraph.line for paragraph in found[1].paragraphs] == [16, 17]


def test_emphasis_leaves_plain_words() -> None:
    assert blocks("A **very** good [link](http://x) `now`")[0].paragraphs[0].text == "A very good link now"


def test_tags_in_the_source_are_shown_and_not_obeyed() -> None:
    assert "<script" not in to_html("Hello <script>alert(1)</script> [x](javascript:alert(1))")
    assert 'href="javascript' not in to_html("[x](javascript:alert(1))")
