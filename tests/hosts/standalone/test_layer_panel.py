"""The list of layers: order, eye, lock, name, mode and opacity."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.standalone.document import BlendMode, Document
from frih_plugin.hosts.standalone.layers.delegate import eye_rect, lock_rect
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QAbstractItemModel, QModelIndex, QPoint, Qt
from frih_plugin.qt.widgets import QLineEdit, QSlider

LEFT = Qt.MouseButton.LeftButton


def open_document(window: EditorWindow) -> Document:
    document = window.session.document
    assert document is not None
    return document


def names(window: EditorWindow) -> list[str]:
    """Bottom first, as the document has them."""
    return [layer.name for layer in open_document(window).layers]


def model(window: EditorWindow) -> QAbstractItemModel:
    found = window.layers.list.model()
    assert found is not None
    return found


def row_names(window: EditorWindow) -> list[object]:
    rows = model(window)
    return [rows.index(row, 0).data() for row in range(rows.rowCount())]


def click(window: EditorWindow, qtbot: QtBot, at: QPoint) -> None:
    viewport = window.layers.list.viewport()
    assert viewport is not None
    qtbot.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, at)


def row_rect_center(window: EditorWindow, row: int) -> QPoint:
    return window.layers.list.visualRect(model(window).index(row, 0)).center()


def test_the_topmost_layer_is_the_first_row(window: EditorWindow) -> None:
    assert row_names(window) == ["Cut-out", "Background"]


def test_a_click_on_a_row_makes_its_layer_active(window: EditorWindow, qtbot: QtBot) -> None:
    click(window, qtbot, row_rect_center(window, 1))
    assert window.session.active_layers == (open_document(window).layers[0].id,)


def test_several_rows_can_be_active(window: EditorWindow, qtbot: QtBot) -> None:
    viewport = window.layers.list.viewport()
    assert viewport is not None
    shift = Qt.KeyboardModifier.ShiftModifier
    click(window, qtbot, row_rect_center(window, 0))
    qtbot.mouseClick(viewport, LEFT, shift, row_rect_center(window, 1))
    assert window.session.active_layers == tuple(layer.id for layer in open_document(window).layers)


def test_the_eye_hides_and_selects_nothing(window: EditorWindow, qtbot: QtBot) -> None:
    before, active = open_document(window), window.session.active_layers
    row = window.layers.list.visualRect(model(window).index(1, 0))
    click(window, qtbot, eye_rect(row).center())
    assert [layer.is_visible for layer in open_document(window).layers] == [False, True]
    assert window.session.active_layers == active
    window.session.undo()
    assert window.session.document is before


def test_the_lock_protects(window: EditorWindow, qtbot: QtBot) -> None:
    row = window.layers.list.visualRect(model(window).index(0, 0))
    click(window, qtbot, lock_rect(row).center())
    assert open_document(window).layers[1].is_locked
    window.actions_by_name["delete_layer"].trigger()
    assert names(window) == ["Background", "Cut-out"]
    assert "locked" in window.messages.sentence


def test_a_name_is_edited_in_its_row(window: EditorWindow, qtbot: QtBot) -> None:
    window.actions_by_name["rename"].trigger()
    editor = window.layers.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("  A slice of cake ")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["Background", "A slice of cake"])
    assert row_names(window)[0] == "A slice of cake"
    window.session.undo()
    assert names(window) == ["Background", "Cut-out"]


def test_dropping_a_row_reorders_in_one_step(window: EditorWindow) -> None:
    before, rows = open_document(window), model(window)
    dragged = rows.mimeData([rows.index(1, 0)])
    assert dragged is not None
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert names(window) == ["Cut-out", "Background"]
    assert row_names(window) == ["Background", "Cut-out"]
    window.session.undo()
    assert window.session.document is before


def test_a_row_dropped_where_it_is_changes_nothing(window: EditorWindow) -> None:
    before, rows = open_document(window), model(window)
    dragged = rows.mimeData([rows.index(0, 0)])
    assert dragged is not None
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 1, 0, QModelIndex())
    assert window.session.document is before


def test_raise_and_lower_stop_at_the_ends(window: EditorWindow) -> None:
    before = open_document(window)
    window.actions_by_name["raise"].trigger()
    assert window.session.document is before
    window.actions_by_name["lower"].trigger()
    assert names(window) == ["Cut-out", "Background"]
    window.actions_by_name["lower"].trigger()
    assert names(window) == ["Cut-out", "Background"]


def test_a_duplicate_lies_above_and_is_active(window: EditorWindow) -> None:
    window.actions_by_name["duplicate"].trigger()
    assert names(window) == ["Background", "Cut-out", "Cut-out copy"]
    assert window.session.active_layers == (open_document(window).layers[2].id,)


def test_deleting_makes_the_topmost_active(window: EditorWindow) -> None:
    window.actions_by_name["delete_layer"].trigger()
    assert names(window) == ["Background"]
    assert window.session.active_layers == (open_document(window).layers[0].id,)
    window.actions_by_name["delete_layer"].trigger()
    assert names(window) == []
    assert not window.actions_by_name["delete_layer"].isEnabled()


def test_a_drag_of_the_opacity_is_one_step_and_the_next_another(window: EditorWindow) -> None:
    slider = window.layers.findChild(QSlider)
    assert slider is not None
    before = open_document(window)
    for percent in (90, 70, 40):
        slider.setValue(percent)
    slider.sliderReleased.emit()
    first = open_document(window)
    slider.setValue(20)
    assert open_document(window).layers[1].opacity == pytest.approx(0.2)
    window.session.undo()
    assert window.session.document is first
    assert slider.value() == 40
    window.session.undo()
    assert window.session.document is before


def test_the_blend_mode_is_chosen_by_name(window: EditorWindow) -> None:
    window.layer_commands.set_mode(BlendMode.MULTIPLY)
    assert open_document(window).layers[1].mode is BlendMode.MULTIPLY
    window.session.undo()
    assert open_document(window).layers[1].mode is BlendMode.NORMAL


def test_what_is_selected_becomes_a_layer(window: EditorWindow) -> None:
    window.session.set_active_layers((open_document(window).layers[0].id,))
    window.editing.select_all()
    window.actions_by_name["cut_out"].trigger()
    assert names(window) == ["Background", "Background cut-out", "Cut-out"]
