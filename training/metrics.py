"""How far a result is from the truth: MSE, PSNR and fMSE, a record for each picture.

Everything is measured on 8-bit RGB of 0 to 255, at 256 x 256 as in the paper or at full size.
What the records add up to is in summary.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import PixelArrayError

Distance = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]
"""A distance of two (H, W, 3) pictures that is measured beside the errors, such as LPIPS."""

_PEAK = 255.0
_SMALLEST_DENOMINATOR = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """One picture against its truth.

    mse: mean squared error over picture and channels; psnr: in dB, peak 255; fmse: mean squared
    error over the foreground and the channels; lpips: perceptual distance, where it was measured.
    """

    mse: float
    psnr: float
    fmse: float
    lpips: float | None = None


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """One result beside the untouched composite.

    ratio: the foreground's share of the 256 x 256 picture, whatever size was measured;
    strength: of this result; confidence: the engine's in the whole change, None where it has none;
    predicted_change: the mean square of the change it saw fit, on 0..255, before any strength;
    regions: submasks in use. The last four are None of results without an engine.
    """

    name: str
    subset: str
    kind: str
    ratio: float
    composite: Score
    result: Score
    strength: float | None = None
    confidence: float | None = None
    predicted_change: float | None = None
    regions: int | None = None

    @property
    def fmse_ratio(self) -> float:
        """The result's fMSE over the composite's own, which counts as 1 at least."""
        return self.result.fmse / max(self.composite.fmse, _SMALLEST_DENOMINATOR)

    @property
    def worse(self) -> bool:
        """Whether the result's fMSE is larger than the composite's own."""
        return self.result.fmse > self.composite.fmse


def score(result: NDArray[np.uint8], real: NDArray[np.uint8], inside: NDArray[np.bool_]) -> Score:
    """Measure (H, W, 3) uint8 against the truth, with the (H, W) foreground.

    Equal pictures get the PSNR of one sample that is off by one level, since a mean of infinite
    decibels says nothing.
    Raises PixelArrayError for other shapes or dtypes, or an empty foreground.
    """
    _check(result, real, inside)
    squared = np.square(result.astype(np.float64) - real)
    mse = float(squared.mean())
    psnr = 10 * math.log10(_PEAK**2 / max(mse, 1 / squared.size))
    return Score(mse, psnr, float(squared[inside].mean()))


def _check(result: NDArray[np.uint8], real: NDArray[np.uint8], inside: NDArray[np.bool_]) -> None:
    if result.dtype != np.uint8 or real.dtype != np.uint8 or inside.dtype != np.bool_:
        raise PixelArrayError("Pictures are measured as uint8 with a bool foreground.")
    if result.shape != real.shape or (*inside.shape, 3) != result.shape:
        raise PixelArrayError("Result, truth and foreground must have the same size.")
    if not inside.any():
        raise PixelArrayError("A picture without foreground cannot be measured.")
