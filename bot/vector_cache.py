"""Vectors kept on disk, so that training again encodes only what is new."""
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.encoder import WIDTH, Encoder

KEPT = 20_000  # texts: 61 MB
LOT = 64


class VectorCache:
    """An encoder that keeps the vectors of its last texts in a file of *folder*, one file per encoder."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.encoder = encoder
        self.file = folder / f"views-{encoder.fingerprint[:16]}.npz"

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """As `Encoder.views`: float32, len(texts) x 768."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
        known = self._read()
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(zip(new, self._encode(list(new.values())), strict=True))
        if new:
            self._write(dict(list(known.items())[-KEPT:]))
        return np.array([known[key] for key in keys], np.float32).reshape(len(texts), 2 * WIDTH)

    def _encode(self, texts: list[str]) -> Iterator[np.ndarray]:
        """Rows of *texts*, made on every core."""
        lots = [texts[start:start + LOT] for start in range(0, len(texts), LOT)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for rows in pool.map(self.encoder.views, lots):
                yield from rows

    def _read(self) -> dict[str, np.ndarray]:
        if not self.file.is_file():
            return {}
        with np.load(self.file) as saved:
            return dict(zip(saved["keys"].tolist(), saved["rows"], strict=True))

    def _write(self, vectors: dict[str, np.ndarray]) -> None:
        """Renamed into place: two trainings at once each leave a whole file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez(file, keys=np.array(list(vectors)), rows=np.stack(list(vectors.values())))
        os.replace(part, self.file)
