"""The promises that hold whatever the weights are, with the shipped ones on photographs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.color.picture import Picture
from engine.document import Document, masked_composite
from engine.files import read_mask, read_picture
from engine.pipeline import PAPER_SETTINGS, Settings, harmonize
from engine.runtime.backend import Backend

pytestmark = pytest.mark.full

ALWAYS = Settings(strength=1)
"""Also what the engine would suggest to leave alone is changed."""


@pytest.fixture(scope="module", params=["05_lantern_dark", "02_park_displayp3"])
def photograph(request: pytest.FixtureRequest, samples_dir: Path) -> Document:
    name: str = request.param
    picture = read_picture(samples_dir / f"{name}.jpg").picture
    return masked_composite(picture, read_mask(samples_dir / f"{name}_mask.png"))


@pytest.mark.parametrize("settings", [ALWAYS, PAPER_SETTINGS], ids=["default", "paper"])
def test_only_the_foreground_changes(
    photograph: Document, shipped_backend: Backend, settings: Settings
) -> None:
    result = harmonize(photograph, settings, shipped_backend)
    before = photograph.composite
    outside = photograph.mask == 0
    assert np.array_equal(result.picture.pixels[outside], before.pixels[outside])
    assert not np.array_equal(result.picture.pixels, before.pixels)
    assert result.picture.icc == before.icc


def test_strength_0_is_the_identity(photograph: Document, shipped_backend: Backend) -> None:
    result = harmonize(photograph, Settings(strength=0), shipped_backend)
    assert np.array_equal(result.picture.pixels, photograph.composite.pixels)


def test_a_16_bit_ramp_keeps_its_levels(shipped_backend: Backend) -> None:
    ramp = np.linspace(6_000, 55_000, 3000).astype(np.uint16)
    pixels = np.full((400, 4000, 3), (20_000, 30_000, 40_000), np.uint16)
    pixels[100:300, 500:3500] = ramp[None, :, None]
    mask = np.zeros((400, 4000), np.uint8)
    mask[100:300, 500:3500] = 255
    result = harmonize(masked_composite(Picture(pixels), mask), ALWAYS, shipped_backend)
    changed = result.picture.pixels[200, 500:3500]
    for channel in range(3):
        assert np.unique(changed[:, channel]).size >= 0.9 * np.unique(ramp).size
