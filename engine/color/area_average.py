"""Makes pictures with alpha smaller by averaging areas, in strips.

Colours are averaged by their alpha, so that what is transparent lends its colour to nobody and an
edge keeps the object's own. For previews; the network's view has its own way (shrink.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from engine.color.view_arrays import FloatMap, Planes
from engine.view import Box

_STRIP_PIXELS = 1 << 17
_FINEST = 2
"""Whole-number averaging leaves this many times the wanted size, and the rest is fractional."""

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
        """Planes: 4, or 5 with a weight."""
        ...

    def read(self, box: Box) -> Planes:
        """(depth, rows, columns) float32: colour x alpha, alpha, weight x alpha."""
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
        return 4 if self.weight is None else 5

    def read(self, box: Box) -> Planes:
        """See AreaSource."""
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        planes = np.empty((self.depth, box.height, box.width), np.float32)
        planes[:3] = self.picture.pixels[rows, columns].transpose(2, 0, 1)
        planes[:3] /= np.float32(self.picture.white)
        planes[3] = 1
        if self.picture.alpha is not None:
            np.divide(
                self.picture.alpha[rows, columns], np.float32(self.picture.white), out=planes[3]
            )
            planes[:3] *= planes[3]
        if self.weight is not None:
            white = np.float32(np.iinfo(self.weight.dtype).max)
            np.divide(self.weight[rows, columns], white, out=planes[4])
            planes[4] *= planes[3]
        return planes


def shrink_to(source: AreaSource, area: Box, size: tuple[int, int]) -> SmallPicture:
    """Average an area down to (width, height).

    area: may reach beyond the source, where nothing is (alpha 0).
    """
    factors = max(1, area.width // (_FINEST * size[0])), max(1, area.height // (_FINEST * size[1]))
    planes = _averaged(source, area, factors)
    filled = area.width / factors[0], area.height / factors[1]
    return SmallPicture.of(resized(planes, size, filled))


def shrink_by(source: AreaSource, scale: int) -> SmallPicture:
    """Average all of it in boxes of scale x scale; those at its end may be filled in part."""
    whole = Box(0, 0, source.width, source.height)
    return SmallPicture.of(_averaged(source, whole, (scale, scale)))


def resized(
    planes: Planes, size: tuple[int, int], filled: tuple[float, float] | None = None
) -> Planes:
    """Average (C, h, w) planes down to (width, height) exactly, also by fractions.

    filled: how much of their width and height counts, None for all.
    """
    across, down = (planes.shape[2], planes.shape[1]) if filled is None else filled
    shorter = _fewer_rows(planes, size[1], down).transpose(0, 2, 1)
    small = _fewer_rows(np.ascontiguousarray(shorter), size[0], across)
    return np.ascontiguousarray(small.transpose(0, 2, 1))


def _fewer_rows(planes: Planes, count: int, filled: float) -> Planes:
    """Averages over `count` stretches of rows of equal height, of which `filled` count."""
    size = planes.shape[1]
    if count == size == filled:
        return planes
    edges = np.linspace(0, filled, count + 1)
    first = np.minimum(edges.astype(np.intp), size - 1)
    within = (edges - first).astype(np.float32)
    fewer = np.empty((planes.shape[0], count, planes.shape[2]), np.float32)
    # A loop over rows adds whole rows at a time, five times quicker than numpy's reduceat.
    for row, (top, bottom) in enumerate(pairwise(first.tolist())):
        stretch = planes[:, top:bottom].sum(axis=1)
        stretch += planes[:, bottom] * within[row + 1]
        stretch -= planes[:, top] * within[row]
        fewer[:, row] = stretch
    fewer *= np.float32(count / filled)
    return fewer


def _divided(planes: Planes, alpha: FloatMap) -> Planes:
    return np.divide(planes, alpha, out=np.zeros_like(planes), where=alpha > 0)


def _averaged(source: AreaSource, area: Box, factors: tuple[int, int]) -> Planes:
    """Averages over boxes of `factors` (across, down), counted from the area's corner."""
    across, down = factors
    blocks = -(-area.height // down), -(-area.width // across)
    averaged = np.zeros((source.depth, *blocks), np.float32)
    whole = Box(0, 0, source.width, source.height)
    for first, strip in _strips(area, down):
        held = strip.common(whole)
        if held is not None:
            planes = _placed(source.read(held), held, strip)
            sums = _block_sums(planes, across, down)
            averaged[:, first : first + sums.shape[1]] = sums
    averaged /= _lengths(area.height, down)[:, None] * _lengths(area.width, across)
    return averaged


def _strips(area: Box, down: int) -> Iterator[tuple[int, Box]]:
    """Strips of whole blocks: each one's first row of blocks and its box."""
    rows = max(1, _STRIP_PIXELS // (area.width * down)) * down
    for top in range(area.top, area.bottom, rows):
        bottom = min(top + rows, area.bottom)
        yield (top - area.top) // down, Box(area.left, top, area.right, bottom)


def _placed(planes: Planes, held: Box, strip: Box) -> Planes:
    if held == strip:
        return planes
    padding = (
        (0, 0),
        (held.top - strip.top, strip.bottom - held.bottom),
        (held.left - strip.left, strip.right - held.right),
    )
    return np.pad(planes, padding)


def _block_sums(planes: Planes, across: int, down: int) -> Planes:
    for axis, length in ((1, down), (2, across)):
        if length > 1:
            starts: NDArray[np.intp] = np.arange(0, planes.shape[axis], length, dtype=np.intp)
            planes = np.add.reduceat(planes, starts, axis=axis)
    return planes


def _lengths(size: int, length: int) -> NDArray[np.float32]:
    """How many pixels each block holds along an axis."""
    starts = np.arange(0, size, length)
    return np.minimum(length, size - starts).astype(np.float32)
