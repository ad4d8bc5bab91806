"""A layer's pixels on the canvas: exact where nothing is resampled, clean-edged where it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from frih_plugin.hosts.standalone.document import Layer, Placement, render
from frih_plugin.hosts.standalone.document.pyramid import halved
from frih_plugin.hosts.standalone.document.rendering import Renderings

Depth = type[np.uint8] | type[np.uint16]
DEPTHS = pytest.mark.parametrize("depth", [np.uint8, np.uint16])


def in_depth(values: NDArray[np.generic], depth: Depth) -> Pixels:
    return values.astype(np.uint8) if depth is np.uint8 else values.astype(np.uint16)


def levels(shape: tuple[int, ...], depth: Depth, seed: int = 1) -> Pixels:
    return in_depth(np.random.default_rng(seed).integers(0, np.iinfo(depth).max + 1, shape), depth)


def noise(height: int, width: int, depth: Depth = np.uint8, *, alpha: bool = True) -> Picture:
    opacity = levels((height, width), depth, 2) if alpha else None
    return Picture(levels((height, width, 3), depth), opacity)


def disc(side: int, depth: Depth) -> Picture:
    """A red disc; what full transparency hides is green."""
    y, x = np.mgrid[:side, :side] + 0.5 - side / 2
    inside = x**2 + y**2 < (side / 2 - 4) ** 2
    white = np.iinfo(depth).max
    pixels = np.where(inside[..., None], [white, 0, 0], [0, white, 0])
    return Picture(in_depth(pixels, depth), in_depth(np.where(inside, white, 0), depth))


@DEPTHS
def test_a_moved_layer_is_the_same_arrays(depth: Depth) -> None:
    picture = noise(20, 30, depth)
    drawn = render(picture, Placement(-7, 12))
    assert drawn.picture.pixels is picture.pixels
    assert drawn.picture.alpha is picture.alpha
    assert (drawn.left, drawn.top) == (-7, 12)


@DEPTHS
@given(
    turns=st.integers(-4, 4), signs=st.tuples(st.sampled_from((1, -1)), st.sampled_from((1, -1)))
)
@pytest.mark.parametrize("width", [8, 9])
def test_right_angles_and_mirrors_move_pixels_exactly(
    depth: Depth, width: int, turns: int, signs: tuple[int, int]
) -> None:
    picture = noise(5, width, depth)
    placement = Placement(3, 4, *signs, 90 * turns)
    drawn = render(picture, placement)
    assert drawn.picture.alpha is not None
    assert picture.alpha is not None
    for row, column in np.ndindex(5, width):
        x, y = placement.on_canvas(width, 5, (column + 0.5, row + 0.5))
        # A quarter turn may land half a pixel beside the grid; it then goes right and down.
        at = int(y - drawn.top + 0.01), int(x - drawn.left + 0.01)
        at = min(max(at[0], 0), drawn.box.height - 1), min(max(at[1], 0), drawn.box.width - 1)
        if (5 + width) % 2 and turns % 2:
            at = round(y - drawn.top + 0.01), round(x - drawn.left + 0.01)
        assert np.array_equal(drawn.picture.pixels[at], picture.pixels[row, column])
        assert drawn.picture.alpha[at] == picture.alpha[row, column]


@DEPTHS
@pytest.mark.parametrize("degrees", [0, 30])
@pytest.mark.parametrize("scale", [0.2, 0.5, 1.7])
def test_edges_take_no_color_from_what_is_transparent(
    depth: Depth, degrees: float, scale: float
) -> None:
    drawn = render(disc(120, depth), Placement(0, 0, scale, scale, degrees)).picture
    assert drawn.alpha is not None
    visible = drawn.alpha > drawn.white // 50
    assert visible.any()
    assert drawn.pixels[visible][:, 1].max() <= drawn.white // 100
    area = drawn.alpha.astype(np.float64).sum() / drawn.white
    assert abs(area / (np.pi * (56 * scale) ** 2) - 1) < 0.02


def test_a_turned_picture_lies_where_its_corners_are() -> None:
    picture = Picture(np.full((40, 60, 3), 200, np.uint8))
    placement = Placement(100, 50, 0.5, 0.5, 30)
    drawn = render(picture, placement)
    assert drawn.picture.alpha is not None
    share = drawn.picture.alpha / 255
    y, x = np.mgrid[: drawn.box.height, : drawn.box.width] + 0.5
    center = (
        (x * share).sum() / share.sum() + drawn.left,
        (y * share).sum() / share.sum() + drawn.top,
    )
    assert np.abs(np.subtract(center, placement.center(60, 40))).max() < 0.1
    assert abs(share.sum() - 60 * 40 / 4) < 25
    assert (drawn.picture.pixels[share > 0.1] == 200).all()


@DEPTHS
def test_shrinking_averages_instead_of_dropping_pixels(depth: Depth) -> None:
    checks = np.indices((256, 256)).sum(axis=0) % 2 * np.iinfo(depth).max
    picture = Picture(in_depth(np.repeat(checks[..., None], 3, axis=2), depth))
    small = render(picture, Placement(0, 0, 0.25, 0.25)).picture
    middle = small.pixels[8:-8, 8:-8] / small.white
    assert np.abs(middle - 0.5).max() < 0.01
    assert small.alpha is None


@DEPTHS
def test_halving_weighs_colors_by_alpha(depth: Depth) -> None:
    white = int(np.iinfo(depth).max)
    corner = np.pad([[white]], ((0, 1), (0, 2)))
    colors = np.repeat(corner[..., None], 3, axis=2)
    small = halved(Picture(in_depth(colors, depth), in_depth(corner, depth)))
    assert small.pixels.shape == (1, 2, 3)
    assert small.alpha is not None
    assert small.pixels[0, 0].tolist() == [white] * 3
    assert small.alpha.tolist() == [[round(white / 4), 0]]


@pytest.mark.parametrize("kind", ["opaque", "with alpha"])
def test_16_bit_halves_are_those_of_8_bit(kind: str) -> None:
    picture = noise(31, 44, alpha=kind == "with alpha")
    deep = Picture(
        picture.pixels.astype(np.uint16) * 257,
        None if picture.alpha is None else picture.alpha.astype(np.uint16) * 257,
    )
    small, deep_small = halved(picture), halved(deep)
    assert np.abs(deep_small.pixels / 257 - small.pixels).max() <= 0.51


def test_what_was_rendered_is_kept_within_the_bound() -> None:
    renderings = Renderings(max_bytes=60_000)
    layer = Layer(noise(100, 100), "a", placement=Placement(0, 0, 0.9, 0.9))
    first = renderings.rendered(layer)
    assert renderings.rendered(layer) is first
    for step in range(3):
        other = Layer(layer.picture, "b", placement=Placement(step, 0, 0.9, 0.8))
        renderings.rendered(other)
    assert renderings.rendered(layer) is not first
    renderings.forget_all_but([])
    assert renderings.rendered(layer) is not first
