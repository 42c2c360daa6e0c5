"""Texts to vectors: all-MiniLM-L6-v2, int8, as bot/export_encoder.py leaves it. Free of Rasa."""
import hashlib
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from clinic.errors import NotReady

WIDTH = 384
CHARACTERS = 2_000  # cut before tokenising: a long text costs nothing there
TOKENS = 256  # as many as the model was made for
REMEMBERED = 64  # texts: one turn asks for the same one several times


class Encoder:
    """The sentence encoder; may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises NotReady where *folder* holds no finished export."""
        self.files = [Path(folder) / "encoder.onnx", Path(folder) / "tokenizer.json"]
        for file in self.files:
            if not file.is_file():
                raise NotReady(f"{file} is missing: `make setup` exports the sentence encoder")
        self._tokenizer = Tokenizer.from_file(str(self.files[1]))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # for short texts more threads cost more than they bring
        options.inter_op_num_threads = 1
        # Fused, adding and normalising took a quarter of a text's time; one after the other, a tenth.
        self._session = onnxruntime.InferenceSession(
            str(self.files[0]), options, providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"])
        threadpool_limits(1, user_api="blas")  # numpy too, and for good: its threads made one guess ten times dearer
        self._remembered = lru_cache(REMEMBERED)(self._encode)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """*texts* as float32 rows of length 1, len(texts) x 384; the same text always gives the same row."""
        return self.views(texts)[:, :WIDTH]

    def views(self, texts: Sequence[str]) -> np.ndarray:
        """What is meant and how it is said, side by side: float32, len(texts) x 768, each half of length 1."""
        rows = [self._remembered(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 2 * WIDTH), np.float32)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the weights or the vocabulary: 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def _encode(self, text: str) -> np.ndarray:
        # One at a time: int8 takes its scale from all that it is given, so a batch changes its rows.
        whole = text[:CHARACTERS].encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
        ids = np.array([self._tokenizer.encode(whole).ids], np.int64)
        row = np.hstack(self._session.run(["embedding", "wording"], {"input_ids": ids}))[0]
        row.setflags(write=False)  # it is handed out again
        return row


@cache
def encoder_at(folder: Path) -> Encoder:
    """The process's one encoder for *folder*: it weighs 40 MB, so understanding and search share it."""
    return Encoder(folder)
