"""Pictures and masks made for the pipeline's tests: smooth colours, an object of three colours."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.picture import Picture, Pixels
from engine.view import Box

OBJECT = Box(60, 40, 150, 120)
OBJECT_COLORS = ((200, 60, 40), (40, 80, 190), (230, 220, 120))


def scene(
    width: int = 220, height: int = 160, *, bits: int = 8, seed: int = 0, noise: int = 0
) -> Picture:
    """A smooth background with three stripes of colour in OBJECT; noise: of so many levels."""
    rng = np.random.default_rng(seed)
    small = rng.integers(30, 226, (5, 6, 3), np.uint8)
    smooth = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    pixels = smooth.astype(np.int64)
    for stripe, color in enumerate(OBJECT_COLORS):
        rows = slice(OBJECT.top + stripe * 27, min(OBJECT.top + stripe * 27 + 27, OBJECT.bottom))
        pixels[rows, OBJECT.left : OBJECT.right] = color
    pixels = (pixels + rng.integers(-noise, noise + 1, pixels.shape)).clip(0, 255)
    return Picture(in_bits(pixels, bits, rng))


def in_bits(levels: NDArray[np.int64], bits: int, rng: np.random.Generator) -> Pixels:
    """Levels of 8 bits, or of 16 with all of them in use."""
    if bits == 8:
        return levels.astype(np.uint8)
    return (levels * 257 + rng.integers(-128, 129, levels.shape)).clip(0, 65535).astype(np.uint16)


def object_mask(width: int = 220, height: int = 160, *, soft: int = 0) -> NDArray[np.uint8]:
    """OBJECT white; `soft` pixels of a falling edge about it."""
    y, x = np.mgrid[0:height, 0:width]
    outside = np.maximum(
        np.maximum(OBJECT.left - x, x - OBJECT.right + 1),
        np.maximum(OBJECT.top - y, y - OBJECT.bottom + 1),
    ).clip(0)
    return np.rint(255 * (1 - outside / (soft + 1)).clip(0)).astype(np.uint8)


def with_alpha(picture: Picture, alpha: NDArray[np.uint8]) -> Picture:
    """The picture with an 8-bit alpha in its own depth."""
    own = alpha.astype(picture.pixels.dtype) * (picture.white // 255)
    return Picture(picture.pixels, cast("Pixels", own), picture.icc)


def cut(picture: Picture, box: Box) -> Picture:
    """The pixels of a box as a picture of their own."""
    pixels = picture.pixels[box.top : box.bottom, box.left : box.right].copy()
    return Picture(pixels, None, picture.icc)


def plain(width: int, height: int, level: int = 128) -> Picture:
    """One grey."""
    return Picture(np.full((height, width, 3), level, np.uint8))
