"""Colours sorted into small boxes, so that whole boxes are judged at once by their distance.

What does not depend on the cutoff: the CPU version prepares this once for a foreground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.submask.boxes import Boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_LEAF = 48
"""Colours in a leaf at most. Smaller leaves mean fewer pairs but more boxes to judge."""

MAX_ROWS = 128
"""Leaves are joined to groups of up to this many colours, the rows of one matrix product."""

_SLOT_BITS = 20
_SLOT_MASK = (1 << _SLOT_BITS) - 1


@dataclass(frozen=True, slots=True)
class ColorBlocks:
    """Colours in L leaves of S places each, leaves in G groups of consecutive leaves.

    color: (L * S,) int64, the colour at each place. Places left over repeat the last colour and
        are not in is_real.
    is_real: (L * S,) bool.
    features: (L * S, 5) float32, red, green, blue, their sum of squares, 1: one matrix product
        of these gives squared distances, exact because all sums are integers below 2**24.
    weight: (L, S) float32, pixels of each colour, 0 at places left over.
    leaves: the L boxes around them.
    nearest, farthest: (G, L) float32, bounds of the squared distances between a group's colours
        and a leaf's.
    """

    color: NDArray[np.int64]
    is_real: NDArray[np.bool_]
    features: NDArray[np.float32]
    weight: NDArray[np.float32]
    leaves: Boxes
    nearest: NDArray[np.float32]
    farthest: NDArray[np.float32]


def block_colors(colors: NDArray[np.uint8], counts: NDArray[np.int64]) -> ColorBlocks:
    """Sort distinct colours into boxes by median splits. colors: (U, 3), U > 0; counts: (U,)."""
    slot, planes, leaf_count = _split_at_medians(colors)
    color = np.minimum(slot, len(colors) - 1).astype(np.int64)
    is_real = slot < len(colors)
    leaves = Boxes.around(planes.reshape(3, leaf_count, -1))
    leaf_size = len(color) // leaf_count
    groups = leaves.joined(min(leaf_count, 1 << (MAX_ROWS // leaf_size).bit_length() - 1))
    return ColorBlocks(
        color=color,
        is_real=is_real,
        features=_features(planes),
        weight=np.where(is_real, counts[color], 0).astype(np.float32).reshape(leaf_count, -1),
        leaves=leaves,
        nearest=groups.nearest(leaves),
        farthest=groups.farthest(leaves),
    )


def _features(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    red, green, blue = planes.astype(np.float32)
    features = np.ones((len(red), 5), np.float32)
    features[:, 0], features[:, 1], features[:, 2] = red, green, blue
    features[:, 3] = red * red + green * green + blue * blue
    return features


def _split_at_medians(
    colors: NDArray[np.uint8],
) -> tuple[NDArray[np.int32], NDArray[np.uint8], int]:
    """Halve all boxes along their longest side until a leaf is small; all at once per level.

    Returns leaf by leaf the slots (colour indices; those of U and above are left over) and the
    colours there, (3, places), and the number of leaves, a power of two.
    """
    levels = max(-(-len(colors) // MAX_LEAF) - 1, 0).bit_length()
    slot_count = -(-len(colors) // (1 << levels)) << levels
    slot = np.arange(slot_count, dtype=np.int32)
    planes = np.ascontiguousarray(colors.T).take(slot, axis=1, mode="clip")
    for level in range(levels):
        order = _halve(planes, 1 << level)
        slot = slot.take(order)
        planes = planes.take(order, axis=1)
    return slot, planes, 1 << levels


def _halve(planes: NDArray[np.uint8], box_count: int) -> NDArray[np.int32]:
    """The order of places that puts the lower half of each box first. planes: (3, places)."""
    size = planes.shape[1] // box_count
    by_box = planes.reshape(3, box_count, size)
    longest = (by_box.max(axis=2) - by_box.min(axis=2)).argmax(axis=0)
    key = by_box[longest, np.arange(box_count)].astype(np.int32) << _SLOT_BITS
    key |= np.arange(planes.shape[1], dtype=np.int32).reshape(box_count, size)
    key.partition(size // 2, axis=1)
    return key.ravel() & _SLOT_MASK
