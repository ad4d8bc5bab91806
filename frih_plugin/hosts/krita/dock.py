"""The docker. Krita makes one for each window; all show the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from krita import Canvas, DockWidget

from frih_plugin.client.engine_command import EngineNotFoundError
from frih_plugin.qt.core import QEvent, Qt
from frih_plugin.qt.gui import QShowEvent
from frih_plugin.qt.widgets import QLabel, QPushButton, QVBoxLayout, QWidget
from frih_plugin.texts import text

if TYPE_CHECKING:
    from frih_plugin.hosts.krita.wiring import Harmonizing


class HarmonizeDock(DockWidget):
    """Empty until it is first shown, so that Krita starts as fast as without it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(text("Harmonize"))
        self._harmonizing: Harmonizing | None = None
        self._has_canvas = True

    def canvasChanged(self, canvas: Canvas | None) -> None:  # noqa: N802 - Krita's name
        """Another document came to the front, or none is left."""
        self._has_canvas = canvas is not None
        if self._harmonizing is not None:
            self._harmonizing.host.canvas_changed(is_there=self._has_canvas)

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make the panel."""
        super().showEvent(a0)
        if self._harmonizing is None:
            self.make_panel()

    def enterEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """The person turns to the panel."""
        super().enterEvent(event)  # pyright: ignore[reportArgumentType] - Qt 5 has QEvent here
        if self._harmonizing is not None:
            self._harmonizing.host.look_closely()

    def make_panel(self) -> None:
        """Show the panel, or why there is none."""
        # Loaded only now: the panel's modules cost a tenth of a second.
        from frih_plugin.hosts.krita.wiring import harmonizing  # noqa: PLC0415
        from frih_plugin.panel.panel import HarmonizePanel  # noqa: PLC0415

        try:
            self._harmonizing = harmonizing()
        except EngineNotFoundError as error:
            self.setWidget(self._sentence(str(error)))
            return
        self.setWidget(HarmonizePanel(self._harmonizing.state))
        self._harmonizing.host.canvas_changed(is_there=self._has_canvas)

    def harmonize(self) -> None:
        """As a click on the panel's button."""
        self.show()
        self.raise_()
        if self._harmonizing is None:
            self.make_panel()
        if self._harmonizing is not None:
            self._harmonizing.harmonize()

    def _sentence(self, words: str) -> QWidget:
        body = QWidget(self)
        label, again = QLabel(words, body), QPushButton(text("Look again"), body)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        again.clicked.connect(self.make_panel)
        column = QVBoxLayout(body)
        column.addWidget(label)
        column.addWidget(again)
        column.addStretch(1)
        return body
