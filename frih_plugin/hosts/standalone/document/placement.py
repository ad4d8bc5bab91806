"""Where a layer lies on the canvas: moved, scaled and turned about its centre."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engine.errors import BadInputError
from engine.view import Box

Point = tuple[float, float]

_LEAST_SCALE, _MOST_SCALE = 1e-4, 1e4
_FARTHEST_PX = 1e7
_QUARTER_TURN = 90.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Left and top say where the layer's corner would be unscaled and unturned, in canvas pixels.

    Scaling and turning happen about the centre, scaling first. degrees: clockwise on the screen.
    A negative scale mirrors. A layer that is only moved, mirrored or turned by right angles keeps
    its pixels and lands on whole pixels.
    Raises BadInputError for numbers that are not finite or far out of reason.
    """

    left: float = 0.0
    top: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0
    degrees: float = 0.0

    def __post_init__(self) -> None:
        scales = abs(self.scale_x), abs(self.scale_y)
        if not all(_LEAST_SCALE <= scale <= _MOST_SCALE for scale in scales):
            raise BadInputError("A layer cannot be scaled that far; choose another size.")
        if not all(abs(at) <= _FARTHEST_PX for at in (self.left, self.top)):
            raise BadInputError("A layer cannot lie that far away; move it nearer.")
        if not math.isfinite(self.degrees):
            raise BadInputError("A layer can only be turned by a number of degrees.")

    @property
    def quarter_turns(self) -> int | None:
        """Clockwise right angles, 0 to 3; None where the layer is turned by another angle."""
        turns = self.degrees / _QUARTER_TURN
        return round(turns) % 4 if turns == round(turns) else None

    @property
    def keeps_pixels(self) -> bool:
        """Whether nothing is resampled."""
        is_full_size = abs(self.scale_x) == abs(self.scale_y) == 1
        return is_full_size and self.quarter_turns is not None

    def center(self, width: int, height: int) -> Point:
        """The centre of a layer of this size, on the canvas."""
        return self.left + width / 2, self.top + height / 2

    def moved(self, right: float, down: float) -> Placement:
        """The same, some pixels further right and down."""
        return replace(self, left=self.left + right, top=self.top + down)

    def on_canvas(self, width: int, height: int, point: Point) -> Point:
        """A point of the layer (pixel coordinates, corner at 0, 0) on the canvas."""
        center_x, center_y = self.center(width, height)
        across = (point[0] - width / 2) * self.scale_x
        down = (point[1] - height / 2) * self.scale_y
        cosine, sine = _turn(self.degrees)
        return center_x + cosine * across - sine * down, center_y + sine * across + cosine * down

    def on_layer(self, width: int, height: int, point: Point) -> Point:
        """A point of the canvas in the layer's own pixel coordinates: undoes on_canvas."""
        center_x, center_y = self.center(width, height)
        right, down = point[0] - center_x, point[1] - center_y
        cosine, sine = _turn(self.degrees)
        across = (cosine * right + sine * down) / self.scale_x
        along = (cosine * down - sine * right) / self.scale_y
        return across + width / 2, along + height / 2

    def corners(self, width: int, height: int) -> tuple[Point, Point, Point, Point]:
        """Where the layer's corners lie: top left, top right, bottom right, bottom left."""
        at = (0, 0), (width, 0), (width, height), (0, height)
        first, second, third, fourth = (self.on_canvas(width, height, point) for point in at)
        return first, second, third, fourth

    def bounds(self, width: int, height: int) -> Box:
        """The whole pixels of the canvas that a layer of this size touches."""
        turns = self.quarter_turns
        if turns is None:
            across, down = zip(*self.corners(width, height), strict=True)
            return Box(
                math.floor(min(across)) - 1,
                math.floor(min(down)) - 1,
                math.ceil(max(across)) + 1,
                math.ceil(max(down)) + 1,
            )
        wide = max(1, round(width * abs(self.scale_x)))
        high = max(1, round(height * abs(self.scale_y)))
        wide, high = (high, wide) if turns % 2 else (wide, high)
        center_x, center_y = self.center(width, height)
        left, top = _whole(center_x - wide / 2), _whole(center_y - high / 2)
        return Box(left, top, left + wide, top + high)

    def of_reduced(self, width: int, height: int, factor: int) -> Placement:
        """How the layer lies when its picture is replaced by one reduced by a whole factor.

        The reduced picture has ceil(width / factor) x ceil(height / factor) pixels.
        """
        if factor == 1:
            return self
        small_width, small_height = -(-width // factor), -(-height // factor)
        middle = small_width * factor / 2, small_height * factor / 2
        center_x, center_y = self.on_canvas(width, height, middle)
        return Placement(
            center_x - small_width / 2,
            center_y - small_height / 2,
            self.scale_x * factor,
            self.scale_y * factor,
            self.degrees,
        )

    def on_reduced_canvas(self, width: int, height: int, factor: int) -> Placement:
        """How a layer of this size lies on a canvas that is shrunk by a whole factor."""
        center_x, center_y = self.center(width, height)
        return Placement(
            center_x / factor - width / 2,
            center_y / factor - height / 2,
            self.scale_x / factor,
            self.scale_y / factor,
            self.degrees,
        )


def _turn(degrees: float) -> Point:
    """Cosine and sine, exact for right angles."""
    turns = degrees / _QUARTER_TURN
    if turns == round(turns):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[round(turns) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _whole(at: float) -> int:
    """The nearest whole pixel; halves go right and down at every place alike."""
    return math.floor(at + 0.5)
