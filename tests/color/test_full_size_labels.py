"""Regions at full size: their edges are the picture's edges, and nothing is left without one."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.full_size_labels import OUTSIDE, LabeledView, upsample_labels
from engine.color.picture import Picture
from engine.color.profiles import rgb_space
from engine.errors import PixelArrayError
from engine.view import Box, whole

SRGB = rgb_space(None)


def two_colors(edge: int, depth: int = 1) -> tuple[Picture, LabeledView]:
    """A 320 px wide picture whose colour changes at column `edge`, seen in 32 px."""
    left = np.arange(320) < edge
    row = np.where(left[:, None], (30, 60, 200), (220, 170, 40)).astype(np.uint8)
    pixels = np.broadcast_to(row, (320, 320, 3))
    view = pixels.reshape(32, 10, 32, 10, 3).mean(axis=(1, 3)).astype(np.uint8)
    labels = np.where(view[..., 2] > 120, 0, 1).astype(np.int8)
    document = pixels.copy() if depth == 1 else pixels.astype(np.uint16) * np.uint16(257)
    return Picture(document), LabeledView(whole(320, 320), view, labels)


@pytest.mark.parametrize("edge", [160, 163, 167])
@pytest.mark.parametrize("depth", [1, 2])
def test_the_seam_falls_on_the_pictures_edge(edge: int, depth: int) -> None:
    picture, view = two_colors(edge, depth)
    labels = upsample_labels(view, picture, np.full((320, 320), 255, np.uint8), SRGB)
    assert np.array_equal(labels, np.broadcast_to(np.arange(320) >= edge, (320, 320)))


def test_only_what_is_at_least_half_foreground_has_a_label() -> None:
    picture, view = two_colors(160)
    mask = np.zeros((320, 320), np.uint16)
    mask[100:200, 100:200] = 40000
    mask[200:210] = 32767
    labels = upsample_labels(view, picture, mask, SRGB)
    assert np.array_equal(labels != OUTSIDE, mask > 32767)


def test_foreground_that_the_view_has_no_label_for_takes_the_nearest() -> None:
    picture, view = two_colors(160)
    view.labels[:, :8] = -1
    view.labels[:, 24:] = -1
    labels = upsample_labels(view, picture, np.full((320, 320), 255, np.uint8), SRGB)
    assert np.all(labels[:, :80] == 0)
    assert np.all(labels[:, 240:] == 1)


def test_a_view_without_labels_or_an_empty_mask_gives_none() -> None:
    picture, view = two_colors(160)
    full = np.full((320, 320), 255, np.uint8)
    assert np.all(upsample_labels(view, picture, full * 0, SRGB) == OUTSIDE)
    view.labels[:] = -1
    assert np.all(upsample_labels(view, picture, full, SRGB) == OUTSIDE)


def test_a_window_labels_its_own_place() -> None:
    picture, _ = two_colors(160)
    view = LabeledView(
        Box(200, 40, 240, 80), np.zeros((4, 4, 3), np.uint8), np.eye(4, dtype=np.int8)
    )
    mask = np.zeros((320, 320), np.uint8)
    mask[40:80, 200:240] = 255
    labels = upsample_labels(view, picture, mask, SRGB)
    assert labels[45, 205] == 1
    assert labels[45, 235] == 0
    assert labels[75, 235] == 1


def test_arrays_of_the_wrong_kind_are_declined() -> None:
    picture, view = two_colors(160)
    with pytest.raises(PixelArrayError, match="mask"):
        upsample_labels(view, picture, np.zeros((3, 3), np.uint8), SRGB)
    with pytest.raises(PixelArrayError, match="Labels"):
        LabeledView(view.window, view.rgb, view.labels[1:])
    with pytest.raises(PixelArrayError, match="view"):
        LabeledView(view.window, view.rgb[..., 0], view.labels)
