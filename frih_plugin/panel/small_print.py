"""Text in the background: smaller, quieter, in the colours of the palette."""

from __future__ import annotations

from frih_plugin.panel.shades import quiet_text
from frih_plugin.qt.core import QEvent, Qt
from frih_plugin.qt.gui import QFontInfo, QPalette
from frih_plugin.qt.widgets import QLabel, QSizePolicy, QWidget

_SIZE = 0.88
_SMALLEST_PX = 9
_COLOR_CHANGES = (QEvent.Type.ApplicationPaletteChange, QEvent.Type.PaletteChange)


class SmallPrint(QLabel):
    """A label in small print; one that wraps takes whatever width there is."""

    def __init__(self, parent: QWidget | None = None, *, wraps: bool = True) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if wraps:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._shrink()
        self._tint()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() in _COLOR_CHANGES:
            self._tint()

    def _shrink(self) -> None:
        font = self.font()
        # Of the size in pixels: an editor may have set its font in either unit.
        font.setPixelSize(max(_SMALLEST_PX, round(QFontInfo(font).pixelSize() * _SIZE)))
        self.setFont(font)

    def _tint(self) -> None:
        palette, color = self.palette(), quiet_text()
        # To set the same colour again would be another change of the palette, without an end.
        if palette.color(QPalette.ColorRole.WindowText) != color:
            palette.setColor(QPalette.ColorRole.WindowText, color)
            self.setPalette(palette)
