"""What the canvas shows, pixel by pixel, and how the wheel and the hand move it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pointer_gestures import MIDDLE, NO_KEYS, drag, on_widget, turn_wheel
from pytestqt.qtbot import QtBot

from engine.color.picture import Picture
from engine.view import Box
from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.document import (
    composite,
    place_layer,
    set_visible,
    shown_document,
)
from frih_plugin.hosts.standalone.preview import Overlay, Preview
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QPoint, QPointF, Qt
from frih_plugin.qt.gui import QColor, QImage
from frih_plugin.qt.widgets import QApplication

Settle = Callable[[EditorWindow], None]


def stand_in(layer_id: str, picture: Picture) -> Preview:
    """A preview of other pixels for a layer."""
    return Preview(lambda document: shown_document(document, replaced={layer_id: picture}))


def shown(canvas: Canvas, box: Box) -> NDArray[np.uint8]:
    """What the canvas paints for a box of the picture, at 100 %."""
    QApplication.processEvents()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    pixels = rows.reshape(image.height(), image.width(), 3)
    left, top = canvas.viewport.left + box.left, canvas.viewport.top + box.top
    return pixels[top : top + box.height, left : left + box.width]


def test_at_full_size_the_canvas_shows_the_documents_pixels(window: EditorWindow) -> None:
    document = window.session.document
    assert document is not None
    window.toolbox.actions[3].trigger()  # the hand paints nothing over the picture
    assert window.canvas.viewport.zoom == 1
    assert np.array_equal(shown(window.canvas, document.canvas), composite(document).pixels)


def test_a_change_is_shown_where_it_is(window: EditorWindow, settled: Settle) -> None:
    window.toolbox.actions[3].trigger()
    document = window.session.document
    assert document is not None
    moved = place_layer(
        document, document.layers[1].id, replace(document.layers[1].placement, left=5.0)
    )
    window.session.apply(moved, "Move")
    settled(window)
    assert np.array_equal(shown(window.canvas, document.canvas), composite(moved).pixels)


def test_panning_by_parts_shows_the_same_as_painting_at_once(window: EditorWindow) -> None:
    window.toolbox.actions[3].trigger()
    document = window.session.document
    assert document is not None
    for right, down in ((13, 0), (-40, 7), (3, -90), (170, 60)):
        window.canvas.pan(right, down)
        window.canvas.repaint()
    assert np.array_equal(shown(window.canvas, document.canvas), composite(document).pixels)


def test_the_wheel_zooms_about_the_pointer(window: EditorWindow) -> None:
    at = on_widget(window.canvas, (300.5, 40.5))
    for clicks in (1, 3, -2, 4):
        turn_wheel(window.canvas, at, clicks)
        now = on_widget(window.canvas, (300.5, 40.5))
        assert abs(now.x() - at.x()) < 2
        assert abs(now.y() - at.y()) < 2
    assert window.canvas.viewport.zoom == pytest.approx(2**3)


def test_the_middle_button_pans_with_any_tool(window: EditorWindow, qtbot: QtBot) -> None:
    before = window.canvas.viewport
    qtbot.mousePress(window.canvas, MIDDLE, NO_KEYS, QPoint(200, 200))
    qtbot.mouseMove(window.canvas, QPoint(230, 190))
    qtbot.mouseRelease(window.canvas, MIDDLE, NO_KEYS, QPoint(230, 190))
    after = window.canvas.viewport
    assert (after.left - before.left, after.top - before.top) == (30, -10)
    assert not window.session.is_dirty


def test_the_space_bar_lends_the_hand(window: EditorWindow, qtbot: QtBot) -> None:
    document, before = window.session.document, window.canvas.viewport
    qtbot.keyPress(window.canvas, Qt.Key.Key_Space)
    drag(window.canvas, (150, 120), (190, 120))
    qtbot.keyRelease(window.canvas, Qt.Key.Key_Space)
    assert window.canvas.viewport.left == before.left + 40
    assert window.session.document is document


def test_zoom_keys_and_fit(window: EditorWindow) -> None:
    actions, canvas = window.actions_by_name, window.canvas
    actions["zoom_out"].trigger()
    actions["zoom_out"].trigger()
    assert canvas.viewport.zoom == pytest.approx(0.5)
    assert window.session.preview_scale == 2
    actions["actual_size"].trigger()
    assert canvas.viewport.zoom == 1
    canvas.pan(5000, 5000)
    actions["fit"].trigger()
    left, top = canvas.viewport.to_screen((0, 0))
    assert left >= 0
    assert top >= 0


def test_a_preview_is_shown_and_the_document_stays(window: EditorWindow, settled: Settle) -> None:
    window.toolbox.actions[3].trigger()
    session, document = window.session, window.session.document
    assert document is not None
    green = Picture(np.full((80, 100, 3), (0, 250, 0), np.uint8), document.layers[1].picture.alpha)
    session.set_preview(stand_in(document.layers[1].id, green))
    settled(window)
    assert np.all(shown(window.canvas, Box(130, 100, 210, 160)) == (0, 250, 0))
    assert session.document is document
    assert not session.is_dirty
    session.set_preview(None)
    settled(window)
    assert np.array_equal(shown(window.canvas, document.canvas), composite(document).pixels)


def test_a_reduced_preview_lies_where_the_layer_lies(window: EditorWindow, settled: Settle) -> None:
    window.toolbox.actions[3].trigger()
    document = window.session.document
    assert document is not None
    green = Picture(np.full((20, 25, 3), (0, 250, 0), np.uint8))
    window.session.set_preview(stand_in(document.layers[1].id, green))
    settled(window)
    assert np.all(shown(window.canvas, Box(124, 94, 216, 166)) == (0, 250, 0))
    around = shown(window.canvas, Box(110, 80, 118, 180))
    assert np.array_equal(around, composite(document, Box(110, 80, 118, 180)).pixels)


def test_an_overlay_lies_over_its_box(window: EditorWindow) -> None:
    window.toolbox.actions[3].trigger()
    image = QImage(4, 4, QImage.Format.Format_RGBA8888)
    image.fill(QColor(10, 20, 30))
    window.session.set_preview(Preview(overlay=Overlay(image, Box(50, 60, 90, 100))))
    assert np.all(shown(window.canvas, Box(50, 60, 90, 100)) == (10, 20, 30))
    assert not np.any(np.all(shown(window.canvas, Box(40, 60, 50, 100)) == (10, 20, 30), axis=-1))


def test_transparency_shows_checks_not_black(window: EditorWindow, settled: Settle) -> None:
    window.toolbox.actions[3].trigger()
    document = window.session.document
    assert document is not None
    hidden = set_visible(document, document.layers[0].id, is_visible=False)
    window.session.apply(hidden, "Hide")
    settled(window)
    corner = shown(window.canvas, Box(0, 0, 16, 16))
    assert {tuple(color) for color in corner.reshape(-1, 3).tolist()} == {
        (0xD4, 0xD4, 0xD4),
        (0xB0, 0xB0, 0xB0),
    }


def test_the_selection_has_ants_only_while_there_is_one(window: EditorWindow) -> None:
    window.toolbox.actions[3].trigger()
    document = window.session.document
    assert document is not None
    plain = shown(window.canvas, document.canvas).copy()
    window.toolbox.actions[1].trigger()
    drag(window.canvas, (20, 20), (60, 80))
    edge = shown(window.canvas, Box(19, 30, 22, 70))
    assert {0x10, 0xFF} <= set(edge.ravel().tolist())
    window.session.undo()
    assert np.array_equal(shown(window.canvas, document.canvas), plain)


def test_another_document_is_shown_whole(window: EditorWindow, settled: Settle) -> None:
    turn_wheel(window.canvas, QPointF(10, 10), 6)
    document = window.session.document
    assert document is not None
    window.session.open(document)
    settled(window)
    assert window.canvas.viewport.zoom == 1
