"""The Harmonize button, which is Cancel while there is work, and how far the work is."""

from __future__ import annotations

from frih_plugin.panel.engine_words import phase_words
from frih_plugin.panel.progress_line import ProgressLine
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.panel.stages import stage_words
from frih_plugin.qt.core import QLocale, Qt
from frih_plugin.qt.gui import QKeySequence, QShortcut
from frih_plugin.qt.widgets import QPushButton, QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.values import FULL_STRENGTH
from frih_plugin.texts import language, text


class HarmonizeRow(QWidget):
    """Button, progress line and a line of words; the last two always keep their room."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.button = QPushButton(self)
        self.progress = ProgressLine(self)
        self.words = SmallPrint(self, wraps=False)
        self._lay_out()
        self.button.clicked.connect(self._act)
        for changed in (
            state.job_changed,
            state.subject_changed,
            state.engine_changed,
            state.result_changed,
            state.settings_changed,
        ):
            changed.connect(self.refresh)
        self.refresh()

    def add_shortcuts(self, panel: QWidget) -> None:
        """Ctrl+Return harmonizes and Esc cancels wherever in the panel the focus is."""
        for keys, act in (("Ctrl+Return", self._harmonize), ("Esc", self._state.cancel)):
            shortcut = QShortcut(QKeySequence(keys), panel)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            # In the panel its meaning goes before one that the editor gives to the same keys.
            shortcut.activatedAmbiguously.connect(act)

    def refresh(self) -> None:
        """Show whether there is work, and how it goes."""
        job = self._state.job
        self.button.setText(text("Harmonize") if job is None else text("Cancel"))
        self.button.setEnabled(job is not None or self._state.can_harmonize)
        self.progress.show_share(None if job is None else job.share)
        self.words.setText(self._remark() if job is None else stage_words(job.stage))
        self._explain()

    def _act(self) -> None:
        if self._state.job is None:
            self._state.harmonize()
        else:
            self._state.cancel()

    def _harmonize(self) -> None:
        if self._state.job is None and self._state.can_harmonize:
            self._state.harmonize()

    def _remark(self) -> str:
        if self._state.settings.strength is None and self._state.strength < FULL_STRENGTH:
            return self._fitting(self._state.strength)
        engine, seconds = self._state.engine, self._state.last_seconds
        if engine.phase not in ("ready", "busy"):
            return phase_words(engine.phase)
        if seconds is None:
            return ""
        spoken = QLocale(language()).toString(seconds, "f", 1)
        return text("Done in {seconds} s.", seconds=spoken)

    def _fitting(self, strength: float) -> str:
        if strength == 0:
            return text("Already seems to fit: not changed.")
        return text("Already seems to fit: changed by {percent} %.", percent=round(100 * strength))

    def _explain(self) -> None:
        lesson = self._lesson()
        self.button.setToolTip(lesson)
        self.button.setAccessibleName(self.button.text())
        self.button.setAccessibleDescription(lesson)

    def _lesson(self) -> str:
        if self._state.job is not None:
            return text("Stop; the document stays as it is (Esc).")
        if self._state.can_harmonize:
            return text("Match the layer's colours to the picture behind it (Ctrl+Return).")
        unusable, engine = self._state.subject.unusable, self._state.engine
        if unusable:
            return unusable
        if not self._state.subject.document:
            return text("Open a picture and select a layer.")
        return engine.sentence or text("The engine is not ready yet.")

    def _lay_out(self) -> None:
        font = self.button.font()
        font.setBold(True)
        self.button.setFont(font)
        self.button.setMinimumHeight(round(self.button.sizeHint().height() * 1.15))
        self.button.setAutoDefault(False)
        self.words.setMinimumHeight(self.words.fontMetrics().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for widget in (self.button, self.progress, self.words):
            column.addWidget(widget)
