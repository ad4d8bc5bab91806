"""Small pictures of a layer's window as the editor shows it, before and after.

Before is the average of what the editor shows. After is before and what the change adds, which is
worked out on small pictures: so the two are equal to the last bit where nothing changes, and soft
edges come out as they do at full size. A change of an average is not quite the average of changes,
so at rest the small pictures have twice the size of what is shown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.area_average import (
    AreaSource,
    PictureSource,
    SmallPicture,
    in_16_bits,
    resized,
    shrink_to,
)
from engine.color.blending import BlendMode, blend_over
from engine.color.picture import Picture
from engine.color.profiles import RgbSpace, rgb_space, view_rgb8
from engine.color.view_arrays import FloatMap, Planes
from engine.document import Document
from engine.layer import PlacedLayer, slices
from engine.view import Box
from frih_plugin.protocol.messages import PREVIEW_SIDE, OpenLayer, Quality, Target

_FINER = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What previews of one window are made of.

    before: (3, h, w) float32 in the document's space, over white where the picture is transparent;
    space: the document's; levels: by the quality asked for.
    """

    before: Planes
    space: RgbSpace
    levels: dict[Quality, Level]

    def before_srgb(self) -> NDArray[np.uint8]:
        """(h, w, 3) sRGB."""
        return _as_srgb(self.before, self.space)

    def after_srgb(self, level: Level, changed: Picture) -> NDArray[np.uint8]:
        """(h, w, 3) sRGB of the window with a level's target changed."""
        added = level.shows(changed) - level.showed
        _, height, width = self.before.shape
        if added.shape != self.before.shape:
            added = resized(added, (width, height))
        return _as_srgb(self.before + added, self.space)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The window at one size, in two parts: what will change, and all else.

    target: what will change, in 16 bits and its own space; weight: (h, w) uint16, where it may;
    stack: the rest; spaces: the target's and the document's where they differ; showed: (3, h, w)
    what the stack shows with the target as it is.
    """

    target: Picture
    weight: NDArray[np.uint16]
    stack: Stack
    spaces: tuple[RgbSpace, RgbSpace] | None
    showed: Planes

    def shows(self, target: Picture) -> Planes:
        """(3, h, w) in the document's space, times alpha, with another target."""
        return self.stack.shows(_in_space(target, self.spaces))


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """The layer on the background, in the document's space; one of them will change.

    other: (3, h, w) straight colours of the one that does not; alphas: (h, w) of both.
    """

    target: Target
    other: Planes
    layer_alpha: FloatMap
    background_alpha: FloatMap
    look: _Look

    def shows(self, colors: Planes) -> Planes:
        """(3, h, w) times alpha, with straight `colors` for the target."""
        below, above = colors, self.other
        if self.target == "layer":
            below, above = above, below
        return self.look.planes(below, self.background_alpha, above, self.layer_alpha)[:3]


@dataclass(frozen=True, slots=True)
class _Look:
    """How the editor lays the layer over the background."""

    opacity: float
    mode: BlendMode

    @property
    def is_plain(self) -> bool:
        """Just as the engine itself pastes."""
        return self.opacity == 1 and self.mode is BlendMode.NORMAL

    def planes(
        self, below: Planes, below_alpha: Planes, above: Planes, above_alpha: Planes
    ) -> Planes:
        """Straight colours and alphas to (4, h, w): colour x alpha, alpha."""
        under = None if (below_alpha == 1).all() else below_alpha
        share = above_alpha * np.float32(self.opacity)
        color, alpha = blend_over(below, under, above, share, self.mode)
        if alpha is None:
            return np.concatenate([color, np.ones_like(below_alpha)[None]])
        return np.concatenate([color * alpha, alpha[None]])


def preview_size(window: Box) -> tuple[int, int]:
    """Width and height of the window with its longer side at most PREVIEW_SIDE."""
    shrink = min(1.0, PREVIEW_SIDE / max(window.width, window.height))
    return max(1, round(window.width * shrink)), max(1, round(window.height * shrink))


def show(
    request: OpenLayer, document: Document, placed: PlacedLayer, window: Box, target: Picture
) -> Shown:
    """Shrink what the window shows. Takes the layer off the document's composite again."""
    size, look = preview_size(window), _Look(request.opacity, blend_mode_named(request.blend_mode))
    composite: AreaSource = PictureSource(document.composite)
    if look.is_plain:
        before = shrink_to(composite, window, size)
        _take_off(placed, document.composite)
    else:
        _take_off(placed, document.composite)
        before = shrink_to(_Blended(document.composite, placed, look), window, size)
    finer = min(_FINER * size[0], window.width), min(_FINER * size[1], window.height)
    shifted = window.moved(-placed.left, -placed.top)
    weight = placed.weight if request.target == "layer" else None
    layer = shrink_to(PictureSource(placed.picture, weight), shifted, finer)
    # What a layer adds in normal mode does not depend on what lies below.
    needs_below = request.target == "background" or look.mode is not BlendMode.NORMAL
    below = shrink_to(composite, window, finer) if needs_below else _black(finer)
    own = below if request.target == "background" else layer
    if request.target == "layer" and target.icc != document.composite.icc:
        own = shrink_to(PictureSource(target, weight), shifted, finer)
    parts = _Parts(request.target, own, layer, below)
    spaces = _spaces(target, document)
    levels: dict[Quality, Level] = {
        "rest": _level(parts, look, target.icc, spaces),
        "drag": _level(parts.resized(size), look, target.icc, spaces),
    }
    return Shown(before.color + (1 - before.alpha), document.space, levels)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What a level is made of; own: the target in its own space."""

    target: Target
    own: SmallPicture
    layer: SmallPicture
    background: SmallPicture

    def resized(self, size: tuple[int, int]) -> _Parts:
        """Averaged further down, to (width, height)."""
        layer, background = self.layer.resized(size), self.background.resized(size)
        return _Parts(self.target, self.own.resized(size), layer, background)


def _black(size: tuple[int, int]) -> SmallPicture:
    shape = size[1], size[0]
    ones = np.broadcast_to(np.float32(1), shape)
    return SmallPicture(np.broadcast_to(np.float32(0), (3, *shape)), ones, ones)


def _level(
    parts: _Parts, look: _Look, icc: bytes | None, spaces: tuple[RgbSpace, RgbSpace] | None
) -> Level:
    other = parts.background if parts.target == "layer" else parts.layer
    alphas = parts.layer.alpha, parts.background.alpha
    stack = Stack(parts.target, other.straight(), *alphas, look)
    target = parts.own.in_16_bits(icc)
    showed = stack.shows(_in_space(target, spaces))
    return Level(target, in_16_bits(parts.own.weight), stack, spaces, showed)


@dataclass(frozen=True, slots=True, eq=False)
class _Blended:
    """What an editor shows at full size, for a look that the composite does not have."""

    background: Picture
    placed: PlacedLayer
    look: _Look

    @property
    def width(self) -> int:
        return self.background.width

    @property
    def height(self) -> int:
        return self.background.height

    @property
    def depth(self) -> int:
        return 4

    def read(self, box: Box) -> Planes:
        """See AreaSource."""
        below = SmallPicture.of(PictureSource(self.background).read(box))
        above = np.zeros((4, box.height, box.width), np.float32)
        inner = box.common(self.placed.covered)
        if inner is not None:
            own = inner.moved(-self.placed.left, -self.placed.top)
            above[:, *slices(inner.moved(-box.left, -box.top))] = PictureSource(
                self.placed.picture
            ).read(own)
        layer = SmallPicture.of(above)
        return self.look.planes(below.straight(), below.alpha, layer.straight(), layer.alpha)


def _spaces(target: Picture, document: Document) -> tuple[RgbSpace, RgbSpace] | None:
    own, space = rgb_space(target.icc), document.space
    if target.icc == document.composite.icc or (own.is_srgb and space.is_srgb):
        return None
    return own, space


def _in_space(picture: Picture, spaces: tuple[RgbSpace, RgbSpace] | None) -> Planes:
    """(3, h, w) of a picture, brought from the first space to the second."""
    values = picture.pixels.astype(np.float32) / np.float32(picture.white)
    if spaces is not None:
        values = spaces[1].from_srgb(spaces[0].to_srgb(values)).clip(0, 1)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _take_off(placed: PlacedLayer, composite: Picture) -> None:
    here = slices(placed.covered)
    composite.pixels[here] = placed.under.pixels
    if composite.alpha is not None and placed.under.alpha is not None:
        composite.alpha[here] = placed.under.alpha


def blend_mode_named(name: str) -> BlendMode:
    """The mode of a name; normal for one that is not known."""
    try:
        return BlendMode(name)
    except ValueError:
        _log.warning("a blend mode that previews cannot show, shown as normal: %r", name[:40])
        return BlendMode.NORMAL


def _as_srgb(planes: Planes, space: RgbSpace) -> NDArray[np.uint8]:
    return view_rgb8(in_16_bits(planes.transpose(1, 2, 0)), space)
