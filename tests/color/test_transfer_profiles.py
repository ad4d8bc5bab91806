"""The change in a real wide-gamut document: a phone's Display P3."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.color.color_change import ColorChange
from engine.color.picture import Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space
from engine.color.transfer import Blend, apply_color_change
from engine.view import whole

pytestmark = pytest.mark.full


@pytest.fixture
def display_p3(samples_dir: Path) -> RgbSpace:
    with Image.open(samples_dir / "02_park_displayp3.jpg") as photo:
        return rgb_space(photo.info["icc_profile"])


def changed(picture: Picture, space: RgbSpace, shift: float) -> Pixels:
    zeros = np.zeros((3, 32, 32), np.float32)
    change = ColorChange(np.zeros((3, 10), np.float32), zeros, zeros + np.float32(shift))
    mask = np.full((picture.height, picture.width), 255, np.uint8)
    window = whole(picture.width, picture.height)
    return apply_color_change(picture, window, change, Blend(mask), space).pixels


@pytest.mark.parametrize("white", [255, 65535])
def test_no_change_is_the_identity_in_display_p3(display_p3: RgbSpace, white: int) -> None:
    values = np.random.default_rng(0).integers(0, white + 1, (300, 300, 3))
    pixels = values.astype(np.uint8) if white == 255 else values.astype(np.uint16)
    assert np.array_equal(changed(Picture(pixels), display_p3, 0.0), pixels)


def test_greens_that_srgb_lacks_stay_apart(display_p3: RgbSpace) -> None:
    green = np.arange(30000, 60000, 40, dtype=np.uint16)
    pixels = np.full((1, green.size, 3), 3000, np.uint16)
    pixels[0, :, 1] = green
    srgb = display_p3.to_srgb((pixels / 65535).astype(np.float32))
    assert srgb[..., 0].max() < 0
    result = changed(Picture(pixels), display_p3, 0.04)
    assert np.unique(result[0, :, 1]).size == green.size
    seen = display_p3.to_srgb((result / 65535).astype(np.float32))
    assert np.abs(seen - srgb - 0.04)[..., 1].max() < 0.001
