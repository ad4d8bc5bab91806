"""The window rule: what part of a picture the network sees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.view import (
    CONTEXT,
    LEAST_SHARE_OF_SHORT_SIDE,
    WHOLE_FROM_SHARE,
    Box,
    bounding_box,
    choose_window,
    whole,
)


@st.composite
def foregrounds(draw: st.DrawFn) -> tuple[Box, int, int]:
    """A foreground box in a picture of (width, height)."""
    width, height = draw(st.integers(1, 9000)), draw(st.integers(1, 9000))
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    right, bottom = draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height))
    return Box(left, top, right, bottom), width, height


@given(foregrounds())
def test_a_window_lies_in_the_picture_and_holds_the_foreground(case: tuple[Box, int, int]) -> None:
    box, width, height = case
    window = choose_window(box, width, height)
    assert 0 <= window.left <= box.left < box.right <= window.right <= width
    assert 0 <= window.top <= box.top < box.bottom <= window.bottom <= height


@given(foregrounds())
def test_a_window_is_whole_or_a_square_cut_to_the_picture(case: tuple[Box, int, int]) -> None:
    box, width, height = case
    window = choose_window(box, width, height)
    side = max(CONTEXT * max(box.width, box.height), LEAST_SHARE_OF_SHORT_SIDE * min(width, height))
    sides = min(int(np.ceil(side)), width), min(int(np.ceil(side)), height)
    is_whole = sides[0] * sides[1] >= WHOLE_FROM_SHARE * width * height
    assert (window.width, window.height) == ((width, height) if is_whole else sides)


@given(foregrounds())
def test_a_window_is_centred_where_there_is_room(case: tuple[Box, int, int]) -> None:
    box, width, height = case
    window = choose_window(box, width, height)
    if window.left > 0 and window.right < width:
        assert abs(window.left + window.right - box.left - box.right) <= 2
    if window.top > 0 and window.bottom < height:
        assert abs(window.top + window.bottom - box.top - box.bottom) <= 2


@given(foregrounds(), st.floats(1, 6))
def test_more_context_never_shows_less(case: tuple[Box, int, int], context: float) -> None:
    box, width, height = case
    near, far = (choose_window(box, width, height, c) for c in (context, context + 1))
    assert far.width >= near.width
    assert far.height >= near.height


def test_sides_for_an_object_of_2_percent_of_24_megapixels() -> None:
    window = choose_window(Box(2000, 1500, 2700, 2200), 6000, 4000)
    assert (window.width, window.height) == (2000, 2000)
    window = choose_window(Box(0, 0, 900, 700), 6000, 4000)
    assert window == Box(0, 0, 2250, 2250)


@pytest.mark.parametrize(("side", "is_whole"), [(619, False), (620, True)])
def test_the_whole_picture_from_60_percent(side: int, is_whole: bool) -> None:  # noqa: FBT001 - a case
    window = choose_window(Box(900, 900, 900 + side, 910), 2000, 2000)
    assert (window == whole(2000, 2000)) == is_whole


def test_a_bounding_box_is_tight_and_absent_where_nothing_is() -> None:
    inside = np.zeros((20, 30), np.bool_)
    assert bounding_box(inside) is None
    inside[3, 7] = inside[11, 5] = True
    assert bounding_box(inside) == Box(5, 3, 8, 12)
