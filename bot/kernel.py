"""How near texts are to examples: what both kernel models compare by, the intents' and the second reader's."""
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples along the axes in which texts differ most: comparing costs a third, and tells as much.

    *n* examples; D numbers of a text as the encoder has it, *d* of them kept; all float32."""

    axes: np.ndarray     # D x d, those along which texts differ most first
    rows: np.ndarray     # n x d
    lengths: np.ndarray  # n, squared: always the same, and dear to find for each message
    narrowness: float    # of the kernel: at a squared distance of 1 an example counts for e to the power of minus this

    @classmethod
    def along_main_axes(cls, features: np.ndarray, count: int, narrowness: float,
                        kept: int | None = None) -> "Examples":
        """The first *kept* of *features*, n x D, or all, along the *count* axes that matter most among them all."""
        axes = np.linalg.eigh(features.T @ features)[1][:, :-count - 1:-1].copy()  # the main ones come last
        rows = features[:kept] @ axes
        return cls(axes, rows, np.einsum("ij,ij->i", rows, rows), narrowness)

    def some(self, places: np.ndarray) -> "Examples":
        """Only those at *places*, along the same axes."""
        return Examples(self.axes, self.rows[places], self.lengths[places], self.narrowness)

    def nearness(self, features: np.ndarray) -> np.ndarray:
        """How near each of *features* (m x D) is to each example (m x n): 1 where they are the same, towards 0 far
        away."""
        return self._near(features @ self.axes)

    def among_themselves(self) -> np.ndarray:
        """The same between all examples, n x n."""
        return self._near(self.rows)

    def _near(self, rows: np.ndarray) -> np.ndarray:
        apart = (2 * self.narrowness * rows) @ self.rows.T  # in place from here on: with 9,000 examples this is 320 MB
        apart -= self.narrowness * np.einsum("ij,ij->i", rows, rows)[:, None]
        apart -= self.narrowness * self.lengths
        return np.exp(apart, out=apart)

    def as_arrays(self) -> dict[str, Any]:
        """For a file; `from_arrays` reads them back."""
        return {"axes": self.axes, "examples": self.rows, "lengths": self.lengths,
                "narrowness": np.array(self.narrowness)}

    @classmethod
    def from_arrays(cls, arrays: "np.lib.npyio.NpzFile") -> "Examples":
        return cls(arrays["axes"], arrays["examples"], arrays["lengths"], float(arrays["narrowness"]))
