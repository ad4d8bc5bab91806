"""Region strengths: exact inside regions, and seams on the picture's edges."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.color.region_weight import RegionWeight, fit_region_weight
from engine.color.strips import StretchedMaps, strips
from engine.errors import PixelArrayError
from engine.view import Box


def stretched_row(maps: NDArray[np.float32], row: int) -> NDArray[np.float32]:
    box = Box(0, 10 * row, 320, 10 * row + 1)
    return StretchedMaps(maps, Box(0, 0, 320, 320), box).read(
        next(strips(box, Box(0, 0, 320, 320), 32))
    )[:, 0]


def test_equal_strengths_need_no_maps() -> None:
    view = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    mask = np.zeros((32, 32), np.float32)
    mask[8:20, 8:20] = 1
    strengths = np.where(mask > 0, 0.25, 0.75).astype(np.float32)
    assert fit_region_weight(view, strengths, mask) == 0.25


def test_strengths_outside_the_mask_do_not_matter() -> None:
    view = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    mask = np.zeros((32, 32), np.float32)
    mask[8:24, 8:24] = 1
    strengths = np.where(np.arange(32) < 16, 0.2, 0.8).astype(np.float32)[None].repeat(32, 0)
    other = np.where(mask > 0, strengths, 0.5).astype(np.float32)
    first, second = (fit_region_weight(view, values, mask) for values in (strengths, other))
    assert isinstance(first, RegionWeight)
    assert isinstance(second, RegionWeight)
    assert np.array_equal(first.lines, second.lines)


def test_the_soft_rim_takes_the_strength_of_the_region_beside_it() -> None:
    view = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    mask = np.clip((24 - np.arange(32)) / 8, 0, 1).astype(np.float32)[None].repeat(32, 0)
    strengths = np.where(mask < 0.5, 1, 0).astype(np.float32)
    assert fit_region_weight(view, strengths, mask) == 0
    strengths[:12] = 1
    weight = fit_region_weight(view, strengths, mask)
    assert isinstance(weight, RegionWeight)
    assert not weight.lines[:, 20:, :25].any()


def test_a_faint_mask_still_has_regions() -> None:
    view = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    mask = np.full((32, 32), 0.2, np.float32)
    strengths = np.full((32, 32), 0.25, np.float32)
    assert fit_region_weight(view, strengths, mask) == 0.25


def test_a_seam_between_two_colors_lies_on_their_edge() -> None:
    edge = 164
    row = np.where((np.arange(320) < edge)[:, None], (40, 60, 200), (220, 180, 30))
    picture = np.broadcast_to(row.astype(np.uint8), (320, 320, 3))
    view = picture.reshape(32, 10, 32, 10, 3).mean(axis=(1, 3)).astype(np.uint8)
    strengths = (view[..., 0] > 130).astype(np.float32)
    weight = fit_region_weight(view, strengths, np.ones((32, 32), np.float32))
    assert isinstance(weight, RegionWeight)
    truth = (np.arange(320) >= edge).astype(float)
    lines = stretched_row(weight.lines, 16)
    found = ((lines[:3] * row.T / 255).sum(axis=0) + lines[3]).clip(0, 1)
    plain = stretched_row(strengths[None], 16)[0]
    assert np.square(found - truth).sum() < 0.5 * np.square(plain - truth).sum()
    at_edge = found[edge] - found[edge - 1]
    assert at_edge > 0.5


def test_arrays_of_the_wrong_kind_are_declined() -> None:
    view, ones = np.zeros((32, 32, 3), np.uint8), np.ones((32, 32), np.float32)
    with pytest.raises(PixelArrayError, match="strengths"):
        fit_region_weight(view, ones[:5], ones)
    with pytest.raises(PixelArrayError, match="mask"):
        fit_region_weight(view, ones, ones[1:])
