"""From the document's space and depth to what a screen takes: 8-bit sRGB with alpha."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import to_8_bit
from engine.color.picture import Picture
from engine.color.profiles import RgbSpace, rgb_space, view_rgb8
from frih_plugin.hosts.standalone.document.pyramid import halved
from frih_plugin.hosts.standalone.document.resampling import resized

Rgba = NDArray[np.uint8]
"""(h, w, 4) straight 8-bit sRGB and alpha, contiguous: QImage.Format_RGBA8888."""

_OPAQUE = 255


def rgba8(picture: Picture) -> Rgba:
    """Show a picture as 8-bit sRGB, by its profile; a copy."""
    shown = np.empty((picture.height, picture.width, 4), np.uint8)
    shown[..., :3] = view_rgb8(picture.pixels, _space(picture.icc))
    shown[..., 3] = _OPAQUE if picture.alpha is None else to_8_bit(picture.alpha)
    return shown


def srgb_picture(picture: Picture) -> Picture:
    """The picture as every viewer shows it: 8 bits, sRGB, no profile."""
    alpha = None if picture.alpha is None else to_8_bit(picture.alpha)
    return Picture(view_rgb8(picture.pixels, _space(picture.icc)), alpha)


def shrunk_to(picture: Picture, longer_side: int) -> Picture:
    """The picture, averaged down until neither side is above `longer_side`; never enlarged."""
    while max(picture.width, picture.height) >= 4 * longer_side:
        picture = halved(picture)
    scale = longer_side / max(picture.width, picture.height)
    if scale >= 1:
        return picture
    return resized(
        picture, max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    )


@lru_cache(maxsize=8)
def _space(icc: bytes | None) -> RgbSpace:
    return rgb_space(icc)
