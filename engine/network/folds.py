"""The arithmetic of the folded head: which taps of a 3x3 kernel fall on which source pixel.

A 3x3 kernel over a map that was enlarged f times (nearest) sees at most 2x2 source pixels. Along
an axis there are three kinds of output pixel: the first of a block (L) sees the source pixel
before with k0 and its own with k1 + k2; one in the middle (M) its own with k0 + k1 + k2; the last
(R) its own with k0 + k1 and the next with k2. So each map needs one small convolution with a
kernel for each pair of kinds, and the results are handed up octave by octave: at the next finer
octave an L stays L on the left half and turns M on the right, M is M twice, R is M then R. A block
of two has no middle, so the last octave before full size needs L and R alone.

Channels run output by output, within it pair by pair, so that handing up is one choice of channels
and one pixel shuffle. numpy alone; torch's copy of it is engine.network.folded_head.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.network.config import LEVELS

LEFT, MIDDLE, RIGHT = 0, 1, 2
ALL_KINDS = (LEFT, MIDDLE, RIGHT)
ENDS = (LEFT, RIGHT)

TAPS = (
    ((1, 0, 0), (0, 1, 1), (0, 0, 0)),
    ((0, 0, 0), (1, 1, 1), (0, 0, 0)),
    ((0, 0, 0), (1, 1, 0), (0, 0, 1)),
)
"""TAPS[kind][source offset + 1][k]: which taps of the kernel fall on a source pixel."""

_CHILDREN = ((LEFT, MIDDLE), (MIDDLE, MIDDLE), (MIDDLE, RIGHT))
"""_CHILDREN[fine kind][half]: the coarse kind that a fine pixel takes, by its half of the block."""


def kinds_at(depth: int) -> tuple[int, ...]:
    """The kinds of pixel that the decoder layer at `depth` (0 the deepest) must tell apart."""
    return ENDS if depth == LEVELS - 2 else ALL_KINDS


def tap_sums(kinds: tuple[int, ...]) -> NDArray[np.float32]:
    """(len(kinds), 3, 3): for each kind, source offset and kernel tap, 1 where the tap falls."""
    return np.array([TAPS[kind] for kind in kinds], np.float32)


def class_kernels(kernel: NDArray[np.float32], kinds: tuple[int, ...]) -> NDArray[np.float32]:
    """(O, I, 3, 3) to the (O * len(kinds)**2, I, 3, 3) kernels of each pair of kinds."""
    taps = tap_sums(kinds)
    folded = np.einsum("pya,qxb,oiab->opqiyx", taps, taps, kernel)
    return np.ascontiguousarray(folded.reshape(-1, *kernel.shape[1:]), np.float32)


def hand_up_channels(outputs: int, kinds: tuple[int, ...]) -> list[int]:
    """Which of the coarser octave's channels each channel before the pixel shuffle takes."""
    pairs = len(ALL_KINDS) ** 2
    return [
        output * pairs + _CHILDREN[p][top] * len(ALL_KINDS) + _CHILDREN[q][left]
        for output in range(outputs)
        for p in kinds
        for q in kinds
        for top in (0, 1)
        for left in (0, 1)
    ]
