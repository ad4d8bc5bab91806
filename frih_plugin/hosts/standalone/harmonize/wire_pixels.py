"""Pictures of the editor as the protocol's pixels, and back."""

from __future__ import annotations

from typing import cast

import numpy as np

from engine.color.picture import Picture
from engine.color.picture import Pixels as Samples
from frih_plugin.protocol.pixels import CHANNELS, Depth, Order, Pixels

_DTYPES: dict[Depth, str] = {"u8": "|u1", "u16": "<u2"}


def to_wire(picture: Picture) -> Pixels:
    """A picture as rgba, or as rgb where it has no alpha."""
    if picture.alpha is None:
        return _wire(picture.pixels, "rgb", picture.icc)
    channels = (picture.pixels, picture.alpha[:, :, None])
    return _wire(cast("Samples", np.concatenate(channels, axis=2)), "rgba", picture.icc)


def mask_to_wire(mask: Samples) -> Pixels:
    """A (h, w) mask as gray."""
    return _wire(mask, "gray", None)


def from_wire(pixels: Pixels) -> Picture:
    """A picture from rgb or rgba. Raises ValueError for another order."""
    if pixels.order not in ("rgb", "rgba"):
        raise ValueError(f"Pixels in the order {pixels.order} are no picture of this editor.")
    shape = pixels.height, pixels.width, CHANNELS[pixels.order]
    samples = np.frombuffer(pixels.data, _DTYPES[pixels.depth]).reshape(shape)
    colors = cast("Samples", np.ascontiguousarray(samples[:, :, :3]))
    alpha = None if shape[2] == 3 else cast("Samples", np.ascontiguousarray(samples[:, :, 3]))
    return Picture(colors, alpha, pixels.icc)


def _wire(samples: Samples, order: Order, icc: bytes | None) -> Pixels:
    depth: Depth = "u8" if samples.dtype == np.uint8 else "u16"
    rows = np.ascontiguousarray(samples, _DTYPES[depth])
    height, width = rows.shape[:2]
    return Pixels(width, height, order, depth, rows.reshape(-1).data.cast("B"), icc)
