"""The real window with a small picture and a cut-out, and the pointer to use it with."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pytestqt.qtbot import QtBot

from engine.color.picture import Picture
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    add_layer,
    new_document,
)
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.gui import QGuiApplication
from frih_plugin.texts import use_language


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def small_document() -> Document:
    """A 400 x 300 ramp, and an opaque reddish cut-out of 100 x 80 at 120, 90."""
    y, x = np.mgrid[0:300, 0:400]
    ramp = np.stack((x * 255 // 399, y * 255 // 299, np.full_like(x, 90)), axis=-1)
    document = new_document(Picture(ramp.astype(np.uint8)), "Background")
    red = np.full((80, 100, 3), (200, 40, 30), np.uint8)
    opaque = np.full((80, 100), 255, np.uint8)
    return add_layer(document, Layer(Picture(red, opaque), "Cut-out", placement=Placement(120, 90)))


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[EditorWindow], None]:
    """Waits until no file is worked on and the canvas shows all."""

    def settle(window: EditorWindow) -> None:
        qtbot.waitUntil(lambda: not window.jobs.title and window.canvas.is_complete, timeout=20_000)

    return settle


@pytest.fixture
def empty_window(qtbot: QtBot, tmp_path: Path, english: None) -> Iterator[EditorWindow]:  # noqa: ARG001
    """The window without a picture; no thread of it may live on."""
    window = EditorWindow(tmp_path / "editor.ini")
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.end()
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.clear()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("frih-")]


@pytest.fixture
def window(
    empty_window: EditorWindow,
    small_document: Document,
    settled: Callable[[EditorWindow], None],
) -> EditorWindow:
    """The window with the small document."""
    empty_window.session.open(small_document, title="small.png")
    settled(empty_window)
    return empty_window
