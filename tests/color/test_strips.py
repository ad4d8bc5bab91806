"""Strips cover every row once, and maps are stretched to them as Pillow would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.color.strips import StretchedMaps, foreground_box, strips
from engine.view import Box


@given(st.integers(0, 50), st.integers(1, 400), st.integers(1, 300), st.integers(1, 40))
def test_strips_cover_each_row_once(top: int, height: int, window_height: int, view: int) -> None:
    box = Box(3, top, 9, top + height)
    found = list(strips(box, Box(0, 10, 20, 10 + window_height), view))
    rows = [row for strip in found for row in range(strip.rows.start, strip.rows.stop)]
    assert rows == list(range(top, top + height))
    assert all(strip.columns == slice(3, 9) for strip in found)
    assert all(0 <= strip.upper <= strip.lower < view for strip in found)


@pytest.mark.parametrize(("width", "height"), [(640, 470), (100, 90), (64, 64)])
def test_stretching_up_equals_pillows_bilinear(width: int, height: int) -> None:
    view = np.random.default_rng(0).normal(size=(2, 64, 64)).astype(np.float32)
    box = Box(0, 0, width, height)
    maps = StretchedMaps(view, box, box)
    stretched = np.concatenate([maps.read(strip) for strip in strips(box, box, 64)], axis=1)
    for plane, result in zip(view, stretched, strict=True):
        expected = Image.fromarray(plane).resize((width, height), Image.Resampling.BILINEAR)
        assert np.abs(result - np.asarray(expected)).max() < 1e-5


def test_a_constant_map_stays_exactly_constant() -> None:
    box = Box(2, 3, 200, 180)
    maps = StretchedMaps(np.full((1, 7, 7), 0.3, np.float32), Box(10, 20, 90, 140), box)
    for strip in strips(box, Box(10, 20, 90, 140), 7):
        assert np.all(maps.read(strip) == np.float32(0.3))


def test_foreground_box_is_tight() -> None:
    mask = np.zeros((20, 30), np.uint16)
    assert foreground_box(mask) is None
    mask[4, 8] = mask[11, 25] = 1
    assert foreground_box(mask) == Box(8, 4, 26, 12)
