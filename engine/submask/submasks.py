"""What submask extraction gives: the regions of one foreground. Made by every method here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SUBMASKS = 10
"""The most candidate cluster centers a foreground has (FRIH, "Submask Extraction")."""

MIN_CENTER_DENSITY = 10
"""A candidate whose density does not exceed this is an isolated outlier (same section)."""


@dataclass(frozen=True, slots=True)
class Submasks:
    """The K submasks of one foreground, the one with the densest colour first.

    labels: (H, W) int8, 0..K-1 inside the foreground mask and -1 outside.
    count: K, 0..10; 0 only for an empty mask.
    centers: (K, 3) uint8, the sRGB colour of each cluster center.
    areas: (K,) int64, pixels of each submask; their sum is the area of the mask.
    denser: (K,) int8, the submask that holds the nearest denser colour of each center, always
        an earlier one (-1 for submask 0). A center that is dropped hands its pixels there.
    """

    labels: NDArray[np.int8]
    count: int
    centers: NDArray[np.uint8]
    areas: NDArray[np.int64]
    denser: NDArray[np.int8]
