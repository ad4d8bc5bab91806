"""The fit at the view's size: exact where nothing is left over, sensible where something is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.color.color_change import ColorChange, fit_color_change
from engine.errors import PixelArrayError

NO_MAP = np.zeros((3, 10), np.float32)


def smooth_view(size: int = 64) -> NDArray[np.uint8]:
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    view = np.stack([x, y, 0.5 + 0.4 * np.sin(9 * x * y)], axis=-1)
    return (view * 200 + 20).astype(np.uint8)


def applied(change: ColorChange, view: NDArray[np.uint8]) -> NDArray[np.float64]:
    rgb = np.moveaxis(view / 255, -1, 0)
    r, g, b = rgb
    monomials = np.stack([r**0, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b])
    mapped = rgb + np.tensordot(change.color_map, monomials, 1)
    return np.moveaxis(mapped + change.gain * mapped + change.offset, 0, -1)


def test_an_unchanged_view_gives_exact_zeros() -> None:
    view = smooth_view()
    harmonized = view.astype(np.float32) / np.float32(255)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), NO_MAP)
    assert not change.gain.any()
    assert not change.offset.any()


def test_a_pure_global_map_leaves_nothing_to_the_local_lines() -> None:
    view = smooth_view()
    color_map = np.random.default_rng(4).normal(0, 0.1, (3, 10)).astype(np.float32)
    nothing = ColorChange(color_map, *np.zeros((2, 3, 64, 64), np.float32))
    harmonized = applied(nothing, view).clip(0, 1).astype(np.float32)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), color_map)
    assert np.abs(change.gain).max() < 1e-4
    assert np.abs(change.offset).max() < 1e-5


def test_a_local_line_is_found() -> None:
    view = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    harmonized = (view / 255 * 0.7 + 0.1).astype(np.float32)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), NO_MAP)
    assert np.abs(change.gain + 0.3).max() < 0.002
    assert np.abs(change.offset - 0.1).max() < 0.002


def test_a_flat_view_takes_a_pure_shift() -> None:
    view = np.full((64, 64, 3), 100, np.uint8)
    harmonized = (view / 255 + 0.2).astype(np.float32)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), NO_MAP)
    assert np.abs(change.gain).max() < 1e-4
    assert np.abs(applied(change, view) - harmonized).max() < 1e-4


@pytest.mark.parametrize("soft", [1, 20])
def test_the_change_reaches_as_far_as_a_soft_mask_and_is_not_taken_from_outside(soft: int) -> None:
    view = np.full((64, 64, 3), 100, np.uint8)
    mask = np.clip((40 - np.arange(64)) / soft, 0, 1).astype(np.float32)[None].repeat(64, 0)
    harmonized = np.where(mask[..., None] > 0, view / 255 + 0.2, 0.9).astype(np.float32)
    change = fit_color_change(view, harmonized, mask, NO_MAP)
    reach = slice(0, 42)
    assert np.abs(applied(change, view) - view / 255 - 0.2)[:, reach].max() < 0.001


def test_a_rim_that_shows_part_of_the_change_does_not_weaken_it() -> None:
    view = np.full((64, 64, 3), 100, np.uint8)
    mask = np.clip((40 - np.arange(64)) / 4, 0, 1).astype(np.float32)[None].repeat(64, 0)
    harmonized = (view / 255 + 0.2 * mask[..., None]).astype(np.float32)
    change = fit_color_change(view, harmonized, mask, NO_MAP)
    assert np.abs(applied(change, view) - view / 255 - 0.2)[:, :42].max() < 0.01


def test_a_map_that_the_local_part_bends_back_is_left_out() -> None:
    view = np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8)
    bent = np.random.default_rng(4).normal(0, 0.3, (3, 10)).astype(np.float32)
    harmonized = (view / 255 * 0.8).astype(np.float32)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), bent)
    assert not change.color_map.any()
    assert np.abs(applied(change, view) - harmonized).max() < 0.01


def test_a_map_of_a_flat_view_is_kept() -> None:
    view = np.full((64, 64, 3), 100, np.uint8)
    color_map = np.random.default_rng(4).normal(0, 0.05, (3, 10)).astype(np.float32)
    nothing = ColorChange(color_map, *np.zeros((2, 3, 64, 64), np.float32))
    harmonized = applied(nothing, view).astype(np.float32)
    change = fit_color_change(view, harmonized, np.ones((64, 64), np.float32), color_map)
    assert np.array_equal(change.color_map, color_map)


def test_a_thin_soft_foreground_reaches_its_faint_rim() -> None:
    view = np.full((64, 64, 3), 100, np.uint8)
    mask = np.full((64, 64), 1e-6, np.float32)
    mask[30:33, 30:33] = 1
    harmonized = (view / 255 + 0.2).astype(np.float32)
    change = fit_color_change(view, harmonized, mask, NO_MAP)
    assert np.abs(applied(change, view) - harmonized).max() < 0.001


def test_an_empty_mask_changes_nothing() -> None:
    view = smooth_view()
    harmonized = np.ones((64, 64, 3), np.float32)
    change = fit_color_change(view, harmonized, np.zeros((64, 64), np.float32), NO_MAP)
    assert not change.gain.any()
    assert not change.offset.any()


def test_arrays_of_the_wrong_kind_are_declined() -> None:
    view, ones = smooth_view(), np.ones((64, 64), np.float32)
    harmonized = np.zeros((64, 64, 3), np.float32)
    with pytest.raises(PixelArrayError, match="harmonized"):
        fit_color_change(view, harmonized[:9], ones, NO_MAP)
    with pytest.raises(PixelArrayError, match="mask"):
        fit_color_change(view, harmonized, ones[:9], NO_MAP)
    with pytest.raises(PixelArrayError, match="colour map"):
        fit_color_change(view, harmonized, ones, NO_MAP[:2])
    with pytest.raises(PixelArrayError, match="view"):
        fit_color_change(view[..., 0], harmonized, ones, NO_MAP)
