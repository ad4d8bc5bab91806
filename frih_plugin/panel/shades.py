"""Colours between those of the application's palette, so that dark and light both look right."""

from __future__ import annotations

from frih_plugin.qt.gui import QColor, QPalette
from frih_plugin.qt.widgets import QApplication


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """The first colour with a share, 0 to 1, of the second."""
    return QColor(
        *(
            round(one + share * (two - one))
            for one, two in (
                (first.red(), second.red()),
                (first.green(), second.green()),
                (first.blue(), second.blue()),
            )
        )
    )


def is_dark() -> bool:
    """Whether text is lighter than what it stands on."""
    palette = QApplication.palette()
    text = palette.color(QPalette.ColorRole.WindowText)
    return text.lightness() > palette.color(QPalette.ColorRole.Window).lightness()


def quiet_text() -> QColor:
    """For small print: readable, and behind the rest."""
    return _from_window(0.68)


def hairline() -> QColor:
    """For frames and separating lines."""
    return _from_window(0.22)


def sunken() -> QColor:
    """The ground that pictures lie on."""
    palette = QApplication.palette()
    window = palette.color(QPalette.ColorRole.Window)
    return mixed(window, QColor(0, 0, 0), 0.25 if is_dark() else 0.07)


def accent() -> QColor:
    """The colour of what is chosen."""
    return QApplication.palette().color(QPalette.ColorRole.Highlight)


def warning() -> QColor:
    """For what went wrong; the same hue on light and dark."""
    return QColor(230, 96, 84) if is_dark() else QColor(190, 45, 35)


def _from_window(share: float) -> QColor:
    palette = QApplication.palette()
    window = palette.color(QPalette.ColorRole.Window)
    return mixed(window, palette.color(QPalette.ColorRole.WindowText), share)
