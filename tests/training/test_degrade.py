"""Degradations act on one side of the mask alone, each as its name says."""

from __future__ import annotations

import numpy as np
import pytest
from made_photos import smooth_picture

from training.degrade import (
    DegradeConfig,
    Pixels,
    add_noise,
    blur,
    compress,
    draw_degraded,
    rescale,
)

LOWEST = DegradeConfig(
    share=1, smallest_scale=0.25, jpeg_quality=(50, 50), largest_blur_px=2, largest_noise=9
)


def detailed() -> Pixels:
    """Noise of deviation 20 over a smooth picture, (96, 96, 3)."""
    smooth = np.asarray(smooth_picture(1), np.float64)[:96, :96]
    noise = np.random.default_rng(2).normal(0, 20, smooth.shape)
    return np.clip(smooth + noise, 0, 255).astype(np.uint8)


def detail(pixels: Pixels) -> float:
    return float(np.abs(np.diff(pixels.astype(float), axis=1)).mean())


def test_object_or_background_alone_is_degraded() -> None:
    real = detailed()
    mask = np.zeros((96, 96), np.uint8)
    mask[20:70, 20:70] = 255
    sides: set[bool] = set()
    for seed in range(24):
        changed = (draw_degraded(real, mask, LOWEST, np.random.default_rng(seed)) != real).any(2)
        inside, outside = bool(changed[mask > 0].any()), bool(changed[mask == 0].any())
        assert not (inside and outside)
        if inside or outside:  # a drawn blur or noise may be none
            sides.add(inside)
    assert sides == {True, False}


def test_share_says_how_often() -> None:
    real, mask = detailed(), np.full((96, 96), 255, np.uint8)
    none = DegradeConfig(share=0)
    for seed in range(5):
        assert draw_degraded(real, mask, none, np.random.default_rng(seed)) is real


@pytest.mark.parametrize("degrade", [rescale, blur])
def test_detail_is_lost_and_the_mean_kept(degrade: object) -> None:
    real = detailed()
    assert degrade in (rescale, blur)
    lost = (rescale if degrade is rescale else blur)(real, LOWEST, np.random.default_rng(1))
    assert detail(lost) < 0.85 * detail(real)
    assert float(lost.mean()) == pytest.approx(float(real.mean()), abs=0.5)


def test_compression_changes_little_but_something() -> None:
    real = detailed()
    error = np.abs(compress(real, LOWEST, np.random.default_rng(1)).astype(float) - real).mean()
    assert 1 < error < 20


def test_noise_has_at_most_the_deviation_asked_for() -> None:
    grey = np.full((96, 96, 3), 128, np.uint8)
    found = [float(add_noise(grey, LOWEST, np.random.default_rng(seed)).std()) for seed in range(9)]
    assert max(found) < 9.5
    assert max(found) - min(found) > 1


def test_seed_fixes_the_draw() -> None:
    real, mask = detailed(), np.full((96, 96), 255, np.uint8)
    first, second = (draw_degraded(real, mask, LOWEST, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)
