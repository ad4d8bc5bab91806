"""Averages over areas, against the plain sum over every pixel's share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.area_average import PictureSource, shrink_by, shrink_to
from engine.color.picture import Picture
from engine.view import Box


def made(width: int, height: int, bits: int = 8, *, opaque: bool = False) -> Picture:
    rng = np.random.default_rng(width * 1000 + height)
    if bits == 8:
        pixels = rng.integers(0, 256, (height, width, 4), np.uint8)
        return Picture(pixels[..., :3], None if opaque else pixels[..., 3])
    deep = rng.integers(0, 65536, (height, width, 4), np.uint16)
    return Picture(deep[..., :3], deep[..., 3])


def shares(start: int, stop: int, count: int, size: int) -> NDArray[np.float64]:
    """(count, size): how much of each pixel lies in each of equal parts of start to stop."""
    edges = np.linspace(start, stop, count + 1)
    pixels = np.arange(size)
    low = np.maximum(edges[:-1, None], pixels)
    high = np.minimum(edges[1:, None], pixels + 1)
    return np.maximum(high - low, 0) / ((stop - start) / count)


def expected(picture: Picture, area: Box, size: tuple[int, int]) -> NDArray[np.float64]:
    """(4, h, w): colour x alpha, alpha; nothing lies beyond the picture."""
    alpha = np.ones((1, picture.height, picture.width))
    if picture.alpha is not None:
        alpha = picture.alpha[None] / picture.white
    planes = np.concatenate([picture.pixels.transpose(2, 0, 1) / picture.white * alpha, alpha])
    down = shares(area.top, area.bottom, size[1], picture.height)
    across = shares(area.left, area.right, size[0], picture.width)
    return down @ planes @ across.T


@given(st.data())
def test_averages_are_those_of_the_areas(data: st.DataObject) -> None:
    sides = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 60))
    picture = made(*sides, opaque=data.draw(st.booleans()))
    left, top = data.draw(st.integers(-20, 40)), data.draw(st.integers(-20, 40))
    width, height = data.draw(st.integers(1, 90)), data.draw(st.integers(1, 90))
    size = data.draw(st.integers(1, width)), data.draw(st.integers(1, height))
    area = Box(left, top, left + width, top + height)
    found = shrink_to(PictureSource(picture), area, size)
    wanted = expected(picture, area, size)
    assert np.abs(found.color - wanted[:3]).max() < 1e-5
    assert np.abs(found.alpha - wanted[3]).max() < 1e-5


@pytest.mark.parametrize("bits", [8, 16])
def test_strips_do_not_show(bits: int) -> None:
    picture = made(700, 900, bits)
    area = Box(10, 20, 690, 880)
    found = shrink_to(PictureSource(picture), area, (131, 97))
    assert np.abs(found.color - expected(picture, area, (131, 97))[:3]).max() < 1e-5


@pytest.mark.parametrize("scale", [1, 2, 4, 64])
def test_shrinking_by_a_scale_averages_whole_boxes_and_what_is_left(scale: int) -> None:
    picture = made(131, 67)
    found = shrink_by(PictureSource(picture), scale)
    blocks = -(-131 // scale), -(-67 // scale)
    assert found.alpha.shape == blocks[::-1]
    corner = Box((blocks[0] - 1) * scale, (blocks[1] - 1) * scale, 131, 67)
    assert found.color[:, -1, -1] == pytest.approx(
        expected(picture, corner, (1, 1))[:3, 0, 0], abs=1e-5
    )


def test_transparent_pixels_lend_no_color() -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0], pixels[0, 1] = (200, 100, 50), (255, 255, 255)
    alpha = np.array([[255, 0], [0, 0]], np.uint8)
    small = shrink_to(PictureSource(Picture(pixels, alpha)), Box(0, 0, 2, 2), (1, 1))
    assert small.straight()[:, 0, 0] * 255 == pytest.approx((200, 100, 50), abs=0.01)
    assert small.alpha[0, 0] == 0.25


def test_a_weight_is_averaged_where_alpha_is() -> None:
    picture = Picture(np.zeros((1, 2, 3), np.uint8), np.array([[255, 0]], np.uint8))
    weight = np.array([[51, 255]], np.uint8)
    small = shrink_to(PictureSource(picture, weight), Box(0, 0, 2, 1), (1, 1))
    assert small.weight[0, 0] == pytest.approx(0.2)
    assert shrink_to(PictureSource(picture), Box(0, 0, 2, 1), (1, 1)).weight[0, 0] == 1


def test_a_16_bit_picture_is_rounded_once() -> None:
    picture = made(4, 4, 16)
    small = shrink_by(PictureSource(picture), 1).in_16_bits(b"profile")
    assert small.icc == b"profile"
    assert small.alpha is not None
    assert picture.alpha is not None
    assert np.array_equal(small.alpha, picture.alpha)
    visible = picture.alpha > 1000
    assert np.abs(small.pixels.astype(int) - picture.pixels)[visible].max() <= 1
