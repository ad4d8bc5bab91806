"""Objects and backgrounds of different quality: scaled, compressed, blurred or noisy apart.

Composite and truth share the difference: the network is not asked to undo it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.limits import within

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DegradeConfig:
    """How often the object alone, or the background alone, is of lower quality, and how low."""

    share: float = 0.30
    smallest_scale: float = 0.4
    jpeg_quality: tuple[int, int] = (50, 95)
    largest_blur_px: float = 1.0
    largest_noise: float = 6.0
    """Standard deviation on 0..255."""

    def __post_init__(self) -> None:
        within("degrade.share", self.share, 0, 1)
        within("degrade.smallest_scale", self.smallest_scale, 0.1, 1)
        low, high = self.jpeg_quality
        within("degrade.jpeg_quality", low, 1, high)
        within("degrade.jpeg_quality", high, low, 100)
        within("degrade.largest_blur_px", self.largest_blur_px, 0, 10)
        within("degrade.largest_noise", self.largest_noise, 0, 50)


def draw_degraded(
    real: Pixels, mask: Pixels, config: DegradeConfig, rng: np.random.Generator
) -> Pixels:
    """(S, S, 3) pixels, whose part inside or outside the (S, S) soft mask may be degraded."""
    if rng.random() >= config.share:
        return real
    degrade = DEGRADATIONS[rng.integers(len(DEGRADATIONS))]
    weight = mask[..., None] / np.float32(255)
    if rng.random() < 0.5:
        weight = 1 - weight
    degraded = degrade(np.ascontiguousarray(real), config, rng)
    return np.rint(real + weight * (degraded.astype(np.float32) - real)).astype(np.uint8)


def rescale(pixels: Pixels, config: DegradeConfig, rng: np.random.Generator) -> Pixels:
    """Reduce and enlarge again."""
    height, width = pixels.shape[:2]
    scale = rng.uniform(config.smallest_scale, 1)
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(pixels).resize(small, Image.Resampling.BILINEAR)
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def compress(pixels: Pixels, config: DegradeConfig, rng: np.random.Generator) -> Pixels:
    """Through JPEG and back."""
    content = io.BytesIO()
    low, high = config.jpeg_quality
    Image.fromarray(pixels).save(content, "JPEG", quality=int(rng.integers(low, high + 1)))
    return np.asarray(Image.open(content))


def blur(pixels: Pixels, config: DegradeConfig, rng: np.random.Generator) -> Pixels:
    """A little out of focus."""
    radius = rng.uniform(0, config.largest_blur_px)
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def add_noise(pixels: Pixels, config: DegradeConfig, rng: np.random.Generator) -> Pixels:
    """A sensor's noise."""
    deviation = rng.uniform(0, config.largest_noise)
    noise = rng.standard_normal(pixels.shape, np.float32) * np.float32(deviation)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


Degradation = Callable[[Pixels, DegradeConfig, np.random.Generator], Pixels]
DEGRADATIONS: tuple[Degradation, ...] = (rescale, compress, blur, add_noise)
