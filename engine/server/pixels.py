"""Pictures on the wire as pictures of the engine, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import luma
from engine.color.picture import FloatPicture, Picture, Pixels
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.framing import Buffer

_SAMPLES: dict[wire.Depth, np.dtype[Any]] = {
    "u8": np.dtype("<u1"),
    "u16": np.dtype("<u2"),
    "f16": np.dtype("<f2"),
    "f32": np.dtype("<f4"),
}
_DEPTHS: dict[str, wire.Depth] = {
    "uint8": "u8", "uint16": "u16", "float16": "f16", "float32": "f32"
}  # fmt: skip
_FLOATS: tuple[wire.Depth, ...] = ("f16", "f32")
_LUMA = (0.299, 0.587, 0.114)
_Samples = NDArray[Any]
"""Whole numbers or floats of any depth on the wire."""

_GRAY: tuple[wire.Order, ...] = ("gray", "graya")


def picture_of(given: wire.Pixels) -> Picture:
    """A picture on the wire as the engine has it, without a copy.

    Its arrays are views of the bytes that came, so what is written to them is written there. Grey
    is shown as three equal channels, and is read-only. Of floats it is a copy, in 16 bits and
    without what lies beyond 0 and 1.
    """
    if given.depth in _FLOATS:
        return float_picture_of(given).in_16_bits()
    samples = _samples(given)
    return Picture(_color(samples, given.order), _alpha(samples, given.order), given.icc)


def float_picture_of(given: wire.Pixels) -> FloatPicture:
    """A picture of floats on the wire, with all that lies beyond 0 and 1."""
    samples = _samples(given).astype(np.float32, copy=False)
    color, alpha = _color(samples, given.order), _alpha(samples, given.order)
    return FloatPicture(
        cast("NDArray[np.float32]", color), cast("NDArray[np.float32] | None", alpha), given.icc
    )


def exact_picture_of(given: wire.Pixels) -> Picture | FloatPicture:
    """A picture on the wire with all that it holds."""
    return float_picture_of(given) if given.depth in _FLOATS else picture_of(given)


def writable_picture_of(given: wire.Pixels) -> Picture:
    """The same with arrays that may be written to; copied only where they must be."""
    picture = picture_of(given)
    if picture.pixels.flags.writeable:
        return picture
    alpha = None if picture.alpha is None else picture.alpha.copy()
    return Picture(picture.pixels.copy(), alpha, picture.icc)


def mask_of(given: wire.Pixels) -> Pixels:
    """A grey picture as (H, W); of others the luma."""
    if given.depth in _FLOATS:
        return cast("Pixels", luma(picture_of(given).pixels))
    samples = _samples(given)
    if given.order in _GRAY:
        return cast("Pixels", samples[..., 0])
    return cast("Pixels", luma(_color(samples, given.order)))


@dataclass(frozen=True, slots=True, eq=False)
class WireForm:
    """How a picture came: its pixels as they are, and the form that a changed one goes back in.

    A changed grey picture is the luma of the changed colours: where the three channels are still
    equal, that is what they are.
    """

    given: wire.Pixels

    def empty(self) -> _Samples:
        """Samples for a changed picture, with the alpha of the given one."""
        samples = _samples(self.given)
        changed = np.empty_like(samples)
        if _alpha(samples, self.given.order) is not None:
            changed[..., -1] = samples[..., -1]
        return changed

    def color_of(self, samples: _Samples) -> Pixels | None:
        """Where to write the colours of a changed picture; None for grey, and for floats."""
        is_direct = not self.is_gray and self.given.depth not in _FLOATS
        return _color(samples, self.given.order) if is_direct else None

    def pixels(
        self, samples: _Samples, colors: NDArray[np.generic], alpha: NDArray[np.generic] | None
    ) -> wire.Pixels:
        """The samples as they go back.

        colors: (H, W, 3), written to color_of where there was one; alpha: None for the given one.
        """
        if self.is_gray:
            samples[..., 0] = _luma(colors)
        elif self.given.depth in _FLOATS:
            samples[..., :3] = colors
        if alpha is not None:
            samples[..., -1] = alpha
        return wire_pixels(samples, self.given.order, self.given.icc)

    def small(self, picture: Picture) -> wire.Pixels:
        """A shrunk, changed 16-bit picture as "rgba" of the given depth and profile."""
        pixels = picture.pixels
        if self.is_gray:
            pixels = np.repeat(luma(pixels)[..., None], 3, axis=2)
        alpha = np.full(pixels.shape[:2], picture.white) if picture.alpha is None else picture.alpha
        samples = np.dstack([pixels, alpha])
        if self.given.depth == "u8":
            samples = (samples.astype(np.uint32) + 128) // 257
        elif self.given.depth in _FLOATS:
            samples = samples / np.float32(picture.white)
        return wire_pixels(samples.astype(_SAMPLES[self.given.depth]), "rgba", self.given.icc)

    @property
    def is_gray(self) -> bool:
        """Whether the picture has one channel."""
        return self.given.order in _GRAY


def wire_pixels(samples: _Samples, order: wire.Order, icc: bytes | None = None) -> wire.Pixels:
    """(H, W) or (H, W, channels) samples as they go over the wire."""
    depth = _DEPTHS[samples.dtype.name]
    packed = np.ascontiguousarray(samples, _SAMPLES[depth])
    data = cast("Buffer", packed.reshape(-1).view(np.uint8).data)
    return wire.Pixels(samples.shape[1], samples.shape[0], order, depth, data, icc)


def _samples(given: wire.Pixels) -> _Samples:
    """(H, W, channels) in the machine's own byte order."""
    dtype = _SAMPLES[given.depth]
    flat = np.frombuffer(given.data, dtype)
    shaped = flat.reshape(given.height, given.width, wire.CHANNELS[given.order])
    return shaped.astype(dtype.newbyteorder("="), copy=False)


def _color(samples: _Samples, order: wire.Order) -> Pixels:
    if order in _GRAY:
        return cast("Pixels", np.broadcast_to(samples[..., :1], (*samples.shape[:2], 3)))
    return cast("Pixels", samples[..., 2::-1] if order == "bgra" else samples[..., :3])


def _alpha(samples: _Samples, order: wire.Order) -> Pixels | None:
    return cast("Pixels", samples[..., -1]) if order in ("graya", "rgba", "bgra") else None


def _luma(colors: NDArray[np.generic]) -> NDArray[np.generic]:
    """Of whole numbers exactly; of floats by the same weights."""
    if colors.dtype == np.float32:
        return cast("NDArray[np.float32]", colors) @ np.array(_LUMA, np.float32)
    return luma(cast("Pixels", colors))
