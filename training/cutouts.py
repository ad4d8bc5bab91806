"""Cut-outs as users make them: soft, too narrow or too wide, a part missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.limits import within

_LEAST_FOREGROUND = 0.003
_ONE_DEVIATION = 0.34
"""How far the blurred edge falls from its middle over one standard deviation."""
_FULL = 0.5 / (0.5 - _ONE_DEVIATION)
"""The least steepness at which a moved edge still ends opaque."""


@dataclass(frozen=True, slots=True)
class CutoutConfig:
    """How often and how far cut-outs differ from their objects; lengths in object sizes.

    An object's size is the root of its area.
    """

    wrong: float = 0.35
    """Share of composites whose changed part is not the object exactly."""
    other_selection: float = 0.10
    """Share where the network's mask differs from what was changed, as a user's selection does."""
    shift: tuple[float, float] = (0.01, 0.03)
    """How far an edge moves in or out, or is feathered."""
    missing: float = 0.25
    """Share of the wrong ones that lack a part."""
    largest_missing: float = 0.20
    """The most of the object that is missing then."""

    def __post_init__(self) -> None:
        for name in ("wrong", "other_selection", "missing"):
            within(f"cutouts.{name}", getattr(self, name), 0, 1)
        within("cutouts.largest_missing", self.largest_missing, 0, 0.9)
        low, high = self.shift
        within("cutouts.shift", low, 0, high)
        within("cutouts.shift", high, low, 0.2)


def draw_cutout(
    mask: NDArray[np.uint8], config: CutoutConfig, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The opacity of the change, and the mask that the network sees: both (S, S) uint8.

    Mostly the same: a pasted layer's own. A wide cut-out brings a rim of the object's photograph.
    """
    opacity = spoil(mask, config, rng) if rng.random() < config.wrong else mask
    given = spoil(opacity, config, rng) if rng.random() < config.other_selection else opacity
    return opacity, given


def spoil(
    mask: NDArray[np.uint8], config: CutoutConfig, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Move an (S, S) mask's edge, feather it, or drop a part; one that would vanish stays."""
    spoilt = mask
    if rng.random() < config.missing:
        spoilt = _without_a_part(spoilt, rng.uniform(0.02, max(config.largest_missing, 0.02)), rng)
    length_px = rng.uniform(*config.shift) * float((mask >= 128).sum()) ** 0.5
    spoilt = move_edge(spoilt, length_px, int(rng.integers(-1, 2)), soft=bool(rng.random() < 0.5))
    return spoilt if (spoilt >= 128).mean() >= _LEAST_FOREGROUND else mask


def move_edge(
    mask: NDArray[np.uint8], length_px: float, direction: int, *, soft: bool
) -> NDArray[np.uint8]:
    """Move the edge out (1) or in (-1) by a length, or leave it and feather it over that (0)."""
    blurred = Image.fromarray(mask).filter(ImageFilter.GaussianBlur(length_px))
    level = np.asarray(blurred, np.float32) / 255 - 0.5 + _ONE_DEVIATION * direction
    steepness = 1.0 if direction == 0 else _FULL if soft else max(_FULL, 2.5 * length_px)
    return (np.clip(level * steepness + 0.5, 0, 1) * 255).round().astype(np.uint8)


def _without_a_part(
    mask: NDArray[np.uint8], share: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """What is left of the foreground when a share of it is cut off along a straight line."""
    y, x = np.nonzero(mask >= 128)
    if not len(y):
        return mask
    angle = rng.uniform(0, 2 * np.pi)
    limit = np.quantile(np.cos(angle) * x + np.sin(angle) * y, 1 - share)
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    kept = np.cos(angle) * columns + np.sin(angle) * rows <= limit
    return mask * kept.astype(np.uint8)
