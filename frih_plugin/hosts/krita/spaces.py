"""Which pixels go to the engine as they are, and to what the others are converted first.

Krita hands over no profile, but it converts. So pixels of sRGB and of linear sRGB go over the wire
in their own depth. All others (grey, CMYK, Lab, XYZ, YCbCr, RGB of other profiles) are converted by
Krita to linear sRGB in floating point, which holds every colour, and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol, cast

from frih_plugin.hosts.krita.linear_srgb import linear_srgb_profile
from frih_plugin.protocol.pixels import CHANNELS, SAMPLE_BYTES, Depth, Order, Pixels

KritaDepth = Literal["U8", "U16", "F16", "F32"]

SRGB = "sRGB-elle-V2-srgbtrc.icc"
LINEAR_SRGB = "sRGB-elle-V2-g10.icc"
_ENCODED = frozenset({SRGB, "sRGB built-in", "sRGB-elle-V4-srgbtrc.icc", "sRGB IEC61966-2.1"})
_LINEAR = frozenset(
    {LINEAR_SRGB, "sRGB-elle-V4-g10.icc", "krita-2.5, lcms sRGB built-in with linear gamma TRC"}
)
_DEPTHS: dict[str, Depth] = {"U8": "u8", "U16": "u16", "F16": "f16", "F32": "f32"}


class HasSpace(Protocol):
    """A document or a layer."""

    def colorModel(self) -> str: ...  # noqa: D102, N802 - Krita's name
    def colorDepth(self) -> str: ...  # noqa: D102, N802 - Krita's name
    def colorProfile(self) -> str: ...  # noqa: D102, N802 - Krita's name


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space by Krita's names."""

    model: str
    depth: KritaDepth
    profile: str

    @classmethod
    def of(cls, owner: HasSpace) -> Space:
        """The space of a document or a layer."""
        depth = cast("KritaDepth", owner.colorDepth())
        return cls(owner.colorModel(), depth, owner.colorProfile())

    @property
    def on_wire(self) -> Space:
        """The space that its pixels have on their way to the engine; itself where it can."""
        if self.model == "RGBA" and self.profile in _ENCODED | _LINEAR:
            return self
        # Half floats hold 8 bits of any model; 16 bits ask for more.
        return Space("RGBA", "F16" if self.depth == "U8" else "F32", LINEAR_SRGB)

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel; of a space that goes over the wire."""
        return CHANNELS[self._order] * SAMPLE_BYTES[self.wire_depth]

    @property
    def wire_depth(self) -> Depth:
        """The protocol's name of the depth."""
        return _DEPTHS[self.depth]

    def pixels(self, width: int, height: int, data: bytearray) -> Pixels:
        """Pixels of this space as the engine takes them."""
        icc = _linear_icc() if self.profile in _LINEAR else None
        return Pixels(width, height, self._order, self.wire_depth, data, icc)

    @property
    def _order(self) -> Order:
        return "bgra" if self.depth in ("U8", "U16") else "rgba"


@cache
def _linear_icc() -> bytes:
    return linear_srgb_profile()
