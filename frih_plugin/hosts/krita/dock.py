"""The docker. Krita makes one for each window; all show the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from krita import Canvas, DockWidget

from frih_plugin.qt.core import QEvent
from frih_plugin.qt.gui import QShowEvent
from frih_plugin.texts import text

if TYPE_CHECKING:
    from frih_plugin.hosts.krita.wiring import Harmonizing, KritaPanels


class HarmonizeDocker(DockWidget):
    """Empty until it is first shown, so that Krita starts as fast as without it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(text("Harmonize"))
        self._panels: KritaPanels | None = None
        self._has_canvas = True

    def canvasChanged(self, canvas: Canvas | None) -> None:  # noqa: N802 - Krita's name
        """Another document came to the front, or none is left."""
        self._has_canvas = canvas is not None
        self._tell_canvas()

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make what is inside."""
        super().showEvent(a0)
        self._fill()

    def enterEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """The person turns to the panel."""
        super().enterEvent(event)  # pyright: ignore[reportArgumentType] - Qt 5 has QEvent here
        harmonizing = self._harmonizing()
        if harmonizing is not None:
            harmonizing.host.look_closely()

    def harmonize(self) -> None:
        """As a click on the panel's button."""
        self.show()
        self.raise_()
        self._fill()
        harmonizing = self._harmonizing()
        if harmonizing is not None:
            harmonizing.harmonize()

    def _fill(self) -> None:
        if self._panels is not None:
            return
        # Loaded only now: the panel's modules cost a tenth of a second.
        from frih_plugin.hosts.krita.wiring import installer, panels  # noqa: PLC0415
        from frih_plugin.panel.harmonize_dock import HarmonizeDock  # noqa: PLC0415

        self._panels = panels()
        self.setWidget(HarmonizeDock(self._panels, installer()))
        self._tell_canvas()

    def _tell_canvas(self) -> None:
        harmonizing = self._harmonizing()
        if harmonizing is not None:
            harmonizing.host.canvas_changed(is_there=self._has_canvas)

    def _harmonizing(self) -> Harmonizing | None:
        return None if self._panels is None else self._panels.harmonizing
