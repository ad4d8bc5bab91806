"""Zoom and pan as plain numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frih_plugin.hosts.standalone.canvas.viewport import LEAST_ZOOM, MOST_ZOOM, Viewport

ZOOMS = st.floats(LEAST_ZOOM, MOST_ZOOM)
PLACES = st.tuples(st.integers(0, 1500), st.integers(0, 900))


@given(ZOOMS, ZOOMS, PLACES)
def test_zooming_keeps_what_is_under_the_pointer(
    before: float, after: float, at: tuple[int, int]
) -> None:
    viewport = Viewport(before, 37, -121, 1500, 900)
    point = viewport.to_picture(at)
    x, y = viewport.zoomed(after, at).to_screen(point)
    assert abs(x - at[0]) <= 0.5 + 1e-6
    assert abs(y - at[1]) <= 0.5 + 1e-6


def test_zooming_in_by_many_steps_does_not_drift() -> None:
    viewport, at = Viewport(1 / 8, 41, 17, 1500, 900), (603.0, 407.0)
    point = viewport.to_picture(at)
    for _ in range(14):
        viewport = viewport.stepped(1, at)
    assert viewport.zoom == pytest.approx(16)
    assert viewport.to_screen(point) == pytest.approx(at, abs=0.5)


@given(ZOOMS, PLACES)
def test_the_picture_is_never_lost_out_of_sight(zoom: float, size: tuple[int, int]) -> None:
    width, height = size[0] + 1, size[1] + 1
    far = Viewport(zoom, 10**6, -(10**6), 1500, 900).kept_near(width, height)
    right, bottom = far.to_screen((width, height))
    assert far.left < far.width
    assert bottom > 0
    assert right > far.left or bottom > far.top


def test_fitting_shows_all_in_the_middle_and_never_enlarges() -> None:
    large = Viewport(width=1000, height=800).fitted(4000, 1000)
    assert large.to_screen((0, 0))[0] >= 0
    assert large.to_screen((4000, 1000))[0] <= 1000
    assert large.to_screen((2000, 500)) == pytest.approx((500, 400), abs=1)
    assert Viewport(width=1000, height=800).fitted(100, 100).zoom == 1


@pytest.mark.parametrize(("zoom", "level"), [(1, 0), (4, 0), (0.51, 0), (0.5, 1), (0.2, 2)])
def test_the_level_is_the_coarsest_that_is_never_enlarged(zoom: float, level: int) -> None:
    assert Viewport(zoom).level == level


def test_whole_steps_land_on_doublings() -> None:
    stepped = Viewport(0.83).stepped(1, (0, 0)).stepped(1, (0, 0))
    assert stepped.zoom == pytest.approx(2**0.5)
    assert stepped.stepped(-1, (0, 0)).zoom == pytest.approx(1)
