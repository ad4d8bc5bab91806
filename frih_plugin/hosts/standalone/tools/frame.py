"""A layer's frame with its handles, and what dragging one does to the placement: geometry only."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement

Kind = Literal["inside", "scale", "rotate", "outside"]

KNOB_DISTANCE = 26.0
"""Device pixels of a screen at 100 % from the upper edge to the knob that rotates."""
_ROTATE_REACH = 3.0
"""How many times a handle's reach outside of a corner still rotates."""
_SNAP_DEGREES = 15.0

SCALE_HANDLES = tuple((x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0))
"""Corners and middles of edges: -1 is left or up, 1 right or down."""


@dataclass(frozen=True, slots=True)
class Grip:
    """What of a frame is under the pointer; at: which of the SCALE_HANDLES."""

    kind: Kind
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A layer's outline on the screen. size: of its picture, in its own pixels."""

    placement: Placement
    size: tuple[int, int]
    viewport: Viewport
    pixel_ratio: float = 1.0

    def handle(self, at: tuple[int, int]) -> Point:
        """Where a handle is on the screen."""
        width, height = self.size
        own = (1 + at[0]) * width / 2, (1 + at[1]) * height / 2
        return self.viewport.to_screen(self.placement.on_canvas(width, height, own))

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """On the screen, clockwise as the layer sees it."""
        first, second, third, fourth = (
            self.handle(at) for at in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )
        return first, second, third, fourth

    @property
    def knob(self) -> Point:
        """The knob that rotates, outside of the upper edge."""
        top, middle = self.handle((0, -1)), self.handle((0, 0))
        length = math.dist(top, middle)
        if length == 0:
            return top[0], top[1] - KNOB_DISTANCE * self.pixel_ratio
        share = KNOB_DISTANCE * self.pixel_ratio / length
        return top[0] + (top[0] - middle[0]) * share, top[1] + (top[1] - middle[1]) * share

    def grip(self, screen: Point, reach: float) -> Grip:
        """What is under a point of the screen."""
        if math.dist(screen, self.knob) <= reach:
            return Grip("rotate")
        nearest = min(SCALE_HANDLES, key=lambda at: math.dist(screen, self.handle(at)))
        distance = math.dist(screen, self.handle(nearest))
        if distance <= reach and self._has_room_for(nearest, reach):
            return Grip("scale", nearest)
        if self._holds(screen):
            return Grip("inside")
        is_corner = nearest[0] != 0 and nearest[1] != 0
        near = is_corner and distance <= _ROTATE_REACH * reach
        return Grip("rotate") if near else Grip("outside")

    def _has_room_for(self, at: tuple[int, int], reach: float) -> bool:
        """Small frames keep only their lower right corner, so that they can be moved."""
        first, second, third, _ = self.corners
        shorter = min(math.dist(first, second), math.dist(second, third))
        return shorter > 3 * reach or at == (1, 1)

    def _holds(self, screen: Point) -> bool:
        point = self.viewport.to_picture(screen)
        x, y = self.placement.on_layer(*self.size, point)
        return 0 <= x <= self.size[0] and 0 <= y <= self.size[1]


def frame_of(layer: Layer, viewport: Viewport, pixel_ratio: float = 1.0) -> Frame:
    """A layer's frame."""
    size = layer.picture.width, layer.picture.height
    return Frame(layer.placement, size, viewport, pixel_ratio)


def scaled(
    start: Placement,
    size: tuple[int, int],
    at: tuple[int, int],
    point: Point,
    *,
    keeps_proportions: bool,
    about_center: bool,
) -> Placement:
    """The placement when a handle is dragged to a point of the canvas.

    The handle across stays where it is, or with `about_center` the centre. No side gets shorter
    than a pixel; dragged beyond the fixed point the layer is mirrored.
    """
    own = tuple((1 - side) * length / 2 for side, length in zip(at, size, strict=True))
    fixed = start.center(*size) if about_center else start.on_canvas(*size, (own[0], own[1]))
    along = _turned((point[0] - fixed[0], point[1] - fixed[1]), -start.degrees)
    reach = 0.5 if about_center else 1.0
    before = start.scale_x, start.scale_y
    factors = [
        distance / (side * length * reach * scale) if side else None
        for distance, side, length, scale in zip(along, at, size, before, strict=True)
    ]
    across, down = _proportional(factors) if keeps_proportions else factors
    scale_x = _least(before[0] * (1 if across is None else across), size[0])
    scale_y = _least(before[1] * (1 if down is None else down), size[1])
    resized = replace(start, scale_x=scale_x, scale_y=scale_y)
    return resized if about_center else _held(resized, size, at, fixed)


def rotated(
    start: Placement, size: tuple[int, int], grabbed: Point, point: Point, *, snaps: bool
) -> Placement:
    """The placement when what was grabbed at one point of the canvas is dragged to another."""
    center = start.center(*size)
    turned = _angle(center, point) - _angle(center, grabbed)
    degrees = start.degrees + turned
    if snaps:
        degrees = round(degrees / _SNAP_DEGREES) * _SNAP_DEGREES
    return replace(start, degrees=(degrees + 180) % 360 - 180)


def _held(
    placement: Placement, size: tuple[int, int], at: tuple[int, int], fixed: Point
) -> Placement:
    """Moved so that the handle across from `at` lies on the fixed point."""
    own = (1 - at[0]) * size[0] / 2, (1 - at[1]) * size[1] / 2
    now = placement.on_canvas(*size, own)
    return placement.moved(fixed[0] - now[0], fixed[1] - now[1])


def _proportional(factors: list[float | None]) -> list[float | None]:
    given = [factor for factor in factors if factor is not None]
    mean = sum(given) / len(given)
    return [mean, mean]


def _least(scale: float, length: int) -> float:
    return math.copysign(max(abs(scale), 1 / length), scale)


def _turned(vector: Point, degrees: float) -> Point:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return cosine * vector[0] - sine * vector[1], sine * vector[0] + cosine * vector[1]


def _angle(center: Point, point: Point) -> float:
    return math.degrees(math.atan2(point[1] - center[1], point[0] - center[0]))
