"""The change at full size: what must not move does not move by a bit, what must does exactly."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color import strips as strips_module
from engine.color.color_change import ColorChange
from engine.color.picture import Picture, Pixels
from engine.color.region_weight import RegionWeight, fit_region_weight
from engine.color.transfer import Blend, apply_color_change
from engine.errors import BadInputError, PixelArrayError
from engine.view import Box, whole

Depth = type[np.uint8] | type[np.uint16]
DEPTHS: list[Depth] = [np.uint8, np.uint16]


@dataclass(frozen=True)
class Srgb:
    is_srgb: bool = True

    def to_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        return rgb

    def from_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        return rgb


@dataclass(frozen=True)
class WideGamma:
    """A space with its own gamma and larger primaries: its saturated colours leave sRGB."""

    is_srgb: bool = False

    def to_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        spread = rgb * np.float32(2) - rgb.mean(axis=-1, keepdims=True)
        return np.sign(spread) * np.abs(spread) ** np.float32(0.8)

    def from_srgb(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        spread = np.sign(rgb) * np.abs(rgb) ** np.float32(1.25)
        return (spread + spread.mean(axis=-1, keepdims=True)) / np.float32(2)


def levels(values: NDArray[np.int64], dtype: Depth) -> Pixels:
    return values.astype(np.uint8) if dtype is np.uint8 else values.astype(np.uint16)


def random_picture(dtype: Depth, height: int = 90, width: int = 70) -> Picture:
    rng = np.random.default_rng(height * width)
    return Picture(levels(rng.integers(0, np.iinfo(dtype).max + 1, (height, width, 3)), dtype))


def random_change(size: int = 32, amount: float = 0.2) -> ColorChange:
    rng = np.random.default_rng(size)
    color_map, gain, offset = (
        rng.normal(0, amount, shape).astype(np.float32)
        for shape in ((3, 10), (3, size, size), (3, size, size))
    )
    return ColorChange(color_map, gain, offset)


def no_change(size: int = 32) -> ColorChange:
    zeros = np.zeros((3, size, size), np.float32)
    return ColorChange(np.zeros((3, 10), np.float32), zeros, zeros)


def shift(amount: float, size: int = 32) -> ColorChange:
    change = no_change(size)
    return ColorChange(change.color_map, change.gain, change.offset + np.float32(amount))


def full_mask(picture: Picture) -> Pixels:
    return np.full((picture.height, picture.width), 255, np.uint8)


def window_of(picture: Picture) -> Box:
    return whole(picture.width, picture.height)


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("space", [Srgb(), WideGamma()])
def test_no_change_is_the_identity(dtype: Depth, space: Srgb | WideGamma) -> None:
    ramp = np.arange(np.iinfo(dtype).max + 1, dtype=np.int64)
    pixels = np.stack([ramp, ramp[::-1], np.roll(ramp, 99)], axis=-1)[None]
    picture = Picture(levels(pixels, dtype))
    result = apply_color_change(
        picture, window_of(picture), no_change(), Blend(full_mask(picture)), space
    )
    assert np.array_equal(result.pixels, picture.pixels)


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("space", [Srgb(), WideGamma()])
@pytest.mark.parametrize("regions", [1.0, 0.0])
def test_strength_zero_is_the_identity(
    dtype: Depth, space: Srgb | WideGamma, regions: float
) -> None:
    picture = random_picture(dtype)
    blend = Blend(full_mask(picture), strength=1 - regions, regions=regions)
    result = apply_color_change(picture, window_of(picture), random_change(), blend, space)
    assert np.array_equal(result.pixels, picture.pixels)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(DEPTHS),
    st.sampled_from([Srgb(), WideGamma()]),
)
def test_pixels_outside_the_mask_or_without_alpha_never_change(
    seed: int, height: int, width: int, dtype: Depth, space: Srgb | WideGamma
) -> None:
    rng = np.random.default_rng(seed)
    white = np.iinfo(dtype).max
    pixels = levels(rng.integers(0, white + 1, (height, width, 3)), dtype)
    alpha = levels(rng.integers(0, 3, (height, width)) * (white // 2), dtype)
    mask = (rng.integers(0, 3, (height, width)) * 127).astype(np.uint8)
    picture = Picture(pixels, alpha, b"profile")
    window = Box(width // 3, height // 4, width // 3 + 1 + width // 2, height // 4 + 1)
    result = apply_color_change(picture, window, random_change(), Blend(mask), space)
    kept = (mask == 0) | (alpha == 0)
    assert np.array_equal(result.pixels[kept], pixels[kept])
    assert result.alpha is alpha
    assert result.icc == b"profile"


@pytest.mark.parametrize("dtype", DEPTHS)
def test_a_global_map_equals_its_direct_evaluation(dtype: Depth) -> None:
    picture = random_picture(dtype)
    zeros = np.zeros((3, 8, 8), np.float32)
    color_map = random_change().color_map
    result = apply_color_change(
        picture,
        window_of(picture),
        ColorChange(color_map, zeros, zeros),
        Blend(full_mask(picture)),
        Srgb(),
    )
    r, g, b = np.moveaxis(picture.pixels / float(picture.white), -1, 0)
    monomials = np.stack([r**0, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b], axis=-1)
    exact = (np.stack([r, g, b], axis=-1) + monomials @ color_map.T.astype(float)).clip(0, 1)
    assert np.abs(result.pixels - exact * picture.white).max() <= 0.52


def test_a_smooth_16_bit_ramp_keeps_its_levels() -> None:
    ramp = np.linspace(5000, 45000, 40001).round().astype(np.uint16)
    picture = Picture(np.repeat(ramp[None, :, None], 3, axis=2))
    change = random_change(amount=0.0)
    change.color_map[:, 1] = 0.1
    change.color_map[:, 4] = 0.05
    change.gain[:] = np.linspace(0, 0.1, 32, dtype=np.float32)
    change.offset[:] = 0.02
    result = apply_color_change(
        picture, window_of(picture), change, Blend(full_mask(picture), 0.9), Srgb()
    )
    before, after = len(np.unique(ramp)), len(np.unique(result.pixels[..., 0]))
    assert after >= 0.9 * before
    assert np.diff(result.pixels[0, :, 0].astype(int)).min() >= 0


@pytest.mark.parametrize("mask_dtype", DEPTHS)
def test_a_soft_mask_scales_the_change(mask_dtype: Depth) -> None:
    picture = Picture(np.full((4, 256, 3), 20000, np.uint16))
    white = np.iinfo(mask_dtype).max
    mask = levels(np.arange(256, dtype=np.int64)[None].repeat(4, 0) * (white // 255), mask_dtype)
    result = apply_color_change(picture, window_of(picture), shift(0.25), Blend(mask, 0.5), Srgb())
    expected = 20000 + 0.5 * np.arange(256) / 255 * 0.25 * 65535
    assert np.abs(result.pixels[:, :, 1] - expected[None]).max() <= 0.51


@pytest.mark.parametrize(("value", "amount", "expected"), [(250, 0.5, 255), (9, -0.5, 0)])
def test_values_stop_at_the_ends_of_the_range(value: int, amount: float, expected: int) -> None:
    picture = Picture(np.full((5, 5, 3), value, np.uint8))
    result = apply_color_change(
        picture, window_of(picture), shift(amount), Blend(full_mask(picture)), Srgb()
    )
    assert np.all(result.pixels == expected)


def test_half_strength_goes_half_the_way_to_the_clipped_change() -> None:
    picture = Picture(np.full((5, 5, 3), 55535, np.uint16))
    blend = Blend(full_mask(picture), 0.5)
    result = apply_color_change(picture, window_of(picture), shift(0.9), blend, Srgb())
    assert np.all(result.pixels == 60535)


def test_colors_outside_srgb_move_along() -> None:
    green = np.arange(20000, 60000, 250, dtype=np.uint16)
    pixels = np.full((1, len(green), 3), 8000, np.uint16)
    pixels[0, :, 1] = green
    picture = Picture(pixels)
    space = WideGamma()
    assert space.to_srgb((pixels / 65535).astype(np.float32)).min() < -0.05
    result = apply_color_change(
        picture, window_of(picture), shift(0.03), Blend(full_mask(picture)), space
    )
    changed = space.to_srgb((pixels / 65535).astype(np.float32)) + np.float32(0.03)
    exact = (space.from_srgb(changed) * 65535).clip(0, 65535)
    assert np.abs(result.pixels - exact).max() < 2
    assert len(np.unique(result.pixels[0, :, 1])) == len(green)


@pytest.mark.parametrize(
    "window", [Box(0, 0, 30, 20), Box(40, 70, 70, 90), Box(10, 10, 11, 12), Box(0, 40, 70, 45)]
)
def test_a_window_shows_its_pixels_where_they_are(window: Box) -> None:
    picture = Picture(np.full((90, 70, 3), 30000, np.uint16))
    offset = np.zeros((3, 16, 16), np.float32)
    offset += np.arange(16, dtype=np.float32) / 64 + np.arange(16, dtype=np.float32)[:, None] / 99
    change = ColorChange(np.zeros((3, 10), np.float32), offset * 0, offset)
    result = apply_color_change(picture, window, change, Blend(full_mask(picture)), Srgb())
    x = ((np.arange(70) + 0.5 - window.left) / window.width * 16 - 0.5).clip(0, 15)
    y = ((np.arange(90) + 0.5 - window.top) / window.height * 16 - 0.5).clip(0, 15)
    expected = 30000 + 65535 * (x[None] / 64 + y[:, None] / 99)
    assert np.abs(result.pixels[..., 0] - expected).max() <= 0.52


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("strip_pixels", [1, 500, 10**9])
def test_strips_and_workers_do_not_show(
    monkeypatch: pytest.MonkeyPatch, workers: int, strip_pixels: int
) -> None:
    picture = random_picture(np.uint16, 200, 50)
    change, window, blend = random_change(), Box(5, 10, 45, 190), Blend(full_mask(picture))
    whole_result = apply_color_change(picture, window, change, blend, Srgb(), workers=1)
    monkeypatch.setattr(strips_module, "MOST_STRIP_PIXELS", strip_pixels)
    result = apply_color_change(picture, window, change, blend, Srgb(), workers=workers)
    assert np.array_equal(result.pixels, whole_result.pixels)


def test_the_pictures_own_pixels_may_be_overwritten() -> None:
    picture = random_picture(np.uint8)
    change, blend = random_change(), Blend(full_mask(picture))
    expected = apply_color_change(picture, window_of(picture), change, blend, Srgb()).pixels
    result = apply_color_change(
        picture, window_of(picture), change, blend, Srgb(), out=picture.pixels
    )
    assert result.pixels is picture.pixels
    assert np.array_equal(picture.pixels, expected)


def test_region_strengths_are_exact_away_from_seams() -> None:
    picture = random_picture(np.uint16, 320, 320)
    view = (picture.pixels[::10, ::10] >> 8).astype(np.uint8)
    strengths = np.zeros((32, 32), np.float32)
    strengths[:, 16:] = 1
    regions = fit_region_weight(view, strengths, np.ones((32, 32), np.float32))
    assert isinstance(regions, RegionWeight)
    change, mask = random_change(), full_mask(picture)
    everywhere = apply_color_change(picture, window_of(picture), change, Blend(mask), Srgb())
    result = apply_color_change(
        picture, window_of(picture), change, Blend(mask, regions=regions), Srgb()
    )
    assert np.array_equal(result.pixels[:, :130], picture.pixels[:, :130])
    assert np.array_equal(result.pixels[:, 190:], everywhere.pixels[:, 190:])


def test_memory_does_not_grow_with_the_height(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips_module, "MOST_STRIP_PIXELS", 2000)

    def extra_bytes(height: int) -> int:
        picture = Picture(np.full((height, 500, 3), 90, np.uint8))
        change, blend = random_change(), Blend(full_mask(picture))
        tracemalloc.start()
        apply_color_change(
            picture, window_of(picture), change, blend, Srgb(), out=picture.pixels, workers=1
        )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    extra_bytes(100)
    added_pixels = 3000 * 500
    assert extra_bytes(6000) - extra_bytes(3000) < added_pixels / 8


def test_a_mask_or_output_of_another_size_is_declined() -> None:
    picture = random_picture(np.uint8)
    window = window_of(picture)
    with pytest.raises(PixelArrayError, match="mask"):
        apply_color_change(picture, window, no_change(), Blend(np.zeros((9, 9), np.uint8)), Srgb())
    with pytest.raises(PixelArrayError, match="output"):
        apply_color_change(
            picture,
            window,
            no_change(),
            Blend(full_mask(picture)),
            Srgb(),
            out=np.zeros((90, 70, 3), np.uint16),
        )


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan")])
def test_a_strength_out_of_range_is_declined(strength: float) -> None:
    with pytest.raises(BadInputError, match="between 0 and 1"):
        Blend(np.zeros((9, 9), np.uint8), strength)
