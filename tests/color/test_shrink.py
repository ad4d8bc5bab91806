"""The view of a large picture: box averages that are exact, in place, and in the right colours."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from engine.color.picture import Pixels
from engine.color.profiles import rgb_space
from engine.color.shrink import box_reduced, shrink_mask, shrink_rgb
from engine.view import VIEW_SIZE, Box, whole

SRGB = rgb_space(None)
LARGE = (1700, 2500)
"""Reduced by boxes of 2 x 3, both sides with a rest."""


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


def reduced(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8 | np.uint16]]:
    return box_reduced(pixels, whole(pixels.shape[1], pixels.shape[0]))[0]


def test_averages_of_16_bit_pixels_are_those_of_8_bit_ones() -> None:
    pixels = noise(*LARGE)
    expected = np.asarray(Image.fromarray(pixels).reduce((3, 2)))
    found = reduced(pixels.astype(np.uint16) * 257)
    assert found.dtype == np.uint16
    assert np.abs(found / 257 - expected).max() <= 0.5 + 1 / 257
    assert np.array_equal(reduced(pixels), expected)


def test_averages_of_16_bit_pixels_are_rounded_exactly() -> None:
    pixels = np.random.default_rng(3).integers(0, 65536, (1536, 2304, 3), np.uint16)
    boxes = pixels.reshape(768, 2, 768, 3, 3).astype(np.int64).sum(axis=(1, 3))
    assert np.array_equal(reduced(pixels), (boxes + 3) // 6)


@pytest.mark.parametrize("white", [np.uint8(255), np.uint16(65535)])
def test_a_flat_picture_stays_flat(white: np.uint8 | np.uint16) -> None:
    window = whole(LARGE[1], LARGE[0])
    mask = cast("Pixels", np.full(LARGE, white))
    pixels = cast("Pixels", np.full((*LARGE, 3), white // 5))
    assert (shrink_rgb(pixels, window, SRGB) == 51).all()
    assert (shrink_mask(mask, window) == 1).all()


def test_a_small_window_is_pillows_own_bicubic() -> None:
    pixels = noise(600, 900)
    window = Box(100, 50, 700, 550)
    expected = Image.fromarray(pixels).crop(window.corners).resize((VIEW_SIZE, VIEW_SIZE))
    assert np.array_equal(shrink_rgb(pixels, window, SRGB), np.asarray(expected))


def test_a_rest_that_fills_no_box_does_not_stretch_the_view() -> None:
    """A ramp from edge to edge, so wide that its last box holds one column of seven."""
    width = 7 * 800 + 1
    ramp = np.rint((np.arange(width) + 0.5) / width * 65535).astype(np.uint16)
    view = shrink_mask(np.broadcast_to(ramp, (300, width)), whole(width, 300))
    expected = (np.arange(VIEW_SIZE) + 0.5) / VIEW_SIZE
    assert np.abs(view[128, 2:-2] - expected[2:-2]).max() <= 1e-4


def test_a_masks_area_survives() -> None:
    mask = np.zeros((3000, 4500), np.uint8)
    mask[700:1500, 1100:2600] = 255
    soft = shrink_mask(mask, whole(4500, 3000))
    assert soft.dtype == np.float32
    assert 0 <= float(soft.min()) <= float(soft.max()) <= 1
    assert float(soft.mean()) == pytest.approx(800 * 1500 / mask.size, rel=1e-3)


def test_a_mask_is_seen_at_the_place_of_its_picture() -> None:
    mask = np.random.default_rng(4).integers(0, 256, (3000, 2000), np.uint8)
    mask = np.asarray(Image.fromarray(mask).resize((40, 60)).resize((2000, 3000)))
    window = Box(150, 200, 1950, 2900)
    rgb = shrink_rgb(np.repeat(mask[:, :, None], 3, axis=2), window, SRGB)
    assert np.abs(shrink_mask(mask, window) * 255 - rgb[:, :, 0]).max() <= 3


@pytest.mark.full
def test_display_p3_pixels_are_converted(samples_dir: Path) -> None:
    with Image.open(samples_dir / "02_park_displayp3.jpg") as opened:
        space = rgb_space(opened.info["icc_profile"])
    pixels = np.full((2000, 2000, 3), (200, 90, 60), np.uint8)
    view = shrink_rgb(pixels, whole(2000, 2000), space)
    expected = np.rint(space.to_srgb(np.array([[[200, 90, 60]]]) / 255) * 255)
    assert expected[0, 0, 0] > 205
    assert np.abs(view - expected).max() <= 1


def test_a_large_window_takes_little_memory() -> None:
    pixels = np.zeros((4000, 4000, 3), np.uint8)
    tracemalloc.start()
    shrink_rgb(pixels, whole(4000, 4000), SRGB)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < pixels.nbytes / 4
