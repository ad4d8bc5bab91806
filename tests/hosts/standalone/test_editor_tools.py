"""The tools on the real canvas: what a gesture makes of the document, one undo step each."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pointer_gestures import (
    ALT,
    NO_KEYS,
    SHIFT,
    drag,
    drag_on_widget,
    move,
    on_widget,
    press,
    release,
)
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.standalone.canvas.viewport import Point
from frih_plugin.hosts.standalone.document import Document, Layer, set_locked, set_visible
from frih_plugin.hosts.standalone.tools.frame import frame_of
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QPointF, Qt

MOVE, RECTANGLE, LASSO = range(3)


def open_document(window: EditorWindow) -> Document:
    document = window.session.document
    assert document is not None
    return document


def top(window: EditorWindow) -> Layer:
    return open_document(window).layers[-1]


def take(window: EditorWindow, tool: int) -> None:
    window.toolbox.actions[tool].trigger()


def undo_once_gives(window: EditorWindow, before: Document) -> bool:
    window.session.undo()
    return window.session.document is before


def selected(window: EditorWindow, point: Point) -> int:
    selection = open_document(window).selection
    return 0 if selection is None else int(selection[int(point[1]), int(point[0])])


def test_a_drag_inside_moves_the_layer_by_whole_pixels(window: EditorWindow) -> None:
    before = open_document(window)
    drag(window.canvas, (150, 120), (160, 125), (190, 105))
    assert (top(window).placement.left, top(window).placement.top) == (160, 75)
    assert undo_once_gives(window, before)


def test_shift_moves_along_one_axis(window: EditorWindow) -> None:
    drag(window.canvas, (150, 120), (190, 127), keys=SHIFT)
    assert (top(window).placement.left, top(window).placement.top) == (160, 90)


def test_several_layers_move_as_one_step(window: EditorWindow) -> None:
    before = open_document(window)
    window.session.set_active_layers(tuple(layer.id for layer in before.layers))
    drag(window.canvas, (150, 120), (157, 124))
    assert [layer.placement.left for layer in open_document(window).layers] == [7, 127]
    assert undo_once_gives(window, before)


def test_escape_drops_the_gesture(window: EditorWindow, qtbot: QtBot) -> None:
    before = open_document(window)
    start, end = (on_widget(window.canvas, point) for point in ((150, 120), (250, 220)))
    press(window.canvas, start)
    move(window.canvas, end)
    assert window.session.shown is not before
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.session.shown is before
    release(window.canvas, end)
    assert window.session.document is before
    assert not window.session.is_dirty


def test_a_drag_shows_the_move_before_it_is_done(window: EditorWindow) -> None:
    before = open_document(window)
    press(window.canvas, on_widget(window.canvas, (150, 120)))
    move(window.canvas, on_widget(window.canvas, (170, 120)))
    shown = window.session.shown
    assert shown is not None
    assert shown.layers[-1].placement.left == 140
    assert window.session.document is before
    release(window.canvas, on_widget(window.canvas, (170, 120)))


def test_arrow_keys_nudge_and_are_one_step_in_a_row(window: EditorWindow, qtbot: QtBot) -> None:
    before = open_document(window)
    for _ in range(3):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up, SHIFT)
    assert (top(window).placement.left, top(window).placement.top) == (123, 80)
    assert undo_once_gives(window, before)


def test_a_corner_scales_and_the_opposite_one_stays(window: EditorWindow) -> None:
    before = open_document(window)
    drag(window.canvas, (220, 170), (270, 210))
    layer = top(window)
    corners = layer.placement.corners(100, 80)
    assert corners[0] == pytest.approx((120, 90), abs=0.01)
    assert corners[2] == pytest.approx((270, 210), abs=0.6)
    assert undo_once_gives(window, before)


def test_shift_scales_in_proportion(window: EditorWindow) -> None:
    drag(window.canvas, (220, 170), (320, 170), keys=SHIFT)
    placement = top(window).placement
    assert placement.scale_x == pytest.approx(placement.scale_y)
    assert placement.scale_x == pytest.approx(1.5, abs=0.01)


def test_alt_scales_about_the_centre(window: EditorWindow) -> None:
    drag(window.canvas, (220, 130), (245, 130), keys=ALT)
    placement = top(window).placement
    assert placement.center(100, 80) == pytest.approx((170, 130))
    assert placement.scale_x == pytest.approx(1.5, abs=0.01)
    assert placement.scale_y == 1


def test_dragged_through_itself_the_layer_is_mirrored(window: EditorWindow) -> None:
    drag(window.canvas, (220, 130), (20, 130))
    assert top(window).placement.scale_x == pytest.approx(-1, abs=0.01)


@pytest.mark.parametrize("degrees", [0.0, 30.0, -100.0])
def test_scaling_a_turned_layer_holds_the_point_across(
    window: EditorWindow, degrees: float
) -> None:
    _turn(window, degrees)
    before = top(window).placement.corners(100, 80)
    grabbed = before[2]
    drag(window.canvas, grabbed, (grabbed[0] + 11, grabbed[1] - 17))
    after = top(window).placement.corners(100, 80)
    assert after[0] == pytest.approx(before[0], abs=0.05)
    assert after[2] == pytest.approx((grabbed[0] + 11, grabbed[1] - 17), abs=0.8)


def test_the_knob_rotates_about_the_centre(window: EditorWindow) -> None:
    before = open_document(window)
    _turn(window, 90.0)
    placement = top(window).placement
    assert placement.degrees == pytest.approx(90, abs=0.5)
    assert placement.center(100, 80) == pytest.approx((170, 130))
    assert undo_once_gives(window, before)


def test_outside_of_a_corner_rotates_and_shift_snaps(window: EditorWindow) -> None:
    canvas = window.canvas
    corner = on_widget(canvas, (220, 170)) + QPointF(10, 10)
    drag_on_widget(canvas, corner, corner + QPointF(-40, 38), keys=SHIFT)
    assert top(window).placement.degrees != 0
    assert top(window).placement.degrees % 15 == pytest.approx(0)


def test_a_locked_layer_is_not_moved_and_says_so(window: EditorWindow) -> None:
    locked = set_locked(open_document(window), top(window).id, is_locked=True)
    window.session.apply(locked, "Lock")
    drag(window.canvas, (150, 120), (190, 120))
    assert window.session.document is locked
    assert window.session.shown is locked
    assert "locked" in window.messages.sentence


def test_a_click_picks_the_layer_under_the_pointer(window: EditorWindow) -> None:
    background, cut_out = (layer.id for layer in open_document(window).layers)
    drag(window.canvas, (30, 30), (30, 30))
    assert window.session.active_layers == (background,)
    drag(window.canvas, (150, 120), (150, 120))
    assert window.session.active_layers == (cut_out,)
    assert not window.session.is_dirty


def test_a_drag_that_starts_outside_pans(window: EditorWindow) -> None:
    before, viewport = open_document(window), window.canvas.viewport
    drag(window.canvas, (20, 250), (40, 260), (60, 250))
    assert window.session.document is before
    assert window.canvas.viewport.left == viewport.left + 40


def test_the_rectangle_selects_whole_pixels(window: EditorWindow) -> None:
    before = open_document(window)
    take(window, RECTANGLE)
    drag(window.canvas, (60.4, 80.5), (20.5, 30.4))
    selection = open_document(window).selection
    assert selection is not None
    rows, columns = np.nonzero(selection)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (20, 60, 30, 80)
    assert undo_once_gives(window, before)


def test_shift_adds_to_the_selection_and_alt_takes_away(window: EditorWindow) -> None:
    take(window, RECTANGLE)
    drag(window.canvas, (20, 20), (80, 80))
    drag(window.canvas, (200, 20), (260, 80), keys=SHIFT)
    drag(window.canvas, (20, 20), (50, 80), keys=ALT)
    points = (60, 50), (230, 50), (30, 50), (150, 50)
    assert [selected(window, point) for point in points] == [255, 255, 0, 0]


def test_the_lasso_selects_what_it_encloses(window: EditorWindow) -> None:
    before = open_document(window)
    take(window, LASSO)
    drag(window.canvas, (100, 50), (200, 250), (10, 250))
    assert selected(window, (100, 200)) == 255
    assert selected(window, (20, 60)) == 0
    assert undo_once_gives(window, before)


def test_the_feather_softens_the_edge(window: EditorWindow) -> None:
    take(window, RECTANGLE)
    window.toolbox.feather.setValue(6)
    drag(window.canvas, (100, 100), (200, 200))
    assert selected(window, (150, 150)) == 255
    assert 100 < selected(window, (100, 150)) < 155
    assert selected(window, (70, 150)) == 0


def test_a_click_selects_nothing_and_is_a_step_only_if_it_changes(window: EditorWindow) -> None:
    take(window, RECTANGLE)
    before = open_document(window)
    drag(window.canvas, (50, 50), (50, 50))
    assert window.session.document is before
    drag(window.canvas, (20, 20), (80, 80))
    chosen = open_document(window)
    drag(window.canvas, (150, 50), (150, 50))
    assert open_document(window).selection is None
    assert undo_once_gives(window, chosen)


def test_escape_drops_an_outline(window: EditorWindow, qtbot: QtBot) -> None:
    take(window, LASSO)
    before = open_document(window)
    press(window.canvas, on_widget(window.canvas, (50, 50)))
    move(window.canvas, on_widget(window.canvas, (150, 50)))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    release(window.canvas, on_widget(window.canvas, (150, 150)), NO_KEYS)
    assert window.session.document is before


def _turn(window: EditorWindow, degrees: float) -> None:
    """Drag the knob round the centre."""
    canvas = window.canvas
    ratio = canvas.devicePixelRatioF()
    frame = frame_of(top(window), canvas.viewport, ratio)
    knob, center = frame.knob, frame.handle((0, 0))
    reach = math.dist(knob, center)
    angle = math.radians(degrees - 90)
    end = QPointF(center[0] + reach * math.cos(angle), center[1] + reach * math.sin(angle))
    drag_on_widget(canvas, QPointF(*knob) / ratio, end / ratio)


def test_undo_during_a_drag_gives_the_drag_up(window: EditorWindow) -> None:
    before = open_document(window)
    window.actions_by_name["duplicate"].trigger()
    press(window.canvas, on_widget(window.canvas, (150, 120)))
    move(window.canvas, on_widget(window.canvas, (190, 120)))
    window.session.undo()
    move(window.canvas, on_widget(window.canvas, (210, 120)))
    release(window.canvas, on_widget(window.canvas, (210, 120)))
    assert window.session.document is before
    assert window.session.shown is before


def test_a_hidden_layer_is_not_nudged(window: EditorWindow, qtbot: QtBot) -> None:
    hidden = set_visible(open_document(window), top(window).id, is_visible=False)
    window.session.apply(hidden, "Hide")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.session.document is hidden
