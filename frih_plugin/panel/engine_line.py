"""The line under the panel that leads to the engine's page; says when there is an update."""

from __future__ import annotations

from frih_plugin.install.installer import Installer
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.core import Signal
from frih_plugin.qt.widgets import QHBoxLayout, QToolButton, QWidget
from frih_plugin.texts import text


class EngineLine(QWidget):
    """clicked(): the person wants the engine's page."""

    clicked = Signal()

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        self.words = SmallPrint(self)
        self.button = QToolButton(self)
        self.button.setText(text("Engine…"))
        self.button.setAutoRaise(True)
        self.button.setToolTip(text("Check, update or remove the engine."))
        self.button.clicked.connect(self.clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 2)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        installer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer an update, or say nothing."""
        version = self._installer.offered_version
        self.words.setText(text("{version} is available.", version=version) if version else "")
