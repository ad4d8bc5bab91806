"""The page about the engine: installs it where there is none, else updates and removes it."""

from __future__ import annotations

from frih_plugin.install.installer import Installer
from frih_plugin.panel.install_words import install_stage_words, told_before
from frih_plugin.panel.other_ways import OtherWays
from frih_plugin.panel.progress_line import ProgressLine
from frih_plugin.panel.section import Section
from frih_plugin.panel.sentence_box import SentenceBox
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.core import QEvent, Qt, Signal
from frih_plugin.qt.widgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from frih_plugin.texts import text

_MARGIN_PX = 12


class InstallPage(QScrollArea):
    """doctor_wanted(), back_wanted(): where the person wants to go."""

    doctor_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        self._reason = ""
        self._content = QWidget()
        self.title = QLabel(self._content)
        self.told = QLabel(self._content)
        self.place = SmallPrint(self._content)
        self.button = QPushButton(self._content)
        self.progress = ProgressLine(self._content)
        self.words = SmallPrint(self._content)
        self.box = SentenceBox(self._content)
        self.ways = OtherWays(installer)
        self.more = Section(text("Other ways"), self.ways, self._content)
        self.back = QPushButton(text("Back to the panel"), self._content)
        self._dress()
        self._lay_out()
        self._link()
        self.refresh()

    def explain(self, reason: str) -> None:
        """Why there is no engine, shown while nothing newer is to be said."""
        self._reason = reason
        self.refresh()

    def set_can_go_back(self, can_go_back: bool) -> None:  # noqa: FBT001 - like Qt's setVisible
        """Whether there is a panel to go back to."""
        self.back.setVisible(can_go_back)

    def refresh(self) -> None:
        """Show what is there, what is done now, and what went wrong."""
        installer = self._installer
        self.title.setText(self._title())
        self.told.setText(self._told())
        self.told.setVisible(bool(self.told.text()))
        self.place.setText(str(installer.places.root))
        self.place.setVisible(installer.installed is None)
        self.progress.show_share(installer.share if installer.is_busy else None)
        self.progress.setVisible(installer.is_busy)
        self.words.setText(self._progress_words())
        self.words.setVisible(installer.is_busy)
        self.box.say(self._sentence(), is_error=installer.phase == "failed")
        self._show_button()
        self._widen()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Larger words need more room."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.FontChange:
            self._widen()

    def _widen(self) -> None:
        """Never so narrow that a button's words are cut off, also of those not seen now."""
        widest = max(b.minimumSizeHint().width() for b in self._content.findChildren(QPushButton))
        self.setMinimumWidth(widest + 2 * _MARGIN_PX)

    def _show_button(self) -> None:
        installer = self._installer
        words = self._button_words()
        self.button.setText(words)
        self.button.setAccessibleName(words)
        self.button.setVisible(bool(words))
        self.button.setEnabled(installer.phase != "stopping" and bool(words))

    def _button_words(self) -> str:
        installer = self._installer
        if installer.is_busy:
            return text("Cancel")
        if installer.release is None:
            return ""
        if installer.offered_version:
            return text("Update to {version}", version=installer.offered_version)
        if installer.installed is not None:
            return text("Install again")
        return text("Go on installing") if installer.can_go_on else text("Install engine")

    def _act(self) -> None:
        installer = self._installer
        if installer.is_busy:
            installer.cancel()
        elif installer.installed is not None and not installer.offered_version:
            installer.repair()
        else:
            installer.install()

    def _title(self) -> str:
        installed = self._installer.installed
        if installed is None:
            return text("The engine is not installed yet")
        if not installed.version:
            return text("The engine is installed")
        return text("Engine {version} is installed", version=installed.version)

    def _told(self) -> str:
        release = self._installer.release
        installed = self._installer.installed
        if installed is not None:
            return text("It runs in {python}.", python=installed.python)
        return "" if release is None else told_before(release)

    def _progress_words(self) -> str:
        installer = self._installer
        if installer.phase == "stopping":
            return text("Stopping…")
        if installer.phase != "working":
            return ""
        if installer.job == "remove":
            return text("Removing the engine…")
        return install_stage_words(installer.stage)

    def _sentence(self) -> str:
        installer = self._installer
        if installer.sentence or installer.is_busy:
            return installer.sentence
        return self._reason if installer.release is None else ""

    def _dress(self) -> None:
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.button.setFont(font)
        self.button.setAutoDefault(False)
        self.back.setAutoDefault(False)
        self.back.hide()
        for label in (self.title, self.told):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.button.setMinimumHeight(round(self.button.sizeHint().height() * 1.15))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._content)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(8)
        for part in (
            self.title,
            self.told,
            self.place,
            self.button,
            self.progress,
            self.words,
            self.box,
            self.more,
            self.back,
        ):
            column.addWidget(part)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self._content)

    def _link(self) -> None:
        self.button.clicked.connect(self._act)
        self.ways.doctor_wanted.connect(self.doctor_wanted)
        self.back.clicked.connect(self.back_wanted)
        self._installer.changed.connect(self.refresh)
