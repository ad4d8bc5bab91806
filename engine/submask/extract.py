"""The door to submask extraction: picks the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.submask.centers import ColorClusters
from engine.submask.cutoff import squared_limit
from engine.submask.foreground import foreground_colors
from engine.submask.prepared import prepare_colors
from engine.submask.reference import reference_clusters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.submask.submasks import Submasks

Method = Literal["cpu", "reference"]


def extract_submasks(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    cutoff_distance: float,
    method: Method = "cpu",
) -> Submasks:
    """Divide a foreground into submasks by the colours of its pixels (FRIH, eqs. 1-2).

    rgb: (H, W, 3) uint8 sRGB composite; mask: (H, W) bool, true in the foreground.
    cutoff_distance: d_c in (0, 1], at most four decimals; the paper uses 0.1. "Normalized" is
    read as RGB / 255.
    method: "cpu" for use, "reference" to compare with; both give the same
    labels to the last pixel. Small submasks stay: merge_small_submasks is for those.

    Where the paper is open, ties in density are ranked by pixel count and then by colour, so the
    labels do not depend on where pixels are, and the densest colour is always a center.
    Raises CutoffDistanceError and PixelArrayError.
    """
    match method:
        case "cpu":
            return prepare_colors(rgb, mask).submasks(cutoff_distance)
        case "reference":
            return _extract_by_reference(rgb, mask, cutoff_distance)


def _extract_by_reference(
    rgb: NDArray[np.uint8], mask: NDArray[np.bool_], cutoff_distance: float
) -> Submasks:
    limit = squared_limit(cutoff_distance)
    foreground = foreground_colors(rgb, mask)
    if len(foreground.colors) == 0:
        return foreground.paint(ColorClusters.none())
    return foreground.paint(reference_clusters(foreground, limit))
