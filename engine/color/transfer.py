"""Carry a colour change from the view to the document's own size, depth and colour space.

The last step of the pipeline. The change is learnt in sRGB; here it becomes a difference of
document values, so that no change at all leaves every bit as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, cast, overload

import numpy as np
from numpy.typing import NDArray

from engine.color.color_change import ColorChange
from engine.color.picture import FloatPicture, Picture, Pixels
from engine.color.quadratic_map import add_quadratic
from engine.color.region_weight import RegionWeight
from engine.color.strips import StretchedMaps, Strip, foreground_box, strips
from engine.color.view_arrays import Planes
from engine.errors import BadInputError, CancelledError, PixelArrayError
from engine.view import Area, Box


def never_cancelled() -> bool:
    """The `is_cancelled` of jobs that nobody can cancel."""
    return False


def tell_nobody(_share: float) -> None:
    """The `advanced` of jobs that nobody watches."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How a long job is watched and stopped, from strip to strip.

    is_cancelled: asked before each strip, by any of the threads; advanced: told after a strip
    which share of the job is done, 0 to 1, by one of them.
    """

    is_cancelled: Callable[[], bool] = never_cancelled
    advanced: Callable[[float], None] = tell_nobody


_UNWATCHED = Watch()


class DocumentSpace(Protocol):
    """The document's colour space, as profiles.py gives it.

    Arrays are (..., 3) float32; document values are 0 to 1, sRGB is encoded and not clipped.
    """

    @property
    def is_srgb(self) -> bool:
        """True where document values are sRGB already and nothing has to be converted."""
        ...

    def to_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Document values to sRGB."""
        ...

    def from_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """SRGB to document values."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """How much of a change each pixel takes: mask x strength x its region's strength.

    mask: (H, W) uint8 or uint16 of the picture's size, the soft foreground; strength: 0 to 1;
    regions: from fit_region_weight, a number where all regions have the same strength.
    Raises BadInputError for a strength outside 0..1.
    """

    mask: Pixels
    strength: float = 1.0
    regions: RegionWeight | float = 1.0

    def __post_init__(self) -> None:
        for strength in (self.strength, self.regions):
            if isinstance(strength, float | int) and not 0 <= strength <= 1:
                raise BadInputError(f"A strength must lie between 0 and 1, not {strength}.")


@overload
def apply_color_change(
    picture: Picture,
    window: Area,
    change: ColorChange,
    blend: Blend,
    space: DocumentSpace,
    *,
    out: Pixels | None = None,
    workers: int = 2,
    watch: Watch = _UNWATCHED,
) -> Picture: ...
@overload
def apply_color_change(
    picture: FloatPicture,
    window: Area,
    change: ColorChange,
    blend: Blend,
    space: DocumentSpace,
    *,
    out: NDArray[np.float32] | None = None,
    workers: int = 2,
    watch: Watch = _UNWATCHED,
) -> FloatPicture: ...
def apply_color_change(
    picture: Picture | FloatPicture,
    window: Area,
    change: ColorChange,
    blend: Blend,
    space: DocumentSpace,
    *,
    out: Pixels | NDArray[np.float32] | None = None,
    workers: int = 2,
    watch: Watch = _UNWATCHED,
) -> Picture | FloatPicture:
    """Change a picture's colours at its own size: document + weight x (changed - document).

    window: the box of the picture that the change's view shows; colours are changed in sRGB and
    the difference is taken in the document's space, cut off where the document's range ends and
    not at sRGB's. Rounded half to even. Alpha is not touched; pixels with mask 0, weight 0 or
    alpha 0, and all where the change is zero, keep every bit. In floating point nothing is rounded
    or cut off: colours beyond sRGB move by as much as the nearest one inside.
    out: where to write, of the picture's shape and depth, None for a new array; the picture's own
    pixels may be given and are then overwritten. Beyond it memory does not grow with the height.
    Raises PixelArrayError for a mask or `out` of another size or depth, CancelledError when the
    watch says so between two strips; `out` is changed in part then.
    """
    pixels = _output(picture, blend, out)
    box = foreground_box(blend.mask)
    if box is not None and blend.strength > 0 and blend.regions != 0:
        shares = _shares(box, workers)
        job = _Transfer(picture, window, change, blend, space, pixels, watch, shares[0])
        with ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(job.run, shares):
                pass
    if isinstance(picture, FloatPicture):
        return FloatPicture(cast("NDArray[np.float32]", pixels), picture.alpha, picture.icc)
    return Picture(cast("Pixels", pixels), picture.alpha, picture.icc)


def _output(
    picture: Picture | FloatPicture, blend: Blend, out: Pixels | NDArray[np.float32] | None
) -> Pixels | NDArray[np.float32]:
    if blend.mask.shape != picture.pixels.shape[:2]:
        raise PixelArrayError("The mask must have the picture's size.")
    if out is None:
        return picture.pixels.copy()
    if out.shape != picture.pixels.shape or out.dtype != picture.pixels.dtype:
        raise PixelArrayError("The output must have the picture's size and depth.")
    if out is not picture.pixels:
        np.copyto(out, picture.pixels)
    return out


def _shares(box: Box, count: int) -> list[Box]:
    count = min(count, box.height)
    edges = [box.top + box.height * share // count for share in range(count + 1)]
    return [Box(box.left, top, box.right, bottom) for top, bottom in pairwise(edges)]


@dataclass(frozen=True, slots=True, eq=False)
class _Transfer:
    picture: Picture | FloatPicture
    window: Area
    change: ColorChange
    blend: Blend
    space: DocumentSpace
    pixels: Pixels | NDArray[np.float32]
    watch: Watch
    told_of: Box
    """The share whose progress stands for all."""

    def run(self, box: Box) -> None:
        """Change the pixels of a box, strip by strip."""
        lines = np.concatenate([self.change.gain, self.change.offset])
        change = StretchedMaps(lines, self.window, box)
        regions = None
        if isinstance(self.blend.regions, RegionWeight):
            regions = StretchedMaps(self.blend.regions.lines, self.window, box)
        for strip in strips(box, self.window, lines.shape[1]):
            if self.watch.is_cancelled():
                raise CancelledError("Cancelled.")
            weight = self._mask_weight(strip)
            if weight.any():
                self._run_strip(strip, weight, change, regions)
            if box is self.told_of:
                self.watch.advanced((strip.box.bottom - box.top) / box.height)

    def _mask_weight(self, strip: Strip) -> NDArray[np.float32]:
        mask = self.blend.mask[strip.rows, strip.columns]
        strength = self.blend.strength
        if not isinstance(self.blend.regions, RegionWeight):
            strength *= self.blend.regions
        weight = mask * np.float32(strength / np.iinfo(mask.dtype).max)
        if self.picture.alpha is not None:
            weight *= self.picture.alpha[strip.rows, strip.columns] > 0
        return weight

    def _run_strip(
        self,
        strip: Strip,
        weight: NDArray[np.float32],
        change: StretchedMaps,
        regions: StretchedMaps | None,
    ) -> None:
        pixels = self.pixels[strip.rows, strip.columns]
        white = np.float32(self.picture.white)
        document = pixels.transpose(2, 0, 1).astype(np.float32, order="C")
        document /= white
        srgb = document if self.space.is_srgb else _planes(self.space.to_srgb, document)
        if regions is not None:
            weight *= _region_weight(regions.read(strip), srgb)
        if isinstance(self.picture, FloatPicture):
            self._shift(pixels, weight, self._shifts(srgb, change.read(strip)))
            return
        moved = self._moved(document, srgb, change.read(strip))
        np.clip(moved, 0, 1, out=moved)
        moved -= document
        moved *= weight
        moved += document
        moved *= white
        np.rint(moved, out=moved)
        np.copyto(pixels, moved.transpose(1, 2, 0), casting="unsafe")

    def _shifts(self, srgb: Planes, lines: Planes) -> Planes:
        """What is added to colours in floating point, in the document's space."""
        inside = np.nan_to_num(srgb, nan=0.0).clip(0, 1)
        start = inside if self.space.is_srgb else _planes(self.space.from_srgb, inside)
        shifts = self._moved(start, inside, lines)
        shifts -= start
        return shifts

    @staticmethod
    def _shift(
        pixels: Pixels | NDArray[np.float32], weight: NDArray[np.float32], shifts: Planes
    ) -> None:
        """Where the weight is 0 every bit stays, and so does what is no number."""
        shifts *= weight
        np.add(pixels, shifts.transpose(1, 2, 0), out=pixels, where=(weight > 0)[:, :, None])

    def _moved(self, document: Planes, srgb: Planes, lines: Planes) -> Planes:
        changed = srgb.copy()
        add_quadratic(self.change.color_map, srgb, changed)
        remainder = lines[:3] * changed
        remainder += lines[3:]
        changed += remainder
        if self.space.is_srgb:
            return changed
        moved = _planes(self.space.from_srgb, changed)
        moved -= _planes(self.space.from_srgb, srgb)
        moved += document
        return moved


def _region_weight(lines: Planes, srgb: Planes) -> NDArray[np.float32]:
    weight = lines[3]
    for channel in range(3):
        weight += lines[channel] * srgb[channel]
    return np.clip(weight, 0, 1, out=weight)


def _planes(
    convert: Callable[[NDArray[np.float32]], NDArray[np.float32]], planes: Planes
) -> Planes:
    """Convert (3, rows, columns) with a function of (rows, columns, 3)."""
    converted = convert(np.ascontiguousarray(planes.transpose(1, 2, 0)))
    return converted.transpose(2, 0, 1).astype(np.float32, order="C")
