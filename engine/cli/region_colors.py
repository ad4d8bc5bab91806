"""The colours that tell regions apart in the picture of --regions, and in the JSON."""

from __future__ import annotations

_COLORS = (
    (230, 57, 70),
    (29, 120, 200),
    (255, 200, 40),
    (46, 160, 90),
    (150, 70, 190),
    (255, 130, 30),
    (60, 200, 210),
    (240, 120, 180),
    (140, 90, 50),
    (170, 210, 60),
)
"""sRGB, far apart also for most colour-blind people when neighbours in the list are compared."""


def overlay_colors(count: int) -> tuple[tuple[int, int, int], ...]:
    """The sRGB colours of regions 0 to count - 1; there are ten, as many as regions can be."""
    return _COLORS[:count]
