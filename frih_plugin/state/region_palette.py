"""The colours that tell regions apart, on the canvas and in the panel."""

from __future__ import annotations

REGION_COLORS = (
    (0, 34, 255),
    (238, 0, 0),
    (119, 34, 85),
    (0, 255, 255),
    (255, 102, 153),
    (255, 187, 0),
    (187, 136, 255),
    (153, 0, 34),
    (187, 238, 153),
    (102, 0, 170),
)
"""sRGB, one for each region that can be. No two look alike, also without one kind of cone."""
