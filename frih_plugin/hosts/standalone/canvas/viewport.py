"""Which part of the picture the canvas shows, and how large: plain numbers, no widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from engine.view import Box

Point = tuple[float, float]

LEAST_ZOOM, MOST_ZOOM = 1 / 64, 32.0
_STEPS_PER_DOUBLING = 2
_MARGIN_PX = 24
_KEPT_PX = 48
"""So much of the picture stays in view however far one pans."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window onto the picture, counted in the screen's own pixels ("device pixels").

    zoom: device pixels for a pixel of the picture; left, top: where the picture's corner is,
    whole numbers, so that panning moves what is drawn without drawing it anew; width, height: of
    the widget; rest: what rounding left and top left over, so that zooming in by many steps does
    not drift.
    """

    zoom: float = 1.0
    left: int = 0
    top: int = 0
    width: int = 1
    height: int = 1
    rest: Point = field(default=(0.0, 0.0), compare=False)

    def to_screen(self, point: Point) -> Point:
        """Where a point of the picture is on the widget."""
        return self.left + point[0] * self.zoom, self.top + point[1] * self.zoom

    def to_picture(self, point: Point) -> Point:
        """Which point of the picture is there on the widget."""
        return (point[0] - self.left) / self.zoom, (point[1] - self.top) / self.zoom

    def zoomed(self, zoom: float, about: Point) -> Viewport:
        """Another zoom, with what is at `about` (device pixels) staying there."""
        bounded = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        exact = self.left + self.rest[0], self.top + self.rest[1]
        x, y = (
            at - (at - start) * bounded / self.zoom for at, start in zip(about, exact, strict=True)
        )
        left, top = round(x), round(y)
        return replace(self, zoom=bounded, left=left, top=top, rest=(x - left, y - top))

    def stepped(self, steps: float, about: Point) -> Viewport:
        """Zoomed by steps, two of which double; a whole step lands on the ladder's rungs."""
        rung = math.log2(self.zoom) * _STEPS_PER_DOUBLING + steps
        if steps == round(steps):
            rung = round(rung)
        return self.zoomed(2 ** (rung / _STEPS_PER_DOUBLING), about)

    def panned(self, right: float, down: float) -> Viewport:
        """Moved by device pixels."""
        return replace(self, left=self.left + round(right), top=self.top + round(down))

    def kept_near(self, width: int, height: int) -> Viewport:
        """Moved back where a picture of this size would get out of sight."""
        left = _bounded(self.left, _KEPT_PX - round(width * self.zoom), self.width - _KEPT_PX)
        top = _bounded(self.top, _KEPT_PX - round(height * self.zoom), self.height - _KEPT_PX)
        return self if (left, top) == (self.left, self.top) else replace(self, left=left, top=top)

    def fitted(self, width: int, height: int) -> Viewport:
        """All of a picture in the middle of the widget, at most at its own size."""
        room = max(self.width - 2 * _MARGIN_PX, 1), max(self.height - 2 * _MARGIN_PX, 1)
        zoom = min(room[0] / width, room[1] / height, 1.0)
        return self.centered(max(zoom, LEAST_ZOOM), width, height)

    def centered(self, zoom: float, width: int, height: int) -> Viewport:
        """A picture of this size in the middle of the widget."""
        left = round((self.width - width * zoom) / 2)
        top = round((self.height - height * zoom) / 2)
        return replace(self, zoom=zoom, left=left, top=top)

    def resized(self, width: int, height: int) -> Viewport:
        """The same for a widget of another size; the middle stays in the middle."""
        left = self.left + (width - self.width) // 2
        top = self.top + (height - self.height) // 2
        return replace(self, left=left, top=top, width=max(width, 1), height=max(height, 1))

    def widened(self, share: float) -> Viewport:
        """More of the same on every side, by a share of the view."""
        across, down = round(self.width * share), round(self.height * share)
        return replace(
            self,
            left=self.left + across,
            top=self.top + down,
            width=self.width + 2 * across,
            height=self.height + 2 * down,
        )

    @property
    def level(self) -> int:
        """How often the picture may be halved without losing what the screen can show."""
        return max(0, math.floor(-math.log2(self.zoom) + 1e-9))

    def visible(self, width: int, height: int) -> Box:
        """The pixels of a picture of this size that are in view; empty boxes are possible."""
        left, top = self.to_picture((0, 0))
        right, bottom = self.to_picture((self.width, self.height))
        return Box(
            min(max(math.floor(left), 0), width),
            min(max(math.floor(top), 0), height),
            max(min(math.ceil(right), width), 0),
            max(min(math.ceil(bottom), height), 0),
        )


def _bounded(value: int, least: int, most: int) -> int:
    return min(max(value, min(least, most)), max(least, most))
