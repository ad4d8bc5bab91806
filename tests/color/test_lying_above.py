"""A result above its source shows what the changed layer would show alone, also at soft edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.color.blending import BlendMode, blend_over
from engine.color.lying_above import Ground, LaidAbove, lay_above
from engine.color.picture import FloatPicture, Picture
from engine.errors import CancelledError

SIDE = 48
Floats = NDArray[np.float32]


def pixels_of(seed: int, white: int) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    dtype = np.uint8 if white == 255 else np.uint16
    return rng.integers(0, white + 1, (SIDE, SIDE, 3)).astype(dtype)


def soft(white: int, most: float = 1.0) -> NDArray[Any]:
    """Every alpha from 0 to the largest."""
    ramp = np.linspace(0, most * white, SIDE * SIDE).reshape(SIDE, SIDE)
    return np.rint(ramp).astype(np.uint8 if white == 255 else np.uint16)


def nearby(pixels: NDArray[Any], white: int) -> NDArray[Any]:
    """As a harmonized layer differs from its source: by up to a quarter of the range."""
    shift = np.random.default_rng(9).integers(-white // 4, white // 4 + 1, 3)
    return (pixels.astype(np.int64) + shift).clip(0, white).astype(pixels.dtype)


def planes(pixels: NDArray[Any], white: float) -> Floats:
    return (pixels.transpose(2, 0, 1) / white).astype(np.float32)


@dataclass(frozen=True)
class Scene:
    white: int = 255
    below_alpha: float = 1.0

    @property
    def source(self) -> Picture:
        return Picture(pixels_of(1, self.white), soft(self.white))

    @property
    def wanted(self) -> NDArray[Any]:
        return nearby(self.source.pixels, self.white)

    @property
    def below(self) -> Picture:
        alpha = soft(self.white)[:, ::-1].copy() if self.below_alpha < 1 else None
        return Picture(pixels_of(2, self.white), alpha)

    def ground(self, opacity: float = 1.0, mode: BlendMode = BlendMode.NORMAL) -> Ground:
        everywhere = np.full((SIDE, SIDE), 255, np.uint8)
        return Ground(everywhere, self.below, opacity=opacity, mode=mode)

    def shown(self, colors: NDArray[Any], ground: Ground) -> tuple[Floats, Floats]:
        """What the editor shows with the layer in these colours."""
        assert self.source.alpha is not None
        share = (self.source.alpha * (ground.opacity / self.white)).astype(np.float32)
        below = self.below
        alpha = None if below.alpha is None else (below.alpha / self.white).astype(np.float32)
        color, both = blend_over(
            planes(below.pixels, self.white), alpha, planes(colors, self.white), share, ground.mode
        )
        return color, np.ones_like(share) if both is None else both


def laid(
    scene: Scene, ground: Ground, *, covers: bool = False
) -> tuple[NDArray[Any], NDArray[Any]]:
    changed: NDArray[Any] = scene.wanted
    alpha: NDArray[Any] = np.zeros_like(changed[..., 0])
    lay_above(LaidAbove(scene.source, changed, alpha, ground, covers))
    return changed, alpha


def over(shown: Floats, colors: NDArray[Any], alpha: NDArray[Any], white: int) -> Floats:
    """The result on what shows, clipped to it: the alpha below stays."""
    share = (alpha / white).astype(np.float32)
    change = share * (planes(colors, white) - shown)
    return (shown + change).astype(np.float32)


def largest_difference(scene: Scene, ground: Ground) -> float:
    colors, alpha = laid(scene, ground)
    before, visible = scene.shown(scene.source.pixels, ground)
    after, _ = scene.shown(scene.wanted, ground)
    # A pixel that is all but transparent shows no colour, so its colour counts as little.
    return float((np.abs(over(before, colors, alpha, scene.white) - after) * visible).max())


@pytest.mark.parametrize("mode", list(BlendMode))
@pytest.mark.parametrize("opacity", [1.0, 0.5])
@pytest.mark.parametrize("below_alpha", [1.0, 0.5])
def test_shows_the_changed_layer_in_8_bits(
    mode: BlendMode, opacity: float, below_alpha: float
) -> None:
    scene = Scene(255, below_alpha)
    assert largest_difference(scene, scene.ground(opacity, mode)) <= 0.51 / 255


@pytest.mark.parametrize("below_alpha", [1.0, 0.5])
def test_shows_the_changed_layer_in_16_bits(below_alpha: float) -> None:
    scene = Scene(65_535, below_alpha)
    assert largest_difference(scene, scene.ground(0.7)) <= 1.1 / 65_535


def test_where_the_source_is_opaque_the_result_is_the_changed_layer() -> None:
    scene = Scene()
    colors, alpha = laid(scene, scene.ground())
    opaque = scene.source.alpha == 255
    assert opaque.any()
    assert np.array_equal(colors[opaque], scene.wanted[opaque])
    assert (alpha[opaque] == 255).all()


def test_where_the_source_is_transparent_so_is_the_result() -> None:
    scene = Scene()
    colors, alpha = laid(scene, scene.ground(0.5, BlendMode.SCREEN))
    clear = scene.source.alpha == 0
    assert clear.any()
    assert not alpha[clear].any()
    assert np.array_equal(colors[clear], scene.wanted[clear])


def test_keeps_the_sources_alpha_where_its_colours_can_be_had() -> None:
    scene = Scene()
    _, alpha = laid(scene, scene.ground())
    assert scene.source.alpha is not None
    kept = alpha == scene.source.alpha
    assert (alpha >= scene.source.alpha).all()
    assert kept.mean() > 0.5


def test_is_transparent_where_the_change_may_not_go() -> None:
    scene = Scene()
    weight = np.full((SIDE, SIDE), 255, np.uint8)
    weight[:, : SIDE // 2] = 0
    _, alpha = laid(scene, replace(scene.ground(), weight=weight))
    assert not alpha[:, : SIDE // 2].any()
    assert alpha[1:, SIDE // 2 :].all()


def test_covers_whatever_lies_between() -> None:
    scene = Scene()
    colors, alpha = laid(scene, scene.ground(0.5), covers=True)
    after, _ = scene.shown(scene.wanted, scene.ground(0.5))
    there = scene.source.alpha != 0
    assert set(alpha[there].tolist()) == {255}
    assert np.abs(planes(colors, 255) - after)[:, there].max() <= 0.51 / 255


def test_below_may_begin_inside_the_layer() -> None:
    scene = Scene()
    part = Picture(scene.below.pixels[10:, 5:].copy())
    ground = replace(scene.ground(), below=part, left=5, top=10)
    colors, _ = laid(scene, ground)
    expected, _ = laid(scene, scene.ground())
    assert np.array_equal(colors[10:, 5:], expected[10:, 5:])


def test_colours_beyond_white_are_not_cut_off() -> None:
    source = FloatPicture(np.full((4, 4, 3), 3.0, np.float32), np.full((4, 4), 0.5, np.float32))
    below = FloatPicture(np.full((4, 4, 3), 2.0, np.float32))
    changed, alpha = np.full((4, 4, 3), 4.0, np.float32), np.zeros((4, 4), np.float32)
    ground = Ground(np.full((4, 4), 255, np.uint8), below)
    lay_above(LaidAbove(source, changed, alpha, ground))
    shown = 2.5 + alpha[..., None] * (changed - 2.5)
    assert np.allclose(shown, 3.0)
    assert np.allclose(alpha, 0.5)


def test_can_be_cancelled() -> None:
    scene = Scene()
    changed, alpha = scene.wanted, np.zeros((SIDE, SIDE), np.uint8)
    layer = LaidAbove(scene.source, changed, alpha, scene.ground())
    with pytest.raises(CancelledError):
        lay_above(layer, is_cancelled=lambda: True)
