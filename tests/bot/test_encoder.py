"""The sentence encoder that set-up exported, as it is."""
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from bot.encoder import Encoder, encoder_at
from bot.vector_cache import VectorCache
from clinic.errors import NotReady
from clinic.settings import Settings


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return encoder_at(Settings.read({}).encoder)


def test_every_row_has_length_one(encoder):
    rows = encoder(["sore achilles", "how much is it", ""])
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)


def test_no_texts_give_no_rows(encoder):
    assert encoder([]).shape == (0, 384)


def test_a_text_has_the_same_row_in_any_company(encoder):
    alone = encoder(["my heel hurts in the morning"])[0].copy()
    beside = Encoder(encoder.files[0].parent)(["a " * 200, "my heel hurts in the morning"])[1]
    np.testing.assert_array_equal(alone, beside)


def test_what_means_the_same_is_nearer(encoder):
    asked, same, other = encoder(["what does it cost?", "how much do you charge", "where can I park"])
    assert asked @ same > asked @ other


def test_a_remembered_row_cannot_be_changed_by_its_reader(encoder):
    rows = encoder(["calf"])
    rows[:] = 0
    assert np.linalg.norm(encoder(["calf"])[0]) == pytest.approx(1, rel=1e-5)


@trying(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=80))
def test_no_text_is_too_strange(text):
    """Lone surrogates, control characters and all."""
    row = encoder_at(Settings.read({}).encoder)([text])[0]
    assert np.isfinite(row).all()


def test_a_very_long_text_is_cut(encoder):
    assert np.isfinite(encoder(["pain " * 100_000])).all()


@pytest.mark.parametrize("file", ["encoder.onnx", "tokenizer.json"])
def test_the_fingerprint_changes_with_either_file(encoder, tmp_path, file):
    for part in encoder.files:
        shutil.copy(part, tmp_path)
    twin = Encoder(tmp_path)
    assert twin.fingerprint == encoder.fingerprint
    with (tmp_path / file).open("ab") as end:
        end.write(b" ")
    changed = object.__new__(Encoder)  # a spoilt file would not load; its fingerprint is what counts
    changed.files = twin.files
    assert changed.fingerprint != encoder.fingerprint


def test_a_folder_without_an_export_says_what_to_do(tmp_path):
    with pytest.raises(NotReady, match="make setup"):
        Encoder(tmp_path)


def test_kept_vectors_are_the_encoders_own(encoder, tmp_path):
    texts = ["sore calf", "sore calf", "opening hours?"]
    first, again = VectorCache(encoder, tmp_path)(texts), VectorCache(encoder, tmp_path)(texts)
    np.testing.assert_array_equal(first, encoder.views(texts))
    np.testing.assert_array_equal(first, again)
    assert [file.suffix for file in Path(tmp_path).iterdir()] == [".npz"]


def test_what_was_kept_earlier_stays_kept(encoder, tmp_path):
    cache = VectorCache(encoder, tmp_path)
    for texts in (["sore calf"], ["sore knee"]):
        cache(texts)
    with np.load(cache.file) as saved:
        assert saved["rows"].shape == (2, 768)
