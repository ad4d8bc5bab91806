"""One finding of the Doctor: a mark and its sentence."""

from __future__ import annotations

from frih_plugin.install.doctor import Finding
from frih_plugin.panel.shades import quiet_text, warning
from frih_plugin.qt.core import Qt
from frih_plugin.qt.gui import QPalette
from frih_plugin.qt.widgets import QHBoxLayout, QLabel, QSizePolicy, QWidget
from frih_plugin.texts import text


class FindingRow(QWidget):
    """The mark is a sign, not only a colour."""

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = QLabel("✓" if finding.is_ok else "✗", self)
        self.mark.setAccessibleName(text("in order") if finding.is_ok else text("wrong"))
        palette = self.mark.palette()
        palette.setColor(
            QPalette.ColorRole.WindowText, quiet_text() if finding.is_ok else warning()
        )
        self.mark.setPalette(palette)
        self.words = QLabel(finding.sentence, self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # Its height is asked for at its true width; the usual minimum is that of a narrow one.
        self.words.setMinimumHeight(1)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
