"""Where a layer lies: points there and back, bounds, handles, and reduced pictures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.standalone.document.placement import Placement

SIDES = st.integers(1, 300)
OFFSETS = st.floats(-500, 500)
SCALES = st.floats(0.05, 8) | st.floats(-8, -0.05)
PLACEMENTS = st.builds(Placement, OFFSETS, OFFSETS, SCALES, SCALES, st.floats(-400, 400))


@given(placement=PLACEMENTS, width=SIDES, height=SIDES, x=OFFSETS, y=OFFSETS)
def test_points_go_to_the_canvas_and_back(
    placement: Placement, width: int, height: int, x: float, y: float
) -> None:
    there = placement.on_canvas(width, height, (x, y))
    assert math.dist(placement.on_layer(width, height, there), (x, y)) < 1e-6


@given(placement=PLACEMENTS, width=SIDES, height=SIDES)
def test_bounds_hold_all_corners(placement: Placement, width: int, height: int) -> None:
    box = placement.bounds(width, height)
    for x, y in placement.corners(width, height):
        assert box.left - 1.01 <= x <= box.right + 1.01
        assert box.top - 1.01 <= y <= box.bottom + 1.01


def test_turning_is_clockwise_about_the_centre() -> None:
    corners = Placement(10, 20, degrees=90).corners(4, 2)
    assert corners == ((13, 19), (13, 23), (11, 23), (11, 19))


def test_a_plain_placement_fills_just_its_pixels() -> None:
    assert Placement(-3, 7).bounds(5, 6) == Box(-3, 7, 2, 13)
    assert Placement(0, 0, degrees=-90).bounds(4, 2) == Box(1, -1, 3, 3)
    assert Placement(0, 0, 2, 0.5).bounds(10, 10) == Box(-5, 3, 15, 8)


@pytest.mark.parametrize("degrees", [0, 90, -90, 180, 360, 450])
def test_right_angles_and_mirrors_keep_the_pixels(degrees: float) -> None:
    assert Placement(1, 2, -1, 1, degrees).keeps_pixels
    assert not Placement(1, 2, 1, 1, degrees + 0.5).keeps_pixels
    assert not Placement(1, 2, 1, 1.01, degrees).keeps_pixels


@given(placement=PLACEMENTS, width=SIDES, height=SIDES, power=st.integers(0, 4))
def test_a_reduced_picture_lies_where_the_whole_one_does(
    placement: Placement, width: int, height: int, power: int
) -> None:
    factor = 2**power
    small = placement.of_reduced(width, height, factor)
    small_size = -(-width // factor), -(-height // factor)
    for x, y in ((0, 0), (factor, 0), (0, factor)):
        expected = placement.on_canvas(width, height, (x, y))
        found = small.on_canvas(*small_size, (x / factor, y / factor))
        assert math.dist(found, expected) < 1e-6


@given(placement=PLACEMENTS, width=SIDES, height=SIDES)
def test_a_shrunk_canvas_shows_every_point_nearer_to_its_corner(
    placement: Placement, width: int, height: int
) -> None:
    shrunk = placement.on_reduced_canvas(width, height, 4)
    for before, after in zip(
        placement.corners(width, height), shrunk.corners(width, height), strict=True
    ):
        assert math.dist((before[0] / 4, before[1] / 4), after) < 1e-6


@pytest.mark.parametrize(
    "values",
    [(math.nan, 0), (0, 1e9), (0, 0, 0), (0, 0, 1, 1e-9), (0, 0, math.inf), (0, 0, 1, 1, math.nan)],
)
def test_senseless_numbers_are_declined(values: tuple[float, ...]) -> None:
    with pytest.raises(BadInputError):
        Placement(*values)
