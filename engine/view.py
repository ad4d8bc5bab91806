"""The view: the window of the picture, with context, that the network gets to see.

Training crops its pictures by the same rule, so that the network meets at work what it has learnt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

VIEW_SIZE = 256
"""Side of the view in pixels; the network's features and A_min are meant for it."""

CONTEXT = 2.5
"""A window's side as a multiple of the foreground's longer side."""

LEAST_SHARE_OF_SHORT_SIDE = 0.5
"""No window is smaller than this share of the picture's short side, however small the object."""

WHOLE_FROM_SHARE = 0.6
"""A window that would cover this share of the picture's area becomes the whole picture."""


class Area(Protocol):
    """Where something lies on a picture, in pixels, which need not be whole ones."""

    @property
    def left(self) -> float:
        """Columns before it."""
        ...

    @property
    def top(self) -> float:
        """Rows before it."""
        ...

    @property
    def width(self) -> float:
        """Columns."""
        ...

    @property
    def height(self) -> float:
        """Rows."""
        ...


@dataclass(frozen=True, slots=True)
class ShrunkBox:
    """An Area of a picture that was made smaller."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open pixel box."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, as Pillow takes them."""
        return self.left, self.top, self.right, self.bottom

    def moved(self, right: int, down: int) -> Box:
        """The same box some pixels further right and down."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def common(self, other: Box) -> Box | None:
        """What lies in both boxes; None where nothing does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def shrunk(self, scale: int) -> ShrunkBox:
        """The same box on a picture whose sides are so many times smaller."""
        return ShrunkBox(
            self.left / scale, self.top / scale, self.width / scale, self.height / scale
        )


def whole(width: int, height: int) -> Box:
    """The box of a whole picture."""
    return Box(0, 0, width, height)


def bounding_box(
    mask: NDArray[np.bool_] | NDArray[np.uint8] | NDArray[np.uint16], least: int = 1
) -> Box | None:
    """The smallest box that holds all of an (H, W) mask from `least` up; None where nothing is."""
    rows = np.flatnonzero(mask.max(axis=1) >= least)
    columns = np.flatnonzero(mask.max(axis=0) >= least)
    if rows.size == 0:
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def choose_window(foreground: Box, width: int, height: int, context: float = CONTEXT) -> Box:
    """A square about the foreground, `context` times its longer side, moved and cut to the picture.

    Each side is cut to the picture's own and the window is shifted, not shrunk, at the picture's
    edges. A window of WHOLE_FROM_SHARE of the picture or more is the whole picture.
    """
    least = LEAST_SHARE_OF_SHORT_SIDE * min(width, height)
    side = max(context * max(foreground.width, foreground.height), least)
    side_x, side_y = min(math.ceil(side), width), min(math.ceil(side), height)
    if side_x * side_y >= WHOLE_FROM_SHARE * width * height:
        return whole(width, height)
    left = _start((foreground.left + foreground.right) / 2, side_x, width)
    top = _start((foreground.top + foreground.bottom) / 2, side_y, height)
    return Box(left, top, left + side_x, top + side_y)


def _start(center: float, side: int, limit: int) -> int:
    return min(max(round(center - side / 2), 0), limit - side)
