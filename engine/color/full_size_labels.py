"""The regions at the picture's own size, for overlays and label files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from engine.color.strips import Positions, Strip, foreground_box, strips, view_positions
from engine.color.transfer import DocumentSpace
from engine.errors import PixelArrayError
from engine.view import Box

OUTSIDE = 255
"""The label of all that is less than half foreground."""

_COLOR_SCALE = 10.0
"""A colour this far away (0..255) counts as much as a view pixel's distance; best of 10, 20, 40."""

_STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class LabeledView:
    """A view and its regions.

    window: the box of the picture that it shows; rgb: (h, w, 3) uint8 sRGB; labels: (h, w) int8,
    region indices, -1 outside. Raises PixelArrayError for other shapes or dtypes.
    """

    window: Box
    rgb: NDArray[np.uint8]
    labels: NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.rgb.dtype != np.uint8 or self.rgb.shape[2:] != (3,):
            raise PixelArrayError("The view must be (h, w, 3) uint8.")
        if self.labels.dtype != np.int8 or self.labels.shape != self.rgb.shape[:2]:
            raise PixelArrayError("Labels must be (h, w) int8 and have the view's size.")


def upsample_labels(
    view: LabeledView, picture: Picture, mask: Pixels, space: DocumentSpace
) -> NDArray[np.uint8]:
    """Give each foreground pixel the label of the view pixel round it whose colour is nearest.

    picture: the document; mask: (H, W) uint8 or uint16 of its size; space: the document's colour
    space. Returns (H, W) uint8, OUTSIDE where the mask is below half. Each pixel chooses among the
    four view pixels that it lies between, by colour and by distance, so that the regions' edges
    follow the picture's. All OUTSIDE where the view has no label.
    Raises PixelArrayError for a mask of another size.
    """
    if mask.shape != picture.pixels.shape[:2]:
        raise PixelArrayError("The mask must have the picture's size.")
    labels = np.full(mask.shape, OUTSIDE, np.uint8)
    box = foreground_box(mask)
    if box is None or view.labels.max() < 0:
        return labels
    columns = view_positions(
        box.left, box.right, view.window.left, view.window.width, view.labels.shape[1]
    )
    chooser = _Chooser(view.rgb.astype(np.float32), _filled(view.labels), columns)
    half = np.iinfo(mask.dtype).max // 2 + 1
    for strip in strips(box, view.window, view.labels.shape[0]):
        inside = mask[strip.rows, strip.columns] >= half
        if inside.any():
            rgb = _view_levels(picture, strip, space)
            labels[strip.rows, strip.columns][inside] = chooser.choose(strip, rgb)[inside]
    return labels


def _view_levels(picture: Picture, strip: Strip, space: DocumentSpace) -> NDArray[np.float32]:
    """A strip in the view's terms: (rows, columns, 3) float32 sRGB, 0..255."""
    rgb = picture.pixels[strip.rows, strip.columns].astype(np.float32)
    if space.is_srgb:
        return rgb * np.float32(255 / picture.white)
    return space.to_srgb(rgb / np.float32(picture.white)) * np.float32(255)


def _filled(labels: NDArray[np.int8]) -> NDArray[np.int8]:
    """Labels carried outwards, one pixel a round, until every pixel has one."""
    filled = labels.copy()
    while (empty := filled < 0).any():
        padded = np.pad(filled, 1, constant_values=-1)
        height, width = labels.shape
        for down, right in _STEPS:
            neighbor = padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]
            np.copyto(filled, neighbor, where=empty & (neighbor >= 0))
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Chooser:
    view: NDArray[np.float32]
    labels: NDArray[np.int8]
    columns: Positions

    def choose(self, strip: Strip, rgb: NDArray[np.float32]) -> NDArray[np.uint8]:
        """(rows, columns) labels; only columns between different labels look at colours."""
        ends = self.columns.first, self.columns.second
        corners = [self.labels[row, end] for row in (strip.upper, strip.lower) for end in ends]
        nearest = np.broadcast_to(corners[0].astype(np.uint8), rgb.shape[:2]).copy()
        mixed = np.flatnonzero(np.ptp(corners, axis=0))
        if mixed.size:
            nearest[:, mixed] = self._nearest(strip, rgb[:, mixed], mixed)
        return nearest

    def _nearest(
        self, strip: Strip, rgb: NDArray[np.float32], at: NDArray[np.intp]
    ) -> NDArray[np.uint8]:
        down, right = strip.toward_lower, self.columns.toward_second[at]
        least = np.full(rgb.shape[:2], np.inf, np.float32)
        nearest = np.zeros(rgb.shape[:2], np.uint8)
        for row, rows_away in ((strip.upper, down), (strip.lower, 1 - down)):
            for ends, columns_away in (
                (self.columns.first, right),
                (self.columns.second, 1 - right),
            ):
                cost = np.square((rgb - self.view[row, ends[at]]) / _COLOR_SCALE).sum(axis=-1)
                cost += np.square(rows_away) + np.square(columns_away)
                closer = cost < least
                np.copyto(least, cost, where=closer)
                np.copyto(nearest, self.labels[row, ends[at]].astype(np.uint8), where=closer)
        return nearest
