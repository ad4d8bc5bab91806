"""What a tool learns of the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport

_REACH_PX = 8.0


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where it is, and which keys are held.

    point: of the picture, in its pixels; screen: device pixels; pixel_ratio: how many of these a
    pixel of a screen at 100 % has.
    """

    point: Point
    screen: Point
    viewport: Viewport
    pixel_ratio: float = 1.0
    shift: bool = False
    alt: bool = False
    ctrl: bool = False

    @property
    def reach(self) -> float:
        """So many device pixels beside a handle still count as on it."""
        return _REACH_PX * self.pixel_ratio
