"""The page of the Doctor: one line a finding, to be copied, and a way to mend the engine."""

from __future__ import annotations

from frih_plugin.install.doctor import Doctor
from frih_plugin.panel.finding_row import FindingRow
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.core import Qt, Signal
from frih_plugin.qt.widgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from frih_plugin.texts import text

_MARGIN_PX = 12


class DoctorPage(QScrollArea):
    """back_wanted(), repair_wanted(): what the person wants next."""

    back_wanted = Signal()
    repair_wanted = Signal()

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doctor = doctor
        self._content = QWidget()
        self.title = QLabel(text("What is wrong?"), self._content)
        self.verdict = SmallPrint(self._content)
        self._rows: list[FindingRow] = []
        self.copy = QPushButton(text("Copy findings"), self._content)
        self.again = QPushButton(text("Check again"), self._content)
        self.repair = QPushButton(text("Install the engine again"), self._content)
        self.back = QPushButton(text("Back"), self._content)
        self._lay_out()
        self._link()
        self.refresh()

    def refresh(self) -> None:
        """Show the findings so far."""
        self._show_rows()
        wrong = sum(not finding.is_ok for finding in self.doctor.findings)
        is_busy = self.doctor.is_busy
        self.verdict.setText(
            text("Examining…")
            if is_busy
            else text("Nothing is wrong.")
            if wrong == 0
            else text("To be mended: {count}.", count=wrong)
        )
        self.again.setEnabled(not is_busy)
        self.copy.setEnabled(not is_busy)
        self.repair.setVisible(not is_busy and self.doctor.can_repair)
        self.setMinimumWidth(self._content.minimumSizeHint().width())

    def _show_rows(self) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self._rows = [FindingRow(finding, self._content) for finding in self.doctor.findings]
        for row in self._rows:
            self._list.addWidget(row)

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.doctor.report)

    def _lay_out(self) -> None:
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(6)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.verdict)
        column.addLayout(self._list)
        for button in (self.repair, self.again, self.copy, self.back):
            button.setAutoDefault(False)
            column.addWidget(button)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self._content)

    def _link(self) -> None:
        self.copy.clicked.connect(self._copy)
        self.again.clicked.connect(self.doctor.examine)
        self.repair.clicked.connect(self.repair_wanted)
        self.back.clicked.connect(self.back_wanted)
        self.doctor.changed.connect(self.refresh)
