"""A layer's pixels where they come to lie on the canvas, at full size or zoomed out, and kept."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from engine.color.picture import Picture, Pixels
from engine.view import Box
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.pyramid import halved
from frih_plugin.hosts.standalone.document.resampling import resized, transformed

MAX_RENDERED_BYTES = 768 << 20
Key = tuple[Picture, Placement | None, int]
"""What something was made from; pictures are told by identity."""


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """A layer's picture after its placement, and the canvas pixel of its top left corner."""

    picture: Picture
    left: int
    top: int

    @property
    def box(self) -> Box:
        """The box of the canvas that the picture fills."""
        return Box(
            self.left,
            self.top,
            self.left + self.picture.width,
            self.top + self.picture.height,
        )


def render(picture: Picture, placement: Placement) -> Rendered:
    """Bring a picture to its place.

    The same arrays where it is only moved, exact copies where it is mirrored or turned by right
    angles; else resampled.
    """
    box = placement.bounds(picture.width, picture.height)
    turns = placement.quarter_turns
    if turns is None:
        return Rendered(_turned_freely(picture, placement, box), box.left, box.top)
    upright = (box.height, box.width) if turns % 2 else (box.width, box.height)
    scaled = resized(picture, *upright)
    if turns or placement.scale_x < 0 or placement.scale_y < 0:
        scaled = _turned_rightly(scaled, placement, turns)
    return Rendered(scaled, box.left, box.top)


class Renderings:
    """Keeps rendered layers and pictures of reduced size, the last used ones up to a bound.

    Not for several threads at once.
    """

    def __init__(self, max_bytes: int = MAX_RENDERED_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, tuple[Rendered, int]] = OrderedDict()

    def rendered(self, layer: Layer, level: int = 0) -> Rendered:
        """The layer on a canvas that is shrunk 2 ** level times each way.

        Zoomed out a layer lands on the nearest pixel of that level.
        """
        picture, placement = layer.picture, layer.placement
        if level == 0 and placement.keeps_pixels and placement == _unturned(placement):
            return render(picture, placement)
        key = (picture, placement, level)
        found = self._find(key)
        return self._keep(key, self._make(picture, placement, level)) if found is None else found

    def reduced(self, picture: Picture, level: int) -> Picture:
        """The picture at 1 / 2 ** level of its size."""
        if level == 0:
            return picture
        key = (picture, None, level)
        found = self._find(key)
        if found is None:
            found = self._keep(key, Rendered(halved(self.reduced(picture, level - 1)), 0, 0))
        return found.picture

    def forget_all_but(self, pictures: Collection[Picture]) -> None:
        """Let go of what was made from other pictures than these."""
        kept = set(pictures)
        for key in [key for key in self._kept if key[0] not in kept]:
            self._bytes -= self._kept.pop(key)[1]

    def _make(self, picture: Picture, placement: Placement, level: int) -> Rendered:
        """Start from the smallest reduced picture that still has all the pixels to be shown."""
        scale = max(abs(placement.scale_x), abs(placement.scale_y)) / 2**level
        source_level = min(max(math.floor(-math.log2(scale)), 0), level)
        source = self.reduced(picture, source_level)
        lying = placement.of_reduced(picture.width, picture.height, 2**source_level)
        return render(source, lying.on_reduced_canvas(source.width, source.height, 2**level))

    def _find(self, key: Key) -> Rendered | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def _keep(self, key: Key, rendered: Rendered) -> Rendered:
        size = rendered.picture.pixels.nbytes
        size += 0 if rendered.picture.alpha is None else rendered.picture.alpha.nbytes
        self._kept[key] = rendered, size
        self._bytes += size
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1][1]
        return rendered


def _unturned(placement: Placement) -> Placement:
    return Placement(placement.left, placement.top)


def _turned_rightly(picture: Picture, placement: Placement, turns: int) -> Picture:
    """Mirror as the scale's signs say, then turn clockwise by right angles."""
    flips = tuple(
        axis for axis, scale in enumerate((placement.scale_y, placement.scale_x)) if scale < 0
    )

    def turned(samples: Pixels) -> Pixels:
        return np.rot90(np.flip(samples, flips), -turns).copy()

    alpha = None if picture.alpha is None else turned(picture.alpha)
    return Picture(turned(picture.pixels), alpha, picture.icc)


def _turned_freely(picture: Picture, placement: Placement, box: Box) -> Picture:
    width = _shrunk_side(picture.width, placement.scale_x)
    height = _shrunk_side(picture.height, placement.scale_y)
    source = resized(picture, width, height)
    stretch_x, stretch_y = width / picture.width, height / picture.height

    def on_source(x: float, y: float) -> tuple[float, float]:
        point = placement.on_layer(picture.width, picture.height, (box.left + x, box.top + y))
        return point[0] * stretch_x, point[1] * stretch_y

    (c, f), (right_x, right_y), (down_x, down_y) = on_source(0, 0), on_source(1, 0), on_source(0, 1)
    affine = (right_x - c, down_x - c, c, right_y - f, down_y - f, f)
    return transformed(source, box.width, box.height, affine)


def _shrunk_side(side: int, scale: float) -> int:
    return max(1, round(side * min(abs(scale), 1)))
