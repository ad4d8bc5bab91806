"""How likely the whole change improves on the composite, and the strength that follows from it.

A logistic regression on a few signs that stage 1 leaves for nothing, fitted by `python -m training
calibrate` to one weights file and kept beside it. It says nothing about any other weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import WeightsError

CONFIDENCE_FILE = Path(__file__).resolve().parent / "weights" / "confidence.json"

_NEAR_BLACK, _NEAR_WHITE = 2, 253
_SMALLEST = 1e-4


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is thought of a change before anyone has seen it.

    confidence: the chance, 0 to 1, that the whole of it improves the picture, None where that is
    not known; strength: 0 to 1, the one suggested.
    """

    confidence: float | None
    strength: float


UNKNOWN = Estimate(None, 1.0)
"""Of weights that were not calibrated: nothing is claimed and nothing is held back."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a model looks at, all of the foreground in the view.

    size: mean square of stage 1's change, on 0..255; clipped: share of pixels with a channel near
    black or white; contrast: ln of the colours' deviation over that of the surroundings; distance:
    ln of the squared distance of the two mean colours, of 0..1.
    """

    size: float
    clipped: float
    contrast: float
    distance: float

    def columns(self) -> Mapping[str, float]:
        """The signs by name as a regression takes them: the size by its logarithm."""
        return asdict(self) | {"size": math.log1p(self.size)}


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """bias and weights, by the names of signs, add up to the logit of the confidence.

    A change is worth its size times the confidence in it. One worth `none_below` or less is not
    made, one worth twice that is made in full, and between them so much as lies between.
    """

    weights_sha256: str
    bias: float
    weights: Mapping[str, float]
    none_below: float

    def estimate(self, signs: Signs) -> Estimate:
        """What to think of a change with these signs."""
        confidence = self.confidence(signs)
        return Estimate(confidence, strength_for(confidence * signs.size, self.none_below))

    def confidence(self, signs: Signs) -> float:
        """The chance, 0 to 1, that the whole change improves the picture."""
        columns = signs.columns()
        logit = self.bias + sum(w * columns[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def strength_for(worth: float, none_below: float) -> float:
    """The strength for a change worth so much; 1 for all where `none_below` is 0."""
    return 1.0 if none_below <= 0 else min(1.0, max(0.0, worth / none_below - 1))


def signs_of(
    rgb: NDArray[np.uint8], inside: NDArray[np.bool_], coarse: NDArray[np.float32]
) -> Signs:
    """The signs of a view (H, W, 3) with its foreground and stage 1's (3, H, W), not clipped.

    A foreground without surroundings is compared with itself.
    """
    colors = rgb[inside].astype(np.float64)
    around = colors if inside.all() else rgb[~inside].astype(np.float64)
    change = 255 * coarse[:, inside].T.clip(0, 1) - colors
    spreads = [part.std(axis=0).mean() / 255 + _SMALLEST for part in (colors, around)]
    apart = np.square((colors.mean(axis=0) - around.mean(axis=0)) / 255).mean()
    ends = (colors <= _NEAR_BLACK) | (colors >= _NEAR_WHITE)
    return Signs(
        size=float(np.square(change).mean()),
        clipped=float(ends.any(axis=1).mean()),
        contrast=float(np.log(spreads[0] / spreads[1])),
        distance=float(np.log(apart + _SMALLEST)),
    )


@cache
def load_confidence(weights_sha256: str, file: Path = CONFIDENCE_FILE) -> ConfidenceModel | None:
    """The model of these weights, None where there is none or it belongs to other weights.

    Raises WeightsError for a file that cannot be read or is damaged.
    """
    if not file.is_file():
        return None
    try:
        model = _parse(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"The file {file.name} is damaged: install FRIH again.") from error
    return model if model.weights_sha256 == weights_sha256 else None


def _parse(content: Mapping[str, Any]) -> ConfidenceModel:
    weights = {str(n): float(w) for n, w in cast("Mapping[str, Any]", content["weights"]).items()}
    if not weights.keys() <= {field.name for field in fields(Signs)}:
        raise ValueError("A sign that is not known.")
    bias, none_below = float(content["bias"]), float(content["none_below"])
    if not all(map(math.isfinite, (bias, none_below, *weights.values()))):
        raise ValueError("A number that is none.")
    return ConfidenceModel(str(content["weights_sha256"]), bias, weights, none_below)
