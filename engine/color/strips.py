"""Work on a large picture in strips: which rows go together, and view-sized maps brought to them.

Memory and cache ask for it: a strip's planes stay in the processor's cache, and nothing but the
input and the output grows with the picture. Called by everything that works at full size.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.view_arrays import Planes
from engine.view import Area, Box

MOST_STRIP_PIXELS = 1 << 16
"""Above this a strip's planes no longer fit the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Rows of a box that lie between the centres of the same two rows of the view.

    box: the strip's pixels; upper, lower: those two rows of the view (the same one beyond the
    view's first and last centres); toward_lower: (rows, 1) float32, 0 at the upper centre and 1
    at the lower.
    """

    box: Box
    upper: int
    lower: int
    toward_lower: NDArray[np.float32]

    @property
    def rows(self) -> slice:
        """The strip's rows in the picture."""
        return slice(self.box.top, self.box.bottom)

    @property
    def columns(self) -> slice:
        """The strip's columns in the picture."""
        return slice(self.box.left, self.box.right)


def foreground_box(mask: NDArray[np.uint8] | NDArray[np.uint16]) -> Box | None:
    """The smallest box round all that is not 0 in an (H, W) mask, without a copy; None if empty."""
    rows = np.flatnonzero(mask.max(axis=1))
    if rows.size == 0:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].max(axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Per pixel the two view pixels it lies between and how near it is to the second, 0 to 1."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    toward_second: NDArray[np.float32]


def view_positions(
    start: int, stop: int, origin: float, length: float, view_length: int
) -> Positions:
    """Where the pixels start to stop (exclusive) lie among a view's pixel centres.

    origin, length: where the window begins and its size on this axis; view_length: the view's
    size. Pixels beyond the view's outermost centres, inside the window or not, take those.
    """
    pixels = np.arange(start, stop, dtype=np.float64)
    at = np.clip((pixels + 0.5 - origin) * (view_length / length) - 0.5, 0, view_length - 1)
    lower = np.floor(at).astype(np.intp)
    upper = np.minimum(lower + 1, view_length - 1)
    return Positions(lower, upper, (at - lower).astype(np.float32))


def strips(box: Box, window: Area, view_height: int) -> Iterator[Strip]:
    """Cut a box of the picture into strips from top to bottom."""
    at = view_positions(box.top, box.bottom, window.top, window.height, view_height)
    view_rows: list[int] = at.first.tolist()
    most_rows = max(1, MOST_STRIP_PIXELS // box.width)
    start = 0
    while start < box.height:
        stop = min(start + most_rows, bisect_right(view_rows, view_rows[start]))
        yield Strip(
            Box(box.left, box.top + start, box.right, box.top + stop),
            view_rows[start],
            int(at.second[start]),
            at.toward_second[start:stop, None],
        )
        start = stop


class StretchedMaps:
    """View-sized maps, interpolated linearly to one strip after another.

    Rows are stretched to the box's width when a strip first needs them and at most two are kept,
    so memory does not grow with the picture's height. A map that is constant round a pixel gives
    exactly that constant.
    """

    def __init__(self, maps: Planes, window: Area, box: Box) -> None:
        """maps: (C, h, w) float32 of the view of `window`; box: the columns that will be asked."""
        self._maps = maps
        self._columns = view_positions(
            box.left, box.right, window.left, window.width, maps.shape[2]
        )
        self._rows: dict[int, Planes] = {}

    def read(self, strip: Strip) -> Planes:
        """The strip's values, (C, rows, columns) float32."""
        self._rows = {row: self._stretched(row) for row in (strip.upper, strip.lower)}
        upper, lower = self._rows[strip.upper], self._rows[strip.lower]
        values = (lower - upper)[:, None] * strip.toward_lower
        values += upper[:, None]
        return values

    def _stretched(self, row: int) -> Planes:
        if row in self._rows:
            return self._rows[row]
        values = self._maps[:, row]
        first = values[:, self._columns.first]
        step = values[:, self._columns.second] - first
        step *= self._columns.toward_second
        first += step
        return first
