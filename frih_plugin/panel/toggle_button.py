"""A button that stays down, in the colour of what is chosen, so that it shows on dark too."""

from __future__ import annotations

from frih_plugin.panel.shades import accent, mixed
from frih_plugin.qt.core import QEvent
from frih_plugin.qt.gui import QPalette
from frih_plugin.qt.widgets import QApplication, QToolButton, QWidget

_SHARE = 0.45


class ToggleButton(QToolButton):
    """Checkable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.toggled.connect(self._tint)

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.ApplicationPaletteChange:
            self._tint()

    def _tint(self) -> None:
        palette, role = QApplication.palette(), QPalette.ColorRole.Button
        if self.isChecked():
            palette.setColor(role, mixed(palette.color(role), accent(), _SHARE))
        self.setPalette(palette)
