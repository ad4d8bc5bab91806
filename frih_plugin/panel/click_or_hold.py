"""Tells a click from a press that is held."""

from __future__ import annotations

from frih_plugin.qt.core import QObject, QTimer, Signal

HOLD_AFTER_MS = 220


class ClickOrHold(QObject):
    """clicked(): pressed and let go soon; held(bool): a longer press begins and ends."""

    clicked = Signal()
    held = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_held = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HOLD_AFTER_MS)
        self._timer.timeout.connect(self.hold)

    def press(self) -> None:
        """The button goes down."""
        self._timer.start()

    def hold(self) -> None:
        """The press has lasted."""
        self._timer.stop()
        self._is_held = True
        self.held.emit(self._is_held)

    def release(self) -> None:
        """The button comes up."""
        if self._timer.isActive():
            self._timer.stop()
            self.clicked.emit()
        else:
            self.end_hold()

    def end_hold(self) -> None:
        """Whatever is pressed counts no more."""
        self._timer.stop()
        if self._is_held:
            self._is_held = False
            self.held.emit(self._is_held)
