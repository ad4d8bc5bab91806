"""Makes a changed layer ready to lie above the one that it was made from, which still shows.

For editors that cannot hide the source as part of an undo step. Laid over its source as it is, a
changed layer would count twice wherever the source is half transparent. With X what shows now, Y
what is to show, and r the layer's alpha times its opacity, the colour X + (Y - X) / r at alpha r
shows Y. Where that colour does not exist r is raised until it does; at r = 1 it is Y itself.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.color.blending import BlendMode, blend_over
from engine.color.depth import STRIP_ROWS
from engine.color.picture import FloatPicture, Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space
from engine.color.view_arrays import FloatMap, Planes
from engine.errors import CancelledError

_STEP = 1e-3
"""Of a step of the layer's depth: an alpha so near to a step above it is meant to be that step."""

AnyPicture = Picture | FloatPicture


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a layer lies on, and how.

    weight: (h, w) uint8 or uint16 of the layer's size, 0 where the result is not to be; below: the
    picture under it, None for nothing; left, top: where that begins in the layer's own pixels,
    outside of it there is nothing; opacity, mode: the layer's.
    """

    weight: Pixels
    below: AnyPicture | None = None
    left: int = 0
    top: int = 0
    opacity: float = 1.0
    mode: BlendMode = BlendMode.NORMAL


@dataclass(frozen=True, slots=True, eq=False)
class LaidAbove:
    """The layer as it was and as it is to be.

    source: with alpha; changed: (h, w, 3) its changed colours, which become those to lay above;
    alpha: (h, w) of the same dtype, where the alpha to lay above goes; covers: nothing of what lies
    between may show.
    """

    source: AnyPicture
    changed: Pixels | NDArray[np.float32]
    alpha: Pixels | NDArray[np.float32]
    ground: Ground
    covers: bool = False


def lay_above(
    layer: LaidAbove, *, workers: int = 2, is_cancelled: Callable[[], bool] = lambda: False
) -> None:
    """Write colours and alpha for a layer above its source, which then show the changed layer.

    Transparent where the source is, and where the ground's weight is 0 unless it covers. The
    picture below keeps its alpha: whoever lays the layer there clips it to that.
    Raises CancelledError when `is_cancelled` says so between two strips.
    """

    def run(top: int) -> None:
        if is_cancelled():
            raise CancelledError("Cancelled.")
        _run_strip(layer, slice(top, min(top + STRIP_ROWS, layer.source.height)))

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(run, range(0, layer.source.height, STRIP_ROWS)):
            pass


def _run_strip(layer: LaidAbove, rows: slice) -> None:
    alpha, white = layer.source.alpha, layer.source.white
    own = alpha[rows] if alpha is not None else np.full_like(layer.alpha[rows], white)
    shows = own > 0
    if not layer.covers:
        shows &= layer.ground.weight[rows] > 0
    target, changed = layer.alpha[rows], layer.changed[rows]
    target[...] = np.where(shows, own, 0)
    ground = layer.ground
    is_plain = ground.opacity == 1 and ground.mode is BlendMode.NORMAL
    where = np.nonzero(shows & (own < white)) if is_plain else np.nonzero(shows)
    if len(where[0]) == 0:
        return
    share = own[where].astype(np.float32) * np.float32(ground.opacity / white)
    spaces = _spaces(layer.source, ground.below)
    now = _colors(layer.source.pixels[rows][where], white, spaces)
    wanted = _colors(changed[where], white, spaces)
    before, after = _shown(ground, (where[0] + rows.start, where[1]), share, (now, wanted))
    color, share = _compensated(before, after, _least_share(layer, share), layer.source)
    if spaces is not None:
        color = _converted(spaces[0].from_srgb, _converted(spaces[1].to_srgb, color))
    target[where] = _in_depth(share, layer.source)
    changed[where] = _in_depth(color.T, layer.source)


def _least_share(layer: LaidAbove, share: FloatMap) -> FloatMap:
    return np.ones_like(share) if layer.covers else share


def _shown(
    ground: Ground,
    where: tuple[NDArray[np.intp], NDArray[np.intp]],
    share: FloatMap,
    colors: tuple[Planes, Planes],
) -> tuple[Planes, Planes]:
    """(3, n) what shows with each of the two colours; the alphas of both are the same."""
    below, below_alpha = _below(ground, where)
    shown = [
        blend_over(below, below_alpha, color[:, None], share[None], ground.mode)[0][:, 0]
        for color in colors
    ]
    return shown[0], shown[1]


def _below(
    ground: Ground, where: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> tuple[Planes, FloatMap]:
    """(3, 1, n) and (1, n): colours and alpha under single pixels of the layer."""
    count = len(where[0])
    color, alpha = np.zeros((3, 1, count), np.float32), np.zeros((1, count), np.float32)
    below = ground.below
    if below is None:
        return color, alpha
    rows, columns = where[0] - ground.top, where[1] - ground.left
    there = (rows >= 0) & (rows < below.height) & (columns >= 0) & (columns < below.width)
    rows, columns = rows[there], columns[there]
    white = np.float32(below.white)
    color[:, 0, there] = below.pixels[rows, columns].T / white
    alpha[0, there] = 1 if below.alpha is None else below.alpha[rows, columns] / white
    return color, alpha


def _compensated(
    before: Planes, after: Planes, share: FloatMap, source: AnyPicture
) -> tuple[Planes, FloatMap]:
    """The colours that show `after` when they lie on `before`, and the alpha that they need."""
    change = after - before
    if not isinstance(source, FloatPicture):
        room = np.where(change > 0, 1 - before, before)
        needed: Planes = np.divide(np.abs(change), room, out=np.zeros_like(change), where=room > 0)
        share = np.maximum(share, needed.max(axis=0)).clip(0, 1)
        white = np.float32(source.white)
        steps: FloatMap = np.ceil(share * white - np.float32(_STEP))
        share = steps / white
    color = np.divide(change, share, out=np.zeros_like(change), where=share > 0)
    color += before
    return np.where(share == 1, after, color), share


def _colors(
    pixels: NDArray[np.generic], white: int, spaces: tuple[RgbSpace, RgbSpace] | None
) -> Planes:
    """(3, n) of (n, 3) pixels, in the space of what is below."""
    values = np.ascontiguousarray(pixels.T, np.float32) / np.float32(white)
    if spaces is None:
        return values
    return _converted(spaces[1].from_srgb, _converted(spaces[0].to_srgb, values))


def _converted(
    convert: Callable[[NDArray[np.float32]], NDArray[np.float32]], planes: Planes
) -> Planes:
    return np.ascontiguousarray(convert(np.ascontiguousarray(planes.T)).T)


def _spaces(layer: AnyPicture, below: AnyPicture | None) -> tuple[RgbSpace, RgbSpace] | None:
    """The layer's and that of what is below, where they differ."""
    if below is None or layer.icc == below.icc:
        return None
    own, space = rgb_space(layer.icc), rgb_space(below.icc)
    return None if own.is_srgb and space.is_srgb else (own, space)


def _in_depth(values: NDArray[np.float32], source: AnyPicture) -> NDArray[np.generic]:
    if isinstance(source, FloatPicture):
        return values
    limited = np.rint(values.clip(0, 1) * np.float32(source.white))
    return cast("NDArray[np.generic]", limited.astype(source.pixels.dtype))
