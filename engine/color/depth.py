"""Between 8 and 16 bits a channel, and from colour to grey, with exact rounding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint8 | np.uint16]

STRIP_ROWS = 256
"""Rows that are converted at once: temporary arrays stay small beside the picture."""
# ITU-R BT.601 luma in 16-bit fixed point; the weights add up to 1, so grey stays what it was.
_LUMA_WEIGHTS = (19_595, 38_470, 7_471)
_LUMA_BITS = 16


def to_8_bit(samples: Samples) -> NDArray[np.uint8]:
    """Round 16-bit samples of any shape to the nearest 8-bit value (65535 becomes 255).

    8-bit samples come back as they are.
    """
    if samples.dtype == np.uint8:
        return samples.view(np.uint8)
    reduced = np.empty(samples.shape, np.uint8)
    for top in range(0, samples.shape[0], STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        reduced[rows] = (samples[rows].astype(np.uint32) + 128) // 257
    return reduced


def luma(pixels: Samples) -> Samples:
    """Weigh (H, W, 3) encoded RGB to (H, W) grey of the same dtype (BT.601, rounded)."""
    grey = np.empty(pixels.shape[:2], pixels.dtype)
    for top in range(0, pixels.shape[0], STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        weighted = pixels[rows].astype(np.uint32) @ np.array(_LUMA_WEIGHTS, np.uint32)
        grey[rows] = (weighted + (1 << (_LUMA_BITS - 1))) >> _LUMA_BITS
    return grey
