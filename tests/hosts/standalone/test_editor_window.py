"""The window: files, clipboard, drops, unsaved work, and what it remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.standalone.document import (
    Document,
    composite,
    open_document,
    set_opacity,
)
from frih_plugin.hosts.standalone.preferences import Preferences
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QMimeData, QPoint, QPointF, Qt, QUrl
from frih_plugin.qt.gui import QColor, QDropEvent, QGuiApplication, QImage
from frih_plugin.qt.widgets import QFileDialog, QMessageBox

Settle = Callable[[EditorWindow], None]


def shown_document(window: EditorWindow) -> Document:
    document = window.session.document
    assert document is not None
    return document


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    path = tmp_path / "meadow.png"
    pixels = np.random.default_rng(3).integers(0, 255, (60, 90, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def cut_out_file(tmp_path: Path) -> Path:
    path = tmp_path / "sheep.png"
    pixels = np.full((20, 30, 4), (240, 240, 230, 255), np.uint8)
    pixels[:5, :, 3] = 0
    Image.fromarray(pixels).save(path)
    return path


def paste(window: EditorWindow, data: QMimeData) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setMimeData(data)
    window.actions_by_name["paste"].trigger()


def drop(window: EditorWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, button, keys))


def test_the_first_dropped_file_opens_and_the_others_become_layers(
    empty_window: EditorWindow, settled: Settle, picture_file: Path, cut_out_file: Path
) -> None:
    drop(empty_window, picture_file, cut_out_file)
    settled(empty_window)
    document = shown_document(empty_window)
    assert [layer.name for layer in document.layers] == ["meadow", "sheep"]
    assert (document.width, document.height) == (90, 60)
    assert (document.layers[1].placement.left, document.layers[1].placement.top) == (30, 20)


def test_a_file_dropped_on_a_picture_is_placed_in_one_step(
    window: EditorWindow, settled: Settle, cut_out_file: Path
) -> None:
    before = shown_document(window)
    drop(window, cut_out_file)
    settled(window)
    assert [layer.name for layer in shown_document(window).layers][-1] == "sheep"
    assert window.session.active_layers == (shown_document(window).layers[-1].id,)
    window.session.undo()
    assert window.session.document is before


def test_a_pasted_image_keeps_its_alpha_and_lies_in_the_middle(
    window: EditorWindow, settled: Settle
) -> None:
    image = QImage(40, 20, QImage.Format.Format_RGBA8888)
    image.fill(QColor(10, 200, 30, 128))
    data = QMimeData()
    data.setImageData(image)
    paste(window, data)
    settled(window)
    layer = shown_document(window).layers[-1]
    assert layer.picture.alpha is not None
    assert layer.picture.alpha[0, 0] == 128
    assert layer.picture.pixels[0, 0].tolist() == [10, 200, 30]
    assert layer.placement.center(40, 20) == (200, 150)
    assert window.session.is_dirty


def test_pasted_files_are_placed(window: EditorWindow, settled: Settle, cut_out_file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(cut_out_file))])
    paste(window, data)
    settled(window)
    assert shown_document(window).layers[-1].name == "sheep"


def test_pasting_without_a_picture_says_so(window: EditorWindow) -> None:
    before = shown_document(window)
    data = QMimeData()
    data.setText("only words")
    paste(window, data)
    assert "no picture on the clipboard" in window.messages.sentence
    assert window.session.document is before


def test_a_copied_selection_can_be_pasted(window: EditorWindow, settled: Settle) -> None:
    window.toolbox.rectangle.feather_px = 0
    window.editing.select_all()
    window.actions_by_name["copy"].trigger()
    window.actions_by_name["paste"].trigger()
    settled(window)
    pasted = shown_document(window).layers[-1].picture
    assert (pasted.width, pasted.height) == (100, 80)
    assert pasted.pixels[0, 0].tolist() == [200, 40, 30]


def test_a_large_picture_is_placed_so_that_it_can_be_handled(
    window: EditorWindow, settled: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "large.png"
    Image.new("RGB", (1600, 600), (1, 2, 3)).save(path)
    window.files.place([path])
    settled(window)
    layer = shown_document(window).layers[-1]
    assert layer.picture.width == 1600
    assert layer.bounds.width == 400
    assert layer.bounds.left == 0


@pytest.mark.parametrize("ending", [".ora", ".tif"])
def test_layers_survive_saving_and_opening(
    window: EditorWindow, settled: Settle, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"work{ending}"
    document = shown_document(window)
    half = set_opacity(document, document.layers[1].id, 0.5)
    window.session.apply(half, "Opacity")
    window.files.save(path)
    settled(window)
    assert not window.session.is_dirty
    assert window.session.path == path
    assert window.windowTitle().startswith(f"work{ending}[*]")
    window.files.open(path)
    settled(window)
    again = shown_document(window)
    assert [layer.name for layer in again.layers] == ["Background", "Cut-out"]
    difference = composite(again).pixels.astype(int) - composite(half).pixels
    assert np.abs(difference).max() <= 1


def test_saving_what_changed_meanwhile_stays_unsaved(
    window: EditorWindow, settled: Settle, tmp_path: Path
) -> None:
    document = shown_document(window)
    window.files.save(tmp_path / "work.ora")
    window.session.apply(set_opacity(document, document.layers[1].id, 0.5), "Opacity")
    settled(window)
    assert window.session.is_dirty
    assert open_document(tmp_path / "work.ora").document.layers[1].opacity == 1


def test_exporting_leaves_the_document_unsaved(
    window: EditorWindow, settled: Settle, tmp_path: Path
) -> None:
    window.actions_by_name["duplicate"].trigger()
    window.files.export(tmp_path / "flat.png")
    settled(window)
    assert window.session.is_dirty
    assert window.session.path is None
    flat = np.asarray(Image.open(tmp_path / "flat.png").convert("RGB"))
    assert np.array_equal(flat, composite(shown_document(window)).pixels)


def test_save_never_overwrites_an_opened_photograph(
    empty_window: EditorWindow, settled: Settle, picture_file: Path
) -> None:
    empty_window.files.open(picture_file)
    settled(empty_window)
    assert empty_window.session.path is None
    assert empty_window.session.title == "meadow.png"


def test_a_format_without_layers_does_not_count_as_saved(
    window: EditorWindow, settled: Settle, tmp_path: Path
) -> None:
    window.actions_by_name["duplicate"].trigger()
    window.files.save(tmp_path / "flat.png")
    settled(window)
    assert (tmp_path / "flat.png").is_file()
    assert window.session.is_dirty
    assert window.session.path is None
    assert "keeps no layers" in window.messages.sentence


def test_save_asks_again_when_layers_came_to_a_flat_file(
    empty_window: EditorWindow, settled: Settle, picture_file: Path, tmp_path: Path
) -> None:
    empty_window.files.open(picture_file)
    settled(empty_window)
    empty_window.files.save(tmp_path / "flat.png")
    settled(empty_window)
    assert empty_window.session.path == tmp_path / "flat.png"
    empty_window.actions_by_name["duplicate"].trigger()
    empty_window.actions_by_name["save"].trigger()
    dialog = empty_window.findChild(QFileDialog)
    assert dialog is not None
    assert [Path(name).name for name in dialog.selectedFiles()] == ["flat.ora"]
    dialog.reject()
    assert empty_window.session.is_dirty


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x89PNG\r\n\x1a\n cut short"])
def test_a_damaged_file_is_one_sentence_and_changes_nothing(
    window: EditorWindow, settled: Settle, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.ora"
    path.write_bytes(content)
    before = shown_document(window)
    window.files.open(path)
    settled(window)
    window.files.place([path])
    settled(window)
    assert "broken.ora" in window.messages.sentence
    assert window.session.document is before
    assert not window.session.is_dirty


def test_what_cannot_be_written_is_one_sentence(
    window: EditorWindow, settled: Settle, tmp_path: Path
) -> None:
    window.actions_by_name["duplicate"].trigger()
    window.files.save(tmp_path / "no such folder" / "work.ora")
    settled(window)
    assert window.messages.sentence
    assert window.session.is_dirty
    assert window.session.path is None


def test_a_message_can_be_closed(window: EditorWindow) -> None:
    window.messages.fail("Something went wrong; do this.")
    assert window.messages.isVisible()
    window.messages.close_button.click()
    assert not window.messages.isVisible()


def test_a_message_goes_with_the_next_change_but_not_with_kept_settings(
    window: EditorWindow,
) -> None:
    window.messages.fail("Something went wrong; do this.")
    window.session.amend(lambda document: replace(document, settings="kept"))
    assert window.messages.isVisible()
    window.actions_by_name["duplicate"].trigger()
    assert not window.messages.isVisible()


def test_unsaved_work_is_starred_and_asked_about(window: EditorWindow, qtbot: QtBot) -> None:
    assert not window.isWindowModified()
    window.actions_by_name["duplicate"].trigger()
    assert window.isWindowModified()
    window.close()
    assert window.isVisible()
    answer(window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()
    window.close()
    answer(window, QMessageBox.StandardButton.Discard)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.session.document is None


def test_saving_on_the_way_out_closes_when_the_file_is_there(
    window: EditorWindow, qtbot: QtBot, settled: Settle, tmp_path: Path
) -> None:
    window.files.save(tmp_path / "work.ora")
    settled(window)
    window.actions_by_name["duplicate"].trigger()
    window.close()
    answer(window, QMessageBox.StandardButton.Save)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(open_document(tmp_path / "work.ora").document.layers) == 3


def test_opening_asks_about_unsaved_work_first(
    window: EditorWindow, settled: Settle, picture_file: Path
) -> None:
    window.actions_by_name["duplicate"].trigger()
    before = shown_document(window)
    window.file_menu.open(picture_file)
    assert window.session.document is before
    answer(window, QMessageBox.StandardButton.Discard)
    settled(window)
    assert shown_document(window).layers[0].name == "meadow"


def test_undo_and_redo_name_their_step(window: EditorWindow) -> None:
    undo, redo = window.actions_by_name["undo"], window.actions_by_name["redo"]
    assert not undo.isEnabled()
    window.actions_by_name["duplicate"].trigger()
    assert undo.text() == "&Undo: Duplicate layer"
    undo.trigger()
    assert redo.text() == "&Redo: Duplicate layer"
    assert not undo.isEnabled()
    redo.trigger()
    assert len(shown_document(window).layers) == 3


def test_no_two_actions_share_a_key(window: EditorWindow) -> None:
    actions = [*window.actions_by_name.all(), *window.toolbox.actions]
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_the_selection_menu(window: EditorWindow) -> None:
    actions = window.actions_by_name
    assert not actions["select_none"].isEnabled()
    actions["select_all"].trigger()
    selection = shown_document(window).selection
    assert selection is not None
    assert selection.min() == 255
    actions["invert_selection"].trigger()
    assert shown_document(window).selection is None


def test_the_example_gives_way_to_a_dropped_picture(
    empty_window: EditorWindow, settled: Settle, picture_file: Path
) -> None:
    empty_window.file_menu.show_example()
    settled(empty_window)
    assert len(shown_document(empty_window).layers) == 2
    assert empty_window.session.active_layers == (shown_document(empty_window).layers[1].id,)
    drop(empty_window, picture_file)
    settled(empty_window)
    assert [layer.name for layer in shown_document(empty_window).layers] == ["meadow"]


def test_recent_files_are_remembered_latest_first(
    empty_window: EditorWindow, settled: Settle, picture_file: Path, cut_out_file: Path
) -> None:
    for path in (picture_file, cut_out_file, picture_file):
        empty_window.files.open(path)
        settled(empty_window)
    file = Path(empty_window.preferences.file)
    assert Preferences(file).recent == (picture_file, cut_out_file)


@pytest.mark.parametrize(
    "content",
    [b"\x00\xff\xfe garbage", b"[General]\nrecent=@Invalid()\ngeometry=7\nfeather=soft\n"],
)
def test_damaged_settings_count_as_unset(tmp_path: Path, qtbot: QtBot, content: bytes) -> None:
    file = tmp_path / "editor.ini"
    file.write_bytes(content)
    window = EditorWindow(file)
    qtbot.addWidget(window)
    window.restore()
    assert window.preferences.recent == ()
    assert window.preferences.feather_px == 0
    window.end()


def test_size_and_docks_come_back(tmp_path: Path, qtbot: QtBot) -> None:
    for expected in (None, (777, 555)):
        window = EditorWindow(tmp_path / "editor.ini")
        qtbot.addWidget(window)
        window.restore()
        if expected is None:
            window.resize(777, 555)
        else:
            assert (window.width(), window.height()) == expected
        window.end()


def test_the_status_line_says_what_the_pointer_is_on(window: EditorWindow, qtbot: QtBot) -> None:
    status = window.statusBar()
    assert status is not None
    x, y = window.canvas.viewport.to_screen((150.5, 120.5))
    qtbot.mouseMove(window.canvas, QPoint(round(x), round(y)))
    words = " ".join(label.text() for label in status.findChildren(type(window.status.pointer)))
    assert "Cut-out" in words
    assert "400 × 300" in words
    assert "8 bit" in words
    assert "sRGB" in words
    assert "100 %" in words


def test_closing_leaves_no_thread(empty_window: EditorWindow, picture_file: Path) -> None:
    empty_window.files.open(picture_file)
    empty_window.end()
    assert [thread.name for thread in threading.enumerate()].count("frih-files") == 0


def answer(window: EditorWindow, button: QMessageBox.StandardButton) -> None:
    box = window.file_menu.unsaved.box
    assert box is not None
    chosen = box.button(button)
    assert chosen is not None
    chosen.click()
