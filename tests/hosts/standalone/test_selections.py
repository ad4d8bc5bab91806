"""Selections: exact boxes, smooth outlines, feathers, and how they are combined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.view import Box
from frih_plugin.hosts.standalone.document import (
    Document,
    invert_selection,
    select_all,
    select_lasso,
    select_none,
    select_rectangle,
)

EMPTY = Document(90, 70)
BOX = Box(20, 10, 50, 40)


def mask_of(document: Document) -> NDArray[np.uint8]:
    if document.selection is None:
        return np.zeros((document.height, document.width), np.uint8)
    return document.selection


@given(st.integers(-20, 100), st.integers(-20, 100), st.integers(0, 60), st.integers(0, 60))
def test_a_rectangle_selects_its_pixels_on_the_canvas(
    left: int, top: int, width: int, height: int
) -> None:
    mask = mask_of(select_rectangle(EMPTY, Box(left, top, left + width, top + height)))
    y, x = np.mgrid[:70, :90]
    inside = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
    assert np.array_equal(mask, np.where(inside, 255, 0))


def test_a_lasso_along_pixel_edges_is_the_rectangle() -> None:
    outline = [(20, 10), (50, 10), (50, 40), (20, 40)]
    assert np.array_equal(
        mask_of(select_lasso(EMPTY, outline)), mask_of(select_rectangle(EMPTY, BOX))
    )


def test_a_lasso_has_a_smooth_edge_and_the_right_area() -> None:
    turns = [2 * math.pi * step / 200 for step in range(200)]
    outline = [(45 + 25.3 * math.cos(turn), 35 + 25.3 * math.sin(turn)) for turn in turns]
    mask = mask_of(select_lasso(EMPTY, outline))
    assert abs(mask.sum() / 255 - math.pi * 25.3**2) < 0.6
    y, x = np.mgrid[:70, :90] + 0.5
    assert abs((mask * x).sum() / mask.sum() - 45) < 0.03
    assert abs((mask * y).sum() / mask.sum() - 35) < 0.03
    assert ((mask > 0) & (mask < 255)).sum() > 100


def test_a_lasso_that_crosses_itself_selects_all_it_goes_round() -> None:
    eight = [(10, 10), (50, 50), (50, 10), (10, 50)]
    twice = [(10, 10), (50, 10), (50, 50), (10, 50)] * 2
    assert abs(mask_of(select_lasso(EMPTY, eight)).sum() / 255 - 800) < 10
    assert mask_of(select_lasso(EMPTY, twice)).sum() / 255 == 1600


@given(st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), min_size=3, max_size=12))
def test_a_lasso_fits_its_bounds(outline: list[tuple[float, float]]) -> None:
    mask = mask_of(select_lasso(EMPTY, outline))
    y, x = np.nonzero(mask)
    across, down = zip(*outline, strict=True)
    if y.size:
        assert min(across) - 1 <= x.min()
        assert x.max() <= max(across)
        assert min(down) - 1 <= y.min()
        assert y.max() <= max(down)


def test_a_tall_lasso_is_drawn_without_seams() -> None:
    document = Document(40, 1000)
    outline = [(0, 0), (40, 0), (40, 1000), (0, 1000)]
    assert mask_of(select_lasso(document, outline)).min() == 255


@pytest.mark.parametrize(
    "outline", [[], [(1, 1)], [(1, 1), (30, 30)], [(200, 5), (210, 5), (205, 9)]]
)
def test_an_outline_without_inside_selects_nothing(outline: list[tuple[float, float]]) -> None:
    assert select_lasso(EMPTY, outline).selection is None


@pytest.mark.parametrize("radius", [2.0, 5.0])
def test_a_feather_is_a_gaussian_of_its_radius(radius: float) -> None:
    mask = mask_of(select_rectangle(Document(200, 90), Box(100, 0, 200, 90), radius))
    edge = mask[45].astype(np.float64) / 255
    expected = [0.5 * (1 + math.erf((x + 0.5 - 100) / (radius * math.sqrt(2)))) for x in range(200)]
    assert np.abs(edge - expected).max() < 0.03


def test_a_feather_leaves_the_canvas_edge_full() -> None:
    mask = mask_of(select_rectangle(EMPTY, Box(0, 0, 90, 70), 6))
    assert mask.min() == 255


def test_a_feathered_lasso_is_the_feathered_rectangle() -> None:
    outline = [(20, 10), (50, 10), (50, 40), (20, 40)]
    lasso, rectangle = select_lasso(EMPTY, outline, 4), select_rectangle(EMPTY, BOX, 4)
    assert np.array_equal(mask_of(lasso), mask_of(rectangle))
    assert 0 < mask_of(lasso)[8, 30] < 128


def test_selections_are_added_and_subtracted() -> None:
    other = Box(40, 30, 70, 60)
    both = select_rectangle(select_rectangle(EMPTY, BOX), other, how="add")
    rest = select_rectangle(select_rectangle(EMPTY, BOX), other, how="subtract")
    assert mask_of(both).sum() == 255 * (30 * 30 * 2 - 100)
    assert mask_of(rest).sum() == 255 * (30 * 30 - 100)
    assert select_rectangle(EMPTY, BOX, how="subtract").selection is None
    assert np.array_equal(
        mask_of(select_rectangle(EMPTY, BOX, how="add")), mask_of(select_rectangle(EMPTY, BOX))
    )


def test_all_none_and_inverted() -> None:
    assert mask_of(select_all(EMPTY)).min() == 255
    assert select_none(select_all(EMPTY)).selection is None
    assert invert_selection(select_all(EMPTY)).selection is None
    assert mask_of(invert_selection(EMPTY)).min() == 255
    soft = select_rectangle(EMPTY, BOX, 3)
    assert np.array_equal(mask_of(invert_selection(invert_selection(soft))), mask_of(soft))
    assert np.array_equal(mask_of(invert_selection(soft)), 255 - mask_of(soft))
