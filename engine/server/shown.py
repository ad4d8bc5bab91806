"""Small pictures of a layer's window as the editor shows it, before and after.

Before is the average of what the editor shows. After is before and what the change adds, which is
worked out at the small size: so the two are equal to the last bit where nothing changes, and soft
edges come out as they do at full size.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.area_average import SmallPicture, in_16_bits, shrink_to
from engine.color.blending import BlendMode, blend_over
from engine.color.picture import Picture
from engine.color.profiles import RgbSpace, rgb_space, view_rgb8
from engine.color.view_arrays import Planes
from engine.document import Document
from engine.layer import PlacedLayer, slices
from engine.view import Box
from frih_plugin.protocol.messages import PREVIEW_SIDE, OpenLayer, Target

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What previews are made of; all small, (h, w) of the window.

    before: (3, h, w) float32 in the document's space, over white where the picture is transparent;
    rest: what of it a change leaves; small: what changes, in 16 bits and its own space; is_own_space: which is the document's too;
    weight: (h, w) uint16, where the change may go.
    """

    before: Planes
    rest: Planes
    space: RgbSpace
    small: Picture
    weight: NDArray[np.uint16]
    is_own_space: bool
    stack: _Stack

    def before_srgb(self) -> NDArray[np.uint8]:
        """(h, w, 3) sRGB."""
        return _as_srgb(self.before, self.space)

    def after_srgb(self, changed: Picture, own: RgbSpace) -> NDArray[np.uint8]:
        """(h, w, 3) sRGB of the window with `small` changed; own: its space."""
        colors = _in_space(changed, None if self.is_own_space else (own, self.space))
        after = self.rest + self.stack.blended(colors)
        return _as_srgb(after, self.space)


@dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    """The layer on the background, small, in the document's space; one of them will change."""

    target: Target
    layer: SmallPicture
    background: SmallPicture
    opacity: float
    mode: BlendMode

    def blended(self, colors: Planes) -> Planes:
        """(3, h, w) times alpha, with straight `colors` in place of the target's."""
        below, above = colors, self.layer.straight()
        if self.target == "layer":
            below, above = self.background.straight(), colors
        share = self.layer.alpha * np.float32(self.opacity)
        alpha = self.background.alpha
        under = None if (alpha == 1).all() else alpha
        result, covered = blend_over(below, under, above, share, self.mode)
        return result if covered is None else result * covered


def preview_size(window: Box) -> tuple[int, int]:
    """Width and height of the window with its longer side at most PREVIEW_SIDE."""
    shrink = min(1.0, PREVIEW_SIDE / max(window.width, window.height))
    return max(1, round(window.width * shrink)), max(1, round(window.height * shrink))


def show(
    request: OpenLayer, document: Document, placed: PlacedLayer, window: Box, target: Picture
) -> Shown:
    """Shrink what the window shows. Takes the layer off the document's composite again."""
    size = preview_size(window)
    composite = shrink_to(document.composite, window, size)
    _take_off(placed, document.composite)
    below = shrink_to(document.composite, window, size)
    shifted = window.moved(-placed.left, -placed.top)
    weight = placed.weight if request.target == "layer" else None
    above = shrink_to(placed.picture, shifted, size, weight)
    stack = _Stack(request.target, above, below, request.opacity, _mode(request.blend_mode))
    small = _target(target, placed, shifted, size, above, below, document)
    before = composite.color + (1 - composite.alpha) + _beyond_plain(stack)
    space, own = document.space, rgb_space(target.icc)
    is_own_space = target.icc == document.composite.icc or (own.is_srgb and space.is_srgb)
    colors = _in_space(small, None if is_own_space else (own, space))
    rest = before - stack.blended(colors)
    may_change = in_16_bits(above.weight if request.target == "layer" else np.sign(below.alpha))
    return Shown(before, rest, space, small, may_change, is_own_space, stack)


def _in_space(picture: Picture, spaces: tuple[RgbSpace, RgbSpace] | None) -> Planes:
    """(3, h, w) of a picture, brought from the first space to the second."""
    values = picture.pixels.astype(np.float32) / np.float32(picture.white)
    if spaces is not None:
        values = spaces[1].from_srgb(spaces[0].to_srgb(values)).clip(0, 1)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _target(
    target: Picture,
    placed: PlacedLayer,
    shifted: Box,
    size: tuple[int, int],
    above: SmallPicture,
    below: SmallPicture,
    document: Document,
) -> Picture:
    if target is document.composite:
        return below.in_16_bits(target.icc)
    if target.icc == placed.picture.icc and target.pixels is placed.picture.pixels:
        return above.in_16_bits(target.icc)
    return shrink_to(target, shifted, size).in_16_bits(target.icc)


def _take_off(placed: PlacedLayer, composite: Picture) -> None:
    here = slices(placed.covered)
    composite.pixels[here] = placed.under.pixels
    if composite.alpha is not None and placed.under.alpha is not None:
        composite.alpha[here] = placed.under.alpha


def _beyond_plain(stack: _Stack) -> Planes | np.float32:
    """What opacity and blend mode make of the picture, beyond a plain layer."""
    if stack.opacity == 1 and stack.mode is BlendMode.NORMAL:
        return np.float32(0)
    plain = _Stack(stack.target, stack.layer, stack.background, 1.0, BlendMode.NORMAL)
    own = stack.layer if stack.target == "layer" else stack.background
    return stack.blended(own.straight()) - plain.blended(own.straight())


def _mode(name: str) -> BlendMode:
    try:
        return BlendMode(name)
    except ValueError:
        _log.warning("a blend mode that previews cannot show, shown as normal: %r", name[:40])
        return BlendMode.NORMAL


def _as_srgb(planes: Planes, space: RgbSpace) -> NDArray[np.uint8]:
    return view_rgb8(in_16_bits(planes.transpose(1, 2, 0)), space)
