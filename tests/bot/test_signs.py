"""Pictures that are sent for a word."""
import pytest
import yaml

from bot.signs import WORDS, Signs

SIGNS = Signs.load()


@pytest.mark.parametrize(("text", "word"), [
    ("👍", "yes"), ("👍🏽", "yes"), ("👍👍 👍", "yes"), ("✔️", "yes"), ("👎", "no"), ("🙏🏻", "thanks"),
    ("❤️", "thanks"), ("👋", "hello")])
def test_a_picture_that_stands_for_a_word_is_read_as_it(text: str, word: str) -> None:
    assert SIGNS.said(text) == word


@pytest.mark.parametrize("text", ["", "😭", "👍😭", "👍 for thursday", "ok", "1", "\u200d", "🏃‍♂️🦵"])
def test_anything_else_is_left_as_it_is(text: str) -> None:
    assert SIGNS.said(text) == text


def test_no_picture_stands_for_two_words() -> None:
    every = [sign for signs in yaml.safe_load(WORDS.read_text(encoding="utf-8")).values() for sign in signs]
    assert len(set(every)) == len(every) > 20
