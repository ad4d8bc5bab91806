"""Brings a picture into another colour space and depth: a layer into its document's."""

from __future__ import annotations

from typing import cast

import numpy as np

from engine.color.depth import STRIP_ROWS
from engine.color.picture import Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space


def converted(picture: Picture, icc: bytes | None, white: int) -> Picture:
    """The picture in the space of `icc` (None means sRGB), with white at 255 or 65535.

    The same arrays where nothing differs; colours outside the new space are clipped. Raises
    BadInputError for profiles that have no exact way back (see rgb_space).
    """
    own, space = rgb_space(picture.icc), rgb_space(icc)
    is_same_space = picture.icc == icc or (own.is_srgb and space.is_srgb)
    pixels, alpha = picture.pixels, _alpha_to(picture, white)
    if not is_same_space or picture.white != white:
        pixels = _pixels_to(picture, white, None if is_same_space else (own, space))
    return Picture(pixels, alpha, icc)


def _pixels_to(picture: Picture, white: int, spaces: tuple[RgbSpace, RgbSpace] | None) -> Pixels:
    pixels = np.empty(picture.pixels.shape, _dtype_of(white))
    for top in range(0, picture.height, STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        values = picture.pixels[rows].astype(np.float32) / np.float32(picture.white)
        if spaces is not None:
            values = spaces[1].from_srgb(spaces[0].to_srgb(values))
        pixels[rows] = np.rint(np.clip(values, 0, 1) * np.float32(white))
    return cast("Pixels", pixels)


def _alpha_to(picture: Picture, white: int) -> Pixels | None:
    if picture.alpha is None or picture.white == white:
        return picture.alpha
    values = picture.alpha.astype(np.float32) * np.float32(white / picture.white)
    return cast("Pixels", np.rint(values).astype(_dtype_of(white)))


def _dtype_of(white: int) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if white == np.iinfo(np.uint8).max else np.uint16
