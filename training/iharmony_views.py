"""Triples of an iHarmony4 set as the network sees them: squeezed to 256, or cropped to train."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.depth import to_8_bit
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.files import fit_mask_to, read_mask, read_picture
from engine.view import VIEW_SIZE, Box, whole
from training.iharmony import Triple

FOREGROUND_FROM = 128
"""A resized mask's pixel is foreground from this value of 255 on."""

_CROP_ATTEMPTS = 20


@dataclass(frozen=True, slots=True, eq=False)
class TriplePixels:
    """A triple at its own size.

    composite: as decoded; real: (H, W, 3) uint8 RGB; mask: (H, W) uint8 or uint16, soft.
    """

    composite: Picture
    real: NDArray[np.uint8]
    mask: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class TripleView:
    """A triple at the view's size.

    composite, real: (S, S, 3) uint8 RGB; inside: (S, S) bool, the foreground.
    """

    composite: NDArray[np.uint8]
    real: NDArray[np.uint8]
    inside: NDArray[np.bool_]


def read_triple(triple: Triple) -> TriplePixels:
    """Decode a triple. Raises BadInputError naming a file that is damaged or of another size."""
    file, mask = read_picture(triple.composite), read_mask(triple.mask)
    real = to_8_bit(read_picture(triple.real).picture.pixels)
    if real.shape != file.picture.pixels.shape:
        raise BadInputError(f"{triple.real} has another size than its composite {triple.name}.")
    try:
        return TriplePixels(file.picture, real, fit_mask_to(file, mask))
    except BadInputError as error:
        raise BadInputError(f"{triple.mask}: {error.sentence}") from error


def resize_rgb(
    pixels: NDArray[np.uint8], size: int = VIEW_SIZE, box: Box | None = None
) -> NDArray[np.uint8]:
    """(H, W, 3) to (size, size, 3), by Pillow's bicubic filter with antialiasing."""
    corners = None if box is None else box.corners
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, corners))


def resize_mask(
    mask: NDArray[np.uint8], size: int = VIEW_SIZE, box: Box | None = None
) -> NDArray[np.uint8]:
    """(H, W) mask to (size, size), soft, by Pillow's bilinear filter with antialiasing."""
    corners = None if box is None else box.corners
    image = Image.fromarray(np.ascontiguousarray(mask))
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR, corners))


def resize_inside(
    mask: NDArray[np.uint8], size: int = VIEW_SIZE, box: Box | None = None
) -> NDArray[np.bool_]:
    """(H, W) mask to (size, size) foreground: from 128 of 255 on."""
    return resize_mask(mask, size, box) >= FOREGROUND_FROM


def view_triple(pixels: TriplePixels, size: int = VIEW_SIZE, box: Box | None = None) -> TripleView:
    """A triple, or a box of it, squeezed to the view's square."""
    return TripleView(
        resize_rgb(to_8_bit(pixels.composite.pixels), size, box),
        resize_rgb(pixels.real, size, box),
        resize_inside(to_8_bit(pixels.mask), size, box),
    )


def view_triple_cropped(
    pixels: TriplePixels, rng: np.random.Generator, size: int = VIEW_SIZE
) -> TripleView:
    """A random square of half to all of the short side, half of the time mirrored.

    Drawn again while it holds no foreground; in the end the whole picture.
    """
    height, width = pixels.mask.shape
    mask = to_8_bit(pixels.mask)
    for _ in range(_CROP_ATTEMPTS):
        box = _random_square(width, height, rng)
        if resize_inside(mask, size, box).any():
            break
    else:
        box = whole(width, height)
    view = view_triple(pixels, size, box)
    return _mirrored(view) if rng.random() < 0.5 else view


def _random_square(width: int, height: int, rng: np.random.Generator) -> Box:
    short = min(width, height)
    side = max(1, round(rng.uniform(0.5, 1) * short))
    left = int(rng.integers(width - side + 1))
    top = int(rng.integers(height - side + 1))
    return Box(left, top, left + side, top + side)


def _mirrored(view: TripleView) -> TripleView:
    return TripleView(view.composite[:, ::-1], view.real[:, ::-1], view.inside[:, ::-1])
