"""Pictures on the wire as pictures of the engine, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import luma
from engine.color.picture import Picture, Pixels
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.framing import Buffer

_SAMPLES = {"u8": np.dtype("<u1"), "u16": np.dtype("<u2")}
_GRAY: tuple[wire.Order, ...] = ("gray", "graya")


def picture_of(given: wire.Pixels) -> Picture:
    """A picture on the wire as the engine has it, without a copy.

    Its arrays are views of the bytes that came, so what is written to them is written there. Grey
    is shown as three equal channels, and is read-only.
    """
    samples = _samples(given)
    return Picture(_color(samples, given.order), _alpha(samples, given.order), given.icc)


def writable_picture_of(given: wire.Pixels) -> Picture:
    """The same with arrays that may be written to; copied only where they must be."""
    picture = picture_of(given)
    if picture.pixels.flags.writeable:
        return picture
    alpha = None if picture.alpha is None else picture.alpha.copy()
    return Picture(picture.pixels.copy(), alpha, picture.icc)


def mask_of(given: wire.Pixels) -> Pixels:
    """A grey picture as (H, W); of others the luma."""
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

    def empty(self) -> NDArray[np.uint8 | np.uint16]:
        """Samples for a changed picture, with the alpha of the given one."""
        samples = _samples(self.given)
        changed = np.empty_like(samples)
        if _alpha(samples, self.given.order) is not None:
            changed[..., -1] = samples[..., -1]
        return changed

    def color_of(self, samples: NDArray[np.uint8 | np.uint16]) -> Pixels | None:
        """Where to write the colours of a changed picture; None for grey."""
        return None if self.is_gray else _color(samples, self.given.order)

    def pixels(self, samples: NDArray[np.uint8 | np.uint16], picture: Picture) -> wire.Pixels:
        """The samples as they go back; `picture` was written to color_of, where there was one."""
        if self.is_gray:
            samples[..., 0] = luma(picture.pixels)
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
        return wire_pixels(samples.astype(_SAMPLES[self.given.depth]), "rgba", self.given.icc)

    @property
    def is_gray(self) -> bool:
        """Whether the picture has one channel."""
        return self.given.order in _GRAY


def wire_pixels(
    samples: NDArray[np.uint8 | np.uint16], order: wire.Order, icc: bytes | None = None
) -> wire.Pixels:
    """(H, W) or (H, W, channels) samples as they go over the wire."""
    depth: wire.Depth = "u8" if samples.dtype == np.uint8 else "u16"
    packed = np.ascontiguousarray(samples, _SAMPLES[depth])
    data = cast("Buffer", packed.reshape(-1).view(np.uint8).data)
    return wire.Pixels(samples.shape[1], samples.shape[0], order, depth, data, icc)


def _samples(given: wire.Pixels) -> NDArray[np.uint8 | np.uint16]:
    """(H, W, channels) in the machine's own byte order."""
    dtype = _SAMPLES[given.depth]
    flat = np.frombuffer(given.data, dtype)
    shaped = flat.reshape(given.height, given.width, wire.CHANNELS[given.order])
    return shaped.astype(dtype.newbyteorder("="), copy=False)


def _color(samples: NDArray[np.uint8 | np.uint16], order: wire.Order) -> Pixels:
    if order in _GRAY:
        return cast("Pixels", np.broadcast_to(samples[..., :1], (*samples.shape[:2], 3)))
    return cast("Pixels", samples[..., 2::-1] if order == "bgra" else samples[..., :3])


def _alpha(samples: NDArray[np.uint8 | np.uint16], order: wire.Order) -> Pixels | None:
    return cast("Pixels", samples[..., -1]) if order in ("graya", "rgba", "bgra") else None
