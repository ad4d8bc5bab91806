"""Axis-aligned boxes in colour space and the squared distances between their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_ROWS_AT_ONCE = 32
"""Rows of a bounds matrix worked on together: temporaries stay in the processor's cache."""

_UNBOUNDED = np.float32(1e9)


@dataclass(frozen=True, slots=True)
class Boxes:
    """low, high: (3, B) float32, the corners of B boxes, channel by channel."""

    low: NDArray[np.float32]
    high: NDArray[np.float32]

    @staticmethod
    def around(planes: NDArray[np.uint8] | NDArray[np.float32]) -> Boxes:
        """The smallest boxes around B sets of S colours. planes: (3, B, S)."""
        return Boxes(
            low=planes.min(axis=2).astype(np.float32),
            high=planes.max(axis=2).astype(np.float32),
        )

    def joined(self, size: int) -> Boxes:
        """The boxes around each run of `size` boxes."""
        return Boxes(
            low=self.low.reshape(3, -1, size).min(axis=2),
            high=self.high.reshape(3, -1, size).max(axis=2),
        )

    def nearest(self, others: Boxes) -> NDArray[np.float32]:
        """Lower bounds (B, O) of the squared distances to the colours in other boxes."""
        bounds = np.zeros((self.low.shape[1], others.low.shape[1]), np.float32)
        for rows, ahead, behind in self._gaps(others):
            gap = np.maximum(ahead, behind, out=ahead)
            np.clip(gap, 0, _UNBOUNDED, out=gap)
            gap *= gap
            bounds[rows] += gap
        return bounds

    def farthest(self, others: Boxes) -> NDArray[np.float32]:
        """Upper bounds (B, O) of the squared distances to the colours in other boxes."""
        bounds = np.zeros((self.low.shape[1], others.low.shape[1]), np.float32)
        for rows, ahead, behind in self._gaps(others):
            reach = np.minimum(ahead, behind, out=ahead)
            reach *= reach
            bounds[rows] += reach
        return bounds

    def _gaps(
        self, others: Boxes
    ) -> Iterator[tuple[slice, NDArray[np.float32], NDArray[np.float32]]]:
        """For rows and each channel: how far our low is above their high, and the other way."""
        for start in range(0, self.low.shape[1], _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            for channel in range(3):
                low, high = self.low[channel, rows, None], self.high[channel, rows, None]
                yield rows, low - others.high[channel], others.low[channel] - high
