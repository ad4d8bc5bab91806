"""The picture of the regions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.cli.region_colors import overlay_colors
from engine.cli.region_overlay import LEGEND_HEIGHT_PX, MAX_SIDE_PX, region_overlay
from engine.color.picture import Picture
from engine.color.profiles import rgb_space
from engine.submask import Submasks
from engine.submask.submasks import MAX_SUBMASKS


def submasks_of(*areas: int) -> Submasks:
    """Regions of these areas; labels and centers do not matter for the picture."""
    count = len(areas)
    return Submasks(
        np.zeros((256, 256), np.int8),
        count,
        np.zeros((count, 3), np.uint8),
        np.array(areas, np.int64),
        np.full(count, -1, np.int8),
    )


def overlay_of(height: int, width: int, count: int) -> tuple[Picture, np.ndarray]:
    pixels = np.full((height, width, 3), (100, 100, 100), np.uint8)
    labels = np.full((height, width), 255, np.uint8)
    for index in range(count):
        labels[: height // 2, index * width // count : (index + 1) * width // count] = index
    picture = Picture(pixels)
    return picture, region_overlay(picture, rgb_space(None), labels, submasks_of(*[100] * count))


@pytest.mark.parametrize("count", [1, 3, MAX_SUBMASKS])
def test_each_region_has_its_own_color_and_the_rest_is_darker(count: int) -> None:
    _, shown = overlay_of(200, 400, count)
    middles = [(2 * index + 1) * 400 // (2 * count) for index in range(count)]
    colors = [tuple(shown[50, middle]) for middle in middles]
    assert len({*colors}) == count
    for color, wanted in zip(colors, overlay_colors(count), strict=True):
        towards = np.array(wanted, float) - 100
        assert ((np.array(color, float) - 100) * towards >= 0).all()
    assert (shown[150, :] == 60).all()


def test_legend_lies_below_and_shows_every_color() -> None:
    _, shown = overlay_of(200, 400, MAX_SUBMASKS)
    legend = shown[200:]
    assert legend.shape[0] % LEGEND_HEIGHT_PX == 0
    for color in overlay_colors(MAX_SUBMASKS):
        assert (legend == color).all(axis=2).sum() > 500


@pytest.mark.parametrize(("height", "width"), [(10, 4001), (4500, 30)])
def test_large_pictures_are_shown_smaller(height: int, width: int) -> None:
    _, shown = overlay_of(height, width, 1)
    assert shown.shape[1] <= MAX_SIDE_PX
    assert shown.shape[0] - LEGEND_HEIGHT_PX <= MAX_SIDE_PX


def test_a_picture_is_not_changed_by_being_shown() -> None:
    picture, _ = overlay_of(20, 40, 2)
    assert (picture.pixels == 100).all()


def test_there_is_a_color_for_every_region() -> None:
    assert len({*overlay_colors(MAX_SUBMASKS)}) == MAX_SUBMASKS
