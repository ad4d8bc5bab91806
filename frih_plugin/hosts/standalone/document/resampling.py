"""Scaling and turning a picture with clean edges: premultiplied, antialiased where it shrinks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.picture import Picture, Pixels

Plane = NDArray[np.float32]
Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x = a X + b Y + c and y = d X + e Y + f, in pixel coordinates."""

_BICUBIC = Image.Resampling.BICUBIC
_MARGIN = 2
"""Transparent pixels round a turned picture, so that its edges fade within a pixel."""


def resized(picture: Picture, width: int, height: int) -> Picture:
    """The picture scaled to a size: bicubic, with a wider filter where it shrinks.

    An opaque picture stays opaque.
    """
    if (width, height) == (picture.width, picture.height):
        return picture
    if picture.alpha is None and picture.pixels.dtype == np.uint8:
        image = Image.fromarray(picture.pixels).resize((width, height), _BICUBIC)
        return Picture(cast("Pixels", np.asarray(image)), None, picture.icc)
    planes = (
        np.asarray(Image.fromarray(plane).resize((width, height), _BICUBIC))
        for plane in _premultiplied(picture)
    )
    return _straight(planes, picture, is_opaque=picture.alpha is None)


def transformed(picture: Picture, width: int, height: int, to_source: Affine) -> Picture:
    """A new picture with alpha, each pixel taken bicubically from where `to_source` says.

    Beyond the picture is transparency. Does not average: shrink first.
    """
    a, b, c, d, e, f = to_source
    moved = (a, b, c + _MARGIN, d, e, f + _MARGIN)
    planes = (
        np.asarray(
            Image.fromarray(np.pad(plane, _MARGIN)).transform(
                (width, height), Image.Transform.AFFINE, moved, _BICUBIC
            )
        )
        for plane in _premultiplied(picture)
    )
    return _straight(planes, picture, is_opaque=False)


def _premultiplied(picture: Picture) -> Iterator[Plane]:
    """Alpha (1 where there is none), then red, green and blue times alpha; 0 to 1."""
    white = np.float32(picture.white)
    alpha = np.ones(picture.pixels.shape[:2], np.float32)
    if picture.alpha is not None:
        alpha[...] = picture.alpha
        alpha /= white
    yield alpha
    for channel in range(3):
        plane = picture.pixels[..., channel].astype(np.float32)
        plane /= white
        plane *= alpha
        yield plane


def _straight(planes: Iterator[Plane], like: Picture, *, is_opaque: bool) -> Picture:
    """Undo _premultiplied plane by plane, with the filter's overshoot cut off."""
    white = np.float32(like.white)
    share = next(planes)  # overshoots just where the colours do, so it is cut off last
    pixels = np.empty((*share.shape, 3), like.pixels.dtype)
    for channel, plane in enumerate(planes):
        straight = np.divide(plane, share, out=np.zeros_like(share), where=share > 0)
        pixels[..., channel] = np.rint(np.clip(straight, 0, 1) * white)
    alpha = np.rint(np.clip(share, 0, 1) * white).astype(like.pixels.dtype)
    opacity = None if is_opaque else alpha
    return Picture(cast("Pixels", pixels), cast("Pixels | None", opacity), like.icc)
