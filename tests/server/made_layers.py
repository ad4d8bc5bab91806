"""Layers and backgrounds as an editor hands them over."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.picture import Picture, Pixels
from engine.server.watch import JobWatch
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.messages import OpenLayer

KEY = "layer"
AT = (70, 40)
COLORS = ((200, 60, 40), (40, 80, 190), (230, 220, 120))


@dataclass(frozen=True, slots=True)
class Scene:
    """A layer of three colours with a soft edge, and what it lies on."""

    layer: Picture
    background: Picture
    at: tuple[int, int] = AT

    def request(
        self, order: wire.Order = "rgba", background_order: wire.Order = "rgb"
    ) -> OpenLayer:
        layer, background = on_wire(self.layer, order), on_wire(self.background, background_order)
        return OpenLayer(KEY, layer, *self.at, background)


def scene(
    bits: int = 8, size: tuple[int, int] = (220, 160), layer_size: tuple[int, int] = (90, 80)
) -> Scene:
    rng = np.random.default_rng(0)
    background = smooth(rng, *size)
    layer = smooth(rng, *layer_size) // 6
    third = -(-layer_size[1] // 3)
    for stripe, color in enumerate(COLORS):
        layer[stripe * third : (stripe + 1) * third] += np.array(color)
    return Scene(
        Picture(in_bits(layer, bits, rng), in_bits(soft_alpha(*layer_size), bits, None)),
        Picture(in_bits(background, bits, rng)),
    )


def smooth(rng: np.random.Generator, width: int, height: int) -> NDArray[np.int64]:
    small = Image.fromarray(rng.integers(30, 226, (5, 6, 3), np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int64)


def soft_alpha(width: int, height: int, edge: int = 8) -> NDArray[np.int64]:
    """255 inside, falling to 0 at the layer's border."""
    y, x = np.mgrid[0:height, 0:width]
    inward = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    return np.rint(255 * (inward / edge).clip(0, 1)).astype(np.int64)


def in_bits(levels: NDArray[np.int64], bits: int, rng: np.random.Generator | None) -> Pixels:
    if bits == 8:
        return levels.clip(0, 255).astype(np.uint8)
    noise = 0 if rng is None else rng.integers(-128, 129, levels.shape)
    return (levels * 257 + noise).clip(0, 65535).astype(np.uint16)


def on_wire(picture: Picture, order: wire.Order) -> wire.Pixels:
    """A picture as an editor sends it; grey orders take the green channel."""
    color = picture.pixels
    if order in ("gray", "graya"):
        color = color[..., 1:2]
    elif order == "bgra":
        color = color[..., ::-1]
    parts: list[NDArray[np.generic]] = [color]
    if order in ("graya", "rgba", "bgra"):
        opaque = np.full(color.shape[:2], picture.white, color.dtype)
        parts.append((opaque if picture.alpha is None else picture.alpha)[..., None])
    samples = np.concatenate(parts, axis=2, dtype=color.dtype)
    depth: wire.Depth = "u8" if samples.dtype == np.uint8 else "u16"
    data = bytearray(samples.astype(samples.dtype.newbyteorder("<")).tobytes())
    return wire.Pixels(picture.width, picture.height, order, depth, data, picture.icc)


def gray_on_wire(mask: Pixels) -> wire.Pixels:
    height, width = mask.shape
    depth: wire.Depth = "u8" if mask.dtype == np.uint8 else "u16"
    return wire.Pixels(width, height, "gray", depth, bytearray(mask.tobytes()))


def samples_of(pixels: wire.Pixels) -> NDArray[np.uint8 | np.uint16]:
    """(H, W, channels) as they came."""
    dtype = np.uint8 if pixels.depth == "u8" else np.dtype("<u2")
    channels = wire.CHANNELS[pixels.order]
    flat = np.frombuffer(pixels.data, dtype)
    return cast(
        "NDArray[np.uint8 | np.uint16]", flat.reshape(pixels.height, pixels.width, channels)
    )


def unwatched() -> JobWatch:
    return JobWatch(Event(), lambda _stage, _share: None)
