"""Blend modes against the W3C's formulas, written once more for single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.blending import BlendMode, blend_over

Color = list[float]
Plain = Callable[[Color, Color], Color]
SEEDS = st.integers(0, 2**32 - 1)
MODES = pytest.mark.parametrize("mode", BlendMode)


def separable(formula: Callable[[float, float], float]) -> Plain:
    return lambda below, above: [formula(b, s) for b, s in zip(below, above, strict=True)]


def hard_light(below: float, above: float) -> float:
    if above <= 0.5:
        return below * 2 * above
    return below + (2 * above - 1) - below * (2 * above - 1)


def soft_light(below: float, above: float) -> float:
    if above <= 0.5:
        return below - (1 - 2 * above) * below * (1 - below)
    bright = ((16 * below - 12) * below + 4) * below if below <= 0.25 else math.sqrt(below)
    return below + (2 * above - 1) * (bright - below)


def color_dodge(below: float, above: float) -> float:
    if below == 0:
        return 0.0
    return 1.0 if above == 1 else min(1.0, below / (1 - above))


def color_burn(below: float, above: float) -> float:
    if below == 1:
        return 1.0
    return 0.0 if above == 0 else 1 - min(1.0, (1 - below) / above)


def lum(color: Color) -> float:
    return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]


def sat(color: Color) -> float:
    return max(color) - min(color)


def set_lum(color: Color, target: float) -> Color:
    shift = target - lum(color)
    moved = [c + shift for c in color]
    grey, least, most = lum(moved), min(moved), max(moved)
    if least < 0:
        moved = [grey + (c - grey) * grey / (grey - least) for c in moved]
    if most > 1:
        moved = [grey + (c - grey) * (1 - grey) / (most - grey) for c in moved]
    return moved


def set_sat(color: Color, target: float) -> Color:
    least, span = min(color), sat(color)
    return [(c - least) * target / span if span else 0.0 for c in color]


PLAIN: dict[BlendMode, Plain] = {
    BlendMode.NORMAL: lambda _below, above: above,
    BlendMode.MULTIPLY: separable(lambda b, s: b * s),
    BlendMode.SCREEN: separable(lambda b, s: b + s - b * s),
    BlendMode.OVERLAY: separable(lambda b, s: hard_light(s, b)),
    BlendMode.DARKEN: separable(min),
    BlendMode.LIGHTEN: separable(max),
    BlendMode.COLOR_DODGE: separable(color_dodge),
    BlendMode.COLOR_BURN: separable(color_burn),
    BlendMode.HARD_LIGHT: separable(hard_light),
    BlendMode.SOFT_LIGHT: separable(soft_light),
    BlendMode.DIFFERENCE: separable(lambda b, s: abs(b - s)),
    BlendMode.HUE: lambda b, s: set_lum(set_sat(s, sat(b)), lum(b)),
    BlendMode.SATURATION: lambda b, s: set_lum(set_sat(b, sat(s)), lum(b)),
    BlendMode.COLOR: lambda b, s: set_lum(s, lum(b)),
    BlendMode.LUMINOSITY: lambda b, s: set_lum(b, lum(s)),
}


def plain_over(
    below: Color, below_alpha: float, above: Color, above_alpha: float, mode: BlendMode
) -> tuple[Color, float]:
    mixed = PLAIN[mode](below, above)
    source = [(1 - below_alpha) * s + below_alpha * m for s, m in zip(above, mixed, strict=True)]
    premultiplied = [
        above_alpha * s + (1 - above_alpha) * below_alpha * b
        for s, b in zip(source, below, strict=True)
    ]
    alpha = above_alpha + below_alpha * (1 - above_alpha)
    return premultiplied, alpha


def strips(seed: int, levels: int = 400) -> tuple[NDArray[np.float32], ...]:
    """Backdrop and source, colours and alpha, with the formulas' corner cases among them."""
    rng = np.random.default_rng(seed)
    corners = [0, 0.25, 0.5, 1]
    shapes = [(3, 2, levels), (2, levels), (3, 2, levels), (2, levels)]
    return tuple(
        np.where(
            rng.random(shape) < 0.5, rng.choice(corners, shape), rng.integers(0, 256, shape) / 255
        ).astype(np.float32)
        for shape in shapes
    )


@MODES
def test_every_mode_follows_the_formulas(mode: BlendMode) -> None:
    below, below_alpha, above, above_alpha = strips(1)
    colors, alpha = blend_over(below, below_alpha, above, above_alpha, mode)
    assert alpha is not None
    assert colors.dtype == alpha.dtype == np.float32
    for at in np.ndindex(alpha.shape):
        expected, expected_alpha = plain_over(
            [float(c) for c in below[:, *at]],
            float(below_alpha[at]),
            [float(c) for c in above[:, *at]],
            float(above_alpha[at]),
            mode,
        )
        assert abs(alpha[at] - expected_alpha) < 1e-6
        assert np.abs(colors[:, *at] * alpha[at] - expected).max() < 2e-5


@MODES
@given(seed=SEEDS)
def test_colors_stay_between_black_and_white(mode: BlendMode, seed: int) -> None:
    below, below_alpha, above, above_alpha = strips(seed, levels=20)
    colors, alpha = blend_over(below, below_alpha, above, above_alpha, mode)
    assert alpha is not None
    for values in (colors, alpha):
        assert values.min() >= -1e-5
        assert values.max() <= 1 + 1e-5


@MODES
def test_no_backdrop_alpha_means_opaque(mode: BlendMode) -> None:
    below, _, above, above_alpha = strips(2)
    colors, alpha = blend_over(below, None, above, above_alpha, mode)
    expected, _ = blend_over(below, np.ones_like(above_alpha), above, above_alpha, mode)
    assert alpha is None
    assert np.abs(colors - expected).max() < 1e-6


@MODES
def test_a_transparent_source_leaves_every_bit(mode: BlendMode) -> None:
    below, below_alpha, above, _ = strips(3)
    colors, alpha = blend_over(below, below_alpha, above, np.zeros_like(below_alpha), mode)
    assert np.array_equal(colors, below)
    assert alpha is not None
    assert np.array_equal(alpha, below_alpha)


def test_names_are_those_of_openraster() -> None:
    assert {mode.value for mode in BlendMode} >= {"svg:src-over", "svg:multiply", "svg:color-burn"}
    assert BlendMode("svg:luminosity") is BlendMode.LUMINOSITY
