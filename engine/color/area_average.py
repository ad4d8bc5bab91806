"""Makes pictures with alpha smaller by averaging areas, in strips.

Colours are averaged by their alpha, so that what is transparent lends its colour to nobody and an
edge keeps the object's own. For previews; the network's view has its own way (shrink.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from engine.color.view_arrays import FloatMap, Planes
from engine.view import Box

Edges = NDArray[np.float64]
"""Where stretches of pixels begin and end: one more than there are stretches."""

_STRIP_PIXELS = 1 << 18
_WITH_ALPHA = 4
_WHITE_16 = 65_535


@dataclass(frozen=True, slots=True, eq=False)
class SmallPicture:
    """Averages over areas of a picture, in its own encoding, 0 to 1.

    color: (3, h, w) float32, each colour times alpha; alpha: (h, w); weight: (h, w), the average
    of another map where alpha is, or 1; 0 where it is not.
    """

    color: Planes
    alpha: FloatMap
    weight: FloatMap

    @staticmethod
    def of(planes: Planes) -> SmallPicture:
        """From what an AreaSource gives."""
        if len(planes) == 3:
            opaque = np.ones(planes.shape[1:], np.float32)
            return SmallPicture(planes, opaque, opaque)
        color, alpha, weighed = planes[:3], planes[3], planes[4:]
        weight = _divided(weighed, alpha)[0] if len(weighed) else np.sign(alpha)
        return SmallPicture(color, alpha, weight)

    def resized(self, size: tuple[int, int]) -> SmallPicture:
        """Averaged further down, to (width, height)."""
        planes = np.concatenate([self.color, self.alpha[None], (self.weight * self.alpha)[None]])
        return SmallPicture.of(resized(planes, size))

    def straight(self) -> Planes:
        """(3, h, w) colours, not multiplied by alpha; 0 where it is 0."""
        return _divided(self.color, self.alpha)

    def in_16_bits(self, icc: bytes | None) -> Picture:
        """As a picture, in 16 bits so that nothing is lost."""
        pixels = in_16_bits(self.straight().transpose(1, 2, 0))
        return Picture(pixels, in_16_bits(self.alpha), icc)


def in_16_bits(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """0..1 to 0..65535, rounded."""
    return np.rint(values.clip(0, 1) * np.float32(_WHITE_16)).astype(np.uint16)


class AreaSource(Protocol):
    """Something that can be read box by box: a picture, or what several show together."""

    @property
    def width(self) -> int:
        """Columns."""
        ...

    @property
    def height(self) -> int:
        """Rows."""
        ...

    @property
    def depth(self) -> int:
        """Planes: 3 where all is opaque, 4 with alpha, 5 with a weight too."""
        ...

    def read(self, box: Box) -> Planes:
        """(depth, rows, columns) float32: colour x alpha; alpha; weight x alpha."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PictureSource:
    """A picture; weight: (H, W) uint8 or uint16 of its size."""

    picture: Picture
    weight: Pixels | None = None

    @property
    def width(self) -> int:
        """Columns."""
        return self.picture.width

    @property
    def height(self) -> int:
        """Rows."""
        return self.picture.height

    @property
    def depth(self) -> int:
        """Planes."""
        if self.weight is not None:
            return 5
        return 3 if self.picture.alpha is None else 4

    def read(self, box: Box) -> Planes:
        """See AreaSource."""
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        planes = np.empty((self.depth, box.height, box.width), np.float32)
        planes[:3] = self.picture.pixels[rows, columns].transpose(2, 0, 1)
        planes[:3] /= np.float32(self.picture.white)
        if self.picture.alpha is not None:
            np.divide(
                self.picture.alpha[rows, columns], np.float32(self.picture.white), out=planes[3]
            )
            planes[:3] *= planes[3]
        elif self.depth > 3:
            planes[3] = 1
        if self.weight is not None:
            white = np.float32(np.iinfo(self.weight.dtype).max)
            np.divide(self.weight[rows, columns], white, out=planes[4])
            planes[4] *= planes[3]
        return planes


def shrink_to(source: AreaSource, area: Box, size: tuple[int, int]) -> SmallPicture:
    """Average an area down to (width, height), also by fractions of a pixel.

    area: no smaller than the size; may reach beyond the source, where nothing is (alpha 0).
    """
    across, down = _equal(area.width, size[0]), _equal(area.height, size[1])
    return SmallPicture.of(_averaged(source, area, across, down))


def shrink_by(source: AreaSource, scale: int) -> SmallPicture:
    """Average all of it in boxes of scale x scale; those at its end may be smaller."""
    across, down = _steps(source.width, scale), _steps(source.height, scale)
    return SmallPicture.of(_averaged(source, Box(0, 0, source.width, source.height), across, down))


def resized(planes: Planes, size: tuple[int, int]) -> Planes:
    """Average (C, h, w) planes down to (width, height)."""
    _, height, width = planes.shape
    return _in_stretches(planes, _equal(width, size[0]), _equal(height, size[1]))


def _equal(length: int, count: int) -> Edges:
    return np.linspace(0, length, count + 1)


def _steps(length: int, step: int) -> Edges:
    return np.append(np.arange(0, length, step), length).astype(np.float64)


def _divided(planes: Planes, alpha: FloatMap) -> Planes:
    return np.divide(planes, alpha, out=np.zeros_like(planes), where=alpha > 0)


def _averaged(source: AreaSource, area: Box, across: Edges, down: Edges) -> Planes:
    """Averages between edges, counted from the area's corner."""
    whole = Box(0, 0, source.width, source.height)
    # Where a source ends within the area it is not opaque all over.
    depth = source.depth if area.common(whole) == area else max(source.depth, _WITH_ALPHA)
    averaged = np.empty((depth, down.size - 1, across.size - 1), np.float32)
    rows_at_once = max(1, int(_STRIP_PIXELS / (area.width * area.height) * down.size))
    for first in range(0, down.size - 1, rows_at_once):
        last = min(first + rows_at_once, down.size - 1)
        top, bottom = math.floor(down[first]), math.ceil(down[last])
        strip = Box(area.left, area.top + top, area.right, area.top + bottom)
        edges = down[first : last + 1] - top
        averaged[:, first:last] = _in_stretches(_read(source, strip, depth), across, edges)
    return averaged


def _read(source: AreaSource, strip: Box, depth: int) -> Planes:
    """A strip, with nothing where the source does not reach."""
    held = strip.common(Box(0, 0, source.width, source.height))
    if held == strip and depth == source.depth:
        return source.read(strip)
    planes = np.zeros((depth, strip.height, strip.width), np.float32)
    if held is not None:
        inner = held.moved(-strip.left, -strip.top)
        rows, columns = slice(inner.top, inner.bottom), slice(inner.left, inner.right)
        planes[: source.depth, rows, columns] = source.read(held)
        planes[source.depth :, rows, columns] = 1
    return planes


def _in_stretches(planes: Planes, across: Edges, down: Edges) -> Planes:
    shorter = np.ascontiguousarray(_fewer_rows(planes, down).transpose(0, 2, 1))
    return np.ascontiguousarray(_fewer_rows(shorter, across).transpose(0, 2, 1))


def _fewer_rows(planes: Planes, edges: Edges) -> Planes:
    """Averages over the rows between edges, which rise by 1 or more each."""
    count, size = edges.size - 1, planes.shape[1]
    if count == size:
        return planes
    first = np.minimum(edges.astype(np.intp), size - 1)
    within = (edges - first).astype(np.float32)
    fewer = np.empty((planes.shape[0], count, planes.shape[2]), np.float32)
    # A loop over rows adds whole rows at a time, five times quicker than numpy's reduceat.
    for row, (top, bottom) in enumerate(pairwise(first.tolist())):
        stretch = planes[:, top:bottom].sum(axis=1)
        stretch += planes[:, bottom] * within[row + 1]
        stretch -= planes[:, top] * within[row]
        fewer[:, row] = stretch
    fewer /= np.diff(edges).astype(np.float32)[:, None]
    return fewer
