"""Makes pictures with alpha smaller by averaging areas, in strips.

Colours are averaged by their alpha, so that what is transparent lends its colour to nobody and an
edge keeps the object's own. For previews; the network's view has its own way (shrink.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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


def shrink_to(
    picture: Picture, area: Box, size: tuple[int, int], weight: Pixels | None = None
) -> SmallPicture:
    """Average an area of a picture down to (width, height).

    area: may reach beyond the picture, where nothing is (alpha 0); weight: (H, W) uint8 or uint16
    of the picture's size.
    """
    factors = max(1, area.width // (_FINEST * size[0])), max(1, area.height // (_FINEST * size[1]))
    planes = _averaged(_Source(picture, weight), area, factors)
    box = (0.0, 0.0, area.width / factors[0], area.height / factors[1])
    resized = [
        np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX, box))
        for plane in planes
    ]
    return _small(np.stack(resized))


def shrink_by(picture: Picture, scale: int, weight: Pixels | None = None) -> SmallPicture:
    """Average a whole picture in boxes of scale x scale; those at its end may be filled in part."""
    whole = Box(0, 0, picture.width, picture.height)
    return _small(_averaged(_Source(picture, weight), whole, (scale, scale)))


def _small(planes: Planes) -> SmallPicture:
    color, alpha, weighed = planes[:3], planes[3], planes[4:]
    weight = _divided(weighed, alpha)[0] if len(weighed) else np.sign(alpha)
    return SmallPicture(color, alpha, weight)


def _divided(planes: Planes, alpha: FloatMap) -> Planes:
    return np.divide(planes, alpha, out=np.zeros_like(planes), where=alpha > 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    picture: Picture
    weight: Pixels | None

    @property
    def depth(self) -> int:
        return 4 if self.weight is None else 5

    def read(self, box: Box) -> Planes:
        """(4 or 5, rows, columns) float32: colour x alpha, alpha, weight x alpha."""
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


def _averaged(source: _Source, area: Box, factors: tuple[int, int]) -> Planes:
    """Averages over boxes of `factors` (across, down), counted from the area's corner."""
    across, down = factors
    blocks = -(-area.height // down), -(-area.width // across)
    averaged = np.zeros((source.depth, *blocks), np.float32)
    inner = _overlap(area, source.picture)
    for first, strip in _strips(area, down):
        held = Box(
            inner.left, max(strip.top, inner.top), inner.right, min(strip.bottom, inner.bottom)
        )
        if held.left < held.right and held.top < held.bottom:
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


def _overlap(area: Box, picture: Picture) -> Box:
    return Box(
        max(area.left, 0),
        max(area.top, 0),
        min(area.right, picture.width),
        min(area.bottom, picture.height),
    )


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
