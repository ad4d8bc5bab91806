"""Krita's names of the blend modes that OpenRaster has too."""

from __future__ import annotations

NORMAL = "normal"

_OPEN_RASTER = {
    NORMAL: "svg:src-over",
    "multiply": "svg:multiply",
    "screen": "svg:screen",
    "overlay": "svg:overlay",
    "darken": "svg:darken",
    "lighten": "svg:lighten",
    "dodge": "svg:color-dodge",
    "burn": "svg:color-burn",
    "hard_light": "svg:hard-light",
    "soft_light_svg": "svg:soft-light",
    "diff": "svg:difference",
    "hue": "svg:hue",
    "saturation": "svg:saturation",
    "color": "svg:color",
    "luminize": "svg:luminosity",
}


def open_raster_name(mode: str) -> str | None:
    """OpenRaster's name of a mode; None where it has none that shows the same."""
    return _OPEN_RASTER.get(mode)
