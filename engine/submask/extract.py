"""The door to submask extraction: picks the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.errors import BackendUnavailableError
from engine.submask.centers import ColorClusters
from engine.submask.cutoff import squared_limit
from engine.submask.foreground import foreground_colors
from engine.submask.prepared import prepare_colors
from engine.submask.reference import reference_clusters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.submask.submasks import Submasks

Method = Literal["cpu", "reference", "torch"]


def extract_submasks(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    cutoff_distance: float,
    method: Method = "cpu",
    device: str | None = None,
) -> Submasks:
    """Divide a foreground into submasks by the colours of its pixels (FRIH, eqs. 1-2).

    rgb: (H, W, 3) uint8 sRGB composite; mask: (H, W) bool, true in the foreground.
    cutoff_distance: d_c in (0, 1], at most four decimals; the paper uses 0.1. "Normalized" is
    read as RGB / 255.
    method: "cpu" for use, "reference" to compare with, "torch" for a GPU; all give the same
    labels to the last pixel. Small submasks stay: merge_small_submasks is for those.
    device: for "torch", the device to use, "cuda" or "mps" say; None is CUDA where it is there,
    else the CPU.

    Where the paper is open, ties in density are ranked by pixel count and then by colour, so the
    labels do not depend on where pixels are, and the densest colour is always a center.
    Raises CutoffDistanceError, PixelArrayError, and BackendUnavailableError without
    torch or without the device.
    """
    match method:
        case "cpu":
            return prepare_colors(rgb, mask).submasks(cutoff_distance)
        case "reference":
            return _extract_by_reference(rgb, mask, cutoff_distance)
        case "torch":
            return _extract_by_torch(rgb, mask, cutoff_distance, device)


def _extract_by_reference(
    rgb: NDArray[np.uint8], mask: NDArray[np.bool_], cutoff_distance: float
) -> Submasks:
    limit = squared_limit(cutoff_distance)
    foreground = foreground_colors(rgb, mask)
    if len(foreground.colors) == 0:
        return foreground.paint(ColorClusters.none())
    return foreground.paint(reference_clusters(foreground, limit))


def _extract_by_torch(
    rgb: NDArray[np.uint8], mask: NDArray[np.bool_], cutoff_distance: float, device: str | None
) -> Submasks:
    try:
        from engine.submask.batched import extract_on_device  # noqa: PLC0415 -- torch is optional
    except ImportError as error:
        raise BackendUnavailableError(
            'Submasks on a GPU need torch, which is not installed: use the method "cpu".'
        ) from error
    return extract_on_device(rgb, mask, cutoff_distance, device)
