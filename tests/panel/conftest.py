"""The panel over a state that is posed, and a layer with three regions in a wide window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from made_panel import shown_panel
from posed_state import PosedState
from pytestqt.qtbot import QtBot

from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.qt.gui import QFont
from frih_plugin.qt.widgets import QApplication
from frih_plugin.texts import use_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(autouse=True)
def usual_font(qapp: QApplication) -> Iterator[None]:
    """Offscreen, Qt 5 and Qt 6 start with fonts of different sizes."""
    old = QFont(QApplication.font())
    font = QFont(old)
    font.setPixelSize(12)
    qapp.setFont(font)
    yield
    qapp.setFont(old)


@pytest.fixture
def state(qapp: object) -> PosedState:  # noqa: ARG001 - widgets need an application
    return PosedState()


@pytest.fixture
def show_panel(qtbot: QtBot) -> Callable[[PosedState], HarmonizePanel]:
    def show(state: PosedState) -> HarmonizePanel:
        panel = shown_panel(state)
        qtbot.addWidget(panel)
        qtbot.waitExposed(panel)
        return panel

    return show
