"""In small print: what it runs on, and that nothing leaves this computer."""

from __future__ import annotations

from frih_plugin.panel.engine_words import phase_words
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.core import QLocale
from frih_plugin.qt.widgets import QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import language, text


class Footer(QWidget):
    """Device, time and engine on one line, the promise on another."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.engine = SmallPrint(self)
        self.promise = SmallPrint(self)
        self.promise.setText(text("Works offline; nothing leaves this computer."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.engine)
        column.addWidget(self.promise)
        state.engine_changed.connect(self.refresh)
        state.result_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what there is to know."""
        engine, seconds = self._state.engine, self._state.last_seconds
        parts = [
            engine.device,
            "" if seconds is None else _seconds(seconds),
            phase_words(engine.phase),
        ]
        self.engine.setText(" · ".join(part for part in parts if part))
        self.engine.setToolTip(engine.sentence)


def _seconds(seconds: float) -> str:
    number = QLocale(language()).toString(seconds, "f", 1)
    return text("{seconds} s", seconds=number)
