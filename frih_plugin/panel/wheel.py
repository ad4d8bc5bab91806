"""The wheel scrolls the panel; it never changes a setting that happens to lie under the mouse."""

from __future__ import annotations

from frih_plugin.qt.core import QEvent, QObject
from frih_plugin.qt.widgets import QWidget


class _PassOn(QObject):
    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: ARG002, N802 - Qt's name
        """Refuse the wheel, so that it goes on to the scroll area."""
        if a1 is None or a1.type() != QEvent.Type.Wheel:
            return False
        a1.ignore()
        return True


def pass_wheel_on(control: QWidget) -> None:
    """Leave the wheel to whatever scrolls around a control."""
    control.installEventFilter(_PassOn(control))
