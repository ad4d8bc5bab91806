"""What a picture looks like on the wire: rows from the top, no gaps, little endian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from frih_plugin.protocol.framing import Buffer

Order = Literal["gray", "graya", "rgb", "rgba", "bgra"]
"""The channels of a pixel in the order of their bytes; alpha is straight."""

Depth = Literal["u8", "u16", "f16", "f32"]
"""Whole numbers from 0 to the largest, or floats with 1 for white that may lie beyond 0 and 1.

Floats are encoded, or linear, as the profile says."""

CHANNELS: dict[Order, int] = {"gray": 1, "graya": 2, "rgb": 3, "rgba": 4, "bgra": 4}
SAMPLE_BYTES: dict[Depth, int] = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}

MAX_PIXELS = 100_000_000
"""Of one picture or layer; what is larger is declined before any work."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture: width x height pixels, `data` of exactly the bytes that follow from the rest.

    icc: the profile of its colours, None for sRGB (and for masks).
    Raises ValueError where the numbers do not fit each other.
    """

    width: int
    height: int
    order: Order
    depth: Depth
    data: Buffer
    icc: bytes | None = None

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"A picture of {self.width} x {self.height} pixels is empty.")
        if self.width * self.height > MAX_PIXELS:
            raise ValueError(
                f"A picture of {self.width} x {self.height} pixels is beyond the "
                f"{MAX_PIXELS // 1_000_000} megapixels that FRIH handles."
            )
        expected = self.width * self.height * self.pixel_bytes
        found = memoryview(self.data).nbytes
        if found != expected:
            raise ValueError(f"A picture has {found} bytes where {expected} belong.")

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel."""
        return CHANNELS[self.order] * SAMPLE_BYTES[self.depth]
