"""What this program is, and under which licences it may be passed on."""

from __future__ import annotations

from engine.manifest import read_manifest
from frih_plugin.qt.core import PYQT_VERSION_STR, QT_VERSION_STR, Qt
from frih_plugin.qt.widgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget
from frih_plugin.texts import text


class AboutWindow(QDialog):
    """Not modal: one can go on working."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("About FRIH Harmonize"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = QLabel(_words())
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        label.setMinimumWidth(380)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 14)
        box.setSpacing(14)
        box.addWidget(label)
        box.addWidget(buttons)


def _words() -> str:
    paragraphs = (
        f"<b>FRIH Harmonize {read_manifest().version}</b>",
        text(
            "Makes a pasted layer look as if it had always been part of the picture. Everything "
            "happens on this computer; no picture leaves it."
        ),
        text(
            "Free software under the GNU General Public License, version 3 or later, without any "
            "warranty; the full text is in the file LICENSE. Photographs and weights: see "
            "CREDITS.md."
        ),
        text("Qt {qt} (LGPL 3) and PyQt {pyqt} (GPL 3).", qt=QT_VERSION_STR, pyqt=PYQT_VERSION_STR),
    )
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
