"""The mixed search: laws that hold whatever the passages are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.knowledge.lexical import Lexical, words
from clinic.knowledge.search import Index, standard, with_headings

TEXTS = st.lists(st.text(alphabet="abc runig ", max_size=30), min_size=1, max_size=30)


def index_of(texts: list[str], seed: int = 0) -> Index:
    rows = np.random.default_rng(seed).normal(size=(len(texts), 8)).astype(np.float32)
    return Index.build(texts, rows / np.linalg.norm(rows, axis=1, keepdims=True))


@given(TEXTS, st.text(alphabet="abc runig ", max_size=20), st.integers(1, 40))
def test_hits_come_best_first_and_none_twice(texts: list[str], question: str, top: int) -> None:
    index = index_of(texts)
    hits = index.search(question, index.vectors[0], top=top)
    assert len({hit.place for hit in hits}) == len(hits) == min(top, len(texts))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@given(TEXTS, st.integers(1, 5))
def test_the_best_few_are_the_start_of_the_whole_order(texts: list[str], top: int) -> None:
    index = index_of(texts)
    whole = index.search("a run", index.vectors[0], top=len(texts))
    few = index.search("a run", index.vectors[0], top=top)
    assert [hit.score for hit in few] == [hit.score for hit in whole[:top]]


@given(TEXTS, st.data())
def test_only_allowed_passages_are_found(texts: list[str], data: st.DataObject) -> None:
    index = index_of(texts)
    allowed = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True))
    hits = index.search("run", index.vectors[0], np.array(allowed, dtype=np.intp))
    assert {hit.place for hit in hits} <= set(allowed)
    assert len(hits) == min(10, len(allowed))


def test_an_empty_index_finds_nothing() -> None:
    index = Index.build([], np.zeros((0, 8), dtype=np.float32))
    assert index.search("anything", np.ones(8, dtype=np.float32)) == []


def test_passages_without_their_vectors_are_refused() -> None:
    with pytest.raises(ValueError, match="2 passages but 1 vectors"):
        Index.build(["a", "b"], np.zeros((1, 8), dtype=np.float32))


def test_a_shared_rare_word_decides_between_equal_vectors() -> None:
    rows = np.ones((3, 8), dtype=np.float32)
    index = Index.build(["the knee", "the hip", "the shoulder"], rows)
    assert index.search("my hips", rows[0])[0].place == 1


def test_a_word_in_fewer_passages_weighs_more() -> None:
    scores = Lexical(["knee pain", "hip pain", "neck pain"]).scores("hip pain")
    assert scores.argmax() == 1
    assert scores[0] == scores[2] > 0


def test_endings_and_case_do_not_part_words() -> None:
    assert words("The Runner's KNEES were hurting") == words("runner knee hurt")


def test_scores_that_are_all_alike_say_nothing() -> None:
    assert standard(np.full(5, 3.0, dtype=np.float32)).tolist() == [0.0] * 5


def test_a_passage_that_is_its_own_heading_keeps_its_vector() -> None:
    rows = np.eye(4, dtype=np.float32)
    assert np.allclose(with_headings(rows, rows), rows)
