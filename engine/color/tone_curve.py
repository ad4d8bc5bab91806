"""Tone curves of ICC profiles: from encoded to linear values and back, beyond 0..1 too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Float = TypeVar("Float", np.float32, np.float64)


class ToneCurve(Protocol):
    """One channel's curve. Both directions keep shape and float dtype, and never clip.

    Above 1 the curve goes on as it ends, below 0 it is mirrored at its point at 0, so that
    colours outside the gamut are carried along.
    """

    def decode(self, encoded: NDArray[Float]) -> NDArray[Float]:
        """Encoded to linear."""
        ...

    def encode(self, linear: NDArray[Float]) -> NDArray[Float]:
        """Linear to encoded."""
        ...


@dataclass(frozen=True, slots=True)
class ParametricCurve:
    """ICC.1:2022, 10.18: (a x + b) ** g + e from x = d on, and c x + f below it.

    A plain gamma is ParametricCurve(gamma).
    """

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    f: float = 0.0

    def decode(self, encoded: NDArray[Float]) -> NDArray[Float]:
        """Encoded to linear."""
        size = np.abs(encoded)
        power = np.maximum(self.a * size + self.b, 0) ** self.g + self.e
        linear = np.where(size >= self.d, power, self.c * size + self.f)
        black = self._at_zero()
        return (np.copysign(linear - black, encoded) + black).astype(encoded.dtype, copy=False)

    def encode(self, linear: NDArray[Float]) -> NDArray[Float]:
        """Linear to encoded."""
        black = self._at_zero()
        size = np.abs(linear - black) + black
        base = np.maximum(size - self.e, 0) ** (1 / self.g)
        encoded = (base - self.b) / self.a
        if self.d > 0:
            knee = max(self.a * self.d + self.b, 0) ** self.g + self.e
            toe = (size - self.f) / self.c if self.c else np.full_like(size, self.d)
            encoded = np.where(size >= knee, encoded, toe)
        return np.copysign(encoded, linear - black).astype(linear.dtype, copy=False)

    def _at_zero(self) -> float:
        return self.f if self.d > 0 else max(self.b, 0) ** self.g + self.e


@dataclass(frozen=True, slots=True, eq=False)
class TableCurve:
    """Evenly spaced points from 0 to 1, (N,) float64, never falling, with straight lines between.

    Where the table is level several encoded values are the same linear one, and the way back
    finds one of them.
    """

    points: NDArray[np.float64]

    def decode(self, encoded: NDArray[Float]) -> NDArray[Float]:
        """Encoded to linear."""
        black, white = self.points[0], self.points[-1]
        size = np.abs(encoded)
        inside = np.asarray(np.interp(size, self._positions(), self.points), np.float64)
        linear = np.where(size > 1, white + (size - 1) * self._last_slope(), inside)
        return (np.copysign(linear - black, encoded) + black).astype(encoded.dtype, copy=False)

    def encode(self, linear: NDArray[Float]) -> NDArray[Float]:
        """Linear to encoded."""
        black, white = self.points[0], self.points[-1]
        size = np.abs(linear - black) + black
        inside = np.asarray(np.interp(size, self.points, self._positions()), np.float64)
        encoded = np.where(size > white, 1 + (size - white) / self._last_slope(), inside)
        return np.copysign(encoded, linear - black).astype(linear.dtype, copy=False)

    def _positions(self) -> NDArray[np.float64]:
        return np.linspace(0, 1, len(self.points))

    def _last_slope(self) -> float:
        slope = (self.points[-1] - self.points[-2]) * (len(self.points) - 1)
        return max(float(slope), 1e-3)  # a table that ends level would have no way back


SRGB_CURVE = ParametricCurve(g=2.4, a=1 / 1.055, b=0.055 / 1.055, c=1 / 12.92, d=0.04045)
"""IEC 61966-2-1."""
