"""Pillow pictures to arrays and back, for JPEG and WebP."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_STRIP_ROWS = 256
_CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}


def samples_of(image: Image.Image) -> NDArray[np.uint8]:
    """Copy a decoded L, RGB or RGBA picture to (H, W) or (H, W, C) uint8.

    Strip by strip, because a whole-picture copy goes through two more buffers of its size.
    """
    width, height = image.size
    channels = _CHANNELS[image.mode]
    shape = (height, width) if channels == 1 else (height, width, channels)
    samples = np.empty(shape, np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, height)
        samples[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return samples


def image_of(samples: NDArray[np.uint8]) -> Image.Image:
    """Make an L, RGB or RGBA picture of (H, W) or (H, W, C) uint8."""
    return Image.fromarray(np.ascontiguousarray(samples))


def dpi_of(info: dict[str | tuple[int, int], object]) -> tuple[float, float] | None:
    """Read the resolution that Pillow found (in JFIF or EXIF), where it is a usable one."""
    match info.get("dpi"):
        case (SupportsFloat() as across, SupportsFloat() as down):
            dpi = float(across), float(down)
            return dpi if min(dpi) > 0 else None
        case _:
            return None


def bytes_in(info: dict[str | tuple[int, int], object], key: str) -> bytes | None:
    """Read a block of bytes that Pillow found; None where there is none."""
    value = info.get(key)
    return value if isinstance(value, bytes) and value else None
